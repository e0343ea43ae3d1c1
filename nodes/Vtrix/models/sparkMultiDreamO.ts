import { defineModel } from '../core/definition/model';
import { choice, decimal, integer, toggle } from '../core/definition/parameters';
import { fileInWords, imagesLabel } from '../core/definition/inputImages';
import {
	DREAM_O_PROMPT_LENGTH,
	dreamOImages,
	dreamOParameters,
	dreamOSize,
} from './families/dreamO';
import { serviceErrors } from './families/serviceErrors';

const IMAGES = dreamOImages(5);

/** Spark DreamO Multi: up to five references, each for a subject, a face or a style. */
export const sparkMultiDreamO = defineModel({
	id: 'spark_multi_dreamo',
	displayName: 'Spark DreamO Multi',
	description: `Combines people, things and styles from up to ${IMAGES.max} photos in one picture`,
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-multi-dreamo',
	parameters: {
		...dreamOParameters(),
		guidance_scale1: decimal({
			displayName: 'Prompt Strength',
			description:
				'How closely the result follows the prompt; higher values stay less close to the images',
			min: 1,
			max: 7,
			default: 2.5,
		}),
		guidance_scale2: decimal({
			displayName: 'Image Strength',
			description:
				'How closely the result follows the input images; higher values stay less close to the prompt',
			min: 1,
			max: 7,
			default: 2.5,
		}),
		ddim_steps: integer({
			displayName: 'Steps',
			description: 'How many refinement steps the generation takes; more steps take longer',
			min: 1,
			max: 50,
			default: 12,
		}),
		swap_face: toggle({
			displayName: 'Enhance Face Likeness',
			description:
				'Whether to keep faces closer to the input photos; it takes longer and can hold back changes of expression or make-up',
			default: false,
		}),
		rephraser_level: choice({
			displayName: 'Rephraser Level',
			description:
				'How thoroughly the prompt is reworked when Use Rephraser is on; finer takes longer',
			options: [
				{ value: 'general', name: 'General', description: 'Balanced' },
				{ value: 'fine', name: 'Fine', description: 'Looks at prompt and images in most detail' },
				{ value: 'coarse', name: 'Coarse', description: 'Fastest' },
			],
			default: 'general',
		}),
	},
	images: {
		...IMAGES,
		referenceTypes: choice({
			displayName: 'Reference Type',
			description: 'What to take over from this image',
			options: [
				{
					value: 'AUTO',
					name: 'Automatic',
					description: 'The model finds out, which takes longer',
				},
				{ value: 'ID', name: 'Face', description: 'Take over the face' },
				{ value: 'STYLE', name: 'Style', description: 'Take over the look of the picture' },
				{ value: 'IP', name: 'Subject', description: 'Take over the person, animal or thing' },
			],
			default: 'AUTO',
		}),
	},
	size: dreamOSize(),
	errorCodes: {
		...serviceErrors('003013', { 98: 'status', 99: 'unavailable' }),
		'003013002': {
			message: 'The service received no image',
			advice: `Add up to ${IMAGES.max} images to '${imagesLabel(IMAGES)}'. URLs must open without signing in.`,
		},
		'003013003': {
			message: 'The service did not accept the length of the prompt',
			advice: `Shorten the prompt to about ${DREAM_O_PROMPT_LENGTH} characters.`,
		},
		'003013004': {
			message: 'The service did not accept one of the settings',
			advice: `Check the options, and that every image is a ${fileInWords(IMAGES)} with its reference type.`,
		},
	},
});
