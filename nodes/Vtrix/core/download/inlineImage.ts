import { DownloadError } from '../errors';
import { readHeader } from '../imageFile/imageHeader';
import { storeReason, type Picture, type Store } from './imageStream';

/**
 * Keeps an image that came inside the answer.
 *
 * @throws DownloadError
 */
export async function storeInlineImage<Stored>(
	base64: string,
	taskId: string,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
	const header = readHeader(bytes);
	const failure = (message: string) =>
		new DownloadError(message, {
			description: `It is finished and paid for. Fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
			taskIds: [taskId],
		});
	if (!header) throw failure(`Task ${taskId} returned image data that is not an image`);
	const stored = await store(bytes, header).catch((error: unknown) => {
		throw failure(`An image of task ${taskId} could not be kept: ${storeReason(error)}`);
	});
	return { header, bytes: bytes.length, stored };
}
