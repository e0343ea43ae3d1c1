import { isRecord } from '../../../test/standin/validation/checks';
import { readTask } from './readTask';

/** A refusal, read as leniently as can be. */
export interface RefusalReading {
	/** HTTP status, or the one that stands inside HTTP 200. */
	status: number;
	/** The service's own words, if it found any. */
	message: string;
	/** Its own number or word for it. */
	code?: string;
	/** Whether it came as HTTP 200. */
	hidden: boolean;
}

const wordOf = (value: unknown): string | undefined =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** The first of these fields that holds a word, in any of these objects. */
const find = (objects: unknown[], names: string[]): string | undefined =>
	objects
		.flatMap((object) => (isRecord(object) ? names.map((name) => wordOf(object[name])) : []))
		.find((word) => word !== undefined && word !== '');

/** Reads an answer as a refusal; `undefined` when it is none. */
export function readRefusal(httpStatus: number, json: unknown): RefusalReading | undefined {
	const body = isRecord(json) ? json : {};
	const objects = [body.status, body.error, body];
	const inner = isRecord(body.status) ? Number(body.status.code) : Number.NaN;
	const hidden = httpStatus < 400 && inner >= 400 && inner < 600;
	if (httpStatus < 400 && !hidden) return undefined;
	const plain = wordOf(body.error) ?? wordOf(body.detail);
	const code = find(objects, ['error_code', 'code']);
	return {
		status: hidden ? inner : httpStatus,
		message: find(objects, ['error_message', 'message']) ?? plain ?? '',
		...(code !== undefined && { code }),
		hidden,
	};
}

/** Whether an answer to a creation made a task. */
export function createdTask(httpStatus: number, json: unknown): boolean {
	return httpStatus < 300 && !readRefusal(httpStatus, json) && readTask(json)?.id !== undefined;
}

/** Whether a refusal says that there is no credit. */
export const isOutOfCredit = ({ status, code, message }: RefusalReading): boolean =>
	status === 402 ||
	/^402\d\d$/.test(code ?? '') ||
	(status === 403 && /balance|credit|insufficient|quota|arrears/i.test(message));
