import type { KeepImage } from '../exchange/answers/answerReader';
import type { Task } from '../exchange/answers/task';
import type { Client } from '../exchange/client';
import type { RetryablePoll } from '../exchange/pollOutcome';
import { StoppedError, TaskUnreachableError } from '../shared/errors';
import type { Clock } from '../exchange/http/http';
import { pauseMs, RETRIES } from '../exchange/http/retry';
import { formatDuration } from '../shared/format';
import type { NextPoll } from './pollRules';
import type { PollSchedule } from './pollSchedule';
import { beginHistory, isTask, mayHaveFailed, withAnswer, type TaskHistory } from './taskHistory';
import { judge, unknownTask, type Patience } from './judge';

const WAKE_CHECK_MS = 250;
const A_WHILE_MS = 180_000;
/** What polling a task needs. */
export interface TaskReader extends Pick<Patience, 'unknownTask'> {
	client: Pick<Client, 'getTask'>;
	clock: Clock;
	keepImage?: KeepImage;
	signal: AbortSignal | undefined;
	random: () => number;
}

/** The same for waiting for its end. */
export interface TaskWaiter extends TaskReader, Omit<Patience, 'deadline'> {
	schedule: Pick<PollSchedule, 'next'>;
	/** When the task was created, ms since the epoch by this machine's clock, if that is known. */
	submittedAt: number | undefined;
	firstPoll: Task | undefined;
	timeoutMs: number;
	debug: (message: string, details: Record<string, string | number>) => void;
}

/**
 * Asks once, and again after failures that may pass.
 *
 * @throws TaskUnreachableError, StoppedError, and what `unknownTask` gives
 */
export async function getTaskWithRetries(
	taskId: string,
	{ client, clock, random, signal, keepImage, unknownTask: doubt }: TaskReader,
): Promise<Task> {
	const { tries: mostTries, longestPauseMs } = RETRIES.singlePoll;
	for (let tries = 1; ; tries += 1) {
		const deadline = clock.now() + longestPauseMs;
		const answer = await client.getTask(taskId, deadline, false, keepImage);
		const isState = isTask(answer);
		if (isState && !mayHaveFailed(answer)) return answer;
		if (!isState && answer.status === 404) throw doubt?.(answer) ?? unknownTask(taskId, answer);
		if (signal?.aborted) throw new StoppedError([taskId]);
		const retryAfterMs = isState ? 0 : (answer.retryAfterMs ?? 0);
		if (tries >= mostTries || retryAfterMs > longestPauseMs) {
			if (isState) return { ...answer, state: 'failed' };
			throw answer.refusal ?? unanswered(taskId, answer);
		}
		await clock.sleep(pauseMs(tries - 1, retryAfterMs, random));
	}
}

const unanswered = (taskId: string, answer: RetryablePoll): TaskUnreachableError =>
	new TaskUnreachableError(`Vtrix could not be asked about task ${taskId}: ${answer.reason}`, {
		...answer.details,
		description: `The task is not lost. Try again in ${formatDuration(Math.max(answer.retryAfterMs ?? 0, A_WHILE_MS))}.`,
		taskIds: [taskId],
	});

/**
 * Polls until the task has ended, and never sleeps after a final answer.
 *
 * @throws TaskTimedOutError, TaskUnreachableError, StoppedError, and what `unknownTask` gives
 */
export async function waitForTask(taskId: string, waiter: TaskWaiter): Promise<Task> {
	const { client, clock, signal, submittedAt, timeoutMs, keepImage, debug } = waiter;
	const deadline = clock.now() + timeoutMs;
	const begun = beginHistory(submittedAt, clock.now());
	const first = waiter.firstPoll ?? (await client.getTask(taskId, deadline, false, keepImage));
	for (let history = withAnswer(begun, first, clock.now()); ; ) {
		const end = judge(taskId, history, { ...waiter, deadline });
		if (end && 'state' in end) return end;
		if (signal?.aborted) throw new StoppedError([taskId]);
		if (end) throw end;
		const next = nextPoll(history, waiter);
		const ageMs = history.now - history.createdAt;
		debug('Vtrix task is polled again', { taskId, ageMs, rule: next.rule, delayMs: next.delayMs });
		const delayMs = Math.min(next.delayMs, deadline - history.now);
		await sleepUntilDue({ ...next, delayMs }, ageMs, waiter);
		if (signal?.aborted) throw new StoppedError([taskId]);
		const answer = await client.getTask(taskId, deadline, next.likelyDone, keepImage);
		history = withAnswer(history, answer, clock.now());
	}
}

function nextPoll(
	{ answer, now, createdAt, failures, standing }: TaskHistory,
	{ schedule, random }: TaskWaiter,
): NextPoll {
	if (isTask(answer) && !mayHaveFailed(answer)) {
		return schedule.next(Math.max(0, now - createdAt), answer.progress);
	}
	const [tries, retryAfterMs] = isTask(answer)
		? [standing.answers, undefined]
		: [failures, answer.retryAfterMs];
	return {
		delayMs: pauseMs(tries - 1, retryAfterMs, random),
		likelyDone: false,
		rule: 'retry',
	};
}

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
