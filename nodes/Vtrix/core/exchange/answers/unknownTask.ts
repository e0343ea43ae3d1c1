import type { ErrorInfo } from './errorInfo';

const TASK = /task|generation|job|record|任务|記錄|记录/i;

/**
 * Whether an answer says that there is no such task. The API itself names the task, by the word or
 * by its id; gateways and web servers name what they miss: a route, a page, a path. A path that
 * they repeat holds the same words, so paths are ignored.
 */
export function isUnknownTask({ reason, code }: ErrorInfo, taskId: string): boolean {
	const words = [reason, code].join(' ').replace(/\S*\/\S*/g, ' ');
	return TASK.test(words) || words.includes(taskId);
}
