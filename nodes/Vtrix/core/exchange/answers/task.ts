import { z } from 'zod/v3';
import { hasErrorInfo, readErrorInfo, type ErrorInfo } from './errorInfo';

/**
 * An image of a finished task: a link, the number under which it was kept while the answer arrived,
 * or why it is missing.
 */
export type TaskImage = { url: string } | { inline: number } | { missing: string };

/** Why a task failed: the API's code, if there is one, and its own words. */
export interface TaskFailure extends ErrorInfo {
	reason: string;
}

/** A task as the API reports it; only what the node reads. */
export interface Task {
	id: string;
	/** The key that held the id, where the answer had no `id`: it may identify something else. */
	idFrom?: 'task_id' | 'request_id';
	state: 'running' | 'completed' | 'failed';
	/** The API's word for the state, in lower case; absent if it gave none. */
	status?: string;
	/** Whether it counts as completed although the word does not say so. */
	isEndAssumed?: true;
	/** 0 to 1, only while running and not always there. */
	progress?: number;
	model?: string;
	/** Milliseconds since the epoch. */
	createdAt?: number;
	/** For a running task those that are there already, which may not be all. */
	images: readonly TaskImage[];
	/** As received. */
	usage?: Readonly<Record<string, unknown>>;
	/** USD, of the whole task. */
	cost?: number;
	failure?: TaskFailure;
}

const word = z.union([z.string(), z.number()]).transform(String);
const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

const isLink = (value: unknown): boolean =>
	typeof value === 'string' && /^https?:\/\//i.test(value);

// One malformed entry must not lose the other images.
const contentSchema = z.preprocess(
	(entry) => (isLink(entry) ? { url: entry } : entry),
	z
		.object({
			url: optional(z.string().min(1)),
			b64_json: optional(z.string().min(1)),
			error: z.unknown(),
		})
		.catch({}),
);
const groupSchema = z.object({ content: z.array(contentSchema) });
const outputSchema = z.union([
	z.array(z.union([groupSchema, contentSchema.transform((entry) => ({ content: [entry] }))])),
	groupSchema.transform((group) => [group]),
	contentSchema.transform((entry) => [{ content: [entry] }]),
]);

const idSchema = optional(word.refine((id) => id !== ''));

/** The parts of an answer that describe a task; each may be absent. */
export const taskSchema = z.object({
	id: idSchema,
	task_id: idSchema,
	request_id: idSchema,
	status: optional(z.string()),
	progress: optional(z.number()),
	model: optional(z.string()),
	created_at: optional(z.number()),
	output: optional(outputSchema),
	usage: optional(z.record(z.string(), z.unknown())),
});

/** `0.0625`, `$0.0625` or `0.0625 USD` as a number; `NaN` for anything else. */
function amountOf(text: string): number {
	const [, amount] =
		/^(?:(?:US)?\$)?\s*(\d[\d.]*(?:e[+-]?\d+)?)\s*(?:USD|\$)?$/i.exec(text.trim()) ?? [];
	return amount === undefined ? NaN : Number(amount);
}

const costSchema = optional(
	z
		.union([z.number(), z.string().transform(amountOf)])
		.refine((cost) => Number.isFinite(cost) && cost >= 0),
);

/** Seconds since the epoch, as the API tells them, or milliseconds, told by their size. */
const toMs = (time: number): number => (time < 1e11 ? time * 1000 : time);

const FAILED = new Set(['failed', 'failure', 'error', 'cancelled', 'canceled']);
/** Count as the end only together with an output: the API does not document these words. */
const DONE = new Set(['done', 'success', 'succeeded']);

/**
 * An answer as a task.
 *
 * @param named the id of the task, and the key that held it
 * @param body the answer that was read as `answer`
 */
export function toTask(
	named: Pick<Task, 'id' | 'idFrom'>,
	answer: z.output<typeof taskSchema>,
	body: Readonly<Record<string, unknown>>,
): Task {
	const status = answer.status?.toLowerCase();
	const images = (answer.output ?? []).flatMap(({ content }) => content).flatMap(toImage);
	const missing = images.flatMap((image) => ('missing' in image ? [image.missing] : []));
	const hasImage = images.length > missing.length;
	const namesError = hasErrorInfo(body);
	const isDone =
		status === 'completed' || (status !== undefined && DONE.has(status) && images.length > 0);
	const isNamedEnd = isDone || (status !== undefined && DONE.has(status) && namesError);
	const failed =
		(status !== undefined && FAILED.has(status)) ||
		(isNamedEnd && !hasImage && (namesError || missing.length > 0));
	const cost = costSchema.parse(answer.usage?.cost) ?? undefined;
	return {
		...named,
		state: failed ? 'failed' : isDone ? 'completed' : 'running',
		images,
		...(status && { status }),
		...(answer.progress !== null && answer.progress !== undefined && { progress: answer.progress }),
		...(answer.model && { model: answer.model }),
		...(answer.created_at && { createdAt: toMs(answer.created_at) }),
		...(answer.usage && { usage: answer.usage }),
		...(cost !== undefined && { cost }),
		...(failed && { failure: failureOf(body, namesError ? undefined : missing[0]) }),
	};
}

/** @param missing why an image of the task is missing */
function failureOf(
	body: Readonly<Record<string, unknown>>,
	missing: string | undefined,
): TaskFailure {
	const info = readErrorInfo(body);
	return { ...info, reason: missing ?? info.reason ?? 'no reason was given' };
}

function toImage({ url, b64_json: inline, error }: z.output<typeof contentSchema>): TaskImage[] {
	if (inline) return [{ inline: Number(inline) }];
	if (url) return [{ url }];
	if (error === undefined || error === null) return [];
	const { reason, code } = readErrorInfo({ error });
	return [{ missing: reason ?? code ?? 'no reason was given' }];
}
