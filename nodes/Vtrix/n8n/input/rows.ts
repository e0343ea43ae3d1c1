import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Issue } from '../../core/shared/issues';
import { readField, type FieldValue } from './expressions';
import type { FieldEntry } from './fieldEntries';
import { expressionIssue, type ItemFiles } from './itemFiles';

const rowSchema = z.record(z.string(), z.unknown());
const rowsSchema = z
	.union([
		// a single field with modes instead of rows; its mode is what a row calls source
		z
			.object({ __rl: z.literal(true), mode: z.unknown(), value: z.unknown() })
			.transform(({ mode, value }) => [{ source: mode, fieldName: value, url: value }]),
		z.array(rowSchema),
		rowSchema.transform((row) => [row]),
	])
	.catch([]);

/** Reads a field of a row. */
type Row = (name: string) => FieldValue;

/** The rows that a collection, or a single field in its place, holds for an item. */
export function readRows(context: IExecuteFunctions, itemIndex: number, path: string): Row[] {
	const read = (rawExpressions: boolean): Array<Record<string, unknown>> =>
		rowsSchema.parse(context.getNodeParameter(path, itemIndex, null, { rawExpressions }));
	const raw = read(true);
	return read(false).map(
		(row, index) => (name) => readField(context, itemIndex, raw[index]?.[name], row[name]),
	);
}

/** Where a field stands, for what is wrong with it. */
export interface Place {
	label: string;
	/** The label with the number of the row, if there are several. */
	row: string;
	/** What it names. */
	what: 'image' | 'file';
	/** Those of the item. */
	files: ItemFiles;
}

/** What a field names, in its order. */
interface Named<Value> {
	/** `undefined` stands for one that is rejected. */
	values: Array<Value | undefined>;
	issues: Issue[];
	/** Whether it names nothing, or a list in it has an entry that does not. */
	isEmpty: boolean;
}

/** Reads what a field of a row names; an empty field says that nothing is wanted. */
export function readNamed<Value>(
	{ value, expression = '', gaps }: FieldValue,
	{ label, row, what, files }: Place,
	entriesOf: (value: unknown) => Array<FieldEntry<Value>>,
): Named<Value> {
	const issueOf = (code: string, gives?: string): Issue => ({
		label: `${row}:`,
		message: `${expressionIssue(code, files, gives)} Correct the expression, or let the field give null where no ${what} is wanted.`,
	});
	const gap = 'gives nothing for this item, so that the text around it has a gap';
	const missing =
		value === undefined && expression
			? [issueOf(expression)]
			: gaps.map((code) => issueOf(code, gap));
	if (missing.length > 0) return { values: [undefined], issues: missing, isEmpty: false };
	const entries = entriesOf(value ?? null);
	return {
		values: entries.flatMap((entry) =>
			entry.kind === 'none' ? [] : [entry.kind === 'named' ? entry.named : undefined],
		),
		issues: entries.flatMap((entry) => {
			if (entry.kind === 'wrong') return [{ label, value: entry.value, message: entry.message }];
			if (entry.kind !== 'undefined') return [];
			return [issueOf(expression, 'gives a list in which an entry is undefined for this item')];
		}),
		isEmpty: entries.length === 0 || entries.some(({ kind }) => kind === 'none'),
	};
}
