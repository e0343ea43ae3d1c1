import { defineModel } from '../core/definition/model';
import { fileInWords, imagesLabel } from '../core/definition/inputImages';
import {
	DREAM_O_PROMPT_LENGTH,
	dreamOImages,
	dreamOParameters,
	dreamOSize,
} from './families/dreamO';
import { serviceErrors } from './families/serviceErrors';

const IMAGES = dreamOImages(1);

/** Spark DreamO: one photo of one subject, placed into a new picture. */
export const sparkDreamO = defineModel({
	id: 'spark_dreamo',
	displayName: 'Spark DreamO',
	description: 'Puts the subject of one photo into a new picture',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-dreamo',
	parameters: dreamOParameters(),
	images: IMAGES,
	size: dreamOSize(),
	errorCodes: {
		...serviceErrors('003011', { 98: 'status', 99: 'creation' }),
		'003011002': {
			message: 'The service received no image',
			advice: `Add one image to '${imagesLabel(IMAGES)}'. If it is a URL, check that it opens without signing in.`,
		},
		'003011003': {
			message: 'The service did not accept the length of the prompt',
			advice: `Shorten the prompt to about ${DREAM_O_PROMPT_LENGTH} characters.`,
		},
		'003011004': {
			message: 'The service did not accept one of the settings',
			advice: `Check size and seed, and that the image is a ${fileInWords(IMAGES)} showing a single subject.`,
		},
	},
});
