import { z } from 'zod/v3';
import { hasErrorInfo, readErrorInfo, type ErrorInfo } from './errorInfo';
import { readResults, type TaskImage } from './results';
import { means } from './statusWords';

/** Why a task failed: the API's code, if there is one, and its own words. */
export interface TaskFailure extends ErrorInfo {
	reason: string;
}

/** A task as the API reports it; only what the node reads. */
export interface Task {
	id: string;
	/** The key that held the id, where the answer had no other: it may identify something else. */
	idFrom?: 'task_id' | 'request_id';
	state: 'running' | 'completed' | 'failed';
	/** The API's word for the state, in lower case; absent if it gave none. */
	status?: string;
	/** Whether it counts as completed although the word does not say so. */
	isEndAssumed?: true;
	/** 0 to 1, only while running and not always there. */
	progress?: number;
	model?: string;
	createdAt?: number;
	/** For a running task those that are there already, which may not be all. */
	images: readonly TaskImage[];
	texts?: readonly string[];
	/** How many of its results were left out, since no task makes so many. */
	leftOut?: number;
	usage?: Readonly<Record<string, unknown>>;
	/** USD, of the whole task. */
	cost?: number;
	/** Of a running task: why it may have failed; so it has if the same stays. */
	failure?: TaskFailure;
	/** The words of an error that a task tells while it goes on. */
	trouble?: string;
}

/** A task without its id, which not every answer tells. */
export type TaskReport = Omit<Task, 'id' | 'idFrom'>;

/** Longest word or name that is taken for one, characters. */
const LONGEST_WORD = 100;

const optional = <T extends z.ZodTypeAny>(schema: T) =>
	schema
		.nullish()
		.transform((value: z.infer<T> | null | undefined) => value ?? undefined)
		.catch(undefined);
const word = optional(
	z
		.string()
		.min(1)
		.transform((text) => text.slice(0, LONGEST_WORD)),
);

const taskSchema = z.object({
	status: word,
	state: word,
	task_status: word,
	progress: optional(z.number()),
	model: word,
	created_at: optional(z.number()),
	usage: optional(z.record(z.string(), z.unknown())),
});

/** `0.0625`, `$0.0625` or `0.0625 USD` as a number; `NaN` for anything else. */
const amountOf = (text: string): number =>
	Number(/^(?:(?:US)?\$)?\s*(\d[\d.]*(?:e[+-]?\d+)?)\s*(?:USD|\$)?$/i.exec(text.trim())?.[1]);

const costSchema = optional(
	z
		.union([z.number(), z.string().transform(amountOf)])
		.refine((cost) => Number.isFinite(cost) && cost >= 0),
);

/** Seconds since the epoch, as the API tells them, or milliseconds, told by their size. */
const toMs = (time: number): number => (time < 1e11 ? time * 1000 : time);

/** The word for a task's state, in lower case. */
export function readStatus(body: Readonly<Record<string, unknown>>): string | undefined {
	const { status, state, task_status: taskStatus } = taskSchema.parse(body);
	return (status ?? taskStatus ?? state)?.toLowerCase();
}

const isMissing = (image: TaskImage): image is { missing: string } => 'missing' in image;

/** Whether a task has anything that it was made for. */
export const hasResult = ({ images, texts = [] }: Pick<Task, 'images' | 'texts'>): boolean =>
	texts.length > 0 || images.some((image) => !isMissing(image));

/** Reads what an answer, or the part of it that is the task, tells of the task. */
export function readTask(body: Readonly<Record<string, unknown>>): TaskReport {
	const { progress, model, created_at: createdAt, usage } = taskSchema.parse(body);
	const status = readStatus(body);
	const { images, texts, leftOut } = readResults(body);
	const hasAny = hasResult({ images, texts });
	const missing = images.find(isMissing)?.missing;
	const namesError = hasErrorInfo(body);
	const isDone =
		means(status, 'completed') || (means(status, 'done') && images.length + texts.length > 0);
	const failed =
		!hasAny &&
		(means(status, 'failed') ||
			((isDone || means(status, 'done')) && (namesError || missing !== undefined)));
	// What was made and paid for is delivered, whatever the end is called.
	const completed = !failed && (isDone || (hasAny && means(status, 'failed')));
	const mayHaveFailed =
		!hasAny &&
		!completed &&
		(means(status, 'givenUp') || (namesError && !means(status, 'running', 'goesOn')));
	const cost = costSchema.parse(usage?.cost);
	return {
		state: failed ? 'failed' : completed ? 'completed' : 'running',
		images,
		...(texts.length > 0 && { texts }),
		...(leftOut > 0 && { leftOut }),
		status,
		progress,
		model,
		...(createdAt && { createdAt: toMs(createdAt) }),
		usage,
		cost,
		...(failed || mayHaveFailed
			? { failure: failureOf(body, namesError ? undefined : missing) }
			: namesError && { trouble: failureOf(body).reason }),
	};
}

function failureOf(body: Readonly<Record<string, unknown>>, missing?: string): TaskFailure {
	const info = readErrorInfo(body);
	return { ...info, reason: missing ?? info.reason ?? 'no reason was given' };
}
