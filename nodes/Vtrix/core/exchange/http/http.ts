import type { RequestBody } from './sending';

/** The part of a Node.js stream that reading an answer needs. */
export interface ByteStream extends AsyncIterable<Buffer> {
	/** Iterates without ending the stream when the loop is left. */
	iterator(options: { destroyOnReturn: boolean }): AsyncIterableIterator<Buffer>;
	/** Puts back what was read too early. */
	unshift(chunk: Buffer): void;
	/** A stream of what `transform` makes of each piece; an error of either ends it. */
	map(transform: (chunk: Buffer) => Buffer): ByteStream;
	readonly readableEnded: boolean;
	/** The error that ended it early. */
	readonly errored: Error | null;
	on(event: 'end' | 'error' | 'close', listener: () => void): unknown;
	destroy(error?: Error): unknown;
}

/** An answer whose body has not been read yet. */
export interface HttpResponse {
	status: number;
	/** Header values by lower-case name. */
	headers: Readonly<Record<string, string | undefined>>;
	body: ByteStream;
	/** Set when a proxy answered instead of the server, to which nothing was sent. */
	fromProxy?: true;
}

/**
 * The two kinds of request: to the API with the credential, to any other host without.
 * Neither follows redirects, and neither throws for a status. Both reject if there is no answer.
 */
export interface HttpClient {
	/** Calls the API; `path` follows the base URL and is already escaped. */
	api(request: {
		method: 'GET' | 'POST';
		path: string;
		/** Sent with a Content-Length; when the request ends early, the rest is not read. */
		body?: RequestBody;
		timeoutMs: number;
	}): Promise<HttpResponse>;
	/** Fetches a public URL, without any credential. */
	fetch(url: string, signal: AbortSignal, timeoutMs: number): Promise<HttpResponse>;
}

/** Time for the pipeline, injected so that tests can move it. */
export interface Clock {
	/** Milliseconds since the epoch; never goes back and never jumps. */
	now(): number;
	/** Resolves after `ms`, or at once when the run is stopped. */
	sleep(ms: number): Promise<void>;
}
