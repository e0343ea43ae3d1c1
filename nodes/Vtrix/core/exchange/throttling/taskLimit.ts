import { accepted, held, opensAt, sent, startRate, tooFast, trialEnded, type Rate } from './rate';

/*
 * How many tasks a service takes, found from how it answers creations. Until the first rejection
 * creations go in growing rounds (slow start). Then the tasks under way are taken as the limit: each
 * that ends frees a place, and probes beyond the limit find out whether it has grown. Probes that are
 * accepted although no task has ended, or a rejection despite a free place, show a limit of the rate.
 *
 * | state | event | effect | what it buys |
 * | --- | --- | --- | --- |
 * | unlimited | a round is answered, or 250 ms old | the next one, twice as large | 3 at a time: 4 rejected at first; 20 tasks at once: 1.02 × |
 * | unlimited | any | unanswered ≤ 10 + a tenth of the tasks under way | a limit of 100 is found with 20 rejected at most |
 * | any | rejected | limit = tasks under way and unanswered; a probe in a second | |
 * | limited | rejected, sent before the last rejection was known | the same limit told again | |
 * | limited | ended | its place is free at once | no probe is needed to go on |
 * | limited | abandoned | its place is lost: it may go on unseen | tasks nobody waits for: 20 in 30 s |
 * | limited | probe accepted | limit grows, the next probe goes at once, probes come twice as often | a limit that is lifted is used within seconds |
 * | limited | second probe accepted, nothing ended | the rate is limited, too | 2 creations a second: 4 rejected |
 * | limited | probe rejected | probes × 3, × 2 while nothing is under way, up to 30 s | a lasting limit costs two rejections a minute |
 * | limited | rejected despite a place | the rate is limited and slows down | |
 * | rate limited | probe rejected after a wait | it was not the rate after all | |
 */

const FIRST_ROUND = 2;
/** Longest wait for a round, milliseconds: a slow service's rounds would outlast its tasks. */
const ROUND_MS = 250;
/** Unanswered creations allowed at least, and beside each task under way. */
const MOST_UNANSWERED = 10;
const UNANSWERED_SHARE = 0.1;
/** Accepted probes without an ended task after which creations per time are limited. */
const PROOFS = 2;
/** Shortest and longest time between two probes, milliseconds. */
const PROBE_MS = 1000;
const LONGEST_PROBE_MS = 30_000;
/** Probes come later by up to this share, so that workers don't send theirs together. */
const JITTER = 0.1;
/** A creation without an answer for this long no longer delays a probe, milliseconds. */
const UNANSWERED_MS = 15_000;

/** How a creation went out: when (ms), with a place that was known to be free, at the pace found. */
export interface SentCreation {
	at: number;
	hadPlace: boolean;
	wasPaced: boolean;
}

/** What is known of the limit; times are ms of one clock. */
export interface TaskLimit {
	readonly unanswered: number;
	readonly running: number;
	readonly limit: number;
	readonly limitAtLastRejection: number;
	readonly rate: Rate;
	readonly limitsRate: boolean;
	/** Accepted probes that no task's end explains. */
	readonly unexplainedAcceptances: number;
	readonly probeAt: number;
	readonly probeMs: number;
	readonly wasProbeAccepted: boolean;
	readonly sentAt: number;
	readonly rejectedAt: number;
	readonly retryAt: number;
	readonly round: Round;
}

/** Creations that go out together as long as none was rejected. */
interface Round {
	readonly size: number;
	readonly left: number;
	readonly beganAt?: number;
}

const FIRST: Round = { size: FIRST_ROUND, left: FIRST_ROUND };

/** What happens to the creations and tasks at a service. */
export type TaskEvent =
	| { kind: 'sent'; now: number }
	/** Not sent after all, or the outcome says nothing about limits. */
	| { kind: 'returned' }
	| { kind: 'accepted'; sent: SentCreation; now: number }
	| { kind: 'rejected'; sent: SentCreation; now: number; retryAfterMs: number; jitter: number }
	| { kind: 'resumed' }
	| { kind: 'ended' }
	/** A task is no longer polled, so its end will not be seen. */
	| { kind: 'abandoned' };

/** Before anything is known of the service: no limit. */
export const startTaskLimit = (): TaskLimit => ({
	unanswered: 0,
	running: 0,
	limit: Infinity,
	limitAtLastRejection: Infinity,
	rate: startRate(0),
	limitsRate: false,
	unexplainedAcceptances: 0,
	probeAt: -Infinity,
	probeMs: PROBE_MS,
	wasProbeAccepted: false,
	sentAt: -Infinity,
	rejectedAt: -Infinity,
	retryAt: -Infinity,
	round: FIRST,
});

/** Whether any creation was rejected. */
export const isLimited = ({ rejectedAt }: TaskLimit): boolean => rejectedAt > -Infinity;

/** Whether a creation may be sent now. */
export function mayGo(state: TaskLimit, now: number): boolean {
	if (now < state.retryAt) return false;
	if (!isLimited(state)) return roundAt(state, now).left > 0;
	if (state.limitsRate && now < opensAt(state.rate)) return false;
	if (hasPlace(state)) return true;
	const isAlone = state.unanswered === 0 || now >= state.sentAt + UNANSWERED_MS;
	const isDue = now >= Math.max(state.probeAt, opensAt(state.rate));
	return isDue && (state.limitsRate || isAlone);
}

/** When the next ones may be sent, unless an answer or an ended task changes it. */
export function openings(state: TaskLimit): number[] {
	const { retryAt, rate, probeAt, sentAt, round } = state;
	if (!isLimited(state)) return [retryAt, (round.beganAt ?? Infinity) + ROUND_MS];
	return [retryAt, opensAt(rate), probeAt, sentAt + UNANSWERED_MS];
}

/** The creation that a `sent` event tells of. */
export const toSent = (state: TaskLimit, now: number): SentCreation => ({
	at: now,
	hadPlace: isLimited(state) && state.running + state.unanswered < state.limitAtLastRejection,
	wasPaced: now >= opensAt(state.rate),
});

/** The state after an event. */
export function moveTaskLimit(state: TaskLimit, event: TaskEvent): TaskLimit {
	switch (event.kind) {
		case 'sent': {
			const { now } = event;
			const round = roundAt(state, now);
			return {
				...state,
				unanswered: state.unanswered + 1,
				sentAt: now,
				rate: sent(state.rate, now),
				round: { ...round, left: round.left - 1, beganAt: round.beganAt ?? now },
			};
		}
		case 'returned':
			return { ...state, unanswered: state.unanswered - 1 };
		case 'resumed':
			return { ...state, running: state.running + 1 };
		case 'ended':
			return {
				...state,
				running: state.running - 1,
				unexplainedAcceptances: Math.max(0, state.unexplainedAcceptances - 1),
			};
		case 'abandoned':
			return {
				...state,
				running: state.running - 1,
				limit: Math.max(0, state.limit - 1),
				limitAtLastRejection: Math.max(0, state.limitAtLastRejection - 1),
			};
		case 'accepted':
			return afterAccepted(state, event.sent, event.now);
		case 'rejected':
			return afterRejected(state, event);
	}
}

const hasPlace = ({ running, unanswered, limit }: TaskLimit): boolean =>
	running + unanswered < limit;

/** The round as it is now: the next one begins when one is answered or has taken too long. */
function roundAt({ round, unanswered, running }: TaskLimit, now: number): Round {
	const { size, beganAt } = round;
	if (beganAt === undefined || (unanswered > 0 && now < beganAt + ROUND_MS)) return round;
	if (unanswered === 0 && running === 0 && now >= beganAt + ROUND_MS) return FIRST;
	const room = Math.floor(MOST_UNANSWERED + UNANSWERED_SHARE * running) - unanswered;
	if (room <= 0) return round;
	const next = Math.min(2 * size, room);
	return { size: next, left: next };
}

function afterAccepted(state: TaskLimit, { at }: SentCreation, now: number): TaskLimit {
	const running = state.running + 1;
	const rate = accepted(state.rate, now);
	const counted = { ...state, unanswered: state.unanswered - 1, running, rate };
	const raised = { ...counted, limit: Math.max(state.limit, running) };
	if (running <= state.limit || at <= state.rejectedAt) return raised;
	const unexplainedAcceptances = state.unexplainedAcceptances + 1;
	return {
		...raised,
		unexplainedAcceptances,
		limitsRate: state.limitsRate || unexplainedAcceptances >= PROOFS,
		wasProbeAccepted: true,
		probeMs: Math.max(PROBE_MS, state.probeMs / 2),
		probeAt: at + rate.interval,
	};
}

type Rejection = Extract<TaskEvent, { kind: 'rejected' }>;

function afterRejected(before: TaskLimit, event: Rejection): TaskLimit {
	const { now, retryAfterMs } = event;
	const unanswered = before.unanswered - 1;
	const limit = before.running + unanswered;
	const state = {
		...before,
		unanswered,
		limit,
		limitAtLastRejection: limit,
		unexplainedAcceptances: 0,
		retryAt: Math.max(before.retryAt, now + retryAfterMs),
	};
	// Creations sent before the last rejection was known report the same limit again.
	if (event.sent.at <= before.rejectedAt) return state;
	const known = { ...state, rejectedAt: now };
	if (!isLimited(before)) return slowed(known, event);
	return event.sent.hadPlace
		? afterRejectedInPlace(known, event)
		: afterRejectedProbe(known, event);
}

function afterRejectedInPlace(state: TaskLimit, event: Rejection): TaskLimit {
	const isTooFast = state.limitsRate && event.sent.wasPaced;
	const rate = isTooFast ? tooFast(state.rate, event.now) : state.rate;
	return waiting({ ...state, rate, limitsRate: true }, event);
}

function afterRejectedProbe(state: TaskLimit, event: Rejection): TaskLimit {
	const { now, retryAfterMs, jitter } = event;
	const { wasProbeAccepted, limitsRate } = state;
	const seen = { ...state, wasProbeAccepted: false };
	if (wasProbeAccepted && limitsRate) return slowed(seen, event);
	// While tasks are under way, an ended task is the better signal, so the probe can wait.
	const growth = state.running > 0 ? 3 : 2;
	const longer = wasProbeAccepted ? state.probeMs : growth * state.probeMs;
	const probeMs = Math.max(Math.min(LONGEST_PROBE_MS, longer), retryAfterMs);
	const probing = { ...seen, probeMs, probeAt: now + probeMs * (1 + JITTER * jitter) };
	if (wasProbeAccepted) return { ...probing, rate: trialEnded(state.rate) };
	// Nothing is under way that could fill the limit.
	if (limitsRate && state.limit === 0) return { ...probing, rate: tooFast(state.rate, now) };
	// Waiting did not help, so the service limits tasks under way, not creations per time.
	return { ...probing, limitsRate: false };
}

const slowed = (state: TaskLimit, event: Rejection): TaskLimit =>
	waiting({ ...state, rate: tooFast(state.rate, event.now) }, event);

function waiting(state: TaskLimit, { now, jitter }: Rejection): TaskLimit {
	const rate = held(state.rate, now, jitter);
	return { ...state, rate, probeAt: opensAt(rate) };
}
