import { defineModel } from '../core/definition/model';
import { textToImageParameters, textToImageSize } from './families/textToImage';

/** Spark Image 3.1: as Spark Text to Image 3.0, for a stronger look. */
export const sparkImage31 = defineModel({
	id: 'spark_image_3_1',
	displayName: 'Spark Image 3.1',
	description:
		'Makes images from text with strong detail, rich color and fine control of style, up to 2K',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-image-3-1',
	parameters: textToImageParameters(),
	size: textToImageSize(),
	errorCodes: {},
});
