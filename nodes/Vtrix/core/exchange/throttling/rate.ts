/*
 * How often a service accepts requests, found from its answers. A rate says when the next request may
 * go and sends none. It changes by events alone, each a pure function of the rate before.
 *
 * | event | the interval between two requests | what it buys |
 * | --- | --- | --- |
 * | accepted, slowed down | after 50 in a row × 0.8; 200 where that failed | at most one of fifty rejected by trying |
 * | accepted, from a guess | after 1 × 0.5, until the first rejection | a rate that no count told is found in seconds |
 * | accepted, rejected at random | after 10 × 0.8 | 1,000 tasks, 3 % rejected: 50 s, up to 4,700 s without |
 * | too fast, first time | what was accepted in the second before, or since the first suspicion | 2 creations a second: 4 rejected |
 * | too fast, again | × 1.25 to 2, what was accepted since | a limit counted otherwise is met too |
 * | too fast, up to 3 times | not below half of the most ever accepted in a second | 3 % rejected, 200 tasks: 1.18 × ideal, 1.38 × without |
 * | too fast, 4 times | that of the first slow-down; rejected at random | the rate was not the reason |
 * | too fast, while a faster one is tried | the proven one | |
 * | held | none goes until those of the last second count no more; doubled while nothing is accepted, up to 30 s | a service that rejects all is asked 11 times in 2 minutes |
 *
 * Figures are simulated (test/core/taskLimit.test.ts, pollQueue.test.ts).
 */

/** The span by which services commonly count requests. */
export const SPAN_MS = 1000;
/** Added to a span, since the service's clock and the network differ a little. */
const MARGIN_MS = 25;
const LONGEST_HOLD_MS = 30_000;
/** Repeated holds are longer by up to this share, so that workers don't try at the same moment. */
const JITTER = 0.1;
/** A busy process catches up on steps that it missed within this time, milliseconds. */
const CATCH_UP_MS = 50;

/** After how many accepted requests in a row the interval is multiplied by what. */
interface Growth {
	patience: number;
	factor: number;
}
/** From a rate that was counted. */
const CAREFUL: Growth = { patience: 50, factor: 0.8 };
/** From a guess: a single request was accepted before the rejection. */
const SEARCHING: Growth = { patience: 1, factor: 0.5 };
/** Where rejections do not depend on the rate. */
const UNWORRIED: Growth = { patience: 10, factor: 0.8 };
const MOST_PATIENCE = 200;
/** After so many slow-downs a service that counts is content. */
const MOST_SLOW_DOWNS = 3;
/** A rejection after so many accepted requests or more is a rare one. */
const RARE = 10;
/** After so many rejections without an accepted request between them, the rate may be the reason. */
const MOST_HOLDS = 4;

/** A rate as it stands; times are ms of one clock. */
export interface Rate {
	readonly interval: number;
	readonly fastest: number;
	/** When the last request was due: before it was sent if the process was busy, else after. */
	readonly sentAt: number;
	readonly heldUntil: number;
	readonly holdMs: number;
	readonly holds: number;
	readonly slowedAt: number;
	readonly suspectedAt: number | undefined;
	/** When the requests accepted within the last span were answered, ascending. */
	readonly recent: readonly number[];
	/** Most requests accepted within one span, halved where the service has proved stricter. */
	readonly mostAccepted: number;
	readonly acceptedSinceHold: number;
	readonly acceptedSinceSlowed: number;
	/** Accepted in a row since the rate last changed. */
	readonly row: number;
	readonly growth: Growth;
	readonly proven: number | undefined;
	/** Slow-downs since the rate was last as fast as the first of them left it. */
	readonly slowDowns: number;
	readonly counted: number;
	readonly rejectsAtRandom: boolean;
}

/** @param fastest shortest interval between two requests, milliseconds */
export const startRate = (fastest: number): Rate => ({
	interval: fastest,
	fastest,
	sentAt: -Infinity,
	heldUntil: -Infinity,
	holdMs: 0,
	holds: 0,
	slowedAt: -Infinity,
	suspectedAt: undefined,
	recent: [],
	mostAccepted: 0,
	acceptedSinceHold: 0,
	acceptedSinceSlowed: 0,
	row: 0,
	growth: CAREFUL,
	proven: undefined,
	slowDowns: 0,
	counted: 0,
	rejectsAtRandom: false,
});

/** When the next request may go out. */
export const opensAt = ({ sentAt, interval, heldUntil }: Rate): number =>
	Math.max(sentAt + interval, heldUntil);

/** When the requests accepted within the last span were answered. */
export const acceptedLately = ({ recent }: Rate, now: number): readonly number[] =>
	recent.filter((at) => at > now - SPAN_MS);

/** A request goes out now. */
export function sent(rate: Rate, now: number): Rate {
	const { interval, fastest, sentAt } = rate;
	// After a rejection, delayed requests are not caught up on.
	const earliest = interval > fastest ? now : now - CATCH_UP_MS;
	return { ...rate, sentAt: Math.min(now + SPAN_MS, Math.max(earliest, sentAt + interval)) };
}

/** It was answered, and not rejected for coming too early. */
export function accepted(rate: Rate, now: number): Rate {
	const recent = [...acceptedLately(rate, now), now];
	const counted: Rate = {
		...rate,
		recent,
		mostAccepted: Math.max(rate.mostAccepted, recent.length),
		acceptedSinceHold: rate.acceptedSinceHold + 1,
		acceptedSinceSlowed: rate.acceptedSinceSlowed + 1,
	};
	if (rate.interval <= rate.fastest) return counted;
	const { patience, factor } = rate.rejectsAtRandom ? UNWORRIED : rate.growth;
	if (rate.row + 1 < patience) return { ...counted, row: rate.row + 1 };
	const interval = Math.max(rate.fastest, rate.interval * factor);
	return {
		...counted,
		interval,
		row: 0,
		proven: rate.rejectsAtRandom ? rate.proven : rate.interval,
		slowDowns: interval <= rate.counted ? 0 : rate.slowDowns,
	};
}

/** A request was rejected, perhaps not for the rate: if it was, the next slow-down counts from here. */
export const suspected = (rate: Rate, now: number): Rate => ({
	...rate,
	suspectedAt: now,
	acceptedSinceSlowed: 0,
});

/** Requests come too often. */
export function tooFast(rate: Rate, now: number): Rate {
	if (rate.rejectsAtRandom) return rate;
	const slower =
		rate.proven !== undefined
			? trialEnded(rate)
			: rate.slowDowns < MOST_SLOW_DOWNS
				? slowedDown(rate, now)
				: { ...rate, rejectsAtRandom: true, interval: rate.counted };
	return { ...slower, slowedAt: now, acceptedSinceSlowed: 0, row: 0 };
}

/** A faster rate that is being tried is given up; the proven one is kept. */
export function trialEnded(rate: Rate): Rate {
	if (rate.proven === undefined) return rate;
	const patience = Math.max(CAREFUL.patience, 2 * rate.growth.patience);
	return {
		...rate,
		growth: { ...CAREFUL, patience: Math.min(MOST_PATIENCE, patience) },
		interval: rate.proven,
		proven: undefined,
		row: 0,
	};
}

/** None goes until those of the last span count no more. @param jitter 0 to 1 */
export function held(rate: Rate, now: number, jitter: number): Rate {
	const isRepeated = rate.acceptedSinceHold === 0 && rate.holdMs > 0;
	const holds = isRepeated ? rate.holds + 1 : 1;
	const startsOver = rate.rejectsAtRandom && holds >= MOST_HOLDS;
	const rejectsAtRandom = rate.rejectsAtRandom && !startsOver;
	const [oldest = now] = acceptedLately(rate, now);
	const spanMs = rejectsAtRandom ? 0 : SPAN_MS;
	const waitMs = isRepeated
		? Math.max(spanMs, 2 * rate.holdMs) * (1 + JITTER * jitter)
		: Math.max(oldest + spanMs + MARGIN_MS - now, rate.interval);
	const holdMs = Math.min(LONGEST_HOLD_MS, waitMs);
	return {
		...rate,
		...(startsOver && { rejectsAtRandom, slowDowns: 0, slowedAt: -Infinity }),
		holds,
		holdMs,
		heldUntil: Math.max(rate.heldUntil, now + holdMs),
		acceptedSinceHold: 0,
	};
}

function slowedDown(rate: Rate, now: number): Rate {
	const isStricter = rate.slowDowns > 0 && rate.acceptedSinceSlowed < RARE;
	const mostAccepted = rate.mostAccepted / (isStricter ? 2 : 1);
	// A span of ours may hold parts of two of the service's, so half of it is certainly allowed.
	const allowed = (2 * SPAN_MS) / Math.max(1, mostAccepted);
	const { slower, growth } = slowerThan(rate, now);
	const interval = Math.min(slower, Math.max(rate.interval, allowed));
	return {
		...rate,
		growth,
		interval,
		mostAccepted,
		counted: rate.slowDowns === 0 ? interval : rate.counted,
		slowDowns: rate.slowDowns + 1,
	};
}

function slowerThan(rate: Rate, now: number): { slower: number; growth: Growth } {
	const { interval, slowedAt, suspectedAt = now, acceptedSinceSlowed } = rate;
	const count = acceptedLately(rate, now).length;
	const counted = (SPAN_MS + MARGIN_MS) / Math.max(1, count);
	const averageSince = (then: number) => (now - then) / Math.max(1, acceptedSinceSlowed);
	if (slowedAt === -Infinity) {
		const average = Math.min(2 * counted, averageSince(suspectedAt));
		const growth = count <= 1 ? SEARCHING : rate.growth;
		return { slower: Math.max(interval, counted, average), growth };
	}
	const growth = acceptedSinceSlowed > 0 ? CAREFUL : SEARCHING;
	const found = Math.max(counted, averageSince(slowedAt));
	return { slower: Math.max(1.25 * interval, Math.min(2 * interval, found)), growth };
}
