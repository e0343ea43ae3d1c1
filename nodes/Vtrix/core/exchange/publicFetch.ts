import { parseUrl, refuseResultUrl } from './url';
import type { Clock, HttpClient, HttpResponse } from './http';
import { retryAfterMs } from './retry';

const REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 30_000;

/** What asking for public URLs needs. */
export interface PublicFetch {
	http: Pick<HttpClient, 'fetch'>;
	clock: Clock;
	/** The API's base URL: what it may point to depends on where it is itself. */
	baseUrl: string;
	signal?: AbortSignal;
}

/** Why one attempt to have a file did not work, as the end of a sentence. */
export class AttemptError extends Error {
	/** Whether another attempt may work. */
	readonly retryable: boolean;
	/** Milliseconds to wait before it, as the server asked. */
	readonly retryAfterMs?: number;

	constructor(message: string, retry: { retryable: boolean; retryAfterMs?: number | undefined }) {
		super(message);
		this.retryable = retry.retryable;
		if (retry.retryAfterMs !== undefined) this.retryAfterMs = retry.retryAfterMs;
	}
}

/**
 * Asks for a public URL without any credential. Redirects are followed by hand: each target is judged.
 *
 * @returns the answer with status 200, its body unread
 * @throws AttemptError, or what the transport rejects with
 */
export async function fetchPublic(
	url: string,
	{ http, clock, baseUrl }: PublicFetch,
	signal: AbortSignal,
): Promise<HttpResponse> {
	let target = url;
	for (let hops = 0; hops <= REDIRECTS; hops += 1) {
		const refusal = refuseResultUrl(target, baseUrl);
		if (refusal) throw new AttemptError(refusal, { retryable: false });
		const response = await http.fetch(target, signal, ANSWER_TIMEOUT_MS);
		const { status, headers, body } = response;
		if (status === 200) return response;
		body.destroy();
		const next = headers.location && parseUrl(headers.location, target);
		if (status >= 300 && status < 400 && next) {
			target = next.href;
			continue;
		}
		throw new AttemptError(`its server answered with HTTP ${status}`, {
			retryable: status >= 500 || [404, 408, 425, 429].includes(status),
			retryAfterMs: retryAfterMs(headers['retry-after'], clock.now()),
		});
	}
	throw new AttemptError('its address redirects in circles', { retryable: false });
}
