import {
	sleep,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { z } from 'zod/v3';
import { toByteStream } from '../../core/exchange/http/byteStream';
import type { ByteStream, Clock, HttpClient, HttpResponse } from '../../core/exchange/http/http';
import { layersOf } from '../../core/exchange/http/networkErrors';
import type { RequestBody } from '../../core/exchange/http/sending';
import { Throttles } from '../../core/exchange/throttling/throttles';

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

/** Statuses with which a proxy refuses to connect to a server. */
const PROXY_STATUSES = [403, 407, 500, 502, 503, 504, 511];
const PROXY_AUTHENTICATION = 407;

const failedSchema = z.object({
	response: z
		.object({ status: z.number(), headers: responseSchema.shape.headers, data: z.unknown() })
		.passthrough(),
	request: z.unknown(),
});

/**
 * The answer inside an error: for the statuses of proxies n8n's newer versions give an error, since
 * only that shows the connection.
 */
function answerIn(error: unknown): { answer: unknown; connection: unknown } | undefined {
	const [found] = layersOf(error).flatMap((layer) => {
		const parsed = failedSchema.safeParse(layer);
		return parsed.success ? [parsed.data] : [];
	});
	if (!found) return undefined;
	const { response, request } = found;
	const { status: statusCode, headers, data: body } = response;
	return { answer: { statusCode, headers, body }, connection: request };
}

/**
 * Whether a proxy answered, that did not let a request through to its server: n8n's HTTP client passes
 * its answer on as if it were the server's, yet it came over a connection that is not encrypted.
 */
export function isFromProxy(url: string, status: number, connection: unknown): boolean {
	if (status === PROXY_AUTHENTICATION) return true;
	if (!PROXY_STATUSES.includes(status) || !/^https:/i.test(url)) return false;
	const socket: unknown = isObject(connection) ? Reflect.get(connection, 'socket') : undefined;
	return isObject(socket) && Reflect.get(socket, 'encrypted') !== true;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Sends a request by n8n's helper; every answer that comes is one, whatever its status. */
async function answered(url: string, sending: Promise<unknown>): Promise<HttpResponse> {
	return await sending.then(
		(answer) => toResponse(url, answer),
		async (error: unknown) => {
			const inside = answerIn(error);
			return inside
				? toResponse(url, inside.answer, inside.connection)
				: await Promise.reject(error);
		},
	);
}

function toResponse(url: string, answer: unknown, connection?: unknown): HttpResponse {
	const { statusCode, headers, body } = responseSchema.parse(answer);
	return {
		...(isFromProxy(url, statusCode, connection ?? body) && { fromProxy: true }),
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
	ignoreHttpStatusErrors: { ignore: true, except: PROXY_STATUSES },
	disableFollowRedirect: true,
} satisfies Partial<IHttpRequestOptions>;

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
			const sending: Promise<unknown> = context.helpers.httpRequestWithAuthentication.call(
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
			return await answered(baseUrl, sending);
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
	(context: { helpers: Pick<IExecuteFunctions['helpers'], 'httpRequest'> }): HttpClient['fetch'] =>
	async (url, signal, timeoutMs) => {
		const ends = new AbortController();
		const end = () => ends.abort();
		signal.addEventListener('abort', end);
		if (signal.aborted) end();
		const leave = () => signal.removeEventListener('abort', end);
		const sending: Promise<unknown> = context.helpers.httpRequest({
			...PLAIN,
			method: 'GET',
			url,
			// A compressed answer would not say how long the file is.
			headers: { Accept: 'image/*, */*;q=0.8', 'Accept-Encoding': 'identity' },
			timeout: timeoutMs,
			abortSignal: ends.signal,
		});
		const response = await answered(url, sending).catch(async (error: unknown) => {
			leave();
			return await Promise.reject(error);
		});
		// n8n's newer HTTP client hands on a stream that leaves its connection open if it is destroyed
		// before it is read; only an abort closes it.
		const { body } = response;
		const destroy = body.destroy.bind(body);
		body.destroy = (error) => {
			destroy(error);
			end();
			return body;
		};
		body.on('close', leave);
		return response;
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

const THROTTLES = new Throttles(realClock(undefined), Math.random);

/** What this process knows of each key's limits; n8n loads this module once. */
export const throttles = (): Throttles => THROTTLES;
