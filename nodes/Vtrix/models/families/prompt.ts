import type { Parameter } from '../../core/definition/parameter';
import { text } from '../../core/definition/parameters';

/** Every model's prompt: one field in the form, of which each model declares its own limits. */
export const prompt = (
	limits: Pick<Parameters<typeof text>[0], 'maxCharacters' | 'recommended' | 'discouraged'>,
): Parameter =>
	text({
		displayName: 'Prompt',
		description:
			'What the image should show, or what to change in the input images, in English or Chinese; put words that should appear in the image in double quotes',
		placeholder: 'e.g. A white mug with a blue rim on a wooden table in warm morning light',
		required: true,
		...limits,
	});
