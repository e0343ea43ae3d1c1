import type { InputImages } from '../../core/definition/inputImages';
import type { Parameter } from '../../core/definition/parameter';
import { characterCount, seed, toggle } from '../../core/definition/parameters';
import { defineSize, type Size } from '../../core/definition/size';
import { prompt } from './prompt';
import { SIZES_1K } from './sizes';

/** The photos that the DreamO family and I2I accept. */
export const EDIT_IMAGES = {
	formats: ['jpg', 'png'],
	maxBytes: 4_700_000,
	maxSide: 4096,
	sentAs: 'separate',
} satisfies Partial<InputImages>;

/** Input images of the DreamO family, up to so many. */
export const dreamOImages = (max: number): InputImages => ({
	...EDIT_IMAGES,
	min: 1,
	max,
	recommendedRatio: 16 / 9,
});

/** Length up to which prompts of the DreamO family work best, in characters. */
export const DREAM_O_PROMPT_LENGTH = 300;

/** Parameters that both DreamO models document alike. */
export const dreamOParameters = (): Record<'prompt' | 'seed' | 'use_rephraser', Parameter> => ({
	prompt: prompt({
		recommended: {
			exceeds: (words) => characterCount(words) > DREAM_O_PROMPT_LENGTH,
			upTo: `about ${DREAM_O_PROMPT_LENGTH} characters`,
			because: 'parts of a longer prompt may be ignored, or the generation may not succeed.',
		},
	}),
	seed: seed(),
	use_rephraser: toggle({
		displayName: 'Use Rephraser',
		description:
			'Whether the service may reword your prompt for a better result; turn it off for a long prompt, for exact wording or to save time',
		default: true,
	}),
});

const DREAM_O_SIDE = { min: 512, max: 2048 };

/** The size of both DreamO models: two sides with a common limit. */
export const dreamOSize = (): Size =>
	defineSize({
		sentAs: 'sides',
		side: DREAM_O_SIDE,
		area: { max: DREAM_O_SIDE.max ** 2 },
		default: { width: 1328, height: 1328 },
		presets: SIZES_1K,
	});
