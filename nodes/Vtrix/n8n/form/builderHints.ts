import type { IBuilderHint } from 'n8n-workflow';
import { LIKE_INPUT } from '../../core/definition/size';
import { MODELS } from '../../models';

/** What each model has of something, in one line for those that have it. */
const byModel = (words: (model: (typeof MODELS)[number]) => string | undefined): string =>
	MODELS.flatMap((model) => {
		const text = words(model);
		return text === undefined ? [] : [`${model.id}: ${text}`];
	}).join('; ');

/** Which model is for what. */
export const MODEL_HINT = byModel(({ description }) => description);

/** How many pictures each model takes, and in which field. */
export const IMAGES_HINT = `Each row is a file of the input item (source "file" with the name of its field) or a link (source "url"). ${byModel(
	({ images }) => {
		if (!images) return 'takes none';
		if (images.max === 1) return "takes one, in 'inputImage' instead of these rows";
		return images.min === 0 ? `up to ${images.max}, or none` : `${images.min} to ${images.max}`;
	},
)}`;

/** The sizes of each model. */
export const SIZE_HINT = `Each model has its own sizes; "default" goes with every one of them, "${LIKE_INPUT}" gives the shape of the first input image where the model takes images, and an expression may give a ratio such as 16:9. ${byModel(
	({ size }) =>
		size &&
		[...size.keywords, ...size.presets.map((one) => `${one.width}x${one.height}`)].join(' '),
)}`;

/** What a width and a height of one's own have to keep to. */
export const SIDES_HINT = `Only with size "custom", for every model. ${byModel(
	({ size }) =>
		size && `${size.sideLimits}; starts at ${size.default.width} × ${size.default.height}`,
)}`;

/**
 * How assistants that draft workflows find the node, and what goes well with it. Versions of n8n before
 * 2.10 know no hints and pass them over.
 */
export const NODE_HINT: IBuilderHint = {
	searchHint: `Makes and edits images, and gives each finished one as a file in the field "data" beside its link. It waits for them by itself: no polling, no HTTP Request node for downloads. Choose the model by what is wanted. ${MODEL_HINT}`,
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-base.editImage',
			relationHint: 'Resizes or crops photos before, adds text to images after',
		},
		{
			nodeType: 'n8n-nodes-base.convertToFile',
			relationHint: 'Makes a file of base64 text, which input images have to be',
		},
		{ nodeType: 'n8n-nodes-base.emailSend', relationHint: 'Sends the images as attachments' },
		{
			nodeType: 'n8n-nodes-base.googleDrive',
			relationHint: 'Keeps the files, as the links work for a day only',
		},
		{
			nodeType: 'n8n-nodes-base.wait',
			relationHint:
				'Only between a generation with Wait for Completion off and Task › Get; otherwise the node waits by itself',
		},
	],
};
