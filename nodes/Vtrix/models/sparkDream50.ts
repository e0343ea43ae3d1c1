import { LINK_HOURS } from '../core/shared/linkLifetime';
import { defineModel } from '../core/definition/model';
import { choice, unavailable } from '../core/definition/parameters';
import { defineSize } from '../core/definition/size';
import { DREAM_GROUP, DREAM_IMAGES, DREAM_RATIO, dreamParameters } from './families/dream';

/** Spark Dream 5.0: the newest, images from text up to 3K, with or without reference images. */
export const sparkDream50 = defineModel({
	id: 'spark_dream_5_0',
	displayName: 'Spark Dream 5.0',
	description: 'Newest model: makes images from text, with or without reference images, up to 3K',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-dream-5-0',
	parameters: {
		...dreamParameters(),
		output_format: choice({
			displayName: 'Output Format',
			description: 'File format of the images: JPEG is smaller, PNG is lossless',
			options: [
				{ value: 'jpeg', name: 'JPEG' },
				{ value: 'png', name: 'PNG' },
			],
			default: 'jpeg',
		}),
		response_format: choice({
			displayName: 'Response Format',
			description:
				'How the service hands over the images; either way they come out of the node as files',
			options: [
				{ value: 'url', name: 'URL', description: `A link that works for ${LINK_HOURS} hours` },
				{
					value: 'b64_json',
					name: 'Base64',
					description: 'Image data inside the answer, without a link',
				},
			],
			default: 'url',
		}),
		tools: unavailable({
			displayName: 'Tools',
			description: 'Lets the model look things up on the web',
			options: [{ value: 'web_search', name: 'Web Search' }],
			reason: 'Vtrix has switched it off for now, so the node leaves it out',
		}),
	},
	images: DREAM_IMAGES,
	imageGroup: DREAM_GROUP,
	size: defineSize({
		sentAs: 'text',
		keywords: ['2K', '3K'],
		area: { min: 3_686_400, max: 10_404_496 },
		ratio: DREAM_RATIO,
		default: { width: 2048, height: 2048 },
		presets: [
			{ resolution: '2K', ratio: '1:1', width: 2048, height: 2048 },
			{ resolution: '2K', ratio: '4:3', width: 2304, height: 1728 },
			{ resolution: '2K', ratio: '3:4', width: 1728, height: 2304 },
			{ resolution: '2K', ratio: '16:9', width: 2848, height: 1600 },
			{ resolution: '2K', ratio: '9:16', width: 1600, height: 2848 },
			{ resolution: '2K', ratio: '3:2', width: 2496, height: 1664 },
			{ resolution: '2K', ratio: '2:3', width: 1664, height: 2496 },
			{ resolution: '2K', ratio: '21:9', width: 3136, height: 1344 },
			{ resolution: '3K', ratio: '1:1', width: 3072, height: 3072 },
			{ resolution: '3K', ratio: '4:3', width: 3456, height: 2592 },
			{ resolution: '3K', ratio: '3:4', width: 2592, height: 3456 },
			{ resolution: '3K', ratio: '16:9', width: 4096, height: 2304 },
			{ resolution: '3K', ratio: '9:16', width: 2304, height: 4096 },
			{ resolution: '3K', ratio: '2:3', width: 2496, height: 3744 },
			{ resolution: '3K', ratio: '3:2', width: 3744, height: 2496 },
			{ resolution: '3K', ratio: '21:9', width: 4704, height: 2016 },
		],
	}),
	errorCodes: {},
});
