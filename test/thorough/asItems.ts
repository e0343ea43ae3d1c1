/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';
import type { IBinaryData, IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { toFieldName } from '../../nodes/Vtrix/core/definition/model';
import type { DocumentedModel } from '../models/checking';
import { declared, plainParameters } from '../models/documented';
import { fileItem } from '../support/binaryStore';
import { seededRandom } from '../standin/random';
import { computedOptions } from './computedFields';
import type { Picture } from './pictures';
import type { Given, Wish } from './requests';

/** The node's fields, each an expression, so that every item of one run brings its own values. */
export function fieldsByExpression({ id, model, facts }: DocumentedModel): INodeParameters {
	const expressions = plainParameters(facts).map((fact) => {
		const { name, parameter } = declared(model, fact);
		return {
			field: toFieldName(name),
			required: parameter.required === true,
			expression: `={{ $json.parameters["${fact.name}"] }}`,
		};
	});
	const fields = (required: boolean) =>
		Object.fromEntries(
			expressions
				.filter((one) => one.required === required)
				.map(({ field, expression }) => [field, expression]),
		);
	const rows = Array.from({ length: facts.images.maxCount }, (_, row) => ({
		source: `={{ $json.images[${row}]?.source ?? 'file' }}`,
		fieldName: `={{ $json.images[${row}]?.fieldName ?? '' }}`,
		url: `={{ $json.images[${row}]?.url ?? '' }}`,
		...(facts.parameters.some(({ onePerImage }) => onePerImage) && {
			refType: `={{ $json.images[${row}]?.refType }}`,
		}),
	}));
	return {
		model: id,
		...fields(true),
		size: '={{ $json.size.size }}',
		width: '={{ $json.size.width }}',
		height: '={{ $json.size.height }}',
		inputImages: { image: rows },
		options: {
			...fields(false),
			...computedOptions(seededRandom(id, 'computed')),
			maxConcurrency: 50,
		},
	};
}

const stored = new Map<Picture, Promise<IBinaryData>>();

/** Stores each picture once, however many items carry it. */
async function storedPicture(picture: Picture): Promise<IBinaryData> {
	const known = stored.get(picture);
	if (known) return await known;
	const { bytes, mimeType } = picture;
	const storing = fileItem({ data: { bytes, mimeType, fileName: 'photo.png' } }).then((item) => {
		const file = item.binary?.data;
		if (!file) throw new Error('The picture was not stored');
		return file;
	});
	stored.set(picture, storing);
	return await storing;
}

/** A row of input images; a list in it stands for several images. */
interface Row {
	source: 'file' | 'url';
	names: string[];
	refType: unknown;
}

/** One row an image, or, where n8n allows no further rows, neighbours of a kind in one. */
function rowsOf(images: Wish['images'], most: number): Row[] {
	const rows = images.map((image, index): Row => {
		const refType = image.refType.raw;
		return 'url' in image
			? { source: 'url', names: [image.url], refType }
			: { source: 'file', names: [`file${index}`], refType };
	});
	if (rows.length <= most) return rows;
	const [first, ...others] = rows;
	const joined = first ? [first] : [];
	for (const { source, names, refType } of others) {
		const last = joined.at(-1);
		if (last && last.source === source && isDeepStrictEqual(last.refType, refType)) {
			last.names.push(...names);
		} else joined.push({ source, names, refType });
	}
	return joined;
}

/** Whether a wish can be told to the node: its values in JSON, its images in the rows that n8n allows. */
export const fitsAnItem =
	({ facts }: DocumentedModel) =>
	({ parameters, size, images }: Wish): boolean =>
		rowsOf(images, facts.images.maxCount).length <= facts.images.maxCount &&
		[...Object.values(parameters).map(({ raw }) => raw), ...Object.values(size)].every(
			(value) => typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0)),
		);

const alone = (names: readonly string[]) => (names.length === 1 ? names[0] : names);

const rawValues = (parameters: Readonly<Record<string, Given>>) =>
	Object.fromEntries(Object.entries(parameters).map(([name, { raw }]) => [name, raw]));

/** A wish as an item that an earlier node delivers: values in JSON, pictures as files. */
export const asItem =
	({ facts }: DocumentedModel) =>
	async ({ parameters, size, images }: Wish): Promise<INodeExecutionData> => {
		const binary: Record<string, IBinaryData> = {};
		for (const [index, image] of images.entries()) {
			if ('picture' in image) {
				binary[`file${index}`] = { ...(await storedPicture(image.picture)) };
			}
		}
		const rows = rowsOf(images, facts.images.maxCount).map(({ source, names, refType }) =>
			source === 'url'
				? { source, url: alone(names), refType }
				: { source, fieldName: names.join(', '), refType },
		);
		const values = { parameters: rawValues(parameters), size, images: rows };
		// what n8n hands from node to node is JSON
		const json: IDataObject = JSON.parse(JSON.stringify(values));
		return { json, binary };
	};
