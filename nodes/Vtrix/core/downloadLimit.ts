import pLimit from 'p-limit';

/** So many downloads keep a line busy that small pictures alone would not fill. */
const MOST = 8;
/** Until the size of a picture is known. */
const FIRST = 2;
/** A large picture fills the line alone, and n8n's database and S3 stores hold each in memory. */
const MOST_BYTES = 40_000_000;

/**
 * Bounds the downloads of a run by their number and their bytes: many small ones, few large ones.
 * One more than may come at a time may be on its way into the store, which takes a moment.
 */
export class DownloadLimit {
	private readonly coming = pLimit(FIRST);
	private readonly unfinished = pLimit(FIRST + 1);

	/**
	 * Waits for its turn, in the order of asking.
	 *
	 * @param work calls `arrived` when the next may begin; at its end it may anyway
	 */
	async run<Done>(work: (arrived: () => void) => Promise<Done>): Promise<Done> {
		return await this.unfinished(
			async () =>
				await new Promise<Done>((resolve, reject) => {
					const come = async () =>
						await new Promise<void>((leave) => {
							void work(leave).then(resolve, reject).finally(leave);
						});
					void this.coming(come);
				}),
		);
	}

	/**
	 * A picture has so many bytes; those to come are likely alike. 0 is for one that does not come at
	 * first: the others need not wait for its size.
	 */
	learn(bytes: number): void {
		const fitting = Math.floor(MOST_BYTES / bytes);
		this.coming.concurrency = Math.min(MOST, Math.max(1, fitting));
		this.unfinished.concurrency = this.coming.concurrency + 1;
	}
}
