import { isRecord } from '../../../test/standin/validation/checks';

/** An answer about a task, read as leniently as can be: what it means, whatever its form. */
export interface TaskReading {
	/** Absent when the answer names no task. */
	id?: string;
	/** The word for the state as it came; empty when there was none. */
	word: string;
	state: 'running' | 'completed' | 'failed';
	progress?: unknown;
	/** USD. */
	cost?: number;
	/** What stands in the result, entry by entry. */
	entries: unknown[];
	/** The object that tells of the task, out of whatever is around it. */
	body: Record<string, unknown>;
	/** Name of the object around it, if there is one. */
	wrappedIn?: string;
}

const ENDED = new Set(['completed', 'complete', 'done', 'succeeded', 'success', 'finished']);
const FAILED = new Set([
	'failed',
	'failure',
	'error',
	'canceled',
	'cancelled',
	'expired',
	'timeout',
]);
const IDS = ['id', 'task_id', 'taskId', 'request_id'];

/** Objects that tell of a task have one of these. */
const isTask = (body: Record<string, unknown>): boolean =>
	typeof body.status === 'string' || IDS.some((name) => isName(body[name]));

const isName = (value: unknown): value is string | number =>
	(typeof value === 'string' && value !== '') || typeof value === 'number';

/** Reads a body; `undefined` for what tells of no task. */
export function readTask(json: unknown): TaskReading | undefined {
	if (!isRecord(json)) return undefined;
	const inner = isRecord(json.data) && isTask(json.data) ? json.data : undefined;
	const body = inner ?? json;
	if (!isTask(body)) return undefined;
	const name = IDS.map((field) => body[field]).find(isName);
	const word = typeof body.status === 'string' ? body.status : '';
	const entries = entriesOf(body.output);
	const lower = word.toLowerCase();
	const failed = FAILED.has(lower) || (ENDED.has(lower) && entries.length === 0 && !!body.error);
	const completed = ENDED.has(lower) || entries.length > 0;
	const cost = costOf(body.usage);
	return {
		...(name !== undefined && { id: String(name) }),
		word,
		state: failed ? 'failed' : completed ? 'completed' : 'running',
		...(body.progress !== undefined && { progress: body.progress }),
		...(cost !== undefined && { cost }),
		entries,
		body,
		...(inner && { wrappedIn: 'data' }),
	};
}

/** The entries of a result, out of lists, groups and objects around them. */
function entriesOf(output: unknown): unknown[] {
	if (Array.isArray(output)) return output.flatMap(entriesOf);
	if (typeof output === 'string') return output === '' ? [] : [output];
	if (!isRecord(output)) return [];
	const { content } = output;
	return content === undefined
		? Object.keys(output).length > 0
			? [output]
			: []
		: entriesOf(content);
}

function costOf(usage: unknown): number | undefined {
	const cost = isRecord(usage) ? usage.cost : undefined;
	if (typeof cost !== 'number' && (typeof cost !== 'string' || cost.trim() === ''))
		return undefined;
	const number = Number(cost);
	return Number.isFinite(number) && number >= 0 ? number : undefined;
}
