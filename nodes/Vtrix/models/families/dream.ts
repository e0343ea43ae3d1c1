import type { Parameter } from '../../core/definition/parameter';
import { choice, integer, toggle } from '../../core/definition/parameters';
import type { InputImages } from '../../core/definition/inputImages';
import type { ImageGroup } from '../../core/definition/imageGroup';
import { prompt } from './prompt';

/** The reference images that both Spark Dream models accept. */
export const DREAM_IMAGES: InputImages = {
	min: 0,
	max: 14,
	formats: ['jpg', 'png', 'webp', 'bmp', 'tiff', 'gif'],
	maxBytes: 10_000_000,
	longerThan: 14,
	maxPixels: 36_000_000,
	maxRatio: 16,
	sentAs: 'mixed',
};

/** Smallest and largest width / height of both Spark Dream models. */
export const DREAM_RATIO = { min: 1 / 16, max: 16 };

/** Reference images and generated ones share a limit of 15. */
export const DREAM_GROUP: ImageGroup = {
	maxTotal: 15,
	limitedBy: 'max_images',
	enabledBy: { parameter: 'sequential_image_generation', value: 'auto' },
};

const ENGLISH_WORDS = 600;
const CHINESE_CHARACTERS = 300;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Parameters that both Spark Dream models document alike. */
export const dreamParameters = () =>
	({
		prompt: prompt({
			recommended: {
				exceeds: (words) =>
					count(words, /\p{Script=Han}/gu) > CHINESE_CHARACTERS ||
					count(words, /[^\s\p{Script=Han}]+/gu) > ENGLISH_WORDS,
				upTo: `${ENGLISH_WORDS} English words or ${CHINESE_CHARACTERS} Chinese characters`,
				because: 'in a longer prompt details get lost.',
			},
		}),
		sequential_image_generation: choice({
			displayName: 'Image Group',
			description:
				'Whether the model may make several related images at once; each image is charged',
			options: [
				{ value: 'disabled', name: 'Off', description: 'One image' },
				{
					value: 'auto',
					name: 'Automatic',
					description: 'The model decides by the prompt how many images to make, up to Max Images',
				},
			],
			default: 'disabled',
		}),
		max_images: integer({
			displayName: 'Max Images',
			description: `The most images to make when Image Group is Automatic; say in the prompt how many you want, as in "four posters", input images and made ones are at most ${DREAM_GROUP.maxTotal} together`,
			path: ['params', 'sequential_image_generation_options', 'max_images'],
			min: 1,
			max: 15,
			default: 15,
		}),
		stream: toggle({
			displayName: 'Stream',
			description:
				'Whether the service makes each image of a group available as soon as it is done; the node still returns them all together',
			default: false,
		}),
		watermark: toggle({
			displayName: 'Watermark',
			description: 'Whether to put an "AI Generated" mark into the bottom right corner',
			default: true,
		}),
		optimize_prompt_mode: choice({
			displayName: 'Optimize Prompt Mode',
			description: 'How the service improves your prompt before it draws',
			path: ['params', 'optimize_prompt_options', 'mode'],
			options: [{ value: 'standard', name: 'Standard', description: 'Best quality' }],
			default: 'standard',
		}),
	}) satisfies Record<string, Parameter>;
