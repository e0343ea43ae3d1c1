import { parseUrl, resultUrlProblem } from '../exchange/http/url';
import { DownloadError, StoppedError } from '../shared/errors';
import type { ResultKind } from '../imageFile/mediaKind';
import { storeStream, type Picture, type Store } from './imageStream';
import { networkReason } from '../exchange/http/networkErrors';
import { LINK_HOURS } from '../shared/linkLifetime';
import { AttemptError, fetchPublic, type PublicFetch } from '../exchange/publicFetch';
import { endWhenSilent, TooLargeError } from '../exchange/http/readBody';
import { withinTime, type TimeLimit } from '../exchange/http/timeLimit';
import { pauseMs, RETRIES } from '../exchange/http/retry';

const SILENCE_MS = 30_000;
/** A temporary answer of a server (429, 5xx) may have changed after this time. */
const SAME_AGAIN_MS = 2000;

/** How images are fetched, and who is told of it; sizes in bytes. */
export interface Downloads extends PublicFetch {
	/** Longest time for one image, all tries together. */
	timeoutMs: number;
	random: () => number;
	maxBytes: number;
	kind: ResultKind;
	onSize: (bytes: number) => void;
	/** Called when an image's last byte has come, while its store may still be busy with it. */
	onTransferred: () => void;
	onFailedAttempt: () => void;
}

/** @throws DownloadError for a result URL that must not be fetched nor handed on */
export function assertFetchable(url: string, taskId: string, baseUrl: string): void {
	const problem = resultUrlProblem(url, baseUrl);
	if (problem === undefined) return;
	throw new DownloadError(`An image of task ${taskId} could not be downloaded: ${problem}`, {
		description: `Vtrix gave ${shortened(url)} as its address, and nothing was requested there. Tell Vtrix support, or ask again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
		taskIds: [taskId],
	});
}

/**
 * Fetches a finished image and stores it, with retries. An image without its end is accepted,
 * marked as incomplete, if another attempt brings no more of it.
 *
 * @throws DownloadError with the URL, StoppedError
 */
export async function download<Stored>(
	url: string,
	taskId: string,
	downloads: Downloads,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const { clock, random, signal, timeoutMs } = downloads;
	const deadline = clock.now() + timeoutMs;
	const digests = new Set<string>();
	let incomplete: Picture<Stored> | undefined;
	for (let tries = 1; ; tries += 1) {
		if (signal?.aborted) throw new StoppedError([taskId]);
		const outcome = await withinTime(
			deadline - clock.now(),
			signal,
			async (limit) =>
				await attempt(url, downloads, limit.signal, store).then(
					(stored) => ({ picture: stored }),
					(error: unknown) => ({ failure: toAttemptError(error, downloads, limit) }),
				),
		);
		const picture = 'picture' in outcome ? outcome.picture : undefined;
		if (picture && !picture.incomplete) return picture;
		const failure = 'failure' in outcome ? outcome.failure : cutOff(outcome.picture);
		if (signal?.aborted) throw new StoppedError([taskId]);
		downloads.onFailedAttempt();
		const { digest, retryable, retryAfterMs } = failure.retry;
		const cameBefore = digest !== undefined && digests.has(digest);
		if (picture && cameBefore) return picture;
		if (picture?.incomplete?.hasAnnouncedLength) incomplete = picture;
		const asked = digest === undefined ? retryAfterMs : SAME_AGAIN_MS;
		const wait = Math.min(pauseMs(tries - 1, asked, random), RETRIES.download.longestPauseMs);
		if (
			cameBefore ||
			!retryable ||
			tries >= RETRIES.download.tries ||
			clock.now() + wait >= deadline
		) {
			if (incomplete) return incomplete;
			throw downloadError(url, taskId, failure);
		}
		if (digest !== undefined) digests.add(digest);
		await clock.sleep(wait);
	}
}

/** Longest link that a message holds in full; signed ones have up to two thousand characters. */
const LONGEST_LINK = 4000;

const shortened = (url: string, note = ''): string =>
	url.length > LONGEST_LINK ? `${url.slice(0, 200)}…${note}` : url;

const cutOff = ({ incomplete }: Picture<unknown>): AttemptError =>
	new AttemptError('the image was cut off', { retryable: true, digest: incomplete?.digest });

const downloadError = (
	url: string,
	taskId: string,
	{ message, retry: { httpStatus } }: AttemptError,
) =>
	new DownloadError(`An image of task ${taskId} could not be downloaded: ${message}`, {
		// The link comes last: it can be longer than all the rest.
		description: `It is finished and paid for. Fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}, or open its link within ${LINK_HOURS} hours of the generation: ${shortened(url, ' (in full in the details)')}`,
		taskIds: [taskId],
		links: [url],
		...(httpStatus !== undefined && { httpStatus }),
	});

function toAttemptError(
	error: unknown,
	{ maxBytes, timeoutMs }: Downloads,
	{ isOver }: TimeLimit,
): AttemptError {
	if (isOver) {
		return new AttemptError(`it took longer than ${timeoutMs / 1000} seconds`, {
			retryable: false,
		});
	}
	if (error instanceof AttemptError) return error;
	return error instanceof TooLargeError
		? new AttemptError(
				`it is larger than ${maxBytes / 1_000_000} MB, the limit set in 'Max File Size'`,
				{ retryable: false },
			)
		: new AttemptError(networkReason(error), { retryable: true });
}

async function attempt<Stored>(
	url: string,
	downloads: Downloads,
	ends: AbortSignal,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const { maxBytes, kind, onSize, onTransferred } = downloads;
	const { body, headers, isAskedHost } = await fetchPublic(url, downloads, ends);
	const { heard, leave } = endWhenSilent(body, SILENCE_MS);
	try {
		const announced = announcedBytes(headers['content-length']);
		if (announced !== undefined) {
			if (announced > maxBytes) throw new TooLargeError(maxBytes);
			onSize(announced);
		}
		const onBytes = (bytes: number) => {
			heard();
			if (bytes > maxBytes) throw new TooLargeError(maxBytes);
			if (announced !== undefined && bytes >= announced) onTransferred();
		};
		const incoming = {
			announced,
			kind,
			isQuotable: isAskedHost,
			contentType: headers['content-type'] ?? '',
			path: parseUrl(url)?.pathname ?? '',
		};
		const picture = await storeStream(body, incoming, onBytes, store);
		onSize(picture.bytes);
		return picture;
	} finally {
		leave();
		body.destroy();
	}
}

/** The bytes that a `Content-Length` header announces; an empty file announces none. */
function announcedBytes(header: string | undefined): number | undefined {
	const bytes = Number(header);
	return bytes > 0 ? bytes : undefined;
}
