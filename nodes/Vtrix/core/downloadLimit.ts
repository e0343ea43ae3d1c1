import pLimit from 'p-limit';

/** So many downloads keep a line busy that small pictures alone would not fill. */
const MOST = 8;
/** Until the size of a picture is known. */
const FIRST = 2;
/** A large picture fills the line alone, and n8n's database and S3 stores hold each in memory. */
const MOST_BYTES = 40_000_000;

/** Bounds the downloads of a run by their number and their bytes: many small ones, few large ones. */
export class DownloadLimit {
	private readonly limit = pLimit(FIRST);

	/** Waits for its turn, in the order of asking. */
	async run<Done>(work: () => Promise<Done>): Promise<Done> {
		return await this.limit(work);
	}

	/**
	 * A picture has so many bytes; those to come are likely alike. 0 is for one that does not come at
	 * first: the others need not wait for its size.
	 */
	learn(bytes: number): void {
		const fitting = Math.floor(MOST_BYTES / bytes);
		this.limit.concurrency = Math.min(MOST, Math.max(1, fitting));
	}
}
