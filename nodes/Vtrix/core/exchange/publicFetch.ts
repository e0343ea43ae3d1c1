import { pageOf } from './answers/answer';
import { parseUrl, resultUrlProblem } from './http/url';
import type { ByteStream, Clock, HttpClient, HttpResponse } from './http/http';
import { ProxyError } from './http/networkErrors';
import { readBody } from './http/readBody';
import { RETRIES, retryAfterMs } from './http/retry';

const REDIRECTS = 10;
const ANSWER_TIMEOUT_MS = 30_000;
const REFUSAL_BYTES = 20_000;
const REFUSAL_TIMEOUT_MS = 5000;

/** The dependencies of requests to public URLs. */
export interface PublicFetch {
	http: Pick<HttpClient, 'fetch'>;
	clock: Clock;
	/** The API's base URL: links to private hosts are allowed only if it is private itself. */
	baseUrl: string;
	signal?: AbortSignal;
	redact: (text: string) => string;
}

/** Why one attempt to fetch a file failed, as the end of a sentence. */
export class AttemptError extends Error {
	constructor(
		message: string,
		readonly retry: {
			/** Whether another attempt may work. */
			retryable: boolean;
			retryAfterMs?: number | undefined;
			httpStatus?: number;
			/** If the same comes again, no further attempt will work. */
			digest?: string | undefined;
		},
	) {
		super(message);
	}
}

/** An answer from a public host, after redirects. */
export interface PublicResponse extends HttpResponse {
	/** Whether the host that was asked for answered, and not one that it redirects to. */
	isAskedHost: boolean;
}

/**
 * Requests a public URL without any credential; each target of a redirect is checked.
 *
 * @param signal ends the request and the answer's body
 * @throws AttemptError, or what the transport rejects with
 */
export async function fetchPublic(
	url: string,
	{ http, clock, baseUrl, redact }: PublicFetch,
	signal: AbortSignal,
): Promise<PublicResponse> {
	let target = url;
	for (let hops = 0; hops <= REDIRECTS; hops += 1) {
		const problem = resultUrlProblem(target, baseUrl);
		if (problem) throw new AttemptError(problem, { retryable: false });
		const response = await http.fetch(target, signal, ANSWER_TIMEOUT_MS);
		await assertNoProxy(response, redact);
		const { status, headers, body } = response;
		const isAskedHost = new URL(target).host === new URL(url).host;
		if (isWhole(response)) {
			endWith(signal, body);
			return { ...response, isAskedHost };
		}
		const next = headers.location && parseUrl(decodeHeader(headers.location), target);
		if (status >= 300 && status < 400 && next) {
			body.destroy();
			target = next.href;
			continue;
		}
		// Another host may be one that only this machine can reach.
		const words = isAskedHost ? await refusalOf(body, redact) : '';
		body.destroy();
		throw new AttemptError(`its server answered with HTTP ${status}${words && `: ${words}`}`, {
			// A link that has expired stays so.
			retryable: RETRIES.download.passes(status) && !/expired/i.test(words),
			retryAfterMs: retryAfterMs(headers, clock.now()),
			httpStatus: status,
		});
	}
	throw new AttemptError('its address redirects in circles', { retryable: false });
}

/** Whether an answer brings the whole file, as it is or as something on the way made it. */
function isWhole({ status, headers }: HttpResponse): boolean {
	if (status !== 206) return [200, 203, 226].includes(status);
	const [, last, length] = /^bytes 0-(\d+)\/(\d+)$/i.exec(headers['content-range'] ?? '') ?? [];
	return last !== undefined && Number(last) + 1 === Number(length);
}

/** A header's text as it was meant: Node.js reads each byte as a character, some servers send UTF-8. */
function decodeHeader(value: string): string {
	const decoded = Buffer.from(value, 'latin1').toString('utf8');
	return decoded.includes('\ufffd') ? value : decoded;
}

function endWith(signal: AbortSignal, body: ByteStream): void {
	// It may break while nothing reads it; without a listener that error would end the n8n process.
	body.on('error', () => {});
	const end = () => body.destroy(new Error('ended'));
	if (signal.aborted) end();
	signal.addEventListener('abort', end);
}

async function refusalOf(body: ByteStream, redact: (text: string) => string): Promise<string> {
	const words = await readBody(body, REFUSAL_BYTES, REFUSAL_TIMEOUT_MS)
		.then((bytes) => pageOf(bytes.toString('utf8'), redact))
		.catch(() => undefined);
	return (words ?? '').replace(/[.\s]+$/, '');
}

/** @throws ProxyError if a proxy answered that did not let the request through */
export async function assertNoProxy(
	{ fromProxy, status, body }: HttpResponse,
	redact: (text: string) => string,
): Promise<void> {
	if (!fromProxy) return;
	const words = await refusalOf(body, redact);
	body.destroy();
	throw new ProxyError(status, words);
}
