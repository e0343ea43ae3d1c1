/** When a kind of request is sent again; what is absent is bounded by the time limit alone. */
interface RetryPolicy {
	/** Whether an answer with this status may soon be another one. */
	passes?: (status: number) => boolean;
	tries?: number;
	longestPauseMs?: number;
}

const serverErrorOr =
	(...statuses: number[]) =>
	(status: number): boolean =>
		status >= 500 || statuses.includes(status);

/**
 * All that is asked again. What breaks on the way is asked again like a passing status, but for a
 * creation: that may have been billed, unless there was no connection.
 */
export const RETRIES = {
	/** With 429 nothing was created. */
	creation: { passes: (status) => status === 429, tries: 4 },
	/** Polls are free. Not every server may know the task yet. */
	poll: { passes: serverErrorOr(404, 408, 425, 429) },
	/**
	 * A poll that is refused though the key was accepted before: by one of several servers, or by what
	 * stands before them. The other statuses are final only in the API's own words.
	 */
	refusedPoll: { passes: (status) => ![400, 402, 403].includes(status), tries: 5 },
	doubtfulEnd: { tries: 5 },
	/** A task that is only looked at. */
	singlePoll: { tries: 5, longestPauseMs: 60_000 },
	/** A fresh link may not be known everywhere yet, nor allowed; 206 is a part of a file. */
	download: {
		passes: serverErrorOr(206, 403, 404, 408, 425, 429),
		tries: 5,
		longestPauseMs: 60_000,
	},
} satisfies Record<string, RetryPolicy>;

const LONGEST_BACKOFF_MS = 30_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Numbers from here on are moments, seconds since the epoch (2001). */
const FIRST_MOMENT = 1e9;

const backoffMs = (tries: number, random: () => number): number =>
	Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** tries) * (0.75 + 0.5 * random());

/** The pause before a request is sent again: what the answer asks for, else longer with every try. */
export const pauseMs = (
	tries: number,
	retryAfterMs: number | undefined,
	random: () => number,
): number => retryAfterMs || backoffMs(tries, random);

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, a date or a Unix time, the last two
 * by the clock of the server, which its `Date` header tells. Of several the first counts. A wait
 * beyond a day is none that was meant, nor is a Unix time that has passed.
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
