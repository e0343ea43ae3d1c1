import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { IMAGES_LABEL, type InputImages } from '../core/definition/inputImages';
import { toFieldName, type Model } from '../core/definition/model';
import { choice, integer } from '../core/definition/parameters';
import { CUSTOM_SIZE, DEFAULT_SIZE } from '../core/definition/size';
import { MODELS } from '../models';
import { toField, toOptions } from './fields';
import { nodeOptionFields, optionsCollection } from './options';

const showFor = (
	show: NonNullable<IDisplayOptions['show']>,
): { displayOptions: IDisplayOptions } => ({ displayOptions: { show } });

/** Required parameters of a model, in view. */
const requiredFields = (model: Model): INodeProperties[] =>
	Object.entries(model.parameters)
		.filter(([, { required }]) => required)
		.map(([name, parameter]) => ({
			...toField(toFieldName(name), parameter),
			...showFor({ model: [model.id] }),
		}));

const FILE_FIELD =
	'Name of the field that holds the image file in the input, or an expression that gives the file';
const IMAGE_LINK = 'Link to the image that opens without signing in';

/** The rows of input images: from a file of the item or from a URL. */
function imageRows({ id, images }: Model & { images: InputImages }): INodeProperties {
	const values: INodeProperties[] = [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: [
				{ name: 'File', value: 'file', description: 'A file that the previous node delivers' },
				{ name: 'URL', value: 'url', description: 'A public link to the image' },
			],
			default: 'file',
			description: 'Where the image comes from',
		},
		{
			displayName: 'Input File Field',
			name: 'fieldName',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			description: `${FILE_FIELD}; several names separated by commas or lines, or a list of names and files by expression, are taken in their order`,
			...showFor({ source: ['file'] }),
		},
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: `${IMAGE_LINK}; several links on lines of their own or separated by blanks, or a list of links or attachments by expression, are taken in their order`,
			...showFor({ source: ['url'] }),
		},
	];
	if (images.referenceTypes) values.push(toField('refType', images.referenceTypes));
	const rows: INodeProperties = {
		displayName: IMAGES_LABEL,
		name: 'inputImages',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, maxAllowedFields: images.max },
		placeholder: 'Add Image',
		default: {},
		description: `Up to ${images.max} reference images; leave empty to work from the prompt alone`,
		options: [{ displayName: 'Image', name: 'image', values }],
		...showFor({ model: [id] }),
	};
	if (images.min === 0) return rows;
	const wanted = images.max === 1 ? 'image' : `1 to ${images.max} images`;
	return {
		...rows,
		required: true,
		// A row is there from the start, since the model cannot do without.
		default: { image: [{}] },
		description: `The ${wanted} to work with`,
	};
}

/** Whether there is a row, as a condition of n8n's on what it shows. */
const HAS_ROW = { '/inputImages.image[0]': [{ _cnd: { exists: true as const } }] };

/**
 * The one image of a model that takes no more, in a single field. Where there are rows, from a
 * workflow saved before this field existed or from the model chosen before, they stay in its place.
 */
const singleImageFields = (model: Model & { images: InputImages }): INodeProperties[] => [
	{
		// Deciding what a saved workflow keeps, n8n sees no collections: only as a plain value do the
		// rows count in the conditions below.
		displayName: IMAGES_LABEL,
		name: 'inputImages',
		type: 'hidden',
		default: '',
		...showFor({ model: [model.id] }),
	},
	{ ...imageRows(model), ...showFor({ model: [model.id], ...HAS_ROW }) },
	{
		displayName: IMAGES_LABEL,
		name: 'inputImage',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'file', value: 'data' },
		description: 'The image to work with',
		modes: [
			{
				displayName: 'By File',
				name: 'file',
				type: 'string',
				placeholder: 'e.g. data',
				hint: FILE_FIELD,
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://example.com/photo.jpg',
				hint: IMAGE_LINK,
			},
		],
		displayOptions: { show: { model: [model.id] }, hide: HAS_ROW },
	},
];

function imageFields(model: Model): INodeProperties[] {
	const { images } = model;
	if (!images) return [];
	const declared = { ...model, images };
	return images.max === 1 ? singleImageFields(declared) : [imageRows(declared)];
}

/** The size dropdown, with width and height behind "Custom". */
function sizeFields(model: Model): INodeProperties[] {
	const { size } = model;
	if (!size) return [];
	const side = (displayName: string, name: 'width' | 'height'): INodeProperties => ({
		...toField(
			name,
			integer({
				displayName,
				description: `${displayName} of the image in pixels: ${size.limits}`,
				...size.side,
				default: size.default[name],
			}),
		),
		...showFor({ model: [model.id], size: [CUSTOM_SIZE] }),
	});
	const options: INodePropertyOptions[] = [
		{ name: `Default (${size.default.width} × ${size.default.height})`, value: DEFAULT_SIZE },
		...toOptions(size.options),
		{ name: 'Custom', value: CUSTOM_SIZE, description: 'Set width and height yourself' },
	];
	return [
		{
			displayName: 'Size',
			name: 'size',
			type: 'options',
			options,
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

/** What each model and the node offer beside that, in a collection for each model. */
export const MODEL_OPTIONS: INodeProperties[] = MODELS.map(modelOptions);
