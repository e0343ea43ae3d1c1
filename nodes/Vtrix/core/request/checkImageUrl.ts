import { refuseResultUrl } from '../exchange/http/url';
import { StoppedError } from '../shared/errors';
import { formatMegabytes } from '../shared/format';
import { checkFile, makingSmaller, type FileCheck } from './checkImage';
import { PictureFile } from '../imageFile/formats/pictureFile';
import { IMAGES_LABEL, type InputImages } from '../definition/inputImages';
import { networkReason } from '../exchange/http/networkErrors';
import { AttemptError, fetchPublic, type PublicFetch } from '../exchange/publicFetch';
import { readBody, TooLargeError } from '../exchange/http/readBody';

const TIMEOUT_MS = 60_000;

/**
 * Checks a well-formed image URL beyond its form: that it leads to a public host, and, if it may be
 * opened, that the file behind it keeps to the model's limits. The file is not kept.
 *
 * @throws StoppedError
 */
export async function checkLink(
	limits: InputImages,
	url: string,
	open: boolean,
	publicFetch: PublicFetch,
): Promise<FileCheck> {
	const refuse = (message: string): FileCheck => ({
		issues: [{ label: IMAGES_LABEL, value: url, message }],
		warnings: [],
	});
	if (refuseResultUrl(url, publicFetch.baseUrl)) {
		return refuse(
			'leads into a private network, where Vtrix cannot open it. Use a public URL, or choose File as the source.',
		);
	}
	if (!open) return { issues: [], warnings: [] };
	const { signal } = publicFetch;
	const ends = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(TIMEOUT_MS)]);
	return await fetchPublic(url, publicFetch, ends)
		.then(async ({ body }) => await readBody(body, limits.maxBytes, TIMEOUT_MS))
		.then(
			(file) =>
				checkFile(limits, { binaryPropertyName: url, picture: new PictureFile(file) }, 'url'),
			async (error: unknown) => {
				if (signal?.aborted) return await Promise.reject(new StoppedError([]));
				if (error instanceof TooLargeError) {
					return refuse(
						`is larger than ${formatMegabytes(limits.maxBytes)}, the largest file allowed. ${makingSmaller(limits, 'url')}`,
					);
				}
				const reason = error instanceof AttemptError ? error.message : networkReason(error);
				return refuse(
					`could not be opened: ${reason}. Check that it opens in a browser without signing in, or turn 'Check Image URLs' off.`,
				);
			},
		);
}
