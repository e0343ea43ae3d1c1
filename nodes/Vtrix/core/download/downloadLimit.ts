import pLimit from 'p-limit';
import { MEMORY_BYTES } from '../shared/byteLimit';
import { inPlace } from '../shared/inPlace';

/** Downloads at a time; enough small images to use the whole bandwidth. */
const MOST = 8;
/** Until the first size is known: two large images are not held at once. */
const FIRST = 1;
/** Longest wait for the first size; the other downloads then start without it. */
const PATIENCE_MS = 2000;
const AFTER_PATIENCE = 2;

/**
 * Bounds the downloads of a run by their number and their bytes: many small ones, few large ones.
 * One more may be under way than may transfer: its last byte has come, and it is being stored.
 */
export class DownloadLimit {
	private readonly transferring = pLimit(FIRST);
	private readonly active = pLimit(FIRST + 1);
	private patience?: AbortSignal;
	private isSizeKnown = false;

	/** @param work may call `onTransferred` to let the next begin before it ends */
	async run<Done>(work: (onTransferred: () => void) => Promise<Done>): Promise<Done> {
		this.patience ??= this.startPatience();
		return await this.active(async () => await inPlace(this.transferring, work));
	}

	/** Waits until all downloads that asked before have begun or are next, without taking a place. */
	async onQueueDrained(): Promise<void> {
		await this.active(async () => {});
	}

	/**
	 * Adapts to an image's size, since the following ones are probably similar. A large one uses the
	 * whole bandwidth by itself, and n8n's database and S3 stores hold each in memory.
	 */
	learnSize(bytes: number): void {
		this.isSizeKnown = true;
		this.allow(Math.min(MOST, Math.max(1, Math.floor(MEMORY_BYTES / bytes))));
	}

	/** Lets more start without a size, since an attempt failed that would have told one. */
	stopWaitingForSize(): void {
		if (!this.isSizeKnown) this.allow(Math.min(MOST, 2 * this.transferring.concurrency));
	}

	private startPatience(): AbortSignal {
		const patience = AbortSignal.timeout(PATIENCE_MS);
		patience.addEventListener('abort', () => {
			if (!this.isSizeKnown) this.allow(AFTER_PATIENCE);
		});
		return patience;
	}

	private allow(places: number): void {
		this.transferring.concurrency = places;
		this.active.concurrency = places + 1;
	}
}
