import { isRecord } from '../../shared/objectPath';
import { readErrorInfo } from './errorInfo';

/** A link, the number under which an image was kept while the answer arrived, or why it is missing. */
export type TaskImage = { url: string } | { inline: number } | { missing: string };

/** What a task has made. */
export interface Results {
	images: TaskImage[];
	texts: string[];
	/** How many results were left out, since no task makes so many. */
	leftOut: number;
}

/** No model makes more than 15. */
const MOST_RESULTS = 100;
/** Keys of an answer that hold results; the first one is documented. */
const OUTPUTS = ['output', 'outputs', 'result', 'results', 'content', 'images'] as const;
/** Keys that hold a file; the images inside an answer are under the first ones. */
const FILES = ['b64_json', 'base64', 'url', 'image', 'image_url', 'video_url', 'audio_url'];
/** Keys of objects that are no results. */
const NO_RESULTS = new Set(['error', 'errors', 'input', 'logs', 'metadata', 'params', 'usage']);
/** Stands for an image that was kept while the answer arrived. */
const INLINE = /^inline:(-?\d+)$/;

/** What stands in the answer's text for an image that was kept under a number. */
export const inlineMark = (number: number): string => `inline:${number}`;

const isText = (value: unknown): value is string =>
	typeof value === 'string' && value.trim() !== '';

function fileOf(text: string): TaskImage | undefined {
	const number = INLINE.exec(text)?.[1];
	if (number !== undefined) return { inline: Number(number) };
	return /^https?:\/\//i.test(text) ? { url: text } : undefined;
}

interface Imageless {
	imageless: Readonly<Record<string, unknown>>;
}

function missingReason(entry: Readonly<Record<string, unknown>>): string {
	const { reason, code } = readErrorInfo(entry);
	const word = [entry.status, entry.finish_reason].find(isText);
	return reason ?? code ?? word?.slice(0, 100) ?? 'no reason was given';
}

const standsForImage = ({ type, error }: Readonly<Record<string, unknown>>): boolean =>
	type === 'image' || (error !== undefined && error !== null);

/** The results in an output of any form: groups, one object, a list of links, … */
function* resultsIn(value: unknown): Generator<TaskImage | { text: string } | Imageless> {
	if (typeof value === 'string') {
		const file = fileOf(value);
		if (file) yield file;
	}
	if (Array.isArray(value)) {
		for (const entry of value) yield* resultsIn(entry);
		return;
	}
	if (!isRecord(value)) return;
	const { text } = value;
	const texts = FILES.map((key) => value[key]).filter(isText);
	const [other] = texts;
	const files = texts.flatMap((one) => fileOf(one) ?? []);
	const file = files.find((one) => 'inline' in one) ?? files[0] ?? (other && { url: other });
	if (file) yield file;
	if (isText(text)) yield { text };
	let isEmpty = !file && !isText(text);
	for (const [key, inner] of isEmpty ? Object.entries(value) : []) {
		if (typeof inner !== 'object' || NO_RESULTS.has(key)) continue;
		for (const result of resultsIn(inner)) {
			isEmpty = false;
			yield result;
		}
	}
	if (isEmpty && standsForImage(value)) yield { imageless: value };
}

/** Reads what a task has made, in every form that is known. */
export function readResults(body: Readonly<Record<string, unknown>>): Results {
	const output = OUTPUTS.map((key) => body[key]).find(
		(value) => value !== undefined && value !== null,
	);
	const results: Results = { images: [], texts: [], leftOut: 0 };
	for (const result of resultsIn(output)) {
		if (results.images.length + results.texts.length >= MOST_RESULTS) results.leftOut += 1;
		else if ('text' in result) results.texts.push(result.text);
		else if ('imageless' in result) {
			results.images.push({ missing: missingReason(result.imageless) });
		} else results.images.push(result);
	}
	return results;
}
