import type { ErrorDetails, TaskUnreachableError } from '../shared/errors';
import type { Task } from './answers/task';
import { answeredWith, detailsOf, type Exchange, type Refusal } from './exchange';
import { networkReason } from './http/networkErrors';
import { TooLargeError } from './http/readBody';

/** An answer to a poll that may be repeated, with the wait that the API asked for. */
export interface RetryablePoll {
	reason: string;
	retryAfterMs?: number;
	/** HTTP status, if there was an answer. */
	status?: number;
	/** Structured details of the answer. */
	details?: ErrorDetails;
	/** The error to fail with if the same answer keeps coming. */
	refusal?: TaskUnreachableError;
}

/** The outcome of a poll, by what it means for the next one. */
export type PollOutcome =
	| { kind: 'task'; task: Task }
	| { kind: 'retryable'; poll: RetryablePoll }
	| { kind: 'tooLarge' }
	/** Repeating it usually does not help; `poll` is for callers that repeat it anyway. */
	| { kind: 'refused'; refusal: Refusal; poll: RetryablePoll };

/**
 * Statuses below 500 that may be temporary: not every server may know the task yet, or polls come
 * too often.
 */
const PASSING = [404, 408, 425, 429];

/** Classifies an exchange that was to poll a task. */
export function classifyPoll(exchange: Exchange): PollOutcome {
	if (!exchange.answered) {
		const { error } = exchange;
		return error instanceof TooLargeError
			? { kind: 'tooLarge' }
			: { kind: 'retryable', poll: { reason: networkReason(error) } };
	}
	const { answer, info, page, retryAfterMs } = exchange;
	if (answer.kind === 'task') return { kind: 'task', task: answer.task };
	if (answer.kind === 'unreadable') {
		const reason = `the answer was not readable${page ? `: ${page}` : ''}`;
		return { kind: 'retryable', poll: { reason, details: detailsOf(info) } };
	}
	const { status } = answer;
	const refusal = { ...info, status, ...(page && { page }) };
	const poll = {
		reason: `it ${answeredWith(refusal)}`,
		status,
		details: detailsOf(info, status),
		...(retryAfterMs !== undefined && { retryAfterMs }),
	};
	return status >= 500 || status < 300 || PASSING.includes(status)
		? { kind: 'retryable', poll }
		: { kind: 'refused', refusal, poll };
}
