import type { ErrorDetails } from '../shared/errors';
import { formatSome, sentence } from '../shared/format';
import { isGood, type Told } from './answers/answer';
import type { ErrorInfo } from './answers/errorInfo';
import type { Task } from './answers/task';
import {
	answeredWith,
	errorDetails,
	refusalText,
	taskFrom,
	type Exchange,
	type Refusal,
} from './exchange';
import { isUsedUp } from './usedUp';
import { networkReason, neverConnected } from './http/networkErrors';
import { RETRIES } from './http/retry';

/** The outcome of an attempt to create a task, by what it means for a second attempt. */
export type CreationOutcome =
	| { kind: 'created'; task: Task }
	/** Nothing was created: the API accepts no more at the moment. */
	| ({ kind: 'rateLimited'; retryAfterMs?: number } & Refusal)
	| { kind: 'notConnected'; error: unknown }
	/** It may be created and billed; `reason` is a sentence. */
	| { kind: 'uncertain'; reason: string; details?: ErrorDetails }
	/** Nothing was created, and the same request never will be. */
	| ({ kind: 'refused' } & Refusal);

/**
 * Classifies an exchange that was to create a task. Of an answer with HTTP 2xx:
 *
 * | it holds                                            | it is               |
 * | --------------------------------------------------- | ------------------- |
 * | a task's ID, at the top or in an envelope           | a task              |
 * | an error, or words beside a code not of success, …  | a refusal           |
 * | … and an ID of which no state is told               | an unknown outcome  |
 * | only a `request_id`, and no words or those of success | a task by that ID |
 * | anything else                                       | an unknown outcome  |
 */
export function classifyCreation(exchange: Exchange): CreationOutcome {
	if (!exchange.answered) {
		const { error } = exchange;
		if (neverConnected(error)) return { kind: 'notConnected', error };
		return { kind: 'uncertain', reason: `Vtrix was reached, then ${networkReason(error)}.` };
	}
	const { answer, info, page, retryAfterMs } = exchange;
	if (answer.kind === 'told') return classifyTold(answer, info);
	const refusal = { ...info, page };
	if (answer.kind === 'unreadable') {
		return {
			kind: 'uncertain',
			reason: sentence(`Vtrix answered with something that is not a task${refusalText(refusal)}`),
			details: errorDetails(info),
		};
	}
	const { status, taskId } = answer;
	if (RETRIES.creation.passes(status) && !isUsedUp(refusal, retryAfterMs)) {
		return { ...refusal, status, kind: 'rateLimited', retryAfterMs };
	}
	if (status === 408 || status >= 500) {
		const named = taskId ? ` It names the task ${taskId}.` : '';
		return {
			kind: 'uncertain',
			reason: `${sentence(`Vtrix ${answeredWith({ ...refusal, status })}`)}${named}`,
			details: { ...errorDetails(info, status), ...(taskId && { taskIds: [taskId] }) },
		};
	}
	return { ...refusal, status, kind: 'refused' };
}

function classifyTold(answer: Told, info: ErrorInfo): CreationOutcome {
	const { ids, isRefusal, task, otherIds } = answer;
	const [named] = ids;
	const isTask = !isRefusal || task.status !== undefined;
	if (named && isTask) {
		const idFrom = named.key === 'task_id' ? named.key : undefined;
		return { kind: 'created', task: taskFrom(answer, info, named.id, idFrom) };
	}
	if (isRefusal && !named) return { kind: 'refused', ...info, status: 200 };
	const { requestId } = answer.info;
	if (!isRefusal && requestId !== undefined && isGood(info.reason)) {
		return { kind: 'created', task: taskFrom(answer, info, requestId, 'request_id') };
	}
	const names = otherIds.length > 0 ? ` It names ${formatSome(otherIds, 10)}.` : '';
	return {
		kind: 'uncertain',
		reason: `${sentence(`Vtrix ${answeredWith({ ...info, status: 200 })}`)}${names || ' It names no task.'}`,
		details: { ...errorDetails(info, 200), ...(named && { taskIds: ids.map(({ id }) => id) }) },
	};
}
