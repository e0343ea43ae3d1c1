/** What each may hold in memory: input files, requests, downloads, the text of answers. */
export const MEMORY_BYTES = 40_000_000;

/**
 * Bounds concurrent work by its bytes: many small pieces at a time, or a single large one, alone if
 * it is larger than the limit. p-limit counts pieces and cannot weigh them.
 */
export class ByteLimit {
	private underWay = 0;
	private readonly queue: Array<{ bytes: number; begin: () => void }> = [];

	constructor(private readonly mostBytes: number) {}

	/** @param work may call `release` to let others begin before it ends */
	async run<Done>(bytes: number, work: (release: () => void) => Promise<Done>): Promise<Done> {
		if (bytes === 0) return await work(() => {});
		await new Promise<void>((begin) => {
			this.queue.push({ bytes, begin });
			this.admit();
		});
		let held = bytes;
		const release = () => {
			this.underWay -= held;
			held = 0;
			this.admit();
		};
		return await work(release).finally(release);
	}

	private admit(): void {
		for (let [next] = this.queue; next; [next] = this.queue) {
			if (this.underWay > 0 && this.underWay + next.bytes > this.mostBytes) return;
			this.queue.shift();
			this.underWay += next.bytes;
			next.begin();
		}
	}
}
