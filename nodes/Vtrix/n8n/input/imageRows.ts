import type { IExecuteFunctions } from 'n8n-workflow';
import { imagesLabel, type InputImages } from '../../core/definition/inputImages';
import { isUnset } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import type { InputImageSource } from '../../core/request/parseRequest';
import type { FieldEntry } from './fieldEntries';
import { readFiles, type NamedFile } from './fileEntries';
import { itemFiles } from './itemFiles';
import { readLinks, type Link } from './linkEntries';
import { readNamed, readRows, type Place } from './rows';

/** An input image as a row names it, before its content is read. */
export type RowImage = InputImageSource<NamedFile>;

/** Reads the images that an item's rows name, in their order; an empty row names none. */
export function readImageRows(
	context: IExecuteFunctions,
	itemIndex: number,
	limits: InputImages,
): { images: RowImage[]; issues: Issue[]; warnings: string[] } {
	const label = imagesLabel(limits);
	const files = itemFiles(context, itemIndex);
	const single = readRows(context, itemIndex, 'inputImage');
	const isSingle = single.length > 0;
	const rows = isSingle ? single : readRows(context, itemIndex, 'inputImages.image');
	const images: RowImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	for (const [index, field] of rows.entries()) {
		const row = isSingle ? label : `${label}, row ${index + 1}`;
		const place: Place = { label, row, what: 'image', files };
		const { value: referenceType } = field('refType');
		const reference = isUnset(referenceType) ? {} : { referenceType };
		const source = readNamed(field('source'), { ...place, label: `${label}, Source` }, sourceOf);
		const [from] = source.values;
		const named = from
			? readNamed<NamedFile | Link>(field(FIELDS[from]), place, (value) =>
					from === 'file' ? readFiles(value, files) : readLinks(value),
				)
			: { ...source, values: [undefined] };
		issues.push(...named.issues);
		for (const image of named.values) {
			if (!image) images.push({ rejected: true, ...reference });
			else images.push({ ...image, ...reference });
			if (image && 'inside' in image) {
				warnings.push(
					`A URL of '${label}' holds "${image.inside}" and goes as one. If it is meant as several, put each on a line of its own.`,
				);
			}
		}
		if (named.isEmpty) {
			warnings.push(
				named.values.length === 0
					? `A row of '${label}' is empty, so the request goes without it.`
					: `A list of '${label}' has an empty entry, so the request goes without that.`,
			);
		}
	}
	return { images, issues, warnings };
}

/** The field of a row that holds what its source names. */
const FIELDS = { file: 'fieldName', url: 'url' } as const;

function sourceOf(value: unknown): Array<FieldEntry<keyof typeof FIELDS>> {
	if (isUnset(value)) return [{ kind: 'named', named: 'file' }];
	if (value === 'file' || value === 'url') return [{ kind: 'named', named: value }];
	return [{ kind: 'wrong', value, message: 'is not one of the options. Use file or url.' }];
}
