import type { KnownDurations } from './taskDurations';

/*
 * When to poll. The first rule that applies decides; PollSchedule then bounds its interval (at
 * least 1.5 % of the task's age and 10 ms, at most 10 s in the first hour) and adds ± 3 % of jitter.
 *
 * | order | rule | decides by | what it buys |
 * | --- | --- | --- | --- |
 * | 1 | fixed interval | Poll Interval | the user's wish: at 5 s 20 tasks take 1.35 × ideal, a task idles for 35 % of its time |
 * | 2 | progress (near its end) | STRIDE, MARGIN_MS | 0.4 % idle and 5.9 polls a task instead of 3.7 % and 10.3 |
 * | 3 | first poll, second poll | FIRST_POLL_MS, SECOND_POLL_MS | short tasks; learns whether progress is reported |
 * | 4 | observed durations | ends that the run has seen | 40 tasks of 8 to 9 s, 5 at a time: 4.4 polls a task instead of 15.0, total 1.03 × instead of 1.04 × |
 * | – | waking | an end wakes the others of its age | 10 tasks of 60 s: 1.02 × instead of 1.15 × |
 * | 5 | shared search | GROWTH_TOGETHER | 10 tasks of 60 s: 18.7 polls a task instead of 27.9 |
 * | 6 | items waiting | GROWTH_QUEUED, QUEUED_INTERVAL_MS | 20 tasks, 10 at a time: total 1.02 × instead of 1.04 ×, idle 3.4 % instead of 4.4 % |
 * | 7 | growth by age | GROWTH × crowding | crowding: 20 tasks at once 1.01 × instead of 1.08 ×, 100 at once 1.07 × instead of 1.10 × |
 *
 * Simulated without n8n by `npx tsx tools/bench/pollRules.ts` (tasks of 3 to 12 s unless noted, 20
 * polls a second, means of 40 draws; "instead of": without the rule). Giving each of the tasks that
 * began together a place of its own in the interval bought nothing and was removed: the rate
 * limiter already spreads their polls.
 */

const FIRST_POLL_MS = 250;
const SECOND_POLL_MS = 1500;
/** Growth of the interval with the task's age: an ended task then idles for 7 % of its time. */
const GROWTH = 0.14;
/** The same while further items wait for its end, … */
const GROWTH_QUEUED = 0.06;
/** … but no shorter interval than this. */
const QUEUED_INTERVAL_MS = 550;
/** The same while several tasks search for the first end together: each end informs the others. */
const GROWTH_TOGETHER = 0.25;
/** Share of the time left by progress after which the next poll corrects the forecast. */
const STRIDE = 0.75;
/** Shortest interval as a share of the age; a forecast is no more precise either. */
export const FINEST = 0.015;
/** Added to a forecast end, milliseconds, since progress is rounded. */
const MARGIN_MS = 10;
/** Half of the jitter that is added afterwards, so that a poll does not come before the end. */
const HALF_JITTER = 0.03;
export const SHORTEST_MS = 10;
const LONGEST_MS = 10_000;
const HOUR_MS = 3_600_000;
const LONGEST_AFTER_AN_HOUR_MS = 300_000;

/**
 * Longest interval at an age; beyond an hour the task idles for 0.75 % of its time: 72 hours take
 * 1,300 polls in all, where 10 s throughout took 26,000.
 */
export const longestMs = (ageMs: number): number =>
	ageMs < HOUR_MS ? LONGEST_MS : Math.min(LONGEST_AFTER_AN_HOUR_MS, ageMs * FINEST);

/** The rule that chose the time of a poll, for debug logs and tests. */
export type PollRule =
	| 'fixed interval'
	| 'progress near its end'
	| 'progress'
	| 'first poll'
	| 'second poll'
	| 'observed durations'
	| 'shared search'
	| 'items waiting'
	| 'growth by age'
	| 'retry';

/** When to poll again. */
export interface NextPoll {
	delayMs: number;
	likelyDone: boolean;
	rule: PollRule;
	/** Whether, at this age of the task, the end of another one is a reason to poll at once. */
	shouldWake?: (ageMs: number) => boolean;
}

/** All that the time of the next poll depends on. */
export interface PollState {
	ageMs: number;
	intervalMs: number | undefined;
	/** Forecast age at the end, by progress; absent while none is reported or it stands still. */
	forecastEndMs: number | undefined;
	durations: KnownDurations;
}

/** Decides when to poll next, without bounds and jitter. */
export function decideNextPoll(state: PollState): NextPoll {
	return byInterval(state) ?? byProgress(state) ?? byAge(state);
}

function byInterval({ intervalMs, ...state }: PollState): NextPoll | undefined {
	if (intervalMs === undefined) return undefined;
	const likelyDone = byProgress({ ...state, intervalMs })?.likelyDone ?? false;
	return { delayMs: intervalMs, likelyDone, rule: 'fixed interval' };
}

function byProgress({ ageMs, forecastEndMs, durations }: PollState): NextPoll | undefined {
	if (forecastEndMs === undefined) return undefined;
	const leftMs = forecastEndMs - ageMs;
	const { roundMs } = durations;
	if (leftMs <= Math.max(roundMs, ageMs * 2 * FINEST)) {
		const delayMs = leftMs + MARGIN_MS + HALF_JITTER * leftMs;
		return { delayMs, likelyDone: true, rule: 'progress near its end' };
	}
	const delayMs = Math.max(roundMs, Math.min(leftMs * STRIDE, ageMs));
	return { delayMs, likelyDone: false, rule: 'progress' };
}

function byAge({ ageMs, durations }: PollState): NextPoll {
	const { forecast } = durations;
	if (!forecast && ageMs < FIRST_POLL_MS) {
		return { delayMs: FIRST_POLL_MS - ageMs, likelyDone: false, rule: 'first poll' };
	}
	if (!forecast && ageMs < SECOND_POLL_MS) {
		return { delayMs: SECOND_POLL_MS - ageMs, likelyDone: false, rule: 'second poll' };
	}
	const { fromMs: from, byMs: by } = forecast ?? { fromMs: ageMs, byMs: Infinity };
	const { growth, rule } = growthAt(from, durations);
	// A little later, one poll finds most of the tasks that end at about the same age.
	const soon = Math.max(SHORTEST_MS, from * 2 * FINEST);
	const grown = from * (1 + growth);
	const foreseen = by + soon;
	return {
		delayMs: Math.min(grown, foreseen) - ageMs,
		likelyDone: false,
		rule: foreseen < grown ? 'observed durations' : rule,
	};
}

function growthAt(ageMs: number, durations: KnownDurations): { growth: number; rule: PollRule } {
	const { searchesTogether, hasQueue, roundMs, crowding } = durations;
	if (searchesTogether) return { growth: GROWTH_TOGETHER, rule: 'shared search' };
	if (!hasQueue) return { growth: GROWTH * crowding, rule: 'growth by age' };
	const interval = Math.max(QUEUED_INTERVAL_MS, roundMs);
	return { growth: Math.max(GROWTH_QUEUED, interval / ageMs), rule: 'items waiting' };
}
