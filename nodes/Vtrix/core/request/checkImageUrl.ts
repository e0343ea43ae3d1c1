import pLimit from 'p-limit';
import { resultUrlProblem } from '../exchange/http/url';
import { StoppedError } from '../shared/errors';
import { formatMegabytes } from '../shared/format';
import { checkFile, makingSmaller, type FileCheck } from './checkImage';
import { PictureFile } from '../imageFile/formats/pictureFile';
import { imagesLabel, type InputImages } from '../definition/inputImages';
import { SIZE_LABEL } from '../definition/size';
import { readPicture } from '../imageFile/readPicture';
import type { ByteStream } from '../exchange/http/http';
import { networkReason } from '../exchange/http/networkErrors';
import { AttemptError, fetchPublic, type PublicFetch } from '../exchange/publicFetch';
import { readBody, TooLargeError } from '../exchange/http/readBody';
import { withinTime } from '../exchange/http/timeLimit';

const TIMEOUT_MS = 60_000;
const HELD_AT_ONCE = 8;

/** Checks the image URLs of a run: each is opened once, and few files are held at a time. */
export class LinkChecks {
	private readonly limit = pLimit(HELD_AT_ONCE);
	private readonly opened = new Map<InputImages, Map<string, Promise<FileCheck>>>();

	check: typeof checkLink = async (limits, url, open, publicFetch) => {
		if (open === 'no') return await checkLink(limits, url, open, publicFetch);
		const opened = this.opened.get(limits) ?? new Map<string, Promise<FileCheck>>();
		this.opened.set(limits, opened);
		const key = `${open} ${publicFetch.baseUrl} ${url}`;
		const known = opened.get(key);
		const check = known ?? this.limit(async () => await checkLink(limits, url, open, publicFetch));
		opened.set(key, check);
		return await check;
	};
}

/** How much of the file behind a link is looked at: its beginning shows format and pixels. */
export type LinkOpening = 'no' | 'beginning' | 'whole';

/**
 * Checks a well-formed image URL: that it leads to a public host, and, as far as it is opened, that
 * the file behind it keeps to the model's limits.
 *
 * @throws StoppedError
 */
export async function checkLink(
	limits: InputImages,
	url: string,
	open: LinkOpening,
	publicFetch: PublicFetch,
): Promise<FileCheck> {
	const reject = (message: string): FileCheck => ({
		issues: [{ label: imagesLabel(limits), value: url, message }],
		warnings: [],
	});
	if (resultUrlProblem(url, publicFetch.baseUrl)) {
		return reject(
			'leads into a private network, where Vtrix cannot open it. Use a public URL, or choose File as the source.',
		);
	}
	if (open === 'no') return { issues: [], warnings: [] };
	const { signal: run } = publicFetch;
	if (run?.aborted) throw new StoppedError([]);
	return await withinTime(TIMEOUT_MS, run, async ({ signal }) => {
		const fetchBody = async () => (await fetchPublic(url, publicFetch, signal)).body;
		if (open === 'beginning') return await readBeginning(fetchBody, limits.maxBytes);
		return new PictureFile(await readBody(await fetchBody(), limits.maxBytes, TIMEOUT_MS));
	}).then(
		(picture) => {
			// No more than the largest file was read.
			const known = { ...limits, maxBytes: Infinity };
			return checkFile(known, { binaryPropertyName: url, picture }, 'url');
		},
		async (error: unknown) => {
			if (run?.aborted) return await Promise.reject(new StoppedError([]));
			if (error instanceof TooLargeError) {
				return reject(
					`is larger than ${formatMegabytes(limits.maxBytes)}, the largest file allowed. ${makingSmaller(limits, 'url')}`,
				);
			}
			const reason = error instanceof AttemptError ? error.message : networkReason(error);
			const otherwise =
				open === 'whole'
					? "turn 'Check Image URLs' off"
					: `choose another ${SIZE_LABEL} than that of this image`;
			return reject(
				`could not be opened: ${reason}. Check that it opens in a browser without signing in, or ${otherwise}.`,
			);
		},
	);
}

const readBeginning = async (
	fetchBody: () => Promise<ByteStream>,
	maxBytes: number,
): Promise<PictureFile> =>
	await readPicture({
		// Not every server tells the length.
		bytes: Infinity,
		async *read() {
			let left = maxBytes;
			// A stream that is left early ends its connection.
			for await (const piece of await fetchBody()) {
				left -= piece.length;
				if (left < 0) await Promise.reject(new TooLargeError(maxBytes));
				yield piece;
			}
		},
	});
