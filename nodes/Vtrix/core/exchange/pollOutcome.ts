import { TaskUnreachableError, type ErrorDetails } from '../shared/errors';
import type { Told } from './answers/answer';
import type { ErrorInfo } from './answers/errorInfo';
import { means } from './answers/statusWords';
import { hasResult, type Task } from './answers/task';
import {
	answeredWith,
	errorDetails,
	refusalText,
	taskFrom,
	type Exchange,
	type Refusal,
} from './exchange';
import { networkReason } from './http/networkErrors';
import { TooLargeError } from './http/readBody';
import { RETRIES } from './http/retry';

/** An answer to a poll that may be repeated, with the wait that the API asked for. */
export interface RetryablePoll {
	reason: string;
	retryAfterMs?: number;
	status?: number;
	details?: ErrorDetails;
	/** The error to fail with if the same answer keeps coming. */
	refusal?: TaskUnreachableError;
}

/** The four things that a poll can come to. */
export type PollOutcome =
	| { kind: 'task'; task: Task }
	| { kind: 'retryable'; poll: RetryablePoll }
	| { kind: 'tooLarge' }
	/** Repeating it usually does not help; `poll` is for callers that repeat it anyway. */
	| { kind: 'refused'; refusal: Refusal; poll: RetryablePoll };

/** What a poll's answer means for the next one. */
export function classifyPoll(exchange: Exchange, taskId: string): PollOutcome {
	if (!exchange.answered) {
		const { error } = exchange;
		return error instanceof TooLargeError
			? { kind: 'tooLarge' }
			: { kind: 'retryable', poll: { reason: networkReason(error) } };
	}
	const { answer, info, page, retryAfterMs } = exchange;
	if (answer.kind === 'told') return classifyTold(answer, info, taskId);
	if (answer.kind === 'unreadable') {
		const reason = `the answer was not readable${page ? `: ${page}` : ''}`;
		return { kind: 'retryable', poll: { reason, details: errorDetails(info) } };
	}
	const { status } = answer;
	const refusal = { ...info, status, page };
	const poll = {
		reason: `it ${answeredWith(refusal)}`,
		status,
		details: errorDetails(info, status),
		retryAfterMs,
	};
	return RETRIES.poll.passes(status)
		? { kind: 'retryable', poll }
		: { kind: 'refused', refusal, poll };
}

/**
 * What an answer tells of the task that was asked about:
 *
 * | its IDs     | it tells                        | it is                                        |
 * | ----------- | ------------------------------- | -------------------------------------------- |
 * | the task's  | anything                        | the task                                     |
 * | none        | a result, or that it goes on    | the task                                     |
 * | none        | a documented end without result | the task, failed if that stays               |
 * | none        | anything else                   | asked again                                  |
 * | another one | a result                        | the task, ended if that stays                |
 * | another one | an end without a result         | asked again, then an error that it is unclear |
 * | another one | anything else                   | the task, which goes on                      |
 */
function classifyTold(answer: Told, info: ErrorInfo, taskId: string): PollOutcome {
	const { ids, task } = answer;
	const told = taskFrom(answer, info, taskId);
	if (ids.some(({ id }) => id === taskId)) return { kind: 'task', task: told };
	const [other] = ids;
	const running = { ...told, state: 'running' } as const;
	const hasEnded = task.state !== 'running' || task.failure !== undefined;
	if (!other) {
		const isEmptyEnd = task.state === 'completed' && !hasResult(task);
		const failure = isEmptyEnd ? { reason: 'it ended without a result' } : undefined;
		if (isEmptyEnd || task.state === 'failed')
			return { kind: 'task', task: { ...running, ...(failure && { failure }) } };
		const isKnown = means(task.status, 'running', 'done', 'goesOn') || hasResult(task);
		if (isKnown) return { kind: 'task', task: told };
	} else if (!hasEnded || hasResult(task)) return { kind: 'task', task: running };
	const what = other ? `told of another task (${other.id})` : 'named no task';
	const reason = `the answer ${what}${refusalText(info)}`;
	return {
		kind: 'retryable',
		poll: {
			reason,
			details: errorDetails(info),
			...(other && hasEnded && { refusal: aboutAnother(taskId, reason) }),
		},
	};
}

const aboutAnother = (taskId: string, reason: string): TaskUnreachableError =>
	new TaskUnreachableError(`Vtrix does not tell what became of task ${taskId}: ${reason}`, {
		description: `The task itself is not lost. In a few minutes fetch it with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
		taskIds: [taskId],
	});
