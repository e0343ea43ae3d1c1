import type { Parameter } from '../../core/definition/parameter';
import { characterCount, seed, toggle } from '../../core/definition/parameters';
import { defineSize, withPortraits, type Size } from '../../core/definition/size';
import { prompt } from './prompt';
import { SIZES_1K } from './sizes';

/** Whether the service reworks the prompt before it draws: what the pages call a pre-LLM. */
export const enhancePrompt = (fallback: boolean): Parameter =>
	toggle({
		displayName: 'Enhance Prompt',
		description:
			'Whether the service may expand and improve your prompt; on suits a short prompt, off a long one',
		default: fallback,
	});

/** Parameters that Spark Text to Image 3.0 and Spark Image 3.1 document alike. */
export const textToImageParameters = (): Record<'prompt' | 'use_pre_llm' | 'seed', Parameter> => ({
	prompt: prompt({
		maxCharacters: 800,
		recommended: {
			exceeds: (words) => characterCount(words) > 120,
			upTo: '120 characters',
			because: 'a longer prompt may have no effect or give odd results.',
		},
	}),
	use_pre_llm: enhancePrompt(true),
	seed: seed(),
});

/** The size of the same two: any shape up to 3:1, from a quarter of a megapixel to four. */
export const textToImageSize = (): Size =>
	defineSize({
		sentAs: 'sides',
		area: { min: 512 * 512, max: 2048 * 2048 },
		ratio: { min: 1 / 3, max: 3 },
		bothOrNeither: true,
		default: { width: 1328, height: 1328 },
		presets: [
			...SIZES_1K.map((preset) => ({ ...preset, resolution: '1K' })),
			...withPortraits([
				{ resolution: '2K', ratio: '1:1', width: 2048, height: 2048 },
				{ resolution: '2K', ratio: '4:3', width: 2304, height: 1728 },
				{ resolution: '2K', ratio: '3:2', width: 2496, height: 1664 },
				{ resolution: '2K', ratio: '16:9', width: 2560, height: 1440 },
				{ resolution: '2K', ratio: '21:9', width: 3024, height: 1296 },
			]),
		],
	});
