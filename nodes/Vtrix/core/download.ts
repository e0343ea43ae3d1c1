import { backoffMs } from './client';
import { refuseResultUrl } from './address';
import { DownloadError, StoppedError } from './errors';
import {
	networkReason,
	retryAfterMs,
	TooLargeError,
	type ByteStream,
	type Clock,
	type HttpClient,
	type HttpResponse,
} from './http';
import { readHeader, type ImageHeader } from './imageHeader';

const TRIES = 5;
const REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 30_000;
const TOTAL_TIMEOUT_MS = 600_000;
/** Metadata before the pixel size can be long, in JPEGs above all. */
const HEAD_BYTES = 512 * 1024;
const TAIL_BYTES = 1024;

/** A picture on its way into the store: a stream, or all of it when it is small. */
export type Content = ByteStream | Buffer;

/** Keeps a picture; called once an attempt, with a type that is told from the bytes. */
export type Store<Stored> = (content: Content, header: ImageHeader) => Promise<Stored>;

/** A picture that is kept. */
export interface Picture<Stored> {
	header: ImageHeader;
	bytes: number;
	stored: Stored;
}

/** What fetching pictures needs. */
export interface Downloads {
	http: Pick<HttpClient, 'fetch'>;
	clock: Clock;
	/** The API's base URL: what it may point to depends on where it is itself. */
	baseUrl: string;
	/** Largest picture taken. */
	maxBytes: number;
	signal?: AbortSignal;
	random: () => number;
}

/** A reason why an attempt did not work, and whether another may. */
export class Attempt extends Error {
	constructor(
		message: string,
		readonly again: boolean,
		readonly waitMs?: number,
	) {
		super(message);
	}
}

/**
 * Fetches a finished picture and keeps it; retried, while the task never is.
 *
 * @throws DownloadError with the URL, StoppedError
 */
export async function download<Stored>(
	url: string,
	taskId: string,
	downloads: Downloads,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const { clock, random, signal } = downloads;
	const started = clock.now();
	for (let tries = 1; ; tries += 1) {
		if (signal?.aborted) throw new StoppedError([taskId]);
		const outcome = await attempt(url, downloads, store).catch((error: unknown) =>
			error instanceof Attempt
				? error
				: new Attempt(
						error instanceof TooLargeError
							? `it is larger than ${downloads.maxBytes / 1_000_000} MB, the limit set in 'Max File Size'`
							: networkReason(error),
						!(error instanceof TooLargeError),
					),
		);
		if (!(outcome instanceof Attempt)) return outcome;
		if (signal?.aborted) throw new StoppedError([taskId]);
		if (!outcome.again || tries >= TRIES || clock.now() - started > TOTAL_TIMEOUT_MS) {
			throw new DownloadError(
				`An image of task ${taskId} could not be downloaded: ${outcome.message}`,
				{
					description: `It is finished and paid for. Open ${url} within 24 hours of the generation, or fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
					taskIds: [taskId],
				},
			);
		}
		await clock.sleep(Math.min(outcome.waitMs ?? backoffMs(tries - 1, random), 60_000));
	}
}

async function attempt<Stored>(
	url: string,
	downloads: Downloads,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const signal = AbortSignal.any([
		...(downloads.signal ? [downloads.signal] : []),
		AbortSignal.timeout(TOTAL_TIMEOUT_MS),
	]);
	const { body } = await follow(url, downloads, signal);
	const stop = () => body.destroy(new Error('stopped'));
	signal.addEventListener('abort', stop);
	try {
		return await keep(body, downloads.maxBytes, store);
	} finally {
		signal.removeEventListener('abort', stop);
		body.destroy();
	}
}

/** Follows redirects by hand: each target is judged, and no credential ever goes along. */
export async function follow(
	url: string,
	downloads: Omit<Downloads, 'maxBytes'>,
	signal: AbortSignal,
): Promise<HttpResponse> {
	let target = url;
	for (let hops = 0; hops <= REDIRECTS; hops += 1) {
		const refusal = refuseResultUrl(target, downloads.baseUrl);
		if (refusal) throw new Attempt(refusal, false);
		const response = await downloads.http.fetch(target, signal, ANSWER_TIMEOUT_MS);
		const { status, headers, body } = response;
		if (status === 200) return response;
		body.destroy();
		const { location } = headers;
		if (status >= 300 && status < 400 && location && URL.canParse(location, target)) {
			target = new URL(location, target).href;
			continue;
		}
		const passing = status >= 500 || [404, 408, 425, 429].includes(status);
		throw new Attempt(
			`its server answered with HTTP ${status}`,
			passing,
			retryAfterMs(headers['retry-after'], downloads.clock.now()),
		);
	}
	throw new Attempt('its address redirects in circles', false);
}

async function keep<Stored>(
	body: ByteStream,
	maxBytes: number,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	let head: Buffer = Buffer.alloc(0);
	let header: ImageHeader | undefined;
	for await (const chunk of body.iterator({ destroyOnReturn: false })) {
		head = Buffer.concat([head, chunk]);
		header = readHeader(head);
		if (header || head.length >= HEAD_BYTES) break;
	}
	if (head.length === 0) throw new Attempt('the file was empty', true);
	if (!header) throw new Attempt('what came was not an image', true);
	const { extension } = header;
	let bytes = head.length;
	let tail = head.subarray(-TAIL_BYTES);
	const check = () => {
		if (!endsWell(extension, tail, head, bytes)) throw new Attempt('the image was cut off', true);
	};
	if (bytes > maxBytes) throw new TooLargeError(maxBytes);
	if (body.readableEnded) {
		check();
		return { header, bytes, stored: await store(head, header) };
	}
	const checked = body.compose(async function* (rest) {
		yield head;
		for await (const chunk of rest) {
			bytes += chunk.length;
			if (bytes > maxBytes) throw new TooLargeError(maxBytes);
			tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
			yield chunk;
		}
		check();
	});
	const stored = await store(checked, header);
	return { header, bytes, stored };
}

const JPEG_END = Buffer.from([0xff, 0xd9]);

/** Whether a picture ends as its format does, as a wrong length otherwise goes unnoticed. */
function endsWell(extension: string, tail: Buffer, head: Buffer, bytes: number): boolean {
	if (extension === 'png') return tail.includes('IEND');
	if (extension === 'jpg') return tail.includes(JPEG_END);
	if (extension === 'webp') return head.readUInt32LE(4) + 8 <= bytes;
	return true;
}

/** Keeps a picture that came inside the answer. */
export async function keepInline<Stored>(
	base64: string,
	taskId: string,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
	const header = readHeader(bytes);
	if (!header) {
		throw new DownloadError(`Task ${taskId} returned image data that is not an image`, {
			description: `Fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
			taskIds: [taskId],
		});
	}
	return { header, bytes: bytes.length, stored: await store(bytes, header) };
}
