import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { IMAGES_LABEL } from '../core/definition/inputImages';
import { isUnset } from '../core/definition/parameters';
import type { Issue } from '../core/issues';
import { isRecord } from '../core/objectPath';
import type { InputImageSource } from '../core/request/parseRequest';
import { readField, type FieldValue } from './expressions';
import type { FieldEntry } from './fieldEntries';
import { readFiles, type NamedFile } from './fileEntries';
import { itemFiles, type ItemFiles } from './itemFiles';
import { readLinks, type Link } from './linkEntries';

/** An input image as a row names it, before its content is looked at. */
export type RowImage = InputImageSource<NamedFile>;

/** What the rows of input images name. */
export interface ImageRows {
	/** In the order of the rows. */
	images: RowImage[];
	issues: Issue[];
	/** What is left out of the request, or may be meant otherwise, as sentences. */
	warnings: string[];
}

const FIELD = 'inputImages.image';

const rowSchema = z.record(z.string(), z.unknown());
const rowsSchema = z.union([z.array(rowSchema), rowSchema.transform((row) => [row])]);

/** Reads the images that an item's rows name, in their order; an empty row names none. */
export function readImageRows(context: IExecuteFunctions, itemIndex: number): ImageRows {
	const raw: unknown = context.getNodeParameter(FIELD, itemIndex, null, { rawExpressions: true });
	const read: unknown = context.getNodeParameter(FIELD, itemIndex, null);
	const all = readField(context, itemIndex, raw, read);
	const files = itemFiles(context, itemIndex);
	const fields = Object.keys(context.getInputData()[itemIndex]?.json ?? {});
	const nothing = (label: string, expression: string): Issue => ({
		label,
		message: givesNothing(expression, expression.includes('binary') ? files.names : fields),
	});
	if (all.value === undefined && all.expression !== undefined) {
		return { images: [], issues: [nothing(`${IMAGES_LABEL}:`, all.expression)], warnings: [] };
	}
	const rows = rowsSchema.safeParse(all.value ?? []);
	if (!rows.success) {
		const message = 'is not a list of images. Add them as rows, or give a list of objects.';
		const issue = { label: IMAGES_LABEL, value: all.value, message };
		return { images: [], issues: [issue], warnings: [] };
	}
	const rawRows: unknown[] = Array.isArray(raw) ? raw : [raw];
	const results = rows.data.map((row, index) => {
		const rawRow = rawRows[index];
		const label = `${IMAGES_LABEL}, row ${index + 1}:`;
		return readRow({
			field: (name) =>
				readField(context, itemIndex, isRecord(rawRow) ? rawRow[name] : undefined, row[name]),
			files,
			nothing: (expression) => nothing(label, expression),
		});
	});
	return {
		images: results.flatMap(({ images }) => images),
		issues: results.flatMap(({ issues }) => issues),
		warnings: results.flatMap(({ warnings }) => warnings),
	};
}

/** One row, and what its reading needs. */
interface Row {
	field: (name: string) => FieldValue;
	files: ItemFiles;
	/** The issue of an expression that gives nothing. */
	nothing: (expression: string) => Issue;
}

function readRow({ field, files, nothing }: Row): ImageRows {
	const source = field('source');
	if (source.value === undefined && source.expression !== undefined) {
		return { images: [], issues: [nothing(source.expression)], warnings: [] };
	}
	const chosen = isUnset(source.value) ? 'file' : source.value;
	if (chosen !== 'file' && chosen !== 'url') {
		const issue = {
			label: `${IMAGES_LABEL}, Source`,
			value: chosen,
			message: 'is not one of the options. Use file or url.',
		};
		return { images: [], issues: [issue], warnings: [] };
	}
	const given = field(chosen === 'file' ? 'fieldName' : 'url');
	const gaps = given.value === undefined && given.expression ? [given.expression] : given.gaps;
	if (gaps.length > 0) {
		return { images: [{ refused: true }], issues: gaps.map(nothing), warnings: [] };
	}
	const entries: Array<FieldEntry<NamedFile | Link>> =
		chosen === 'file' ? readFiles(given.value, files) : readLinks(given.value);
	const { value: referenceType } = field('refType');
	return fromEntries(entries, {
		reference: isUnset(referenceType) ? {} : { referenceType },
		undefinedEntry: nothing(given.expression ?? 'in it'),
	});
}

function fromEntries(
	entries: ReadonlyArray<FieldEntry<NamedFile | Link>>,
	{ reference, undefinedEntry }: { reference: { referenceType?: unknown }; undefinedEntry: Issue },
): ImageRows {
	const images: RowImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	for (const entry of entries) {
		switch (entry.kind) {
			case 'image': {
				const { image } = entry;
				if ('isAmbiguous' in image && image.isAmbiguous) {
					warnings.push(
						`A URL of '${IMAGES_LABEL}' holds ",https://" and goes as one. If it is meant as several, put each on a line of its own.`,
					);
				}
				images.push('url' in image ? { url: image.url, ...reference } : { ...image, ...reference });
				break;
			}
			case 'wrong':
				images.push({ refused: true });
				issues.push({ label: IMAGES_LABEL, value: entry.value, message: entry.message });
				break;
			case 'undefined':
				images.push({ refused: true });
				issues.push(undefinedEntry);
				break;
			case 'none':
		}
	}
	return { images, issues, warnings };
}

const LISTED = 10;
const LONGEST_EXPRESSION = 100;

/** Why an expression that gives nothing is refused, with what the item has instead. */
function givesNothing(expression: string, there: readonly string[]): string {
	const shown =
		expression.length > LONGEST_EXPRESSION
			? `${expression.slice(0, LONGEST_EXPRESSION)}…`
			: expression;
	const names = there.slice(0, LISTED).map((name) => `'${name}'`);
	const has = names.length === 0 ? '' : ` The item has ${names.join(', ')}.`;
	return `the expression ${shown} gives nothing for this item.${has} Correct the expression, or let it give null where no image is wanted.`;
}
