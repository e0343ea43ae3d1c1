import { MODELS } from '../../nodes/Vtrix/models';
import type { Scene } from './studio';

/** What a user would fill in for each model. */
const FILLED: Record<string, Record<string, unknown>> = {
	spark_dream_5_0: {
		prompt: 'A small lighthouse at dawn, soft morning light, oil painting',
		inputImages: { image: [{ source: 'url', url: 'https://example.com/lighthouse.jpg' }] },
		size: '2848x1600',
		options: { sequentialImageGeneration: 'auto', maxImages: 4, tools: [], watermark: false },
	},
	spark_dream_4_5: {
		prompt: 'Four posters for a summer sale, one for each week',
		size: '4K',
		options: { sequentialImageGeneration: 'auto', maxImages: 4, watermark: false },
	},
	spark_image_3_1: {
		prompt: 'A perfume bottle on wet slate, studio light, fine reflections',
		size: '2496x1664',
	},
	spark_t2i_3_0: {
		prompt: 'A white mug with a blue rim on a light background',
		options: { usePreLlm: false, seed: 7 },
	},
	spark_dream_3_0: {
		prompt: 'A shop window with the sign "Open", evening light',
		options: { scale: 4, seed: 7 },
	},
	spark_dreamo: {
		prompt: 'Put the mug on a wooden table in warm morning light',
		inputImage: { __rl: true, mode: 'file', value: 'data' },
		size: '1472x1104',
		options: { seed: 7, useRephraser: false },
	},
	spark_multi_dreamo: {
		prompt: 'The two people sit side by side in a cafe and laugh',
		inputImages: {
			image: [
				{ source: 'file', fieldName: 'first', refType: 'ID' },
				{ source: 'file', fieldName: 'second', refType: 'ID' },
			],
		},
		size: 'custom',
		width: 1600,
		height: 1200,
		options: { swapFace: true, ddimSteps: 20, guidanceScale1: 3, rephraserLevel: 'fine' },
	},
	spark_i2i_3_0: {
		prompt: 'Change the background to a sunny beach',
		inputImage: { __rl: true, mode: 'file', value: 'data' },
		options: { scale: 0.7, seed: 7 },
	},
	custom: {
		customModelId: 'spark_dream_5_0',
		customParameters: '{\n  "prompt": "A lighthouse",\n  "size": "2K"\n}',
	},
};

const withOptionsOpen = (name: string, parameters: Record<string, unknown>): Scene => ({
	name,
	async arrange(studio) {
		await studio.openForm(parameters);
		await studio.editor.openOptions();
	},
});

const withSizesOpen = (name: string, model: string): Scene => ({
	name,
	async arrange(studio) {
		await studio.openForm({ model, ...FILLED[model], size: 'default' });
		await studio.editor.openDropdown('size');
	},
});

/** Every model's form: as it opens, filled in, with its options and its sizes open. */
export const forms: Scene[] = [
	...MODELS.flatMap(({ id: model, size }): Scene[] => [
		{ name: `form-${model}-empty`, arrange: async (studio) => await studio.openForm({ model }) },
		{
			name: `form-${model}-filled`,
			arrange: async (studio) => await studio.openForm({ model, ...FILLED[model] }),
		},
		withOptionsOpen(`form-${model}-options`, { model }),
		...(size ? [withSizesOpen(`form-${model}-sizes`, model)] : []),
	]),
	{
		name: 'form-models',
		async arrange(studio) {
			await studio.openForm({});
			await studio.editor.openDropdown('model');
		},
	},
	{
		name: 'form-task',
		arrange: async (studio) => await studio.openForm({ resource: 'task', operation: 'get' }),
	},
	withOptionsOpen('form-task-options', { resource: 'task', operation: 'get' }),
];
