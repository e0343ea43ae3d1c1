import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import { imagesLabel, type InputImages } from '../../core/definition/inputImages';
import { isUnset } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import type { InputImageSource } from '../../core/request/parseRequest';
import { readField, type FieldValue } from './expressions';
import type { FieldEntry } from './fieldEntries';
import { readFiles, type NamedFile } from './fileEntries';
import { expressionIssue, itemFiles, type ItemFiles } from './itemFiles';
import { readLinks, type Link } from './linkEntries';

/** An input image as a row names it, before its content is read. */
export type RowImage = InputImageSource<NamedFile>;

/** What the rows of input images name. */
export interface ImageRows {
	/** In the order of the rows. */
	images: RowImage[];
	issues: Issue[];
	/** What is left out of the request, or may be meant differently, as sentences. */
	warnings: string[];
}

const rowSchema = z.record(z.string(), z.unknown());
const rowsSchema = z.union([z.array(rowSchema), rowSchema.transform((row) => [row])]).catch([]);
/** The one image of a model that takes no more; its mode is what a row calls source. */
const singleSchema = z
	.object({ __rl: z.literal(true), mode: z.unknown(), value: z.unknown() })
	.transform(({ mode, value }) => [{ source: mode, fieldName: value, url: value }]);

/** Reads the images that an item's rows name, in their order; an empty row names none. */
export function readImageRows(
	context: IExecuteFunctions,
	itemIndex: number,
	limits: InputImages,
): ImageRows {
	const label = imagesLabel(limits);
	const get = (name: string, rawExpressions: boolean): unknown =>
		context.getNodeParameter(name, itemIndex, null, { rawExpressions });
	const isSingle = singleSchema.safeParse(get('inputImage', true)).success;
	const read = (rawExpressions: boolean): Array<Record<string, unknown>> =>
		isSingle
			? singleSchema.parse(get('inputImage', rawExpressions))
			: rowsSchema.parse(get('inputImages.image', rawExpressions));
	const files = itemFiles(context, itemIndex);
	const rawRows = read(true);
	const results = read(false).map((row, index) =>
		readRow({
			field: (name) => readField(context, itemIndex, rawRows[index]?.[name], row[name]),
			files,
			label,
			nothing: (expression, gives) => ({
				label: isSingle ? `${label}:` : `${label}, row ${index + 1}:`,
				message: `${expressionIssue(expression, files, gives)} Correct the expression, or let the field give null where no image is wanted.`,
			}),
		}),
	);
	return {
		images: results.flatMap(({ images }) => images),
		issues: results.flatMap(({ issues }) => issues),
		warnings: results.flatMap(({ warnings }) => warnings),
	};
}

/** One row, with what reading it needs. */
interface Row {
	field: (name: string) => FieldValue;
	files: ItemFiles;
	/** Label of the field that the row belongs to. */
	label: string;
	/** The issue of an expression that gives nothing, or of what else it gives. */
	nothing: (expression: string, gives?: string) => Issue;
}

function readRow({ field, files, label, nothing }: Row): ImageRows {
	const source = field('source');
	if (source.value === undefined && source.expression !== undefined) {
		return refusal([nothing(source.expression)]);
	}
	const chosen = isUnset(source.value) ? 'file' : source.value;
	if (chosen !== 'file' && chosen !== 'url') {
		const message = 'is not one of the options. Use file or url.';
		return refusal([{ label: `${label}, Source`, value: chosen, message }]);
	}
	const given = field(chosen === 'file' ? 'fieldName' : 'url');
	if (given.value === undefined && given.expression !== undefined) {
		return refusal([nothing(given.expression)]);
	}
	if (given.gaps.length > 0) {
		const gives = 'gives nothing for this item, so that the text around it has a gap';
		return refusal(given.gaps.map((expression) => nothing(expression, gives)));
	}
	// An empty field means that no image is wanted.
	const value = given.value ?? null;
	const entries: Array<FieldEntry<NamedFile | Link>> =
		chosen === 'file' ? readFiles(value, files) : readLinks(value);
	const { value: referenceType } = field('refType');
	return fromEntries(entries, {
		label,
		reference: isUnset(referenceType) ? {} : { referenceType },
		undefinedEntry: nothing(
			given.expression ?? '',
			'gives a list in which an entry is undefined for this item',
		),
	});
}

/** A row that is refused as a whole. */
const refusal = (issues: Issue[]): ImageRows => ({
	images: [{ rejected: true }],
	issues,
	warnings: [],
});

function fromEntries(
	entries: ReadonlyArray<FieldEntry<NamedFile | Link>>,
	{
		label,
		reference,
		undefinedEntry,
	}: { label: string; reference: { referenceType?: unknown }; undefinedEntry: Issue },
): ImageRows {
	const images: RowImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	for (const entry of entries) {
		switch (entry.kind) {
			case 'named': {
				const { named: image } = entry;
				if ('inside' in image) {
					warnings.push(
						`A URL of '${label}' holds "${image.inside}" and goes as one. If it is meant as several, put each on a line of its own.`,
					);
				}
				images.push('url' in image ? { url: image.url, ...reference } : { ...image, ...reference });
				break;
			}
			case 'wrong':
				images.push({ rejected: true, ...reference });
				issues.push({ label, value: entry.value, message: entry.message });
				break;
			case 'undefined':
				images.push({ rejected: true });
				issues.push(undefinedEntry);
				break;
			case 'none':
		}
	}
	if (entries.length === 0 || entries.some(({ kind }) => kind === 'none')) {
		warnings.push(
			images.length === 0
				? `A row of '${label}' is empty, so the request goes without it.`
				: `A list of '${label}' has an empty entry, so the request goes without that.`,
		);
	}
	return { images, issues, warnings };
}
