/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { get } from 'node:http';
import { Readable } from 'node:stream';
import type { ByteStream, HttpClient } from '../../nodes/Vtrix/core/exchange/http/http';

const isByteStream = (value: unknown): value is ByteStream => value instanceof Readable;

/** A stream as the core sees it. */
export function byteStream(stream: unknown): ByteStream {
	if (!isByteStream(stream)) throw new Error('This is no stream of bytes');
	return stream;
}

/** Fetches over a real connection, without n8n. */
export const plainFetch: HttpClient['fetch'] = async (url, signal) =>
	await new Promise((resolve, reject) => {
		get(url, { signal }, (response) => {
			const headers = Object.entries(response.headers).map(([name, value]) => [
				name,
				Array.isArray(value) ? value.join(', ') : value,
			]);
			resolve({
				status: response.statusCode ?? 0,
				headers: Object.fromEntries(headers),
				body: byteStream(response),
			});
		}).on('error', reject);
	});
