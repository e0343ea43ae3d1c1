import { toFieldName, type Model } from '../../../nodes/Vtrix/core/definition/model';
import type { Job } from './jobs';
import { smallestSquare, wrongSquare } from './smallestSize';

/** What is asked for; nothing that anybody could object to. */
export const PROMPTS = {
	text: 'A single red apple on a wooden table, plain light background',
	edit: 'Make the background light blue',
	group: 'Two pictures of the same red apple: first whole, then cut in half',
} as const;

const CUSTOM = 'custom';

const promptOf = ({ group, source }: Job): string =>
	group ? PROMPTS.group : source === 'text' ? PROMPTS.text : PROMPTS.edit;

/** The node's settings for a job, as the editor would save them. */
export function parametersOf(job: Job, link?: string): Record<string, unknown> {
	const { model, source, group, inline, format } = job;
	const size = smallestSquare(model);
	const { imageGroup } = model;
	const row = source === 'url' ? { source, url: link } : { source, fieldName: 'data' };
	return {
		resource: 'image',
		operation: 'generate',
		model: model.id,
		prompt: promptOf(job),
		...(size && { size: CUSTOM, ...size }),
		...(source !== 'text' && { inputImages: { image: [row] } }),
		options: {
			...(format !== undefined && { outputFormat: format }),
			...(inline && { responseFormat: 'b64_json' }),
			...(group &&
				imageGroup && {
					[toFieldName(imageGroup.enabledBy.parameter)]: imageGroup.enabledBy.value,
					[toFieldName(imageGroup.limitedBy)]: 2,
				}),
		},
	};
}

/** A request that breaks the model's limits, sent past the node's own check as a custom model. */
export function wrongSize(model: Model): Record<string, unknown> {
	const { width, height } = wrongSquare(model) ?? {};
	const sides: Record<string, unknown> = { width, height, size: `${width}x${height}` };
	const sizes = Object.fromEntries((model.size?.sends ?? []).map((name) => [name, sides[name]]));
	return {
		resource: 'image',
		operation: 'generate',
		model: CUSTOM,
		customModelId: model.id,
		customParameters: JSON.stringify({ prompt: PROMPTS.text, ...sizes }),
		options: {},
	};
}

/** Looks a task up. */
export const getTask = (taskId: string, wait: boolean): Record<string, unknown> => ({
	resource: 'task',
	operation: 'get',
	taskId,
	options: wait ? { waitForCompletion: true } : {},
});
