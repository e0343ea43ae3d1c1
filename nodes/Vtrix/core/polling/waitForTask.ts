import type { Task } from '../exchange/answers/task';
import type { Client } from '../exchange/client';
import type { RetryablePoll } from '../exchange/pollOutcome';
import {
	StoppedError,
	TaskTimedOutError,
	TaskUnreachableError,
	type ErrorDetails,
	type VtrixError,
} from '../shared/errors';
import type { Clock } from '../exchange/http/http';
import { backoffMs } from '../exchange/http/retry';
import { formatDuration, formatTime } from '../shared/format';
import type { NextPoll } from './pollRules';
import type { PollSchedule } from './pollSchedule';
import { hasOpenEnd, StandingOutput } from './standingOutput';

/** How long the API may not know a task that it has created, milliseconds. */
const UNKNOWN_MS = 60_000;
/** How often a waiting task checks whether another one's end is a reason to poll, milliseconds. */
const WAKE_CHECK_MS = 250;
/** How often a single poll is repeated if the connection breaks. */
const READ_TRIES = 4;
const READ_TIMEOUT_MS = 60_000;
/** Wait suggested in messages, milliseconds. */
const A_WHILE_MS = 180_000;
/** How often in a row a poll with a possibly temporary refusal is repeated. */
const REFUSAL_TRIES = 4;

/** The dependencies of polling one task. */
export interface TaskReader {
	client: Pick<Client, 'getTask'>;
	clock: Clock;
	/** Aborted when the run is stopped. */
	signal: AbortSignal | undefined;
	/** 0 to 1, for jitter. */
	random: () => number;
}

/** The dependencies and limits of waiting for one task's end. */
export interface TaskWaiter extends TaskReader {
	schedule: Pick<PollSchedule, 'next'>;
	/** When the task was created, ms since the epoch by this machine's clock, if that is known. */
	submittedAt: number | undefined;
	/** The state of the task, if known; else the first poll is sent at once. */
	firstPoll: Task | undefined;
	/** How long to wait for the end, from now, milliseconds. */
	timeoutMs: number;
	/** Makes the error if the API does not know a task whose id is in doubt. */
	unknownTask?: (answer: RetryablePoll) => VtrixError;
	/** Logs the rule behind the time of each poll. */
	debug: (message: string, details: Record<string, string | number>) => void;
}

/**
 * Polls a task without waiting for its end; only failures that may pass at once are retried.
 *
 * @throws TaskUnreachableError, StoppedError
 */
export async function getTaskWithRetries(
	taskId: string,
	{ client, clock, random, signal }: TaskReader,
): Promise<Task> {
	for (let tries = 0; ; tries += 1) {
		const answer = await client.getTask(taskId, clock.now() + READ_TIMEOUT_MS);
		if (isTask(answer)) return answer;
		if (answer.status === 404) throw unknownTask(taskId, answer);
		if (signal?.aborted) throw new StoppedError([taskId]);
		if (tries >= READ_TRIES || (answer.retryAfterMs ?? 0) > READ_TIMEOUT_MS) {
			throw (
				answer.refusal ??
				new TaskUnreachableError(
					`Vtrix could not be asked about task ${taskId}: ${answer.reason}`,
					{
						...detailsOf(answer),
						description: `The task is not lost. Try again in ${formatDuration(Math.max(answer.retryAfterMs ?? 0, A_WHILE_MS))}.`,
						taskIds: [taskId],
					},
				)
			);
		}
		await clock.sleep(answer.retryAfterMs || backoffMs(tries, random));
	}
}

/** The details of an answer, in the form that errors carry. */
const detailsOf = ({ status, details }: RetryablePoll): ErrorDetails => ({
	...(status !== undefined && { httpStatus: status }),
	...details,
});

const unknownTask = (taskId: string, answer: RetryablePoll): TaskUnreachableError =>
	new TaskUnreachableError(`Vtrix does not know the task ${taskId}`, {
		...detailsOf(answer),
		description: `Check the task ID, and that the credential belongs to the account and Base URL that created it. Asked about it, ${answer.reason}.`,
		taskIds: [taskId],
	});

/** The API asked to wait beyond the time limit. */
const askedTooEarly = (
	taskId: string,
	answer: RetryablePoll,
	now: number,
): TaskUnreachableError => {
	const { reason, retryAfterMs = 0 } = answer;
	return new TaskUnreachableError(
		`Task ${taskId} cannot be followed: Vtrix does not want to be asked before ${formatTime(now + retryAfterMs)} (${reason})`,
		{
			description: `It goes on at Vtrix and is charged once. In ${formatDuration(retryAfterMs)} fetch its images with the resource 'Task', operation 'Get' and the task ID ${taskId}, or raise 'Timeout' to wait that long.`,
			...detailsOf(answer),
			taskIds: [taskId],
		},
	);
};

const isTask = (answer: Task | RetryablePoll): answer is Task => 'state' in answer;

/**
 * Polls until the task has ended: check, then the deadline, then sleep for the interval or the time
 * left, never after a final answer. Polls are free, so every failure that may pass is retried. An
 * output that stays unchanged under an unknown status counts as the end, also at the deadline.
 *
 * @throws TaskTimedOutError, TaskUnreachableError, StoppedError, and what `unknownTask` gives
 */
export async function waitForTask(taskId: string, waiter: TaskWaiter): Promise<Task> {
	const { client, clock, signal, random, schedule, submittedAt, firstPoll, timeoutMs, debug } =
		waiter;
	const standing = new StandingOutput();
	const started = clock.now();
	const deadline = started + timeoutMs;
	let answer: Task | RetryablePoll = firstPoll ?? (await client.getTask(taskId, deadline));
	/** When the API last knew the task; a creation counts. */
	let lastKnown = submittedAt;
	let createdAt = submittedAt ?? started;
	let next: NextPoll;
	for (
		let failures = 0, refusals = 0;
		;
		answer = await client.getTask(taskId, deadline, next.likelyDone)
	) {
		const now = clock.now();
		const isLate = now >= deadline;
		if (isTask(answer)) {
			if (answer.state !== 'running') return answer;
			lastKnown = now;
			// A service whose clock is ahead has not created it in our future.
			createdAt = submittedAt ?? Math.min(answer.createdAt ?? started, started);
			const hasSettled = standing.hasSettled(answer, now - createdAt);
			if (hasSettled || (isLate && hasOpenEnd(answer))) {
				return { ...answer, state: 'completed', isEndAssumed: true };
			}
		} else if (answer.status === 404) {
			const isGone = now - (lastKnown ?? -Infinity) > UNKNOWN_MS;
			if (waiter.unknownTask && (isGone || isLate)) throw waiter.unknownTask(answer);
			if (isGone) throw unknownTask(taskId, answer);
		}
		if (signal?.aborted) throw new StoppedError([taskId]);
		const failure = isTask(answer) ? undefined : answer;
		failures = failure ? failures + 1 : 0;
		refusals = failure?.refusal ? refusals + 1 : 0;
		if (failure?.refusal && refusals > REFUSAL_TRIES) throw failure.refusal;
		if (isLate) {
			throw new TaskTimedOutError(
				taskId,
				timeoutMs,
				failure && { reason: failure.reason, details: detailsOf(failure) },
			);
		}
		if (failure && now + (failure.retryAfterMs ?? 0) > deadline) {
			throw askedTooEarly(taskId, failure, now);
		}
		const ageMs = Math.max(0, now - createdAt);
		next = isTask(answer)
			? schedule.next(ageMs, answer.progress)
			: {
					delayMs: answer.retryAfterMs || backoffMs(failures - 1, random),
					likelyDone: false,
					rule: 'retry',
				};
		debug('Vtrix task is polled again', { taskId, ageMs, rule: next.rule, delayMs: next.delayMs });
		const delayMs = Math.min(next.delayMs, deadline - now);
		await sleepUntilDue({ ...next, delayMs }, now - createdAt, waiter);
		if (signal?.aborted) throw new StoppedError([taskId]);
	}
}

/** Sleeps until a poll is due, or until another task's end makes it due. */
async function sleepUntilDue(
	{ delayMs, shouldWake }: NextPoll,
	ageMs: number,
	{ clock, signal }: TaskReader,
): Promise<void> {
	if (!shouldWake) return await clock.sleep(delayMs);
	const due = clock.now() + delayMs;
	for (let left = delayMs; left >= 1; left = due - clock.now()) {
		if (signal?.aborted || shouldWake(ageMs + delayMs - left)) return;
		await clock.sleep(Math.min(left, WAKE_CHECK_MS));
	}
}
