import { quoteLongNumbers } from '../../shared/exactJson';
import { isRecord } from '../../shared/objectPath';
import {
	hasErrorInfo,
	isSuccessCode,
	readErrorInfo,
	readPageText,
	type ErrorInfo,
} from './errorInfo';
import { means } from './statusWords';
import { readTask, type TaskReport } from './task';
import { findTask, otherIdsOf, type NamedTask } from './taskIds';

/** What the API's answer comes to. */
export type Answer =
	| Told
	/** By its HTTP status, or by one inside HTTP 200; `taskId` where it still names a task. */
	| ({ kind: 'refused'; status: number; taskId?: string } & ErrorInfo)
	| { kind: 'unreadable' };

/** What a good answer tells; which task it is about, and what that means, depends on the request. */
export interface Told {
	kind: 'told';
	task: TaskReport;
	/** IDs that the task may have, the likeliest first. */
	ids: NamedTask['ids'];
	/** Whether it says that what was asked for was refused. */
	isRefusal: boolean;
	otherIds: readonly string[];
	info: ErrorInfo;
}

const LONGEST_ID = 100;
const READ_CHARACTERS = 20_000;

const parseJson = (text: string, redact: (text: string) => string): unknown => {
	// Some servers send a byte order mark, which counts as a blank.
	const redacted = redact(text.trim());
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

/** @param text the answer, with a mark in the place of each image's data */
export function readAnswer(
	httpStatus: number,
	text: string,
	redact: (text: string) => string = (same) => same,
): Answer {
	const parsed = parseJson(text, redact);
	const isRefused = httpStatus >= 300;
	const body: unknown = Array.isArray(parsed) ? (parsed[0] ?? {}) : parsed;
	if (!isRecord(body))
		return isRefused ? { kind: 'refused', status: httpStatus } : { kind: 'unreadable' };
	const info = readErrorInfo(body);
	const named = findTask(body);
	const task = readTask(named.body);
	const hidden =
		task.status === undefined || named.ids.length === 0 ? hiddenStatus(body) : undefined;
	if (isRefused || hidden !== undefined) {
		// An `id` beside a refusal is usually the request's, unless the task's state is there, too.
		const taskId = named.ids.find(({ key }) => key !== 'id' || task.status !== undefined)?.id;
		const status = isRefused ? httpStatus : (hidden ?? httpStatus);
		return { kind: 'refused', status, taskId, ...info };
	}
	const isRefusal = saysRefused(body, info) || means(task.status, 'failed', 'givenUp');
	return { kind: 'told', task, ids: named.ids, isRefusal, otherIds: otherIdsOf(body), info };
}

/** Codes of a body that are none of an error where they say so, or where it has no words. */
const codesIn = ({ code, error_code: errorCode, errno, status }: Record<string, unknown>) =>
	[code, errorCode, errno, ...(isRecord(status) ? [status.code, status.error_code] : [])].filter(
		(one) => typeof one === 'number' || (typeof one === 'string' && one !== ''),
	);

const saysRefused = (body: Record<string, unknown>, { reason }: ErrorInfo): boolean =>
	hasErrorInfo(body) ||
	body.success === false ||
	body.ok === false ||
	(!isGood(reason) && codesIn(body).some((code) => !isSuccessCode(String(code))));

const GOOD =
	/succe|\bok\b|accepted|submitted|created|queued|received|started|pending|processing|成功/i;
const BAD =
	/\bnot?\b|n't|cannot|fail|error|denied|refus|reject|insufficient|invalid|unsucc|exceed/i;

/** Whether words are of success, or there are none. */
export const isGood = (reason = ''): boolean =>
	reason === '' || (GOOD.test(reason) && !BAD.test(reason));

/**
 * What an answer says about a refusal or failure, with the request ID of its header if its body has
 * none; `page` holds the words of an answer in no known form.
 */
export function errorInfoOf(
	answer: Answer,
	text: string,
	header: string | undefined,
	redact: (text: string) => string,
): { info: ErrorInfo; page?: string } {
	const { code, reason, requestId }: ErrorInfo =
		answer.kind === 'told' ? answer.info : answer.kind === 'refused' ? answer : {};
	const id = (header && redact(header).slice(0, LONGEST_ID)) || undefined;
	const info = { code, reason, requestId: requestId ?? id };
	const isClear = answer.kind === 'told' || reason !== undefined || code !== undefined;
	return isClear ? { info } : { info, page: pageOf(text, redact) };
}

/** The words of an answer of whatever form, shortened; `undefined` if there are none. */
export function pageOf(text: string, redact: (text: string) => string): string | undefined {
	const head = text.slice(0, READ_CHARACTERS);
	const json = parseJson(head, redact);
	if (typeof json === 'string') return readPageText(json);
	if (json === null || typeof json === 'boolean') return undefined;
	if (json !== undefined) return readErrorInfo(json).reason ?? readPageText(redact(head));
	// The beginning of truncated JSON says nothing to the user.
	return /^\s*[{[]/.test(head) ? undefined : readPageText(redact(head));
}

/** The HTTP status of a refusal inside HTTP 200: in an envelope, or as (the beginning of) its code. */
function hiddenStatus(body: Readonly<Record<string, unknown>>): number | undefined {
	const { status, statusCode, code } = body;
	const envelope = isRecord(status) ? status.code : status;
	return [envelope, statusCode, code]
		.map((one) => /^[45]\d\d(?=\d\d$|$)/.exec(typeof one === 'object' ? '' : String(one)))
		.flatMap((match) => (match ? [Number(match[0])] : []))[0];
}
