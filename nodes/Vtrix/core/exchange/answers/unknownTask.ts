import type { ErrorInfo } from './errorInfo';

/** What a task can be called, in a text or in a code such as `TASK_NOT_FOUND`. */
const TASK = /task|generation|job|record|任务|記錄|记录/i;

/**
 * Whether an answer says that there is no such task. The API itself names the task, by the word or
 * by its id; gateways and web servers name what they miss: a route, a page, a path. A path that
 * they repeat holds the same words, so paths are ignored.
 *
 * @param taskId the id that was asked about
 */
export function isUnknownTask({ reason = '', code = '' }: ErrorInfo, taskId: string): boolean {
	const words = `${reason} ${code}`.replace(/\S*\/\S*/g, ' ');
	return TASK.test(words) || words.includes(taskId);
}
