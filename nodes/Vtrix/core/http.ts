/** The part of a Node.js stream that reading an answer needs. */
export interface ByteStream extends AsyncIterable<Buffer> {
	/** Iterates without ending the stream when the loop is left. */
	iterator(options: { destroyOnReturn: boolean }): AsyncIterableIterator<Buffer>;
	/** Puts back what was read too early. */
	unshift(chunk: Buffer): void;
	/** A stream of what `transform` makes of each piece; an error of either ends it. */
	map(transform: (chunk: Buffer) => Buffer): ByteStream;
	readonly readableEnded: boolean;
	/** What it ended with before its time. */
	readonly errored: Error | null;
	on(event: 'end' | 'error', listener: () => void): unknown;
	destroy(error?: Error): unknown;
}

/** An answer whose body has not been read yet. */
export interface HttpResponse {
	status: number;
	/** Header values by lower-case name. */
	headers: Readonly<Record<string, string | undefined>>;
	body: ByteStream;
}

/**
 * The two ways out: to the API with the credential, to any other host without.
 * Neither follows redirects, and neither throws for a status. Both reject when there is no answer.
 */
export interface HttpClient {
	/** Asks the API; `path` goes after the base URL and is escaped already. */
	api(request: {
		method: 'GET' | 'POST';
		path: string;
		body?: Buffer;
		timeoutMs: number;
	}): Promise<HttpResponse>;
	/** Fetches a public URL, without any credential. */
	fetch(url: string, signal: AbortSignal, timeoutMs: number): Promise<HttpResponse>;
}

/** Time as the pipeline sees it, so that tests can run it fast. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Resolves after `ms`, or at once when the run is stopped. */
	sleep(ms: number): Promise<void>;
}

/** Codes of connections that never came about. A host can also get out of reach later on. */
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connect)$/;
/** The other side's certificate was refused, which happens before anything is sent. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_SELF_SIGNED_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

/** Codes of an error and of all that it wraps: n8n wraps what Node.js reports. */
export function errorCodes(error: unknown, depth = 0): string[] {
	if (typeof error !== 'object' || error === null || depth > 5) return [];
	const codes = ['code', 'httpCode', 'errno', 'syscall'].flatMap((key) => {
		const value: unknown = Reflect.get(error, key);
		return typeof value === 'string' ? [value] : [];
	});
	const inner = ['cause', 'reason', 'error', 'errorResponse', 'errors']
		.flatMap((key): unknown => Reflect.get(error, key))
		.flatMap((wrapped) => errorCodes(wrapped, depth + 1));
	return [...codes, ...inner];
}

/** Whether nothing was sent, because there never was a connection: the request may go out again. */
export const neverConnected = (error: unknown): boolean =>
	errorCodes(error).some((code) => NEVER_CONNECTED.test(code) || UNTRUSTED.test(code));

/** What a network error means, without the request that it carries. */
export function networkReason(error: unknown): string {
	const codes = errorCodes(error);
	const has = (...known: string[]) => known.some((code) => codes.includes(code));
	if (has('ENOTFOUND', 'EAI_AGAIN')) return 'its address was not found';
	if (has('ECONNREFUSED')) return 'it refused the connection';
	if (has('ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE')) return 'the connection broke';
	if (has('ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT')) return 'it did not answer in time';
	if (codes.some((code) => UNTRUSTED.test(code))) return 'its certificate is not trusted';
	if (has('EHOSTUNREACH', 'ENETUNREACH')) return 'there is no way to it';
	return 'the connection did not work';
}

/** A body was ended because it came too slowly. */
class SlowError extends Error {
	readonly code = 'ETIMEDOUT';
}

/**
 * Ends a body of which nothing comes for `ms`, or up to twice that.
 *
 * @returns `heard` is to be called with each piece, `leave` at the end
 */
export function endWhenSilent(
	body: ByteStream,
	ms: number,
): { heard: () => void; leave: () => void } {
	let silent = false;
	let period: AbortSignal;
	const listen = () => {
		if (silent) {
			body.destroy(new SlowError());
			return;
		}
		silent = true;
		period = AbortSignal.timeout(ms);
		period.addEventListener('abort', listen);
	};
	listen();
	return {
		heard: () => {
			silent = false;
		},
		leave: () => period.removeEventListener('abort', listen),
	};
}

/** Reads a whole body, up to `maxBytes`; rejects when it is larger or takes longer than `timeoutMs`. */
export async function readBody(
	body: ByteStream,
	maxBytes: number,
	timeoutMs: number,
): Promise<Buffer> {
	const timeout = AbortSignal.timeout(timeoutMs);
	const end = () => body.destroy(new SlowError());
	timeout.addEventListener('abort', end);
	try {
		const chunks: Buffer[] = [];
		let length = 0;
		for await (const chunk of body) {
			length += chunk.length;
			if (length > maxBytes) return Promise.reject(new TooLargeError(maxBytes));
			chunks.push(chunk);
		}
		return Buffer.concat(chunks, length);
	} finally {
		timeout.removeEventListener('abort', end);
	}
}

/** A body went beyond the size that is taken. */
export class TooLargeError extends Error {
	constructor(readonly maxBytes: number) {
		super(`The answer is larger than ${maxBytes} bytes`);
	}
}

/** Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	const seconds = Number(header);
	if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
