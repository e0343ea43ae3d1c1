import { z } from 'zod';
import { quoteLongNumbers } from '../exactJson';
import { isRecord } from '../objectPath';
import { readPageText, readErrorInfo, hasErrorInfo, type ErrorInfo } from './errorInfo';

/**
 * A picture of a finished task: a link, the number under which it was taken out of the answer, or
 * why this one is missing.
 */
export type TaskImage = { url: string } | { inline: number } | { missing: string };

/** Why a task failed: the API's code, where there is one, and its own words. */
export interface TaskFailure extends ErrorInfo {
	reason: string;
}

/** A task as the API tells of it; only what the node reads. */
export interface Task {
	id: string;
	/** What the id was called where the answer had no `id`: it may be that of something else. */
	idFrom?: 'task_id' | 'request_id';
	state: 'running' | 'completed' | 'failed';
	/** The API's word for the state, in lower case; absent where it gave none. */
	status?: string;
	/** Whether it counts as completed although the word does not say so. */
	isEndAssumed?: true;
	/** 0 to 1, only while running and not always there. */
	progress?: number;
	model?: string;
	/** Milliseconds since the epoch. */
	createdAt?: number;
	/** Of a running task what is there already, which may not be all. */
	images: readonly TaskImage[];
	/** As received. */
	usage?: Readonly<Record<string, unknown>>;
	/** USD, of the whole task. */
	cost?: number;
	failure?: TaskFailure;
}

/** What the API's answer comes to. */
export type Answer =
	| { kind: 'task'; task: Task }
	/** `taskId` where the refusal names a task all the same. */
	| ({ kind: 'refused'; status: number; taskId?: string } & ErrorInfo)
	| { kind: 'unreadable' };

const LONGEST_ID = 100;
/** How much of an answer is searched for a text to show, characters. */
const READ_CHARACTERS = 20_000;

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

const taskSchema = z.object({
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

/** HTTP 200 with a refusal inside: `status` is then an object with the real one. */
const envelopeSchema = z.object({ status: z.object({ code: z.coerce.number() }) });

/** `0.0625`, `$0.0625` or `0.0625 USD` as a number; `NaN` for what is none. */
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

const FAILED = new Set(['failed', 'failure', 'error', 'cancelled', 'canceled']);
/** Count as the end only together with an output: the API does not document these words. */
const DONE = new Set(['done', 'success', 'succeeded']);

/** @param body the answer that was read as `answer` */
function toTask(
	{ id, idFrom }: Pick<Task, 'id' | 'idFrom'>,
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
		id,
		...(idFrom && { idFrom }),
		state: failed ? 'failed' : isDone ? 'completed' : 'running',
		images,
		...(status && { status }),
		...(answer.progress !== null && answer.progress !== undefined && { progress: answer.progress }),
		...(answer.model && { model: answer.model }),
		...(answer.created_at && { createdAt: answer.created_at * 1000 }),
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

/**
 * What names the task in an answer. An answer with an error carries a `request_id` too: that one is
 * the request's alone.
 */
function idOf(
	answer: z.output<typeof taskSchema>,
	body: Readonly<Record<string, unknown>>,
): Pick<Task, 'id' | 'idFrom'> | undefined {
	const { id, task_id: taskId, request_id: requestId } = answer;
	if (id) return { id };
	if (taskId) return { id: taskId, idFrom: 'task_id' };
	return requestId && !hasErrorInfo(body) && hiddenStatus(body) === undefined
		? { id: requestId, idFrom: 'request_id' }
		: undefined;
}

const parseJson = (text: string, redact: (text: string) => string): unknown => {
	const redacted = redact(text);
	const parse = (json: string): unknown =>
		// With escapes JSON can write a text in many ways, so each is redacted once it is read.
		redacted.includes('\\')
			? JSON.parse(json, (_, value: unknown) => (typeof value === 'string' ? redact(value) : value))
			: JSON.parse(json);
	try {
		const plain = parse(redacted);
		const exact = quoteLongNumbers(redacted);
		return exact === redacted ? plain : parse(exact);
	} catch {
		return undefined;
	}
};

/**
 * Reads an answer of the API, in all the forms that are known of it.
 *
 * @param text the answer, with the number of an image in the place of its data
 * @param redact takes secrets out of texts
 */
export function readAnswer(
	httpStatus: number,
	text: string,
	redact: (text: string) => string = (same) => same,
): Answer {
	const parsed = parseJson(text, redact);
	const isRefused = httpStatus < 200 || httpStatus >= 300;
	const body: unknown = Array.isArray(parsed) ? (parsed[0] ?? {}) : parsed;
	if (!isRecord(body))
		return isRefused ? { kind: 'refused', status: httpStatus } : { kind: 'unreadable' };
	if (isRefused) {
		const { task_id: taskId } = taskSchema.parse(body);
		const info = readErrorInfo(body);
		return { kind: 'refused', status: httpStatus, ...(taskId && { taskId }), ...info };
	}
	const content = contentOf(body);
	const answer = taskSchema.parse(content);
	const named = idOf(answer, content);
	if (named) return { kind: 'task', task: toTask(named, answer, content) };
	return { kind: 'refused', status: hiddenStatus(body) ?? httpStatus, ...readErrorInfo(body) };
}

/** The envelope that carries refusals may carry a task as well. */
const contentOf = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
	isRecord(body.status) && hiddenStatus(body) === undefined && isRecord(body.data)
		? body.data
		: body;

/**
 * What an answer tells of a refusal or failure, with the request ID of its header where its body has
 * none; `page` holds the words of an answer that tells nothing in a known form.
 *
 * @param redact takes secrets out of texts
 */
export function errorInfoOf(
	answer: Answer,
	text: string,
	header: string | undefined,
	redact: (text: string) => string,
): { info: ErrorInfo; page?: string } {
	const { code, reason, requestId }: ErrorInfo =
		answer.kind === 'refused'
			? answer
			: ((answer.kind === 'task' ? answer.task.failure : undefined) ?? {});
	const id = requestId ?? (header && redact(header).slice(0, LONGEST_ID));
	const info: ErrorInfo = {
		...(code !== undefined && { code }),
		...(reason !== undefined && { reason }),
		...(id && { requestId: id }),
	};
	if (answer.kind === 'task' || reason !== undefined || code !== undefined) return { info };
	const page = pageOf(text, redact);
	return { info, ...(page !== undefined && { page }) };
}

/**
 * The words of an answer of whatever form, shortened; `undefined` if there are none.
 *
 * @param redact takes secrets out of texts
 */
export function pageOf(text: string, redact: (text: string) => string): string | undefined {
	const head = text.slice(0, READ_CHARACTERS);
	const json = parseJson(head, redact);
	if (typeof json === 'string') return readPageText(json);
	if (json === null || typeof json === 'number' || typeof json === 'boolean') return undefined;
	if (json !== undefined) return readErrorInfo(json).reason ?? readPageText(JSON.stringify(json));
	// The beginning of a JSON that broke off tells nobody anything.
	return /^\s*[{[]/.test(head) ? undefined : readPageText(redact(head));
}

/** The status of a refusal inside HTTP 200. */
function hiddenStatus(body: Readonly<Record<string, unknown>>): number | undefined {
	const envelope = envelopeSchema.safeParse(body);
	const code = envelope.success ? envelope.data.status.code : 0;
	return code >= 400 && code < 600 ? code : undefined;
}
