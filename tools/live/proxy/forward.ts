/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** A request to be sent on. */
export interface Outgoing {
	method: string;
	/** Its path and query are sent byte for byte. */
	url: string;
	headers: Record<string, string>;
	body: Buffer;
	signal?: AbortSignal;
}

/** Headers that belong to one connection. */
const HOP_BY_HOP = new Set([
	'connection',
	'content-length',
	'host',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** Headers as simple text, without those of the connection. */
export function plainHeaders(
	headers: http.IncomingHttpHeaders,
	without: ReadonlySet<string> = HOP_BY_HOP,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).flatMap(
			([name, value]): Array<[string, string]> =>
				value === undefined || without.has(name)
					? []
					: [[name, Array.isArray(value) ? value.join(', ') : value]],
		),
	);
}

/** Origin and the rest of an address, the rest as it was written. */
export function splitUrl(url: string): { origin: string; path: string } {
	const [, origin = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^#]*)/i.exec(url) ?? [];
	return { origin, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Sends a request and gives its answer as soon as the headers are there. */
export async function forward(outgoing: Outgoing): Promise<http.IncomingMessage> {
	const { method, url, headers, body, signal } = outgoing;
	const { origin, path } = splitUrl(url);
	const { protocol, hostname, port } = new URL(origin);
	const client = protocol === 'https:' ? https : http;
	const request = client.request({
		method,
		hostname: hostname.replace(/^\[|\]$/g, ''),
		port,
		path,
		headers: {
			...headers,
			...(body.length > 0 || method === 'POST' ? { 'content-length': String(body.length) } : {}),
		},
		signal,
	});
	request.end(body);
	const [response] = await once(request, 'response');
	if (!(response instanceof http.IncomingMessage)) throw new Error('no answer came');
	return response;
}

/** Takes a compression off; what cannot be read stays as it is. */
export function decompressed(body: Buffer, encoding: string | undefined): Buffer {
	try {
		if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body);
		if (encoding === 'deflate') return inflateSync(body);
		if (encoding === 'br') return brotliDecompressSync(body);
	} catch {
		// the recording then tells of bytes that are no text
	}
	return body;
}

/** The code of a network error, or its class. */
export function codeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return 'unknown';
	const code: unknown = Reflect.get(error, 'code');
	return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}
