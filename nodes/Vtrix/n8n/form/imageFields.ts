import type { INodeProperties } from 'n8n-workflow';
import { imagesLabel, type InputImages } from '../../core/definition/inputImages';
import type { Model } from '../../core/definition/model';
import { MODELS } from '../../models';
import { IMAGES_HINT } from './builderHints';
import { toField } from './fields';
import { shareInCollection } from './sharedFields';

const FILE_FIELD =
	'Name of the field that holds the image file in the input, or an expression that gives the file';
const IMAGE_LINK = 'Link to the image that opens without signing in';

/** What a row of input images holds: a file of the item or a URL, for some models what it is for. */
const ROW: INodeProperties[] = [
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
		displayOptions: { show: { source: ['file'] } },
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/photo.jpg',
		description: `${IMAGE_LINK}; several links on lines of their own or separated by blanks, or a list of links or attachments by expression, are taken in their order`,
		displayOptions: { show: { source: ['url'] } },
	},
	...shareInCollection(
		MODELS.map(({ id, images }) => ({
			model: id,
			entries: images?.referenceTypes ? [toField('refType', images.referenceTypes)] : [],
		})),
	),
];

/** The rows of input images. */
function imageRows(limits: InputImages): INodeProperties {
	const { min, max } = limits;
	const rows: INodeProperties = {
		displayName: imagesLabel(limits),
		name: 'inputImages',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, maxAllowedFields: max },
		placeholder: 'Add Image',
		default: {},
		description: `Up to ${max} reference images; leave empty to work from the prompt alone`,
		options: [{ displayName: 'Image', name: 'image', values: ROW }],
		builderHint: { propertyHint: IMAGES_HINT },
	};
	if (min === 0) return rows;
	return {
		...rows,
		required: true,
		// A row is there from the start, since the model requires an image.
		default: { image: [{}] },
		description: `The ${max === 1 ? 'image' : `1 to ${max} images`} to work with`,
	};
}

/** Whether there is a row, as one of n8n's display conditions. */
const HAS_ROW = { '/inputImages.image[0]': [{ _cnd: { exists: true as const } }] };

/**
 * The one image of a model that takes no more, in a single field. Where there are rows, from a
 * workflow saved before this field existed or from the model chosen before, they stay in its place.
 */
const singleImageFields = (limits: InputImages): INodeProperties[] => [
	{
		// When n8n decides which fields of a saved workflow to keep, it ignores collections: the rows
		// count in the conditions below only as a plain value.
		displayName: imagesLabel(limits),
		name: 'inputImages',
		type: 'hidden',
		default: '',
	},
	{ ...imageRows(limits), displayOptions: { show: HAS_ROW } },
	{
		displayName: imagesLabel(limits),
		name: 'inputImage',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'file', value: 'data' },
		description: 'The image to work with',
		modes: [
			{
				// n8n shows its own words for some modes, By URL among them.
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
		displayOptions: { hide: HAS_ROW },
	},
];

/**
 * The fields of a model's input images: a single one where it takes no more, rows where it does.
 */
export const imageFields = ({ images }: Model): INodeProperties[] =>
	images ? (images.max === 1 ? singleImageFields(images) : [imageRows(images)]) : [];
