import {
	accepted,
	acceptedLately,
	held,
	opensAt,
	sent,
	startRate,
	suspected,
	tooFast,
	type Rate,
} from './rate';

/*
 * How many polls a second a service takes, and how many are of use: as long as most of them find that a
 * task has ended, more would find others sooner, and cost no poll more.
 *
 * | event | condition | effect | what it buys |
 * | --- | --- | --- | --- |
 * | answered | the task has ended | of use × 1.15 | 1,000 tasks of 3 to 12 s: 1.02 × all at once, 2.8 × without |
 * | answered | the task has ended, as those of 8 polls before it had | of use × 3 | 100 tasks of 3 s: 1.36 × ideal, 1.56 × without |
 * | answered | it has not | of use ÷ 1.3, not below 2 | their polls: 1.9 a task; 100 tasks: 2.6, and 3.1 if not below 20 |
 * | sent | fewer are allowed than of use, or than a tenth of those that wait; nothing rejected lately, answers quick | budget × 4, at most every 250 ms | 1,000 tasks: 1.10 × if only those of use counted |
 * | sent | more are allowed | budget ÷ 2 every 500 ms, not below 20 | the last tasks of a run |
 * | sent | none was for 250 ms | 20 at most are allowed and of use | 300 tasks that follow on others: 1.7 polls each, 3.1 without |
 * | sent | answers four times as slow as the quickest | budget ÷ 4 | n8n or the service is busy: polls would only wait elsewhere |
 * | rejected | the first one, after which a second poll was not one too many | held for the rest of the second | a busy service rejects some polls whatever the rate |
 * | rejected | again after about as few polls | the rate slows down | 3 % rejected at random, 200 tasks: 1.3 × ideal, 2.2 × without |
 * | rejected | sent before the last rejection was known | none | |
 * | rejected | nothing accepted since the last | held, twice as long each time | |
 * | answered | | the rate recovers (rate.ts) | |
 */

/** Polls a second at first and at least, as far as nothing is rejected. */
const FIRST_BUDGET = 20;
/** A budget that grows without bound would be none. */
const LARGEST_BUDGET = 1000;
/** Times as many polls are of use after one that found an end, and as few after one that did not. */
const FOUND = 1.15;
const NOT_FOUND = 1.3;
/** After so many in a row that found an end, more tasks have ended than polls go. */
const FOUND_IN_A_ROW = 8;
const ALL_FOUND = 3;
/** Less than the first budget, so that a few ends in a row are no reason for a larger one. */
const LEAST_OF_USE = 2;
/** After so long without a poll nothing is known of those under way. */
const REST_MS = 250;
const GROWTH = 4;
const GROWTH_EVERY_MS = 250;
const SHRINK_EVERY_MS = 500;
/** No growth for so long after a rejection. */
const PAUSE_MS = 1000;
/** The same where the service limits the rate; doubled with each rejection. */
const LIMITED_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** Answers are quick up to this many times the quickest one, … */
const QUICK = 2;
/** … slow from so many times on, … */
const SLOW = 4;
/** … and both only beyond so many milliseconds more. */
const SLACK_MS = 100;
const WEIGHT = 0.1;

/** What is known of the budget; times are ms of one clock. */
export interface PollBudget {
	readonly rate: Rate;
	readonly rejectedAt: number;
	readonly retryAt: number;
	readonly answeredSince: number;
	/** Polls answered within the span before the last rejection; absent before the first one. */
	readonly answeredBefore: number | undefined;
	readonly isLimited: boolean;
	readonly grownAt: number;
	readonly pauseMs: number;
	readonly quickestMs: number;
	readonly usualMs: number;
	/** Polls a second that would find ends. */
	readonly ofUse: number;
	/** How many polls in a row have found an end, up to now. */
	readonly found: number;
}

/** Before anything is known of the service; times are ms of one clock. */
export const startPollBudget = (): PollBudget => ({
	rate: startRate(1000 / FIRST_BUDGET),
	rejectedAt: -Infinity,
	retryAt: -Infinity,
	answeredSince: 0,
	answeredBefore: undefined,
	isLimited: false,
	grownAt: -Infinity,
	pauseMs: PAUSE_MS,
	quickestMs: Infinity,
	usualMs: 0,
	ofUse: FIRST_BUDGET,
	found: 0,
});

/** When the next poll may go out, ms of the clock. */
export const pollsOpenAt = ({ rate, retryAt }: PollBudget): number =>
	Math.max(opensAt(rate), retryAt);

/**
 * Polls a second to plan with: what is wanted comes within a second, unless something speaks against.
 *
 * @param needed polls a second for those that wait
 */
export function plannedPerSecond(state: PollBudget, now: number, needed: number): number {
	const { rate } = state;
	const isSlowed = rate.interval > rate.fastest;
	const interval = isSlowed || !mayGrow(state, now) ? Infinity : wantedInterval(state, needed);
	return 1000 / Math.min(rate.interval, interval);
}

const wantedInterval = ({ ofUse }: PollBudget, needed: number): number =>
	1000 / Math.min(LARGEST_BUDGET, Math.max(FIRST_BUDGET, ofUse, needed));

const mayGrow = ({ usualMs, quickestMs, rejectedAt, pauseMs }: PollBudget, now: number): boolean =>
	usualMs <= QUICK * quickestMs + SLACK_MS && now >= rejectedAt + pauseMs;

/** A poll goes out. @param needed polls a second for those that wait */
export function pollSent(before: PollBudget, now: number, needed: number): PollBudget {
	const hasRested = now > before.rate.sentAt + REST_MS;
	const state = hasRested ? asAtFirst(before) : before;
	const adapted = adaptBudget(state, now, wantedInterval(state, needed));
	return { ...adapted, rate: sent(adapted.rate, now) };
}

const asAtFirst = (state: PollBudget): PollBudget => ({
	...withFastest(state, 1000 / FIRST_BUDGET),
	ofUse: Math.min(FIRST_BUDGET, state.ofUse),
	found: 0,
});

/** Makes room for the polls that are wanted, as long as that makes no answer slower. */
function adaptBudget(state: PollBudget, now: number, target: number): PollBudget {
	const { rate, grownAt, usualMs, quickestMs } = state;
	if (target === rate.fastest) return state;
	if (target > rate.fastest) {
		const halvings = Math.floor((now - grownAt) / SHRINK_EVERY_MS);
		if (halvings < 1) return state;
		return withFastest({ ...state, grownAt: now }, Math.min(target, rate.fastest * 2 ** halvings));
	}
	if (now < grownAt + GROWTH_EVERY_MS) return state;
	const adapted = { ...state, grownAt: now };
	if (usualMs > SLOW * quickestMs + SLACK_MS) {
		return withFastest(adapted, Math.min(1000 / FIRST_BUDGET, rate.fastest * GROWTH));
	}
	if (!mayGrow(state, now)) return state;
	return withFastest(adapted, Math.max(target, rate.fastest / GROWTH));
}

function withFastest(state: PollBudget, fastest: number): PollBudget {
	const { rate } = state;
	// A rate that was slowed down recovers by itself.
	const isSlowed = rate.interval > rate.fastest && rate.interval > fastest;
	return { ...state, rate: { ...rate, fastest, interval: isSlowed ? rate.interval : fastest } };
}

/** The poll that went at `sentAt` was not rejected. @param isEnd whether its task has ended */
export function pollAnswered(
	state: PollBudget,
	{ sentAt, now, isEnd }: { sentAt: number; now: number; isEnd: boolean },
): PollBudget {
	const ms = now - sentAt;
	const { quickestMs, usualMs, answeredSince, ofUse, found } = state;
	const growth = found < FOUND_IN_A_ROW ? FOUND : ALL_FOUND;
	return {
		...state,
		ofUse: isEnd
			? Math.min(LARGEST_BUDGET, ofUse * growth)
			: Math.max(LEAST_OF_USE, ofUse / NOT_FOUND),
		found: isEnd ? found + 1 : 0,
		answeredSince: answeredSince + Number(sentAt > state.rejectedAt),
		rate: accepted(state.rate, now),
		quickestMs: Math.min(quickestMs, ms),
		usualMs: quickestMs === Infinity ? ms : usualMs + WEIGHT * (ms - usualMs),
	};
}

/** It was rejected for coming too early. @param jitter 0 to 1 */
export function pollRejected(
	before: PollBudget,
	poll: { sentAt: number; now: number; retryAfterMs: number; jitter: number },
): PollBudget {
	const { sentAt, now, retryAfterMs, jitter } = poll;
	const state = { ...before, retryAt: Math.max(before.retryAt, now + retryAfterMs) };
	// A poll sent before the last rejection says nothing about the rate since then.
	if (sentAt <= before.rejectedAt) return state;
	const { answeredSince, answeredBefore } = before;
	const seen = {
		...state,
		rejectedAt: now,
		answeredSince: 0,
		pauseMs: before.isLimited ? Math.min(LONGEST_PAUSE_MS, 2 * before.pauseMs) : PAUSE_MS,
	};
	// If nothing was answered since the last rejection, slowing down does not help: only hold.
	if (answeredSince === 0 && answeredBefore !== undefined) {
		return { ...seen, rate: held(before.rate, now, jitter) };
	}
	const lately = acceptedLately(before.rate, now).length;
	// Busy services reject some polls whatever the rate, so a limit has to show itself twice, the
	// second time after about as few polls; once is enough if a second poll was one too many.
	const shows = answeredBefore === undefined ? lately <= 1 : answeredSince <= answeredBefore + 1;
	const isLimited = before.isLimited || shows;
	const rate = isLimited ? tooFast(before.rate, now) : suspected(before.rate, now);
	const pauseMs = isLimited ? Math.max(LIMITED_PAUSE_MS, seen.pauseMs) : PAUSE_MS;
	return { ...seen, isLimited, pauseMs, answeredBefore: lately, rate: held(rate, now, jitter) };
}
