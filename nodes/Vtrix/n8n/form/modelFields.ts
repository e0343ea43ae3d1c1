import type { INodeProperties } from 'n8n-workflow';
import { toFieldName, type Model } from '../../core/definition/model';
import { choice, integer } from '../../core/definition/parameters';
import {
	CUSTOM_SIZE,
	DEFAULT_SIZE,
	SIZE_DESCRIPTION,
	SIZE_LABEL,
	sizeEntries,
} from '../../core/definition/size';
import { MODELS } from '../../models';
import { MODEL_HINT, SIDES_HINT, SIZE_HINT } from './builderHints';
import { toField, toOptions } from './fields';
import { DESCRIBED_FIELDS, FOR_JSON, PARAMETERS_AS } from './describedFields';
import { fileFields } from './fileFields';
import { imageFields } from './imageFields';
import { nodeOptionFields, optionsCollection } from './options';
import { shareFields, shareInCollection, shareOptions } from './sharedFields';

/** Required parameters of a model, in view. */
const requiredFields = (model: Model): INodeProperties[] =>
	Object.entries(model.parameters)
		.filter(([, { required }]) => required)
		.map(([name, parameter]) => toField(toFieldName(name), parameter));

/** The ways to name any model of the gateway and its parameters. */
const anyModelFields = (model: Model): INodeProperties[] => [
	PARAMETERS_AS,
	...requiredFields(model).map((field) => ({ ...field, displayOptions: FOR_JSON })),
	...DESCRIBED_FIELDS,
];

const SIZE_FIELD: INodeProperties = {
	displayName: SIZE_LABEL,
	name: 'size',
	type: 'options',
	options: shareOptions(
		MODELS.flatMap(({ id, size, images }) =>
			size ? [{ model: id, entries: toOptions(sizeEntries(size, images !== undefined)) }] : [],
		),
	),
	default: DEFAULT_SIZE,
	description: SIZE_DESCRIPTION,
	builderHint: { propertyHint: SIZE_HINT },
};

/**
 * Any size but "Custom" and expressions, which begin with "=": in the order of texts no other lies
 * between the two. As a condition to hide, since an expression in a condition to show would end n8n's
 * look at the others, and show the fields of other models, too.
 */
const UNLESS_CUSTOM = { size: [{ _cnd: { lt: '=' } }, { _cnd: { gt: CUSTOM_SIZE } }] };

/** The size dropdown, with width and height for "Custom". */
function sizeFields({ size }: Model): INodeProperties[] {
	if (!size) return [];
	const side = (displayName: string, name: 'width' | 'height'): INodeProperties => ({
		...toField(
			name,
			integer({
				displayName,
				description: `${displayName} of the image in pixels`,
				...size.sideRange,
				default: size.default[name],
			}),
		),
		displayOptions: { hide: UNLESS_CUSTOM },
		builderHint: { propertyHint: SIDES_HINT },
	});
	return [SIZE_FIELD, side('Width', 'width'), side('Height', 'height')];
}

const optionFields = (model: Model): INodeProperties[] => [
	...Object.entries(model.parameters)
		.filter(([, { required }]) => !required)
		.map(([name, parameter]) => toField(toFieldName(name), parameter)),
	...nodeOptionFields({
		creates: true,
		takesImages: model.images !== undefined,
		takesFiles: model.takesFiles === true,
	}),
];

/** Links to the models' pages; n8n shows the HTML of a description. */
const DOCUMENTATION = MODELS.flatMap(({ displayName, documentationUrl }) =>
	documentationUrl ? [`<a href="${documentationUrl}">${displayName}</a>`] : [],
);

const MODEL_FIELD: INodeProperties = {
	...toField(
		'model',
		choice({
			displayName: 'Model',
			description: `The model that makes the image; more about each: ${DOCUMENTATION.join(', ')}`,
			options: MODELS.map(({ id, displayName, description }) => ({
				value: id,
				name: displayName,
				description,
			})),
		}),
	),
	noDataExpression: true,
	builderHint: { propertyHint: MODEL_HINT },
};

/** The model and what it needs, in view; every field derives from the models' declarations. */
export const MODEL_FIELDS: INodeProperties[] = [
	MODEL_FIELD,
	...shareFields(
		MODELS.map((model) => ({
			model: model.id,
			entries: [
				...(model.isAny ? anyModelFields(model) : requiredFields(model)),
				...imageFields(model),
				...fileFields(model),
				...sizeFields(model),
			],
		})),
	),
];

/** The options of the models and of the node in one collection, each shown where it applies. */
export const MODEL_OPTIONS: INodeProperties = optionsCollection(
	shareInCollection(MODELS.map((model) => ({ model: model.id, entries: optionFields(model) }))),
);
