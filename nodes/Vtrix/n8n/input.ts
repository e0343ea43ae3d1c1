import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { IMAGES_LABEL } from '../core/definition/inputImages';
import type { Issue } from '../core/issues';
import { toFieldName, type Model } from '../core/definition/model';
import { isUnset } from '../core/definition/parameters';
import type { InputImageSource, RawParameters } from '../core/request/parseRequest';
import { findModel } from '../models';

const collectionSchema = z.record(z.string(), z.unknown()).catch({});

const rowSchema = z.object({
	source: z.unknown(),
	fieldName: z.unknown(),
	url: z.unknown(),
	refType: z.unknown(),
});
const rowsSchema = z.union([z.array(rowSchema), rowSchema.transform((row) => [row])]).catch([]);

/** What an item's fields say, before it is checked. */
export interface ItemParameters {
	model: Model;
	values: RawParameters;
	issues: Issue[];
	/** What was left out of the request, as sentences. */
	warnings: string[];
}

/** The Options collection of an item. */
export const readCollection = (context: IExecuteFunctions, itemIndex: number) =>
	collectionSchema.parse(context.getNodeParameter('options', itemIndex, {}));

/**
 * Reads what the user set for an item by walking its model's declaration: what another model left
 * behind in the fields is not looked at.
 */
export function readParameters(
	context: IExecuteFunctions,
	itemIndex: number,
): ItemParameters | Issue {
	const read = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	const id = read('model');
	const model = findModel(id);
	if (!model) {
		return {
			label: 'Model',
			value: id,
			message:
				"is not one of the models. Choose one from the list, or 'Custom Model' for another ID.",
		};
	}
	const options = readCollection(context, itemIndex);
	const parameters = Object.fromEntries(
		Object.entries(model.parameters).map(([name, { required }]) => {
			const field = toFieldName(name);
			return [name, required ? read(field) : options[field]];
		}),
	);
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const images = model.images ? readImageRows(read('inputImages.image'), issues, warnings) : [];
	const size = model.size
		? { size: read('size'), width: read('width'), height: read('height') }
		: { size: undefined, width: undefined, height: undefined };
	return { model, values: { parameters, size, images }, issues, warnings };
}

/** The images that the rows name, in their order; an empty row names none. */
function readImageRows(rows: unknown, issues: Issue[], warnings: string[]): InputImageSource[] {
	return rowsSchema.parse(rows ?? []).flatMap((row) => {
		const source = isUnset(row.source) ? 'file' : row.source;
		if (source !== 'file' && source !== 'url') {
			issues.push({
				label: `${IMAGES_LABEL}, Source`,
				value: source,
				message: 'is not one of the options. Use file or url.',
			});
			return [];
		}
		const images = source === 'url' ? linksOf(row.url) : filesOf(row.fieldName);
		if (images.length === 0) {
			warnings.push(`A row of '${IMAGES_LABEL}' is empty, so the request goes without it.`);
		}
		return isUnset(row.refType)
			? images
			: images.map((image) => ({ ...image, referenceType: row.refType }));
	});
}

const linksOf = (value: unknown): InputImageSource[] => splitUrls(value).map((url) => ({ url }));

const filesOf = (value: unknown): InputImageSource[] =>
	splitNames(value).map((binaryPropertyName) => ({ binaryPropertyName }));

const textsOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value])
		.filter((entry) => !isUnset(entry))
		.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));

const splitNames = (value: unknown): string[] =>
	textsOf(value)
		.flatMap((text) => text.split(','))
		.map((name) => name.trim())
		.filter(Boolean);

// A comma may stand inside a URL: only one before another address separates.
const splitUrls = (value: unknown): string[] =>
	textsOf(value)
		.flatMap((text) => text.split(/\s*,\s*(?=https?:\/\/)|[\r\n]+/i))
		.map((url) => url.trim().replace(/,$/, ''))
		.filter(Boolean);
