import {
	sleep,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { z } from 'zod/v3';
import { toByteStream } from '../../core/exchange/http/byteStream';
import type { ByteStream, Clock, HttpClient, HttpResponse } from '../../core/exchange/http/http';
import type { RequestBody } from '../../core/exchange/http/sending';

export const CREDENTIAL = 'vtrixApi';

const isStream = (value: unknown): value is ByteStream =>
	typeof value === 'object' &&
	value !== null &&
	'iterator' in value &&
	typeof value.iterator === 'function';

const responseSchema = z.object({
	statusCode: z.number(),
	headers: z.custom<Record<string, unknown>>(
		(value) => typeof value === 'object' && value !== null,
	),
	body: z.custom<ByteStream>(isStream),
});

const headerValue = (value: unknown): string | undefined =>
	Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : undefined;

function toResponse(response: unknown): HttpResponse {
	const { statusCode, headers, body } = responseSchema.parse(response);
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name.toLowerCase(), headerValue(value)]),
		),
		body,
	};
}

// The status is judged in the core, and a redirect would carry the credential to another host.
const PLAIN = {
	encoding: 'stream',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
} as const;

/** Requests to the API, with the credential that n8n adds. */
export const apiTransport =
	(
		context: IExecuteFunctions,
		baseUrl: string,
		credentials: ICredentialDataDecryptedObject,
	): HttpClient['api'] =>
	async ({ method, path, body, timeoutMs }) => {
		const verb: IHttpRequestMethods = method;
		return await withContent(body, async (content) => {
			const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				CREDENTIAL,
				{
					...PLAIN,
					method: verb,
					url: baseUrl + path,
					headers: {
						'Content-Type': 'application/json',
						Accept: 'application/json',
						// The HTTP client cannot know a stream's length, and the API may refuse a request without
						// one.
						...(body && { 'Content-Length': String(body.byteLength) }),
					},
					timeout: timeoutMs,
					...(content && { body: content }),
				},
				{ credentialsDecrypted: { id: '', name: '', type: CREDENTIAL, data: credentials } },
			);
			return toResponse(response);
		});
	};

/**
 * Sends a body, as a stream if it is read while it is sent. The stream is destroyed once the request
 * has failed or its answer is read: of a body that is refused early the rest is not sent.
 */
async function withContent(
	body: RequestBody | undefined,
	send: (content: Buffer | ByteStream | undefined) => Promise<HttpResponse>,
): Promise<HttpResponse> {
	if (!body || Buffer.isBuffer(body)) return await send(body);
	const stream = toByteStream(body.open());
	// Without a listener an error would end the n8n process.
	stream.on('error', () => {});
	const end = () => void stream.destroy();
	const sending = send(stream);
	sending.then(({ body: answer }) => answer.on('close', end), end);
	return await sending;
}

/** Requests to any other host, without credentials. */
export const publicTransport =
	(context: IExecuteFunctions): HttpClient['fetch'] =>
	async (url, signal, timeoutMs) => {
		const response: IN8nHttpFullResponse = await context.helpers.httpRequest({
			...PLAIN,
			method: 'GET',
			url,
			// A compressed answer would not say how long the file is.
			headers: { Accept: 'image/*, */*;q=0.8', 'Accept-Encoding': 'identity' },
			timeout: timeoutMs,
			abortSignal: signal,
		});
		return toResponse(response);
	};

/**
 * The time at the start of a run, and from then on what has really passed, whatever the machine's
 * clock is set to meanwhile. A sleep ends at once when the run is stopped.
 */
export function realClock(signal: AbortSignal | undefined): Clock {
	const offset = Date.now() - performance.now();
	return {
		now: () => Math.round(offset + performance.now()),
		async sleep(ms) {
			if (ms <= 0 || signal?.aborted) return;
			let wake = () => {};
			const stopped = new Promise<void>((resolve) => {
				wake = resolve;
				signal?.addEventListener('abort', wake, { once: true });
			});
			// Newer versions of n8n take the signal and leave no timer behind, older ones don't know it.
			await Promise.race([sleep(ms, signal).catch(() => {}), stopped]);
			signal?.removeEventListener('abort', wake);
		},
	};
}
