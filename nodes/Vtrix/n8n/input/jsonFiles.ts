import type { IExecuteFunctions } from 'n8n-workflow';
import { PlacedFile } from '../../core/definition/placedFile';
import { parseExactJson } from '../../core/shared/exactJson';
import type { Issue } from '../../core/shared/issues';
import { isRecord } from '../../core/shared/objectPath';
import type { Setting } from './expressionChecks';
import { OBJECT_AS_TEXT, readField } from './expressions';
import { BESIDE_TEXT } from './fieldEntries';
import { givenFile, type NamedFile } from './fileEntries';
import { isFileObject, isStoreId, isWholeFileObject, isWithoutContent } from './fileObjects';
import { asksForFiles, expressionIssue, itemFiles, type ItemFiles } from './itemFiles';
import { markFiles, readMark, type Marked } from './markedText';

/** The files that stand among an item's parameters, each where its place is. */
export type PlacedFiles = Map<PlacedFile, NamedFile>;

/** Parameters as JSON, with places for the files that they hold. */
interface JsonWithFiles {
	/** Text as it was, if there is no file in it. */
	value: unknown;
	/** What n8n's expressions made, with marks for files. */
	text: unknown;
	files: PlacedFiles;
	issues: Issue[];
}

/** Reads parameters as JSON, and finds the files of n8n in them. */
export function readJson(
	context: IExecuteFunctions,
	itemIndex: number,
	{ label, path, value }: Setting,
): JsonWithFiles {
	const raw = context.getNodeParameter(path, itemIndex, null, { rawExpressions: true });
	const { value: given, expression = '' } = readField(context, itemIndex, raw, value);
	const isText = typeof given === 'string';
	const mayHoldFiles = isText && (asksForFiles(expression) || given.includes(OBJECT_AS_TEXT));
	const { text, marked, missing } =
		mayHoldFiles && expression
			? markFiles(context, itemIndex, expression)
			: { text: given, marked: [], missing: [] };
	const reading: Reading = {
		label,
		expression,
		marked,
		itemFiles: itemFiles(context, itemIndex),
		files: new Map(),
		issues: [],
	};
	const isMissing = given === undefined && asksForFiles(expression);
	for (const code of isMissing ? [expression] : missing) rejectMissing(reading, code);
	const { files, issues } = reading;
	// What is rejected already must not be told to be empty as well.
	const read = isMissing ? new PlacedFile() : placeFiles(reading, text);
	return { value: read, text, files, issues };
}

/** What reading an item's parameters goes by, and what it finds. */
interface Reading {
	label: string;
	/** Empty if the field holds none. */
	expression: string;
	marked: readonly Marked[];
	itemFiles: ItemFiles;
	files: PlacedFiles;
	issues: Issue[];
}

const rejectMissing = (reading: Reading, expression: string, where = ''): void => {
	reading.issues.push({
		label: `${reading.label}${where}:`,
		message: `${expressionIssue(expression, reading.itemFiles)} Correct the expression, or let it give null where no file is wanted.`,
	});
};

/** What a text has that holds a file of n8n. */
const HINT_OF_FILE = /filesystem|binary_data|database:[\da-f]|"mimeType"|\ue001/i;

/** The parameters with their files as places; text as it is if it holds none. */
function placeFiles(reading: Reading, given: unknown): unknown {
	if (typeof given !== 'string') return place(reading, given, []);
	if (!asksForFiles(reading.expression) && !HINT_OF_FILE.test(given)) return given;
	try {
		const placed = place(reading, parseExactJson(given), []);
		// A prompt may be JSON and still is to be sent as text.
		return reading.files.size > 0 || reading.marked.length > 0 ? placed : given;
	} catch {
		return placeText(reading, given, []);
	}
}

function place(reading: Reading, value: unknown, way: readonly string[]): unknown {
	if (typeof value === 'string') return placeText(reading, value, way);
	if (isFile(reading, value)) return placeFile(reading, value, undefined);
	if (Array.isArray(value)) {
		return value.map((inner: unknown, index) => {
			if (inner === undefined && asksForFiles(reading.expression)) {
				rejectMissing(reading, reading.expression, inWords([...way, `[${index}]`]));
			}
			return place(reading, inner, [...way, `[${index}]`]);
		});
	}
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => {
			if (inner === undefined && isMeantAsFile(reading.expression, key)) {
				rejectMissing(reading, reading.expression, inWords([...way, key]));
			}
			return [key, place(reading, inner, [...way, key])];
		}),
	);
}

/** `, image_url.url`: where something stands, behind the field's label. */
const inWords = (way: readonly string[]): string =>
	way.length === 0 ? '' : `, ${way.join('.').replaceAll('.[', '[')}`;

/** Whether an object literal in an expression sets a key to a file. */
const isMeantAsFile = (expression: string, key: string): boolean =>
	expression
		.split(/[,{}]/)
		.some((part) => part.replace(/["'\s]/g, '').startsWith(`${key}:`) && asksForFiles(part));

/** Whether a value is a file of n8n: a whole one, or what an expression gives of one of the item's. */
const isFile = (
	{ expression, itemFiles: { names, find } }: Reading,
	value: unknown,
): value is Record<string, unknown> =>
	isWholeFileObject(value) ||
	(isFileObject(value) &&
		asksForFiles(expression) &&
		names.some((name) => isWithoutContent(value, find(name))));

function placeFile(
	{ label, itemFiles: own, files, issues }: Reading,
	file: Record<string, unknown>,
	prefix: string | undefined,
): unknown {
	const placed = new PlacedFile(prefix);
	const entry = givenFile(file, own);
	if (entry.kind === 'named') files.set(placed, entry.named);
	else issues.push({ label, value: entry.value, message: entry.message });
	return placed;
}

const DATA_URI_HEAD = /^data:[\w/+.;=-]*;base64,$/;

function placeText(reading: Reading, text: string, way: readonly string[]): unknown {
	const { label, marked, itemFiles: own, issues } = reading;
	const mark = readMark(text, marked);
	if (mark) {
		const { value, isBase64, before, behind } = mark;
		const file = isFile(reading, value) ? value : undefined;
		if (behind === '' && (before === '' || (file && DATA_URI_HEAD.test(before)))) {
			if (!file) return place(reading, value, way);
			return placeFile(reading, file, before || (isBase64 ? '' : undefined));
		}
		issues.push({ label: `${label}${inWords(way)}:`, message: `a file ${BESIDE_TEXT}` });
		return text;
	}
	if (!isStoreId(text)) return text;
	const known = own.names.map(own.find).find((file) => isRecord(file) && file.id === text);
	if (isRecord(known)) return placeFile(reading, known, undefined);
	issues.push({
		label: `${label}${inWords(way)}`,
		value: text,
		message:
			"is n8n's own name for a file, which the service cannot open. Use the file itself, such as {{ $binary.data }}, or add it under 'Files'.",
	});
	return text;
}
