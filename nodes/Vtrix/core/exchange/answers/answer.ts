import { z } from 'zod/v3';
import { quoteLongNumbers } from '../../shared/exactJson';
import { isRecord } from '../../shared/objectPath';
import { hasErrorInfo, readErrorInfo, readPageText, type ErrorInfo } from './errorInfo';
import { taskSchema, toTask, type Task } from './task';

/** What the API's answer comes to. */
export type Answer =
	| { kind: 'task'; task: Task }
	/** `taskId` where the refusal still names a task. */
	| ({ kind: 'refused'; status: number; taskId?: string } & ErrorInfo)
	| { kind: 'unreadable' };

const LONGEST_ID = 100;
/** How much of an answer is searched for a text to show, characters. */
const READ_CHARACTERS = 20_000;

/** HTTP 200 with a refusal inside: `status` is then an object with the real one. */
const envelopeSchema = z.object({ status: z.object({ code: z.coerce.number() }) });

/**
 * The task's id in an answer. Answers with an error carry a `request_id` too, which names the
 * request only.
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
		// Escapes allow many spellings of one text, so each string is redacted after parsing.
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
 * Reads an answer of the API, in every form that is known.
 *
 * @param text the answer, with each image's data replaced by its number
 * @param redact removes secrets from text
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
 * What an answer says about a refusal or failure, with the request ID of its header if its body has
 * none; `page` holds the words of an answer in no known form.
 *
 * @param redact removes secrets from text
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
 * @param redact removes secrets from text
 */
export function pageOf(text: string, redact: (text: string) => string): string | undefined {
	const head = text.slice(0, READ_CHARACTERS);
	const json = parseJson(head, redact);
	if (typeof json === 'string') return readPageText(json);
	if (json === null || typeof json === 'number' || typeof json === 'boolean') return undefined;
	if (json !== undefined) return readErrorInfo(json).reason ?? readPageText(JSON.stringify(json));
	// The beginning of truncated JSON says nothing to the user.
	return /^\s*[{[]/.test(head) ? undefined : readPageText(redact(head));
}

/** The status of a refusal inside HTTP 200. */
function hiddenStatus(body: Readonly<Record<string, unknown>>): number | undefined {
	const envelope = envelopeSchema.safeParse(body);
	const code = envelope.success ? envelope.data.status.code : 0;
	return code >= 400 && code < 600 ? code : undefined;
}
