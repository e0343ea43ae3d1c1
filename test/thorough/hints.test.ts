import type { INodeParameters } from 'n8n-workflow';
import { atStandIn } from '../node/atStandIn';
import type { NodeRun } from '../support/runNode';
import { fileItem } from '../support/binaryStore';
import { sampleFile } from '../support/sampleImage';

const at = atStandIn({ latencyMs: 0, groupSize: 1 });

const LINK = { source: 'url', url: 'https://example.com/photo.jpg' };
const ONE_LINK = { inputImages: { image: [LINK] } };
const ONE_FILE = { inputImages: { image: [{ fieldName: 'data' }] } };
const custom = (width: number, height: number) => ({ size: 'custom', width, height });

const messages = ({ hints }: NodeRun) => hints.map(({ message }) => message);

const LONG = 'Up to about 300 characters work best';

test.each<[string, INodeParameters, string | undefined]>([
	['dreamo', { model: 'spark_dreamo', prompt: '😀'.repeat(300), ...ONE_LINK }, undefined],
	['dreamo', { model: 'spark_dreamo', prompt: '😀'.repeat(301), ...ONE_LINK }, LONG],
	['multi dreamo', { model: 'spark_multi_dreamo', prompt: 'a'.repeat(301), ...ONE_LINK }, LONG],
	['i2i', { model: 'spark_i2i_3_0', prompt: 'a'.repeat(120), ...ONE_LINK }, undefined],
	['i2i', { model: 'spark_i2i_3_0', prompt: 'a'.repeat(800), ...ONE_LINK }, '120 characters'],
	['4.5', { model: 'spark_dream_4_5', prompt: 'word '.repeat(600) }, undefined],
	['4.5', { model: 'spark_dream_4_5', prompt: 'word '.repeat(601) }, '600 English words'],
	['5.0', { model: 'spark_dream_5_0', prompt: '画'.repeat(301) }, '300 Chinese characters'],
])('a prompt longer than recommended for %s is sent, with a warning', async (_, fields, hint) => {
	const run = await at.run(fields);
	expect(run.error).toBeUndefined();
	expect(at.standIn.creationsAccepted).toBe(1);
	expect(messages(run)).toEqual(hint ? [expect.stringContaining(hint)] : []);
});

test.each<[string, INodeParameters, string]>([
	[
		'a small size of i2i',
		{ model: 'spark_i2i_3_0', prompt: 'Add a rainbow', ...ONE_LINK, ...custom(599, 512) },
		'With both sides under 600 pixels the image may come out black. Sizes near 1024 work best.',
	],
	[
		'a number of images without a group',
		{ model: 'spark_dream_4_5', prompt: 'A lighthouse', options: { maxImages: 3 } },
		"'Max Images' has no effect unless 'Image Group' is 'Automatic': one image is made.",
	],
	[
		'tools that are switched off at the provider',
		{ model: 'spark_dream_5_0', prompt: 'A lighthouse', options: { tools: ['web_search'] } },
		"'Tools' was not sent: Vtrix has switched it off for now, so the node leaves it out.",
	],
	[
		'a row that names no image',
		{
			model: 'spark_dream_5_0',
			prompt: 'A lighthouse',
			inputImages: { image: [{ source: 'url', url: '={{ null }}' }] },
		},
		"A row of 'Input Images' is empty, so the request goes without it.",
	],
])('%s is no obstacle, but is told of', async (_, fields, hint) => {
	const run = await at.run(fields);
	expect(run.error).toBeUndefined();
	expect(at.standIn.creationsAccepted).toBe(1);
	expect(run.hints).toEqual([{ message: hint, type: 'warning', location: 'outputPane' }]);
});

test('an input image of an unusual shape is sent, with a warning', async () => {
	const fields = { model: 'spark_dreamo', prompt: 'A lighthouse', ...ONE_FILE };
	const wide = await fileItem({ data: await sampleFile({ width: 321, height: 180 }) });
	const usual = await fileItem({ data: await sampleFile({ width: 320, height: 180 }) });
	const run = await at.run(fields, [usual, wide]);
	expect(run.error).toBeUndefined();
	expect(at.standIn.creationsAccepted).toBe(2);
	expect(messages(run)).toEqual([
		"The image 'data' is 321 × 180 pixels. Shapes between 16:9 and 9:16 work best, others may give poor results or fail. (item 1)",
	]);
});

test('the same warning of many items is shown once, with the first items it concerns', async () => {
	const prompts = ['a', 'long', 'long', 'b', 'long', 'long', 'long', 'long'];
	const run = await at.run(
		{ model: 'spark_i2i_3_0', prompt: '={{ $json.prompt }}', ...ONE_LINK },
		prompts.map((prompt) => ({ json: { prompt: prompt.repeat(100) } })),
	);
	expect(at.standIn.creationsAccepted).toBe(prompts.length);
	expect(messages(run)).toEqual([expect.stringContaining('(item 1, 2, 4, 5, 6 and others)')]);
});

test('different warnings stand side by side', async () => {
	const run = await at.run(
		{
			model: 'spark_dream_5_0',
			prompt: '={{ $json.prompt }}',
			options: { maxImages: '={{ $json.count }}' },
		},
		[{ json: { prompt: '画'.repeat(400) } }, { json: { prompt: 'A lighthouse', count: 2 } }],
	);
	expect(messages(run)).toEqual([
		expect.stringMatching(/^'Prompt' is long\..*\(item 0\)$/),
		expect.stringMatching(/^'Max Images' has no effect.*\(item 1\)$/),
	]);
});
