import { defineModel } from '../core/definition/model';
import { decimal, seed, text } from '../core/definition/parameters';
import { widthAndHeight } from '../core/definition/size';
import { SIZES_1K } from './families/sizes';
import { enhancePrompt } from './families/textToImage';

/** Spark Dream 3.0: images from text, with a say in how strongly the text counts. */
export const sparkDream30 = defineModel({
	id: 'spark_dream_3_0',
	displayName: 'Spark Dream 3.0',
	description: 'Makes images from text and lets you set how strongly the prompt counts',
	parameters: {
		prompt: text({
			displayName: 'Prompt',
			description:
				'What the image should show, in English or Chinese; put words that should appear in the image in double quotes',
			placeholder: 'e.g. A shop window with the sign "Open", evening light',
			required: true,
			discouraged: '$',
		}),
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
	size: widthAndHeight({
		// The page says "below 2048 × 2048", so that size itself is taken as too large.
		area: { max: 2048 * 2048 - 1 },
		default: { width: 1328, height: 1328 },
		presets: SIZES_1K,
		recommended: 'about 1328 × 1328',
	}),
	errorCodes: {},
});
