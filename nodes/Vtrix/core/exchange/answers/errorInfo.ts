import { isRecord } from '../../shared/objectPath';

/** Why an answer is not what was asked for, as far as it says. */
export interface ErrorInfo {
	code?: string;
	reason?: string;
	/** The service's own id of the request. */
	requestId?: string;
}

const LONGEST_REASON = 500;
const LONGEST_CODE = 100;
const MOST_TEXTS = 10;
const DEEPEST = 4;
/** Lines shown of a log: the last ones name the failure. */
const LOG_LINES = 3;
const LONGEST_LOG = 10_000;

/** Query parameters that sign an address; a reason may quote the address of an input image. */
const SIGNED =
	/([?&;][\w-]{0,60}?(?:sig|token|credential|secret|password)[\w-]{0,60}=)[^&;\s"'<>]+/gi;

/** Keys that hold a reason, in the API's form and in those of common gateways. */
const REASONS = [
	'error',
	'errors',
	'error_message',
	'provider_error',
	'error_type',
	'errorMessage',
	'err',
	'failure',
	'failure_reason',
	'fail_reason',
	'message',
	'msg',
	'error_msg',
	'status_msg',
	'detail',
	'details',
	'reason',
	'error_description',
	'description',
	'title',
] as const;
const CODES = ['error_code', 'errorCode', 'code'] as const;
const REQUEST_IDS = ['request_id', 'requestId', 'x-request-id'] as const;
const NO_FIELDS: ReadonlySet<string> = new Set([...CODES, ...REQUEST_IDS, 'type']);
const FAILURES = [
	'error',
	'errors',
	'err',
	'error_message',
	'error_msg',
	'provider_error',
	'error_type',
	'failure',
	'failure_reason',
	'fail_reason',
] as const;

const isWord = (value: unknown): value is string | number =>
	(typeof value === 'string' && value.trim() !== '') || typeof value === 'number';

const firstWord = (value: unknown, keys: readonly string[]): string | undefined =>
	isRecord(value)
		? keys
				.map((key) => value[key])
				.filter(isWord)
				.map(String)[0]
		: undefined;

const isCode = (text: string): boolean => /^\d+$/.test(text);

/** The words in a value, whatever its form: a text, a list, or an object that names them. */
function* wordsIn(value: unknown, depth = 0): Generator<string> {
	if (isWord(value)) {
		const text = String(value);
		if (!isCode(text)) yield text;
		return;
	}
	if (depth > DEEPEST) return;
	if (Array.isArray(value)) {
		for (const entry of value.slice(0, MOST_TEXTS)) yield* wordsIn(entry, depth + 1);
		return;
	}
	if (!isRecord(value)) return;
	// Validation errors name the field as a path: ["body", "input", 0, "params", "size"].
	const field = Array.isArray(value.loc) ? value.loc.filter(isWord).at(-1) : undefined;
	let isSilent = true;
	for (const key of REASONS) {
		for (const text of wordsIn(value[key], depth + 1)) {
			isSilent = false;
			yield field === undefined ? text : `${field}: ${text}`;
		}
	}
	if (!isSilent || depth === 0) return;
	// Others are an object of fields: {"size": ["is too large"]}.
	const fields = Object.keys(value).slice(0, 2 * MOST_TEXTS);
	for (const key of fields.filter((name) => !NO_FIELDS.has(name))) {
		for (const text of wordsIn(value[key], depth + 1)) yield `${key}: ${text}`;
	}
}

function textsIn(value: unknown): string[] {
	const texts: string[] = [];
	for (const text of wordsIn(value)) {
		texts.push(shorten(text, LONGEST_REASON));
		if (texts.length >= MOST_TEXTS) break;
	}
	return texts;
}

const logText = (logs: unknown): string =>
	(Array.isArray(logs) ? logs.slice(-LOG_LINES) : [logs])
		.flatMap((entry) => [...wordsIn(entry)].slice(0, MOST_TEXTS))
		.flatMap((text) => text.slice(-LONGEST_LOG).split(/[\r\n]/))
		.filter((line) => line.trim() !== '')
		.slice(-LOG_LINES)
		.join(' / ');

/** Makes a text fit to be shown. It is cut before it is searched, so that a long one takes no longer. */
const shorten = (text: string, longest: number): string => {
	const head = text.slice(0, 4 * longest);
	const line = head.replace(/\s+/g, ' ').replace(SIGNED, '$1…').trim();
	return line.length > longest || head.length < text.length ? `${line.slice(0, longest)}…` : line;
};

function codeOf(body: Readonly<Record<string, unknown>>): string | undefined {
	const { status, error, provider_error: providerError, detail } = body;
	const inError = firstWord(error, [...CODES, 'type']);
	const bare = [error, providerError].filter(isWord).map(String).find(isCode);
	return (
		firstWord(status, CODES) ??
		inError ??
		bare ??
		firstWord(providerError, CODES) ??
		firstWord(detail, CODES) ??
		firstWord(body, CODES)
	);
}

/** Reads what an answer says about a refusal or a failure, in every known form. */
export function readErrorInfo(body: unknown): ErrorInfo {
	if (!isRecord(body)) return {};
	const { status, error, logs } = body;
	const texts = [
		...(isRecord(status) ? textsIn(status) : []),
		...textsIn(body),
		logText(logs),
	].filter(Boolean);
	const code = codeOf(body);
	const reason = [...new Set(texts)].join('; ');
	const requestId = [body, status, error]
		.map((part) => firstWord(part, REQUEST_IDS))
		.find((id) => id !== undefined);
	return {
		...(code !== undefined && { code: shorten(code, LONGEST_CODE) }),
		...(reason && { reason: shorten(reason, LONGEST_REASON) }),
		...(requestId !== undefined && { requestId: shorten(requestId, LONGEST_CODE) }),
	};
}

/** Whether an answer names a failure, whatever else it holds. */
export const hasErrorInfo = (body: Readonly<Record<string, unknown>>): boolean => {
	const { code, reason } = readErrorInfo(
		Object.fromEntries(FAILURES.map((key) => [key, body[key]])),
	);
	return reason !== undefined || (code !== undefined && !isSuccessCode(code));
};

/** Gateways tell success by a code too: `0`, `200`, `ok`. */
export const isSuccessCode = (code: string): boolean =>
	/^(0+|2\d\d|success(ful)?|succeeded|ok|none)$/i.test(code);

const decode = (html: string): string =>
	html
		.replace(/&nbsp;|&#160;/gi, ' ')
		.replace(/&amp;/gi, '&')
		.replace(/&#39;|&apos;/gi, "'")
		.replace(/&quot;/gi, '"');

const LONGEST_PAGE = 200;

/**
 * The words of an answer in no known form: an HTML page such as "502 Bad Gateway", whose title says
 * most, or other JSON.
 */
export function readPageText(text: string): string | undefined {
	const [, title = ''] = /<title[^>]{0,200}>([^<]+)/i.exec(text) ?? [];
	const [, heading = ''] = /<h1[^>]{0,200}>([^<]+)/i.exec(text) ?? [];
	const words = text
		.replace(/<(script|style|head)\b.*?(<\/\1\s*>|$)/gis, ' ')
		.replace(/<[^>]*(>|$)/g, ' ');
	const said = [title, heading, words]
		.map((part) => decode(part).replace(/[^\p{L}\p{N}\p{P}\p{Sc}\p{Zs}+=|]+/gu, ' '))
		.find((part) => /\p{L}/u.test(part));
	return said && (shorten(said.trim().replace(/^"(.*)"$/, '$1'), LONGEST_PAGE) || undefined);
}

/** `code 40201, request ID abc`; the code is left out where it only repeats the HTTP status. */
export const formatReferences = ({ code, requestId }: ErrorInfo, httpStatus?: number): string =>
	[code && code !== String(httpStatus) && `code ${code}`, requestId && `request ID ${requestId}`]
		.filter(Boolean)
		.join(', ');
