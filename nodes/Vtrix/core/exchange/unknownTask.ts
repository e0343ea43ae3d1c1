import type { ErrorInfo } from './errorInfo';

/** What a task can be called, in a text or in a code such as `TASK_NOT_FOUND`. */
const TASK = /task|generation|job|record|任务|記錄|记录/i;

/**
 * Whether an answer says that there is no such task, as only the API itself does: it names the task
 * by its kind or its id. Gateways and web servers name what they look for: a route, a page, a path.
 * A path that they repeat holds the same words, so paths don't count.
 *
 * @param taskId the id that was asked about
 */
export function isUnknownTask({ reason = '', code = '' }: ErrorInfo, taskId: string): boolean {
	const words = `${reason} ${code}`.replace(/\S*\/\S*/g, ' ');
	return TASK.test(words) || words.includes(taskId);
}
