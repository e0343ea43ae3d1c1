import type { Answer, Task } from './answers';
import { networkReason, neverConnected } from './networkErrors';

/** What came of one request to the API: its answer, or why there is none. */
export type Exchange =
	| { answered: true; status: number; answer: Answer; retryAfterMs?: number; requestId?: string }
	| { answered: false; error: unknown };

/** A refusal in the API's own words. */
export interface Refusal {
	/** HTTP status, also where it stood inside an answer with status 200. */
	status: number;
	code?: string;
	reason?: string;
	requestId?: string;
}

/** What came of an attempt to create a task, by what it means for a second attempt. */
export type CreationOutcome =
	| { kind: 'created'; task: Task }
	/** Nothing was created: the API takes no more at the moment. */
	| ({ kind: 'rateLimited'; retryAfterMs?: number } & Refusal)
	/** Nothing was sent. */
	| { kind: 'notConnected'; error: unknown }
	/** It may be created and billed; `reason` is a sentence. */
	| { kind: 'uncertain'; reason: string }
	/** Nothing was created, and the same request never will be. */
	| ({ kind: 'refused' } & Refusal);

/** Tells what an exchange means for the task that it was to create. */
export function classifyCreation(exchange: Exchange): CreationOutcome {
	if (!exchange.answered) {
		const { error } = exchange;
		if (neverConnected(error)) return { kind: 'notConnected', error };
		return { kind: 'uncertain', reason: `Vtrix was reached, then ${networkReason(error)}.` };
	}
	const { answer, retryAfterMs, requestId } = exchange;
	if (answer.kind === 'task') return { kind: 'created', task: answer.task };
	if (answer.kind === 'unreadable') {
		return { kind: 'uncertain', reason: 'Vtrix answered with something that is not a task.' };
	}
	const { status, code, reason } = answer;
	const refusal = {
		status,
		...(code && { code }),
		...(reason && { reason }),
		...(requestId && { requestId }),
	};
	if (status === 429) {
		return { ...refusal, kind: 'rateLimited', ...(retryAfterMs !== undefined && { retryAfterMs }) };
	}
	if (status === 408 || status >= 500) {
		return { kind: 'uncertain', reason: `Vtrix ${answeredWith(status, requestId)}.` };
	}
	return { ...refusal, kind: 'refused' };
}

/** `answered with HTTP 503 (request ID abc)` */
export const answeredWith = (status: number, requestId: string | undefined): string =>
	`answered with HTTP ${status}${requestId ? ` (request ID ${requestId})` : ''}`;
