import { isRecord } from '../../shared/objectPath';
import { readStatus } from './task';

type Body = Readonly<Record<string, unknown>>;

interface Level {
	body: Body;
	key?: string;
}

const LONGEST = 500;
const DEEPEST = 2;
/** Keys that hold a task's ID, of services of all kinds; the first is documented. */
const ID_KEYS = ['id', 'task_id', 'taskId', 'generation_id', 'generationId', 'job_id', 'jobId'];
/** Keys that hold a task's result, or the task itself, … */
const RESULT_KEYS = new Set(['output', 'outputs', 'result', 'results']);
/** … in which one of these makes it a result. */
const OF_RESULTS = ['b64_json', 'base64', 'content', 'image', 'text', 'type', 'url'];
/** Keys of objects that are no task. */
const NO_TASK = new Set(
	'account config content detail details error errors images input logs meta metadata model params parameters provider_error request usage user'.split(
		' ',
	),
);
/** An ID that stands for the whole task: `{"data": "t-123"}`. */
const BARE_ID = /^(?=.*\d)[\w.:-]{4,}$/;
const BARE_KEYS = new Set(['data', 'result', 'task', 'output']);

const toId = (value: unknown): string | undefined => {
	const id = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return id !== '' && id.length <= LONGEST ? id : undefined;
};

/** The objects in an answer that may be the task, from the outermost on. */
function levelsOf(body: Body): Level[] {
	const levels: Level[] = [{ body }];
	for (let from = 0, depth = 0; depth < DEEPEST; depth += 1) {
		const outer = levels.slice(from);
		from = levels.length;
		for (const level of outer) {
			for (const [key, value] of Object.entries(level.body)) {
				const inner: unknown = Array.isArray(value) ? value[0] : value;
				const id = BARE_KEYS.has(key) && BARE_ID.test(toId(inner) ?? '') ? inner : undefined;
				if (isRecord(inner) && !NO_TASK.has(key)) levels.push({ body: inner, key });
				else if (id !== undefined) levels.push({ body: { task_id: id }, key });
			}
		}
	}
	return levels;
}

const isResult = ({ key = '', body }: Level): boolean =>
	RESULT_KEYS.has(key) && OF_RESULTS.some((name) => name in body);

const hasState = ({ body }: Level): boolean => readStatus(body) !== undefined;

const idsAt = (level: Level): Array<{ key: string; id: string }> =>
	ID_KEYS.filter(
		(key) => !isResult(level) || (key === 'id' ? hasState(level) : !key.startsWith('job')),
	).flatMap((key) => {
		const id = toId(level.body[key]);
		return id === undefined ? [] : [{ key, id }];
	});

/** Where an answer tells of a task, and by which IDs. */
export interface NamedTask {
	body: Body;
	/** The likeliest first; none if the answer names no task. */
	ids: ReadonlyArray<{ key: string; id: string }>;
}

/** Finds the task that an answer tells of: the answer itself, or what its envelopes hold. */
export function findTask(body: Body): NamedTask {
	const levels = levelsOf(body);
	const named = levels.filter((level) => idsAt(level).length > 0);
	const withState = levels.filter((level) => hasState(level) && !isResult(level));
	const found = named.find(hasState) ?? named[0] ?? withState.at(-1) ?? { body };
	const others = named.filter((level) => level !== found);
	return { body: found.body, ids: [found, ...others].flatMap(idsAt) };
}

/** Every ID in an answer, with its name: `trace_id t-1`. */
export const otherIdsOf = (body: Body): string[] => [
	...new Set(
		levelsOf(body).flatMap((level) =>
			Object.entries(level.body).flatMap(([key, value]) => {
				const id = /id$/i.test(key) ? toId(value) : undefined;
				return id === undefined ? [] : [`${key} ${id}`];
			}),
		),
	),
];
