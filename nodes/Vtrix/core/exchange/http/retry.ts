const LONGEST_BACKOFF_MS = 30_000;

/** Doubles with every try, with jitter, up to half a minute. */
export const backoffMs = (tries: number, random: () => number): number =>
	Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** tries) * (0.75 + 0.5 * random());

/** Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	const seconds = Number(header);
	if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
