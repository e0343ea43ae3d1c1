import { means } from '../exchange/answers/statusWords';
import type { Task } from '../exchange/answers/task';
import type { RetryablePoll } from '../exchange/pollOutcome';
import { TaskTimedOutError, TaskUnreachableError, type VtrixError } from '../shared/errors';
import { RETRIES } from '../exchange/http/retry';
import { formatDuration, formatTime } from '../shared/format';
import { isTask, settledEnd, type TaskHistory } from './taskHistory';

/** How long the API may not know a task that it has created, milliseconds. */
const UNKNOWN_MS = 60_000;

/** What the wait for a task is judged by. */
export interface Patience {
	deadline: number;
	timeoutMs: number;
	/** Makes the error if the API does not know a task whose id is in doubt. */
	unknownTask?: (answer: RetryablePoll) => VtrixError;
}

/** A task's end, the error to give up with, or nothing yet: polls are free, so asking goes on. */
export function judge(
	taskId: string,
	history: TaskHistory,
	{ deadline, timeoutMs, unknownTask: doubt }: Patience,
): Task | VtrixError | undefined {
	const { answer, now, lastKnown, lastTold, refusals } = history;
	const isLate = now >= deadline;
	if (isTask(answer)) {
		if (answer.state !== 'running') return answer;
		const end = settledEnd(answer, history, isLate);
		if (end) return end;
	} else {
		const isGone = answer.status === 404 && now - (lastKnown ?? -Infinity) > UNKNOWN_MS;
		if (doubt && answer.status === 404 && (isGone || isLate)) return doubt(answer);
		if (isGone) return unknownTask(taskId, answer);
		if (answer.refusal && refusals >= RETRIES.refusedPoll.tries) return answer.refusal;
		if (!isLate && now + (answer.retryAfterMs ?? 0) > deadline) {
			return askedTooEarly(taskId, answer, now);
		}
	}
	if (!isLate) return undefined;
	const unanswered = isTask(answer) ? undefined : answer;
	const said = lastTold?.failure?.reason ?? lastTold?.trouble;
	const isTelling = lastTold && (said !== undefined || !means(lastTold.status, 'running'));
	return new TaskTimedOutError(taskId, timeoutMs, {
		status: isTelling ? (lastTold.status ?? 'none') : undefined,
		said,
		unanswered: unanswered?.reason,
		details: unanswered?.details,
	});
}

/** For a task that is not found for good. */
export const unknownTask = (taskId: string, answer: RetryablePoll): TaskUnreachableError =>
	new TaskUnreachableError(`Vtrix does not know the task ${taskId}`, {
		...answer.details,
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
			...answer.details,
			taskIds: [taskId],
		},
	);
};
