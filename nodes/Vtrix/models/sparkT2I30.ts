import { defineModel } from '../core/definition/model';
import { textToImageParameters, textToImageSize } from './families/textToImage';

/** Spark Text to Image 3.0: the general one. */
export const sparkT2I30 = defineModel({
	id: 'spark_t2i_3_0',
	displayName: 'Spark Text to Image 3.0',
	description: 'Makes standard images from text in large numbers: general and stable, up to 2K',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-t2i-3-0',
	parameters: textToImageParameters(),
	size: textToImageSize(),
	errorCodes: {},
});
