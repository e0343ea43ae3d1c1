import { means } from '../exchange/answers/statusWords';
import { hasResult, type Task } from '../exchange/answers/task';
import { RETRIES } from '../exchange/http/retry';
import type { RetryablePoll } from '../exchange/pollOutcome';

/** A result has to stay unchanged for as long as it took to appear, within these bounds, … */
const SHORTEST_MS = 5000;
const LONGEST_MS = 60_000;
/** … and in this many answers: the images of a group can come one by one. */
const RESULT_ANSWERS = 3;

/** What the answers about one task have told. */
export interface TaskHistory {
	answer: Task | RetryablePoll;
	now: number;
	submittedAt: number | undefined;
	/** When the task was created, as far as is known, ms since the epoch. */
	createdAt: number;
	/** When the API last knew the task; a creation counts. */
	lastKnown: number | undefined;
	lastTold?: Task;
	/** Answers in a row without a state, and those of them that refused. */
	failures: number;
	refusals: number;
	/** What was told last, since when it is the same, and in how many answers. */
	standing: { told: string; since: number; answers: number };
}

/** Whether an answer tells of the task; else it is to be asked again. */
export const isTask = (answer: Task | RetryablePoll): answer is Task => 'state' in answer;

/** Whether a task that counts as running may have ended without a result. */
export const mayHaveFailed = ({ state, failure }: Task): boolean =>
	state === 'running' && failure !== undefined;

/** Of a task of which nothing was told yet; epoch ms, `submittedAt` unknown where it is fetched by its ID. */
export const beginHistory = (
	submittedAt: number | undefined,
	now: number,
): Omit<TaskHistory, 'answer'> => ({
	now,
	submittedAt,
	createdAt: submittedAt ?? now,
	lastKnown: submittedAt,
	failures: 0,
	refusals: 0,
	standing: { told: '', since: now, answers: 0 },
});

/** The history with one more answer. */
export function withAnswer(
	history: Omit<TaskHistory, 'answer'>,
	answer: Task | RetryablePoll,
	now: number,
): TaskHistory {
	if (!isTask(answer)) {
		const refusals = answer.refusal ? history.refusals + 1 : 0;
		return { ...history, answer, now, failures: history.failures + 1, refusals };
	}
	const told = describe(answer);
	const { standing, submittedAt, createdAt } = history;
	return {
		...history,
		answer,
		now,
		// The service's clock may be ahead.
		createdAt: submittedAt ?? Math.min(createdAt, answer.createdAt ?? createdAt),
		failures: 0,
		refusals: 0,
		lastKnown: now,
		lastTold: answer,
		standing:
			standing.told === told
				? { ...standing, answers: standing.answers + 1 }
				: { told, since: now, answers: 1 },
	};
}

/**
 * What a running task tells, as text to compare: links without their signature, which may differ in
 * every answer, and only the number of images inside the answer.
 */
const describe = ({ status, progress, images, texts, failure }: Task): string =>
	JSON.stringify([
		status,
		progress,
		images.map((image) => ('url' in image ? image.url.replace(/[?#].*/s, '') : 'inline' in image)),
		texts,
		failure !== undefined,
	]);

const hasOpenEnd = (task: Task): boolean =>
	hasResult(task) && !(means(task.status, 'running') && (task.progress ?? 0) < 1);

/**
 * The end of a task that is not told as one: the same result, or the same error without a result,
 * stays in one answer after the other; for longer while the API says that the task goes on.
 *
 * @param isLate whether no further answer is waited for
 */
export function settledEnd(
	answer: Task,
	{ now, createdAt, standing: { since, answers } }: TaskHistory,
	isLate: boolean,
): Task | undefined {
	if (answer.failure) {
		return answers >= RETRIES.doubtfulEnd.tries ? { ...answer, state: 'failed' } : undefined;
	}
	if (!hasResult(answer)) return undefined;
	const tookMs = since - createdAt;
	const quietMs = !hasOpenEnd(answer)
		? Math.max(LONGEST_MS, tookMs)
		: means(answer.status, 'completed')
			? SHORTEST_MS
			: Math.min(LONGEST_MS, Math.max(SHORTEST_MS, tookMs));
	const hasSettled = answers >= RESULT_ANSWERS && now - since >= quietMs;
	return hasSettled || (isLate && hasOpenEnd(answer))
		? { ...answer, state: 'completed', isEndAssumed: true }
		: undefined;
}
