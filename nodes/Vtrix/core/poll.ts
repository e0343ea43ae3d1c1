import type { Task } from './answers';
import { backoffMs, type Client, type TryAgain } from './client';
import { StoppedError, TaskTimedOutError, TaskUnreachableError } from './errors';
import type { Clock } from './http';
import type { Look } from './schedule';

/** How long a task that was there may be unknown to the part of the API that answers polls. */
const UNKNOWN_MS = 60_000;
/** So often a sleeping task learns what others have shown. */
const NEWS_MS = 250;
/** Asking once is still asked again when the connection breaks. */
const LOOK_TRIES = 4;
const LOOK_TIMEOUT_MS = 60_000;

/** What polling one task needs. */
export interface Polling {
	client: Pick<Client, 'getTask'>;
	clock: Clock;
	signal?: AbortSignal;
	random: () => number;
	/** When to look next, by the task's age and progress. */
	schedule: (ageMs: number, progress?: number) => Look;
	/** When the task was created, ms since the epoch, by this machine's clock; 0 if that is not known. */
	createdAt: number;
	/** How long to wait for the end, from now. */
	timeoutMs: number;
}

/**
 * Asks about a task without waiting for its end; only what may pass at once is repeated.
 *
 * @throws TaskUnreachableError, StoppedError
 */
export async function lookOnce(
	taskId: string,
	{ client, clock, random, signal }: Polling,
): Promise<Task> {
	for (let tries = 0; ; tries += 1) {
		const answer = await client.getTask(taskId, clock.now() + LOOK_TIMEOUT_MS);
		if (isTask(answer)) return answer;
		if (answer.status === 404) throw unknownTask(taskId);
		if (signal?.aborted) throw new StoppedError([taskId]);
		if (tries >= LOOK_TRIES) {
			throw new TaskUnreachableError(
				`Vtrix could not be asked about task ${taskId}: ${answer.reason}`,
				{
					description: 'The task is not lost. Try again in a few minutes.',
					taskIds: [taskId],
					...(answer.status !== undefined && { httpStatus: answer.status }),
				},
			);
		}
		await clock.sleep(answer.retryAfterMs || backoffMs(tries, random));
	}
}

const unknownTask = (taskId: string): TaskUnreachableError =>
	new TaskUnreachableError(`Vtrix does not know the task ${taskId}`, {
		description:
			'Check the task ID, and that the credential belongs to the account and Base URL that created it.',
		taskIds: [taskId],
		httpStatus: 404,
	});

const isTask = (answer: Task | TryAgain): answer is Task => 'state' in answer;

/**
 * Asks until the task has ended: checks, then the deadline, then sleeps for the interval or the time
 * left, and never sleeps after a final answer. Reading is free, so whatever may pass is repeated.
 *
 * @param first what is known of the task; left out when it has to be asked for first
 * @throws TaskTimedOutError, TaskUnreachableError, StoppedError
 */
export async function pollUntilEnded(
	taskId: string,
	polling: Polling,
	first?: Task,
): Promise<Task> {
	const { client, clock, signal, random, schedule, createdAt, timeoutMs } = polling;
	const started = clock.now();
	const deadline = started + timeoutMs;
	let answer: Task | TryAgain = first ?? (await client.getTask(taskId, deadline));
	let lastKnown = createdAt;
	let born = createdAt || started;
	let look: Look = { inMs: 0, likelyDone: false };
	for (let failures = 0; ; answer = await client.getTask(taskId, deadline, look.likelyDone)) {
		if (isTask(answer) && answer.state !== 'running') return answer;
		const now = clock.now();
		if (isTask(answer)) lastKnown = now;
		else if (answer.status === 404 && now - lastKnown > UNKNOWN_MS) throw unknownTask(taskId);
		if (signal?.aborted) throw new StoppedError([taskId]);
		if (now >= deadline) {
			throw new TaskTimedOutError(taskId, timeoutMs, isTask(answer) ? undefined : answer.reason);
		}
		failures = isTask(answer) ? 0 : failures + 1;
		if (isTask(answer)) born = createdAt || answer.createdAt || started;
		look = isTask(answer)
			? schedule(Math.max(0, now - born), answer.progress)
			: { inMs: answer.retryAfterMs || backoffMs(failures - 1, random), likelyDone: false };
		await untilDue(look, now - born, Math.min(look.inMs, deadline - now), polling);
		if (signal?.aborted) throw new StoppedError([taskId]);
	}
}

/** Sleeps until a look is due, or until another task's end says that it is. */
async function untilDue(
	{ isOvertaken }: Look,
	ageMs: number,
	inMs: number,
	{ clock, signal }: Polling,
): Promise<void> {
	if (!isOvertaken) return await clock.sleep(inMs);
	const due = clock.now() + inMs;
	for (let left = inMs; left >= 1; left = due - clock.now()) {
		if (signal?.aborted || isOvertaken(ageMs + inMs - left)) return;
		await clock.sleep(Math.min(left, NEWS_MS));
	}
}
