import pLimit from 'p-limit';
import { refuseResultUrl } from '../exchange/http/url';
import { StoppedError } from '../shared/errors';
import { formatMegabytes } from '../shared/format';
import { checkFile, makingSmaller, type FileCheck } from './checkImage';
import { PictureFile } from '../imageFile/formats/pictureFile';
import { IMAGES_LABEL, type InputImages } from '../definition/inputImages';
import { networkReason } from '../exchange/http/networkErrors';
import { AttemptError, fetchPublic, type PublicFetch } from '../exchange/publicFetch';
import { readBody, TooLargeError } from '../exchange/http/readBody';
import { withinTime } from '../exchange/http/timeLimit';

const TIMEOUT_MS = 60_000;
/** Files behind links that are held at a time, for the whole run. */
const HELD_AT_ONCE = 8;

/** Checks the image URLs of a run: each is opened once, and few files are held at a time. */
export class LinkChecks {
	private readonly limit = pLimit(HELD_AT_ONCE);
	private readonly opened = new Map<InputImages, Map<string, Promise<FileCheck>>>();

	/** As `checkLink` does, which it waits its turn for. */
	check: typeof checkLink = async (limits, url, open, publicFetch) => {
		if (!open) return await checkLink(limits, url, open, publicFetch);
		const opened = this.opened.get(limits) ?? new Map<string, Promise<FileCheck>>();
		this.opened.set(limits, opened);
		const key = `${publicFetch.baseUrl} ${url}`;
		const known = opened.get(key);
		const check = known ?? this.limit(async () => await checkLink(limits, url, open, publicFetch));
		opened.set(key, check);
		return await check;
	};
}

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
	const { signal: run } = publicFetch;
	if (run?.aborted) throw new StoppedError([]);
	return await withinTime(TIMEOUT_MS, run, async ({ signal }) => {
		const { body } = await fetchPublic(url, publicFetch, signal);
		return await readBody(body, limits.maxBytes, TIMEOUT_MS);
	}).then(
		(file) => checkFile(limits, { binaryPropertyName: url, picture: new PictureFile(file) }, 'url'),
		async (error: unknown) => {
			if (run?.aborted) return await Promise.reject(new StoppedError([]));
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
