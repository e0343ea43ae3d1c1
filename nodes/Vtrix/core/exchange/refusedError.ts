import { RefusedError, TaskUnreachableError, type ErrorAdvice } from '../shared/errors';
import { formatReferences, type ErrorInfo } from './answers/errorInfo';
import { errorDetails, type Refusal } from './exchange';
import { statusAdvice } from './statusAdvice';
import { isUsedUp, USED_UP } from './usedUp';

/** The documented meaning of an error code, where the model's page has one. */
export type AdviceFor = (code: string) => ErrorAdvice | undefined;

/** A refusal as the user reads it; `known` where the code and the status tell less. */
export function refusedError(
	{ status, page, ...info }: Refusal,
	adviceFor: AdviceFor,
	known?: ErrorAdvice,
): RefusedError {
	const { code, reason } = info;
	const documented = code === undefined ? undefined : adviceFor(code);
	const { message, advice } = known ?? documented ?? meaningOf(status, info, page);
	const said = [
		reason ? `Vtrix says: ${reason}` : page && `The answer says: ${page}`,
		formatReferences(info, status),
	].filter(Boolean);
	return new RefusedError(`${message} (HTTP ${status})`, {
		description: [advice, said.join(', ')].filter(Boolean).join(' '),
		...errorDetails(info, status),
	});
}

const meaningOf = (status: number, info: ErrorInfo, page?: string): ErrorAdvice =>
	status === 429 && isUsedUp(info) ? USED_UP : statusAdvice(status, page);

/** The same for a poll, with the way to the task that is still there. */
export function refusedPoll(
	taskId: string,
	refusal: Refusal,
	adviceFor: AdviceFor,
): TaskUnreachableError {
	const { message, description, details } = refusedError(refusal, adviceFor);
	return new TaskUnreachableError(`${message} (task ${taskId})`, {
		...details,
		description: `${description} The task itself is not lost: fetch it with the resource 'Task', operation 'Get' and the task ID ${taskId}.`,
		taskIds: [taskId],
	});
}
