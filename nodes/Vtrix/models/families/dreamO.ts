import {
	characterCount,
	seed,
	toggle,
	text,
	type Parameter,
} from '../../core/definition/parameters';
import { widthAndHeight, withPortraits, type Preset, type Size } from '../../core/definition/size';

/** The sizes documented for the DreamO family and I2I, landscape ones; portraits follow from them. */
export const EDIT_PRESETS: readonly Preset[] = withPortraits([
	{ ratio: '1:1', width: 1328, height: 1328 },
	{ ratio: '4:3', width: 1472, height: 1104 },
	{ ratio: '3:2', width: 1584, height: 1056 },
	{ ratio: '16:9', width: 1664, height: 936 },
	{ ratio: '21:9', width: 2016, height: 864 },
]);

/** The prompt of the two DreamO models. */
export const dreamOPrompt = (): Parameter =>
	text({
		displayName: 'Prompt',
		description:
			'What to do with the input images and what the result should show, in English or Chinese',
		placeholder: 'e.g. Put the mug on a wooden table in warm morning light',
		required: true,
		recommended: {
			exceeds: (prompt) => characterCount(prompt) > 300,
			upTo: 'about 300 characters',
			because: 'parts of a longer prompt may be ignored, or the generation may not succeed.',
		},
	});

/** Parameters that both DreamO models document alike. */
export const dreamOParameters = (): Record<'seed' | 'use_rephraser', Parameter> => ({
	seed: seed(),
	use_rephraser: toggle({
		displayName: 'Use Rephraser',
		description:
			'Whether the service may reword your prompt for a better result; turn it off for a long prompt, for exact wording or to save time',
		default: true,
	}),
});

/** The size of both DreamO models: two sides with a common limit. */
export const dreamOSize = (): Size =>
	widthAndHeight({
		side: { min: 512, max: 2048 },
		largestArea: 2048 * 2048,
		default: { width: 1328, height: 1328 },
		presets: EDIT_PRESETS,
	});
