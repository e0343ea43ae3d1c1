import type { Task } from '../exchange/answers/task';
import { assertFetchable, download, type Downloads } from '../download/download';
import { StoppedError, TaskFailedError } from '../shared/errors';
import type { ImagePlace, ImageStore, Picture, Store } from '../download/imageStream';
import type { InlineImages } from '../download/inlineImages';
import type { RunContext, TaskOptions } from './runContext';

const DOWNLOAD_TIMEOUT_MS = 600_000;

/** One image of a finished task, in the task's order. */
export interface ImageResult<Stored> {
	url?: string;
	/** Absent when it was not asked for, or could not be downloaded. */
	picture?: Picture<Stored>;
	problem?: Error;
	/** A doubt about an image that was downloaded, as a sentence. */
	warning?: string;
}

/** How an item's images are handed on. */
export interface ImageHandling<Stored> {
	options: TaskOptions;
	kind: Downloads['kind'];
	imageStore: ImageStore<Stored>;
	/** Called once the downloads of all earlier tasks have started: the next item may begin. */
	release: () => void;
}

export interface ArrivedImages<Stored> extends ImageHandling<Stored> {
	inlineImages: InlineImages<Stored>;
}

/**
 * Downloads the images of a finished task, or hands on their links.
 *
 * @throws TaskFailedError or DownloadError when there is no result at all, StoppedError
 */
export async function collectImages<Stored>(
	{ id, images, texts }: Task,
	run: RunContext,
	{ options, kind, imageStore, inlineImages, release }: ArrivedImages<Stored>,
): Promise<Array<ImageResult<Stored>>> {
	const fetching = Promise.all(
		images.map(async (image, index): Promise<ImageResult<Stored>> => {
			if ('missing' in image) return { problem: notGenerated(id, image.missing) };
			const place = { taskId: id, index: index + 1, total: images.length };
			if ('inline' in image) return withWarning(inlineImages.get(image.inline, place), place);
			const { url } = image;
			const store = imageStore.storeFor(place);
			const transfer = { url, taskId: id, run, options, kind, store };
			return withWarning(await toResult(url, storeImage(transfer)), place);
		}),
	);
	// Otherwise finished tasks could queue up faster than their images download, and images expire.
	void run.downloadLimit.onQueueDrained().then(release);
	const results = await fetching;
	const stopped = results.find(({ problem }) => problem instanceof StoppedError);
	if (stopped?.problem) throw stopped.problem;
	if (!texts && results.every(({ problem }) => problem !== undefined)) {
		throw results[0]?.problem ?? noImages(id);
	}
	return results;
}

async function toResult<Stored>(
	url: string,
	storing: Promise<Picture<Stored> | undefined>,
): Promise<ImageResult<Stored>> {
	return await storing.then(
		(picture) => ({ url, ...(picture && { picture }) }),
		(error: unknown) => ({
			url,
			problem: error instanceof Error ? error : new Error(String(error)),
		}),
	);
}

interface ImageTransfer<Stored> {
	url: string;
	taskId: string;
	run: RunContext;
	options: TaskOptions;
	kind: Downloads['kind'];
	store: Store<Stored>;
}

/** `undefined` when only the link is wanted. */
async function storeImage<Stored>({
	url,
	taskId,
	run: { publicFetch, downloadLimit, random },
	options: { downloadImages, maxBytes },
	kind,
	store,
}: ImageTransfer<Stored>): Promise<Picture<Stored> | undefined> {
	assertFetchable(url, taskId, publicFetch.baseUrl);
	if (!downloadImages) return undefined;
	return await downloadLimit.run(async (onTransferred) => {
		const downloads = {
			...publicFetch,
			random,
			maxBytes,
			kind,
			timeoutMs: DOWNLOAD_TIMEOUT_MS,
			onTransferred,
			onSize: (bytes: number) => downloadLimit.learnSize(bytes),
			onFailedAttempt: () => downloadLimit.stopWaitingForSize(),
		};
		return await download(url, taskId, downloads, store);
	});
}

const withWarning = <Stored>(
	result: ImageResult<Stored>,
	{ taskId, index }: ImagePlace,
): ImageResult<Stored> => {
	if (!result.picture?.incomplete) return result;
	const warning = `Image ${index} of task ${taskId} may be incomplete: it does not end as its format does, though its server sends no more of it. Look at it before you use it.`;
	return { ...result, warning };
};

const notGenerated = (taskId: string, reason: string): TaskFailedError =>
	new TaskFailedError(`One image of task ${taskId} was not generated`, {
		description: `Vtrix says: ${reason}. The other images of the task are complete. Run this item again for another try.`,
		taskIds: [taskId],
	});

const noImages = (taskId: string): TaskFailedError =>
	new TaskFailedError(`Task ${taskId} ended without an image`, {
		description:
			'Vtrix reported it as completed. Tell Vtrix support the task ID, or run this item again.',
		taskIds: [taskId],
	});
