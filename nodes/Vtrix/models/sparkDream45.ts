import { defineModel } from '../core/definition/model';
import { imagesLabel } from '../core/definition/inputImages';
import { defineSize } from '../core/definition/size';
import { DREAM_GROUP, DREAM_IMAGES, DREAM_RATIO, dreamParameters } from './families/dream';
import { serviceErrors } from './families/serviceErrors';

/** Spark Dream 4.5: images from text, up to 4K, with or without reference images. */
export const sparkDream45 = defineModel({
	id: 'spark_dream_4_5',
	displayName: 'Spark Dream 4.5',
	description: 'Makes images from text, with or without reference images, up to 4K',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-dream-4-5',
	parameters: dreamParameters(),
	images: DREAM_IMAGES,
	imageGroup: DREAM_GROUP,
	size: defineSize({
		sentAs: 'text',
		keywords: ['2K', '4K'],
		area: { min: 3_686_400, max: 16_777_216 },
		ratio: DREAM_RATIO,
		default: { width: 2048, height: 2048 },
		presets: [
			{ ratio: '1:1', width: 2048, height: 2048 },
			{ ratio: '4:3', width: 2304, height: 1728 },
			{ ratio: '3:4', width: 1728, height: 2304 },
			{ ratio: '16:9', width: 2560, height: 1440 },
			{ ratio: '9:16', width: 1440, height: 2560 },
			{ ratio: '3:2', width: 2496, height: 1664 },
			{ ratio: '2:3', width: 1664, height: 2496 },
			{ ratio: '21:9', width: 3024, height: 1296 },
		],
	}),
	errorCodes: {
		...serviceErrors('003025', { 99: 'synchronous' }),
		'003025002': {
			message: 'The service received too many images',
			advice: `Leave at most ${DREAM_IMAGES.max} images in '${imagesLabel(DREAM_IMAGES)}'.`,
		},
	},
});
