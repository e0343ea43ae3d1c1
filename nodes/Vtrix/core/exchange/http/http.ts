import type { RequestBody } from './sending';

/** The part of a Node.js stream that reading an answer needs. */
export interface ByteStream extends AsyncIterable<Buffer> {
	iterator(options: { destroyOnReturn: boolean }): AsyncIterableIterator<Buffer>;
	unshift(chunk: Buffer): void;
	/** A stream of what `transform` makes of each piece; an error of either ends it. */
	map(transform: (chunk: Buffer) => Buffer): ByteStream;
	readonly readableEnded: boolean;
	readonly errored: Error | null;
	on(event: 'end' | 'error' | 'close', listener: () => void): unknown;
	destroy(error?: Error): unknown;
}

/** An answer whose body has not been read yet. */
export interface HttpResponse {
	status: number;
	headers: Readonly<Record<string, string | undefined>>;
	body: ByteStream;
	/** Set when a proxy answered instead of the server, to which nothing was sent. */
	fromProxy?: true;
}

/**
 * Requests to the API with the credential, to any other host without. Neither follows redirects nor
 * throws for a status. Both reject if there is no answer.
 */
export interface HttpClient {
	api(request: {
		method: 'GET' | 'POST';
		path: string;
		/** Sent with a Content-Length; when the request ends early, the rest is not read. */
		body?: RequestBody;
		timeoutMs: number;
	}): Promise<HttpResponse>;
	fetch(url: string, signal: AbortSignal, timeoutMs: number): Promise<HttpResponse>;
}

/** Time for the pipeline, injected so that tests can move it. */
export interface Clock {
	now(): number;
	/** Resolves after `ms`, or at once when the run is stopped. */
	sleep(ms: number): Promise<void>;
}
