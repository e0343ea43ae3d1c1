import { defineModel } from '../core/definition/model';
import { characterCount, decimal, seed } from '../core/definition/parameters';
import { defineSize } from '../core/definition/size';
import { fileInWords, imagesLabel, type InputImages } from '../core/definition/inputImages';
import { EDIT_IMAGES } from './families/dreamO';
import { prompt } from './families/prompt';
import { serviceErrors } from './families/serviceErrors';
import { SIZES_1K } from './families/sizes';

const LONGEST_PROMPT = 800;
const BEST_PROMPT = 120;
const SCALE = { min: 0, max: 1 };
const SIDE = { min: 512, max: 2016 };
const DARK_BELOW = 600;
const IMAGES: InputImages = { ...EDIT_IMAGES, min: 1, max: 1, maxRatio: 3 };

/** Spark I2I 3.0: edits one photo by a prompt. */
export const sparkI2I30 = defineModel({
	id: 'spark_i2i_3_0',
	displayName: 'Spark I2I 3.0',
	description: 'Edits one photo: add, remove or change things, colors, style or background',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-i2i-3-0',
	parameters: {
		prompt: prompt({
			maxCharacters: LONGEST_PROMPT,
			recommended: {
				exceeds: (words) => characterCount(words) > BEST_PROMPT,
				upTo: `${BEST_PROMPT} characters`,
				because: 'a longer prompt may give odd results or change nothing.',
			},
		}),
		seed: seed(),
		scale: decimal({
			displayName: 'Prompt Influence',
			description: `How much the prompt changes the image: ${SCALE.min} stays with the image, ${SCALE.max} follows the prompt; raise it if the edit hardly shows`,
			...SCALE,
			default: 0.5,
		}),
	},
	images: IMAGES,
	size: defineSize({
		sentAs: 'sides',
		side: SIDE,
		rounding: { multipleOf: 16, min: 512, max: 1536 },
		bothOrNeither: true,
		default: { width: 1328, height: 1328 },
		presets: SIZES_1K,
		discouraged: {
			includes: (width, height) => width < DARK_BELOW && height < DARK_BELOW,
			inWords: `both sides under ${DARK_BELOW} pixels`,
			because: 'the image may come out black. Sizes near 1024 work best.',
		},
	}),
	errorCodes: {
		...serviceErrors('003003', { 98: 'status', 99: 'creation' }),
		'003003002': {
			message: 'The service did not accept the length of the prompt',
			advice: `Shorten the prompt: ${LONGEST_PROMPT} characters at most, up to ${BEST_PROMPT} work best.`,
		},
		'003003003': {
			message: 'The service received no image',
			advice: `Add one image to '${imagesLabel(IMAGES)}'. If it is a URL, check that it opens without signing in.`,
		},
		'003003004': {
			message: 'The service expects exactly one image',
			advice: `Leave one image in '${imagesLabel(IMAGES)}' and remove the others.`,
		},
		'003003005': {
			message: 'The service did not accept the seed',
			advice: "Set 'Seed' to -1 or to a positive whole number.",
		},
		'003003006': {
			message: 'The service did not accept the prompt influence',
			advice: `Set 'Prompt Influence' to a number from ${SCALE.min} to ${SCALE.max}.`,
		},
		'003003007': {
			message: 'The service did not accept the size',
			advice: `Choose a size from the list, or a width and a height from ${SIDE.min} to ${SIDE.max} pixels.`,
		},
		'003003008': {
			message: 'The service received the image in two ways at once',
			advice: 'Give the image either as a file or as a URL.',
		},
		'003003009': {
			message: 'The service could not read the list of images',
			advice: `Check that the image is a ${fileInWords(IMAGES)}, or that its URL opens without signing in.`,
		},
	},
});
