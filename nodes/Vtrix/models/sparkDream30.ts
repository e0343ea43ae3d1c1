import { defineModel } from '../core/definition/model';
import { decimal, seed } from '../core/definition/parameters';
import { defineSize } from '../core/definition/size';
import { prompt } from './families/prompt';
import { SIZES_1K } from './families/sizes';
import { enhancePrompt } from './families/textToImage';

// The page recommends about 1.3K and advises against 1K and 2K, without giving bounds. 1K is taken
// as the square of 1024 pixels, 2K as the smallest size that the sister models call so.
const LARGEST_1K = 1024 * 1024;
const SMALLEST_2K = 2560 * 1440;

/** Spark Dream 3.0: images from text, with a say in how strongly the text counts. */
export const sparkDream30 = defineModel({
	id: 'spark_dream_3_0',
	displayName: 'Spark Dream 3.0',
	description: 'Makes images from text and lets you set how strongly the prompt counts',
	documentationUrl: 'https://doc.vtrix.ai/docs/api/vtrix/spark-dream-3-0',
	parameters: {
		prompt: prompt({ discouraged: '$' }),
		use_pre_llm: enhancePrompt(false),
		seed: seed(),
		scale: decimal({
			displayName: 'Prompt Influence',
			description: 'How strongly the prompt counts: the higher, the closer the image follows it',
			min: 1,
			max: 10,
			default: 2.5,
		}),
	},
	size: defineSize({
		sentAs: 'sides',
		// The page says "below 2048 × 2048", so that size itself is too large.
		area: { max: 2048 * 2048 - 1 },
		default: { width: 1328, height: 1328 },
		presets: SIZES_1K,
		discouraged: {
			includes: (width, height) => width * height <= LARGEST_1K || width * height >= SMALLEST_2K,
			inWords: '1K or less, or 2K,',
			because: 'the image may come out less well. Sizes near 1328 × 1328 work best.',
		},
	}),
	errorCodes: {},
});
