import type { ErrorDetails } from '../shared/errors';
import type { Answer, Told } from './answers/answer';
import { formatReferences, type ErrorInfo } from './answers/errorInfo';
import type { Task } from './answers/task';

/** The outcome of one request to the API: its answer, or why there is none. */
export type Exchange =
	| {
			answered: true;
			answer: Answer;
			info: ErrorInfo;
			page?: string;
			retryAfterMs?: number;
	  }
	| { answered: false; error: unknown };

/** A refusal in the API's own words. */
export interface Refusal extends ErrorInfo {
	/** HTTP status; also one that came inside an answer with status 200. */
	status: number;
	page?: string;
}

/** ` (code 77, request ID abc): model overloaded` */
export function refusalText(
	{ page, ...info }: ErrorInfo & { page?: string },
	status?: number,
): string {
	const references = formatReferences(info, status);
	const words = info.reason ?? page;
	return `${references && ` (${references})`}${words ? `: ${words}` : ''}`;
}

/** `answered with HTTP 503 (request ID abc): model overloaded` */
export const answeredWith = ({ status, ...refusal }: Refusal): string =>
	`answered with HTTP ${status}${refusalText(refusal, status)}`;

/** What an answer says about a failure, in the form that errors carry. */
export const errorDetails = (
	{ code, requestId }: ErrorInfo,
	httpStatus?: number,
): ErrorDetails => ({
	code: code === String(httpStatus) ? undefined : code,
	httpStatus,
	requestId,
});

/** The task that an answer tells of, under its ID; a failure without a request ID gets that of the answer. */
export const taskFrom = (
	{ task }: Told,
	{ requestId }: ErrorInfo,
	id: string,
	idFrom?: Task['idFrom'],
): Task => ({
	...task,
	id,
	...(idFrom && { idFrom }),
	...(task.failure && { failure: { requestId, ...task.failure } }),
});
