import { refuseResultUrl } from './address';
import { Attempt, follow, type Fetching } from './download';
import { StoppedError } from './errors';
import { networkReason, readBody, TooLargeError } from './http';
import {
	checkFile,
	IMAGES_LABEL,
	makingSmaller,
	megabytes,
	type FileCheck,
	type InputImages,
} from './images';

const TIMEOUT_MS = 60_000;

/**
 * Checks a well-formed image URL for what its form doesn't show: that it leads to the public, and,
 * if it is to be opened, that the file behind it keeps to the model's limits. Nothing of it is kept.
 *
 * @throws StoppedError
 */
export async function checkLink(
	limits: InputImages,
	url: string,
	open: boolean,
	downloads: Fetching,
): Promise<FileCheck> {
	const refuse = (message: string): FileCheck => ({
		issues: [{ label: IMAGES_LABEL, value: url, message }],
		advice: [],
	});
	if (refuseResultUrl(url, downloads.baseUrl)) {
		return refuse(
			'leads into a private network, where Vtrix cannot open it. Use a public URL, or choose File as the source.',
		);
	}
	if (!open) return { issues: [], advice: [] };
	const { signal } = downloads;
	const ends = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(TIMEOUT_MS)]);
	return await follow(url, downloads, ends)
		.then(async ({ body }) => await readBody(body, limits.maxBytes, TIMEOUT_MS))
		.then(
			(bytes) => checkFile(limits, { fieldName: url, bytes }, 'url'),
			async (error: unknown) => {
				if (signal?.aborted) return await Promise.reject(new StoppedError([]));
				if (error instanceof TooLargeError) {
					return refuse(
						`is larger than ${megabytes(limits.maxBytes)}, the largest file allowed. ${makingSmaller(limits, 'url')}`,
					);
				}
				const reason = error instanceof Attempt ? error.message : networkReason(error);
				return refuse(
					`could not be opened: ${reason}. Check that it opens in a browser without signing in, or turn 'Check Image URLs' off.`,
				);
			},
		);
}
