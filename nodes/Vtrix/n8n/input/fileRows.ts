import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import { isUnset } from '../../core/definition/parameter';
import { PlacedFile } from '../../core/definition/placedFile';
import type { FilePlacement } from '../../core/request/placeFiles';
import type { Issue } from '../../core/shared/issues';
import { FILES_LABEL } from '../form/fileFields';
import { readField } from './expressions';
import { readFiles } from './fileEntries';
import { expressionIssue, itemFiles, type ItemFiles } from './itemFiles';
import type { PlacedFiles } from './jsonFiles';

/** What the rows of files say. */
export interface FileRows {
	placements: FilePlacement[];
	files: PlacedFiles;
	issues: Issue[];
	/** What is left out of the request, as sentences. */
	warnings: string[];
}

const rowSchema = z.record(z.string(), z.unknown());
const rowsSchema = z.union([z.array(rowSchema), rowSchema.transform((row) => [row])]).catch([]);

/** What stands before the base64 by 'Send As'; for a data URI it follows from the file. */
const PREFIXES = new Map<unknown, { prefix?: string }>([
	['dataUri', {}],
	['base64', { prefix: '' }],
]);

/** Reads the rows that put files of the item among its parameters. */
export function readFileRows(context: IExecuteFunctions, itemIndex: number): FileRows {
	const rows = (rawExpressions: boolean) =>
		rowsSchema.parse(
			context.getNodeParameter('inputFiles.file', itemIndex, null, { rawExpressions }),
		);
	const read: FileRows = { placements: [], files: new Map(), issues: [], warnings: [] };
	const raw = rows(true);
	const own = itemFiles(context, itemIndex);
	for (const [index, row] of rows(false).entries()) {
		const label = `${FILES_LABEL}, row ${index + 1}`;
		const field = readField(context, itemIndex, raw[index]?.fieldName, row.fieldName);
		const sendAs = isUnset(row.sendAs) ? 'dataUri' : row.sendAs;
		const sending = PREFIXES.get(sendAs);
		const path = typeof row.parameter === 'string' ? row.parameter.trim() : '';
		if (!sending) {
			const message = 'is not one of the options. Use dataUri or base64.';
			read.issues.push({ label: `${label}, Send As`, value: sendAs, message });
		} else if (path === '') {
			const message = 'is empty. Enter which parameter takes the file, such as image_url.';
			read.issues.push({ label: `${label}, Parameter`, message });
		} else {
			const placed = placeField(read, { label, field, own, ...sending });
			if (placed.length > 0) read.placements.push({ label, path, files: placed });
		}
	}
	return read;
}

interface Place {
	label: string;
	field: ReturnType<typeof readField>;
	own: ItemFiles;
	prefix?: string;
}

function placeField(
	{ files, issues, warnings }: FileRows,
	{ label, field, own, prefix }: Place,
): PlacedFile[] {
	const { value, expression, gaps } = field;
	const missing = value === undefined && expression !== undefined ? [expression] : gaps;
	for (const code of missing) {
		const message = `${expressionIssue(code, own)} Correct the expression, or let the field give null where no file is wanted.`;
		issues.push({ label: `${label}:`, message });
	}
	if (missing.length > 0) return [];
	const entries = readFiles(value ?? null, own);
	const placed: PlacedFile[] = [];
	for (const entry of entries) {
		if (entry.kind === 'named') {
			const file = new PlacedFile(prefix);
			files.set(file, entry.named);
			placed.push(file);
		} else if (entry.kind === 'wrong') {
			issues.push({ label, value: entry.value, message: entry.message });
		} else if (entry.kind === 'undefined') {
			const gives = 'gives a list in which an entry is undefined for this item';
			issues.push({
				label: `${label}:`,
				message: expressionIssue(expression ?? '', own, gives),
			});
		} else {
			warnings.push(`${label} names no file, so the request goes without it.`);
		}
	}
	return placed;
}
