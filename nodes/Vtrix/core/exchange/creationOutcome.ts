import type { Answer, Task } from './answers';
import type { ErrorDetails } from '../errors';
import { networkReason, neverConnected } from './networkErrors';
import { formatReferences, type ErrorInfo } from './errorInfo';

/** What came of one request to the API: its answer, or why there is none. */
export type Exchange =
	| {
			answered: true;
			answer: Answer;
			/** What it tells of a refusal, from its body and its headers. */
			info: ErrorInfo;
			/** The words of an answer that is no JSON. */
			page?: string;
			retryAfterMs?: number;
	  }
	| { answered: false; error: unknown };

/** A refusal in the API's own words. */
export interface Refusal extends ErrorInfo {
	/** HTTP status, also where it stood inside an answer with status 200. */
	status: number;
	page?: string;
}

/** What came of an attempt to create a task, by what it means for a second attempt. */
export type CreationOutcome =
	| { kind: 'created'; task: Task }
	/** Nothing was created: the API takes no more at the moment. */
	| ({ kind: 'rateLimited'; retryAfterMs?: number } & Refusal)
	/** Nothing was sent. */
	| { kind: 'notConnected'; error: unknown }
	/** It may be created and billed; `reason` is a sentence. */
	| { kind: 'uncertain'; reason: string; details?: ErrorDetails }
	/** Nothing was created, and the same request never will be. */
	| ({ kind: 'refused' } & Refusal);

/** Tells what an exchange means for the task that it was to create. */
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
	if (status === 429) {
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

const sentence = (text: string): string => (/[.!?…。]$/.test(text) ? text : `${text}.`);

/** ` (code 77, request ID abc): model overloaded` */
function refusalText({ page, ...info }: ErrorInfo & { page?: string }, status?: number): string {
	const references = formatReferences(info, status);
	const words = info.reason ?? page;
	return `${references && ` (${references})`}${words ? `: ${words}` : ''}`;
}

/** `answered with HTTP 503 (request ID abc): model overloaded` */
export const answeredWith = ({ status, ...refusal }: Refusal): string =>
	`answered with HTTP ${status}${refusalText(refusal, status)}`;

/** What an answer tells, as an error carries it. */
export const detailsOf = ({ code, requestId }: ErrorInfo, httpStatus?: number): ErrorDetails => ({
	...(code !== undefined && code !== String(httpStatus) && { code }),
	...(httpStatus !== undefined && { httpStatus }),
	...(requestId !== undefined && { requestId }),
});
