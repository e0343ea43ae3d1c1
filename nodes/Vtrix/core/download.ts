import { backoffMs } from './client';
import { parseUrl, refuseResultUrl } from './address';
import { DownloadError, StoppedError } from './errors';
import {
	endWhenSilent,
	errorCodes,
	networkReason,
	retryAfterMs,
	TooLargeError,
	type ByteStream,
	type Clock,
	type HttpClient,
	type HttpResponse,
} from './http';
import { readHeader, readKind, type PictureHeader } from './imageHeader';

const TRIES = 5;
const REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 30_000;
/** A connection over which nothing comes for so long counts as broken. */
const SILENCE_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
/** Metadata before the pixel size can be long, in JPEGs above all. */
const HEAD_BYTES = 512 * 1024;
const TAIL_BYTES = 1024;

/** A picture on its way into the store: a stream, or all of it when it is small. */
export type Content = ByteStream | Buffer;

/** Keeps a picture; called once an attempt, with a type that is told from the bytes. */
export type Store<Stored> = (content: Content, header: PictureHeader) => Promise<Stored>;

/** A picture that is kept. */
export interface Picture<Stored> {
	header: PictureHeader;
	bytes: number;
	stored: Stored;
}

/** What asking for public URLs needs. */
export interface Fetching {
	http: Pick<HttpClient, 'fetch'>;
	clock: Clock;
	/** The API's base URL: what it may point to depends on where it is itself. */
	baseUrl: string;
	/** Longest time for one picture, all tries together. */
	timeoutMs: number;
	signal?: AbortSignal;
	random: () => number;
}

/** What downloading pictures needs. */
export interface Downloads extends Fetching {
	/** Largest picture taken. */
	maxBytes: number;
	/** Called with a picture's bytes as soon as they are known, with 0 when an attempt failed. */
	onSize: (bytes: number) => void;
	/** Called when a picture's last byte has come, while its store may still be busy with it. */
	onArrival: () => void;
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
 * Refuses a result URL that must not be fetched nor handed on.
 *
 * @throws DownloadError with the URL
 */
export function assertFetchable(url: string, taskId: string, baseUrl: string): void {
	const refusal = refuseResultUrl(url, baseUrl);
	if (refusal === undefined) return;
	throw new DownloadError(`An image of task ${taskId} could not be downloaded: ${refusal}`, {
		description: `Vtrix gave ${url} as its address, and nothing was requested there. Tell Vtrix support, or ask again with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
		taskIds: [taskId],
	});
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
	const { clock, random, signal, timeoutMs } = downloads;
	const deadline = clock.now() + timeoutMs;
	for (let tries = 1; ; tries += 1) {
		if (signal?.aborted) throw new StoppedError([taskId]);
		const outOfTime = AbortSignal.timeout(Math.max(0, Math.ceil(deadline - clock.now())));
		const outcome = await attempt(url, downloads, outOfTime, store).catch((error: unknown) =>
			outOfTime.aborted
				? new Attempt(`it took longer than ${timeoutMs / 1000} seconds`, false)
				: reasonOf(error, downloads),
		);
		if (!(outcome instanceof Attempt)) return outcome;
		if (signal?.aborted) throw new StoppedError([taskId]);
		downloads.onSize(0);
		const wait = Math.min(outcome.waitMs ?? backoffMs(tries - 1, random), LONGEST_WAIT_MS);
		if (!outcome.again || tries >= TRIES || clock.now() + wait >= deadline) {
			throw new DownloadError(
				`An image of task ${taskId} could not be downloaded: ${outcome.message}`,
				{
					// The link comes last: it can be longer than all the rest.
					description: `It is finished and paid for. Fetch it again with the resource 'Task', operation 'Get' and the task ID ${taskId}, or open its link within 24 hours of the generation: ${url}`,
					taskIds: [taskId],
				},
			);
		}
		await clock.sleep(wait);
	}
}

function reasonOf(error: unknown, { maxBytes }: Downloads): Attempt {
	if (error instanceof Attempt) return error;
	return error instanceof TooLargeError
		? new Attempt(
				`it is larger than ${maxBytes / 1_000_000} MB, the limit set in 'Max File Size'`,
				false,
			)
		: new Attempt(networkReason(error), true);
}

async function attempt<Stored>(
	url: string,
	downloads: Downloads,
	outOfTime: AbortSignal,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const { maxBytes, onSize, onArrival, signal } = downloads;
	const ends = AbortSignal.any([...(signal ? [signal] : []), outOfTime]);
	const { body, headers } = await follow(url, downloads, ends);
	// It may break while nobody reads, and an error that nobody takes would end n8n.
	body.on('error', () => {});
	const end = () => body.destroy(new Error('ended'));
	ends.addEventListener('abort', end);
	const { heard, leave } = endWhenSilent(body, SILENCE_MS);
	try {
		const length = Number(headers['content-length']);
		if (length > maxBytes) throw new TooLargeError(maxBytes);
		if (length > 0) onSize(length);
		const came = (bytes: number) => {
			heard();
			if (bytes > maxBytes) throw new TooLargeError(maxBytes);
			if (bytes >= length) onArrival();
		};
		const picture = await keep(body, length, came, store);
		onSize(picture.bytes);
		return picture;
	} finally {
		leave();
		ends.removeEventListener('abort', end);
		body.destroy();
	}
}

/** Follows redirects by hand: each target is judged, and no credential ever goes along. */
export async function follow(
	url: string,
	downloads: Fetching,
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
		const next = headers.location && parseUrl(headers.location, target);
		if (status >= 300 && status < 400 && next) {
			target = next.href;
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
	/** Bytes that the server announced; NaN if it did not. */
	length: number,
	/** Called for each piece with all the bytes until then; an error of it ends the stream. */
	came: (bytes: number) => void,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	let head: Buffer = Buffer.alloc(0);
	let header: PictureHeader | undefined;
	for await (const chunk of body.iterator({ destroyOnReturn: false })) {
		head = Buffer.concat([head, chunk]);
		came(head.length);
		header = readHeader(head);
		if (header || head.length >= HEAD_BYTES) break;
	}
	if (head.length >= HEAD_BYTES) header ??= readKind(head);
	if (head.length === 0) throw new Attempt('the file was empty', true);
	if (!header) throw new Attempt('what came was not an image', true);
	const { extension } = header;
	let bytes = 0;
	let tail: Buffer = Buffer.alloc(0);
	const count = (chunk: Buffer) => {
		bytes += chunk.length;
		came(bytes);
		// No copy of a chunk that is long enough: it would be made for every chunk of every picture.
		tail = (chunk.length < TAIL_BYTES ? Buffer.concat([tail, chunk]) : chunk).subarray(-TAIL_BYTES);
		return chunk;
	};
	let content: Content;
	// A small picture that is there already needs no stream, which costs more than the picture.
	if (body.readableEnded || head.length === length) content = count(head);
	else {
		body.unshift(head);
		content = body.map(count);
		// Whoever stores it hears of errors too, but may not listen yet.
		content.on('error', () => {});
	}
	const stored = await store(content, header).catch((error: unknown) => {
		// A stream that breaks takes its store along.
		const isOurs = body.errored !== null || error instanceof TooLargeError;
		throw isOurs ? error : new Attempt(storeReason(error), true);
	});
	// Only now has every byte passed; the stream's own end can come before its last one is counted.
	if (!endsWell(extension, tail, head, bytes)) throw new Attempt('the image was cut off', true);
	return { header, bytes, stored };
}

const REASON_LENGTH = 200;

/** Why n8n's own binary store did not take a picture, in its words: the store knows no secret of ours. */
function storeReason(error: unknown): string {
	const codes = errorCodes(error);
	if (codes.includes('ENOSPC') || codes.includes('EDQUOT'))
		return 'n8n has no space left to store it';
	const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
	return `n8n could not store it${said && `: ${said.slice(0, REASON_LENGTH)}`}`;
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
