/** Memory that files may take at a time in each direction: read, sent, downloaded. */
export const MEMORY_BYTES = 40_000_000;

interface Waiting {
	bytes: number;
	begin: () => void;
}

/** Bounds concurrent work by its bytes: many small pieces at a time, or a single large one. */
export class ByteLimit {
	private underWay = 0;
	private readonly queue: Waiting[] = [];

	/** @param mostBytes total under way; a larger piece runs alone */
	constructor(private readonly mostBytes: number) {}

	/**
	 * Waits for its turn, in the order of asking. Work without bytes does not wait.
	 *
	 * @param work may call `release` to let others begin before it ends
	 */
	async run<Done>(bytes: number, work: (release: () => void) => Promise<Done>): Promise<Done> {
		if (bytes === 0) return await work(() => {});
		await new Promise<void>((begin) => {
			this.queue.push({ bytes, begin });
			this.admit();
		});
		let isReleased = false;
		const release = () => {
			if (isReleased) return;
			isReleased = true;
			this.underWay -= bytes;
			this.admit();
		};
		return await work(release).finally(release);
	}

	private admit(): void {
		for (let next = this.queue[0]; next && this.hasRoom(next); next = this.queue[0]) {
			this.queue.shift();
			this.underWay += next.bytes;
			next.begin();
		}
	}

	private hasRoom({ bytes }: Waiting): boolean {
		return this.underWay === 0 || this.underWay + bytes <= this.mostBytes;
	}
}
