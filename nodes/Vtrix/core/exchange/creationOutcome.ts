import type { ErrorDetails } from '../shared/errors';
import { sentence } from '../shared/format';
import type { Task } from './answers/task';
import { answeredWith, detailsOf, refusalText, type Exchange, type Refusal } from './exchange';
import { isUsedUp } from './usedUp';
import { networkReason, neverConnected } from './http/networkErrors';

/** The outcome of an attempt to create a task, by what it means for a second attempt. */
export type CreationOutcome =
	| { kind: 'created'; task: Task }
	/** Nothing was created: the API accepts no more at the moment. */
	| ({ kind: 'rateLimited'; retryAfterMs?: number } & Refusal)
	/** Nothing was sent. */
	| { kind: 'notConnected'; error: unknown }
	/** It may be created and billed; `reason` is a sentence. */
	| { kind: 'uncertain'; reason: string; details?: ErrorDetails }
	/** Nothing was created, and the same request never will be. */
	| ({ kind: 'refused' } & Refusal);

/** Classifies an exchange that was to create a task. */
export function classifyCreation(exchange: Exchange): CreationOutcome {
	if (!exchange.answered) {
		const { error } = exchange;
		if (neverConnected(error)) return { kind: 'notConnected', error };
		return { kind: 'uncertain', reason: `Vtrix was reached, then ${networkReason(error)}.` };
	}
	const { answer, info, page, retryAfterMs } = exchange;
	if (answer.kind === 'task') return { kind: 'created', task: answer.task };
	const refusal = { ...info, ...(page && { page }) };
	if (answer.kind === 'unreadable') {
		return {
			kind: 'uncertain',
			reason: sentence(`Vtrix answered with something that is not a task${refusalText(refusal)}`),
			details: detailsOf(info),
		};
	}
	const { status, taskId } = answer;
	if (status === 429 && !isUsedUp(refusal, retryAfterMs)) {
		return {
			...refusal,
			status,
			kind: 'rateLimited',
			...(retryAfterMs !== undefined && { retryAfterMs }),
		};
	}
	if (status === 408 || status >= 500) {
		const named = taskId ? ` It names the task ${taskId}.` : '';
		return {
			kind: 'uncertain',
			reason: `${sentence(`Vtrix ${answeredWith({ ...refusal, status })}`)}${named}`,
			details: { ...detailsOf(info, status), ...(taskId && { taskIds: [taskId] }) },
		};
	}
	return { ...refusal, status, kind: 'refused' };
}
