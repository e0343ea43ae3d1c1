import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { IMAGES_LABEL } from '../core/images';
import { fieldName, type Model } from '../core/model';
import { choice, integer } from '../core/parameters';
import { CUSTOM_SIZE, DEFAULT_SIZE } from '../core/size';
import { MODELS } from '../models';
import { toField, toOptions } from './fields';
import { nodeOptionFields } from './options';

const show = (
	values: NonNullable<IDisplayOptions['show']>,
): { displayOptions: IDisplayOptions } => ({
	displayOptions: { show: values },
});

const GENERATE = { resource: ['image'], operation: ['generate'] };
const GET = { resource: ['task'], operation: ['get'] };

const forModel = ({ id }: Model) => ({ ...GENERATE, model: [id] });

const byName = (a: INodeProperties, b: INodeProperties): number =>
	a.displayName < b.displayName ? -1 : 1;

/** Required parameters of a model, in view. */
const requiredFields = (model: Model): INodeProperties[] =>
	Object.entries(model.parameters)
		.filter(([, { required }]) => required)
		.map(([name, parameter]) => ({
			...toField(fieldName(name), parameter),
			...show(forModel(model)),
		}));

/** The rows of input images: from a file of the item or from a URL. */
function imageFields(model: Model): INodeProperties[] {
	const { images } = model;
	if (!images) return [];
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
			description:
				'Name of the field that holds the image file in the input; several names separated by commas, or a list by expression, are taken in their order',
			...show({ source: ['file'] }),
		},
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/photo.jpg',
			description:
				'Link to the image that opens without signing in; several links separated by commas, or a list by expression, are taken in their order',
			...show({ source: ['url'] }),
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
		...show(forModel(model)),
	};
	if (images.min === 0) return [rows];
	const wanted = images.max === 1 ? 'image' : `1 to ${images.max} images`;
	return [
		{
			...rows,
			required: true,
			// A row is there from the start, since the model cannot do without.
			default: { image: [{}] },
			description: `The ${wanted} to work with`,
		},
	];
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
		...show({ ...forModel(model), size: [CUSTOM_SIZE] }),
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
			...show(forModel(model)),
		},
		side('Width', 'width'),
		side('Height', 'height'),
	];
}

const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: { show: { resource: ['image', 'task'], operation: ['generate', 'get'] } },
};

const optionsCollection = (
	fields: INodeProperties[],
	shown: NonNullable<IDisplayOptions['show']>,
): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...fields].sort(byName),
	...show(shown),
});

const modelOptions = (model: Model): INodeProperties =>
	optionsCollection(
		[
			...Object.entries(model.parameters)
				.filter(([, { required }]) => !required)
				.map(([name, parameter]) => toField(fieldName(name), parameter)),
			...nodeOptionFields('generate', model),
		],
		forModel(model),
	);

const MODEL_NAMES = Object.fromEntries(MODELS.map(({ id, displayName }) => [id, displayName]));

/** What stands under the node on the canvas: the operation, and the model by its name. */
export const SUBTITLE = `={{ $parameter.resource === "task" ? "Get task" : "Generate: " + ${JSON.stringify(MODEL_NAMES)}[$parameter.model] }}`;

/** Every field of the node, derived from the models' declarations. */
export const PROPERTIES: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Image', value: 'image' },
			{ name: 'Task', value: 'task' },
		],
		default: 'image',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Generate',
				value: 'generate',
				action: 'Generate image',
				description: 'Create or edit images from a prompt and input images',
			},
		],
		default: 'generate',
		...show({ resource: ['image'] }),
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get task',
				description:
					'Look up a generation that was started earlier, and fetch its images when it is done',
			},
		],
		default: 'get',
		...show({ resource: ['task'] }),
	},
	{
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
		...show(GENERATE),
	},
	...MODELS.flatMap((model) => [
		...requiredFields(model),
		...imageFields(model),
		...sizeFields(model),
	]),
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. {{ $json.taskId }}',
		description: 'ID of the task, as an earlier generation or an error message gave it',
		...show(GET),
	},
	SIMPLIFY,
	...MODELS.map(modelOptions),
	optionsCollection(nodeOptionFields('get'), GET),
];
