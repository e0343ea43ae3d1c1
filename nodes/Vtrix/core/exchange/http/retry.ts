const LONGEST_BACKOFF_MS = 30_000;
/** A longer wait than this is taken for a mistake, or for a moment instead of a span. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Numbers from here on are moments, seconds since the epoch (2001). */
const FIRST_MOMENT = 1e9;

/** Doubles with every try, with jitter, up to half a minute. */
export const backoffMs = (tries: number, random: () => number): number =>
	Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** tries) * (0.75 + 0.5 * random());

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, a date or a Unix time, the last two
 * by the clock of the server, which its `Date` header tells. Of several the first counts. A wait
 * beyond a day is none that was meant, nor is a Unix time that has passed.
 *
 * @param headers of the answer, by lower-case name
 * @param now ms since the epoch, for an answer without a date
 */
export function retryAfterMs(
	headers: Readonly<Record<string, string | undefined>>,
	now: number,
): number | undefined {
	const text = headers['retry-after']?.trim() ?? '';
	const sent = Date.parse(headers.date ?? '');
	const serverNow = Number.isNaN(sent) ? now : sent;
	const [number = ''] = /^[-+]?[\d.]+(?=\s*(?:,|$))/.exec(text) ?? [];
	// `Tue, 01 Jan 2030 00:00:00 GMT` holds a comma of its own.
	const [date = text] = /^.*?\bGMT\b/.exec(text) ?? [];
	const isMoment = Number(number) >= FIRST_MOMENT;
	const ms =
		number === ''
			? Math.max(0, Date.parse(date) - serverNow)
			: isMoment
				? Number(number) * 1000 - serverNow
				: Math.max(0, Number(number) * 1000);
	return ms <= LONGEST_WAIT_MS && ms >= 0 ? ms : undefined;
}
