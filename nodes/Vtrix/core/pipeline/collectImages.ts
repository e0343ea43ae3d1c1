import type { Task } from '../exchange/answers/task';
import { assertFetchable, download, type Downloads } from '../download/download';
import { StoppedError, TaskFailedError } from '../shared/errors';
import type { ImagePlace, ImageStore, Picture } from '../download/imageStream';
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

/** How images are handled, with those that came inside the answer. */
export interface ArrivedImages<Stored> extends ImageHandling<Stored> {
	inlineImages: InlineImages<Stored>;
}

/** @throws TaskFailedError or DownloadError when there is no result at all, StoppedError */
export async function collectImages<Stored>(
	{ id, images, texts }: Task,
	run: RunContext,
	handling: ArrivedImages<Stored>,
): Promise<Array<ImageResult<Stored>>> {
	const fetching = Promise.all(
		images.map(async (image, index): Promise<ImageResult<Stored>> => {
			if ('missing' in image) return { problem: notGenerated(id, image.missing) };
			const place = { taskId: id, index: index + 1, total: images.length };
			if ('inline' in image) {
				return withWarning(handling.inlineImages.get(image.inline, place), place);
			}
			const { url } = image;
			const fetched = await fetchImage(url, place, run, handling).catch((error: unknown) => ({
				problem: error instanceof Error ? error : new Error(String(error)),
			}));
			return withWarning({ url, ...fetched }, place);
		}),
	);
	// Otherwise finished tasks could queue up faster than their images download, and images expire.
	void run.downloadLimit.onQueueDrained().then(handling.release);
	const results = await fetching;
	const stopped = results.find(({ problem }) => problem instanceof StoppedError);
	if (stopped?.problem) throw stopped.problem;
	if (!texts && results.every(({ problem }) => problem !== undefined)) {
		throw results[0]?.problem ?? noImages(id);
	}
	return results;
}

/** Empty when only the link is wanted. */
async function fetchImage<Stored>(
	url: string,
	place: ImagePlace,
	{ publicFetch, downloadLimit, random }: RunContext,
	{ options, kind, imageStore }: ImageHandling<Stored>,
): Promise<Pick<ImageResult<Stored>, 'picture'>> {
	const { downloadImages, maxBytes } = options;
	assertFetchable(url, place.taskId, publicFetch.baseUrl);
	if (!downloadImages) return {};
	const picture = await downloadLimit.run(async (onTransferred) => {
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
		return await download(url, place.taskId, downloads, imageStore.storeFor(place));
	});
	return { picture };
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
