import type { INodeProperties } from 'n8n-workflow';
import { toFieldName, type Model } from '../../core/definition/model';
import { choice, integer } from '../../core/definition/parameters';
import { CUSTOM_SIZE, DEFAULT_SIZE, SIZE_LABEL, sizeEntries } from '../../core/definition/size';
import { MODELS } from '../../models';
import { showFor, toField, toOptions } from './fields';
import { imageFields } from './imageFields';
import { nodeOptionFields, optionsCollection } from './options';

/** Required parameters of a model, in view. */
const requiredFields = (model: Model): INodeProperties[] =>
	Object.entries(model.parameters)
		.filter(([, { required }]) => required)
		.map(([name, parameter]) => ({
			...toField(toFieldName(name), parameter),
			...showFor({ model: [model.id] }),
		}));

/** The size dropdown, with width and height for "Custom". */
function sizeFields(model: Model): INodeProperties[] {
	const { size } = model;
	if (!size) return [];
	const side = (displayName: string, name: 'width' | 'height'): INodeProperties => ({
		...toField(
			name,
			integer({
				displayName,
				description: `${displayName} of the image in pixels: ${size.limits}`,
				...size.sideRange,
				default: size.default[name],
			}),
		),
		...showFor({ model: [model.id], size: [CUSTOM_SIZE] }),
	});
	return [
		{
			displayName: SIZE_LABEL,
			name: 'size',
			type: 'options',
			options: toOptions(sizeEntries(size, model.images !== undefined)),
			default: DEFAULT_SIZE,
			description: 'Shape and size of the image in pixels',
			...showFor({ model: [model.id] }),
		},
		side('Width', 'width'),
		side('Height', 'height'),
	];
}

const modelOptions = (model: Model): INodeProperties => ({
	...optionsCollection([
		...Object.entries(model.parameters)
			.filter(([, { required }]) => !required)
			.map(([name, parameter]) => toField(toFieldName(name), parameter)),
		...nodeOptionFields({ creates: true, takesImages: model.images !== undefined }),
	]),
	...showFor({ model: [model.id] }),
});

const MODEL_FIELD: INodeProperties = {
	...toField(
		'model',
		choice({
			displayName: 'Model',
			description: 'The model that makes the image',
			options: MODELS.map(({ id, displayName, description }) => ({
				value: id,
				name: displayName,
				description,
			})),
		}),
	),
	noDataExpression: true,
};

/** The model and what it needs, in view; every field derives from the models' declarations. */
export const MODEL_FIELDS: INodeProperties[] = [
	MODEL_FIELD,
	...MODELS.flatMap((model) => [
		...requiredFields(model),
		...imageFields(model),
		...sizeFields(model),
	]),
];

/** The options of each model and of the node, in one collection for each model. */
export const MODEL_OPTIONS: INodeProperties[] = MODELS.map(modelOptions);
