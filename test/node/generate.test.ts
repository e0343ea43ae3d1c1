import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn({ latencyMs: 30 });

test('a prompt alone gives one finished image as a file', async () => {
	const { items, error } = await at.run({
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
	});
	expect(error).toBeUndefined();
	expect(items[0]).toHaveLength(1);
	expect(items[0][0].json).toMatchObject({ model: 'spark_dream_5_0', prompt: 'A lighthouse' });
	expect(await readBinary(items[0][0], 'data')).toEqual(
		await at.standIn.imageBytes(at.standIn.tasks[0].id, 0),
	);
});

describe('a dry run', () => {
	test('sends nothing, and shows of each item what would be sent and how many images may come', async () => {
		const { items, error } = await at.run(
			{
				model: 'spark_dream_5_0',
				prompt: '={{ $json.prompt }}',
				options: { dryRun: true, sequentialImageGeneration: '={{ $json.group }}', maxImages: 3 },
			},
			[{ json: { prompt: 'one', group: 'auto' } }, { json: { prompt: 'two', group: 'disabled' } }],
		);
		expect(error).toBeUndefined();
		expect(at.standIn.requests).toEqual([]);
		expect(items[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const group = { sequential_image_generation_options: { max_images: 3 } };
		const params = [
			{ prompt: 'one', sequential_image_generation: 'auto', ...group },
			{ prompt: 'two', sequential_image_generation: 'disabled', ...group },
		];
		expect(items[0].map(({ json }) => json)).toEqual(
			params.map((sent, item) => ({
				dryRun: true,
				model: 'spark_dream_5_0',
				tasks: 1,
				maxImages: item === 0 ? 3 : 1,
				request: { model: 'spark_dream_5_0', input: [{ params: sent }] },
			})),
		);
	});

	test('tells what would be wrong, also of an input image', async () => {
		const { error } = await at.run({
			model: 'spark_dream_5_0',
			prompt: 'A lighthouse',
			inputImages: { image: [{ source: 'file', fieldName: 'photo' }] },
			options: { dryRun: true },
		});
		expect(error?.message).toMatch(/^Input Images: "photo"/);
		expect(at.standIn.requests).toEqual([]);
	});
});

describe('with Continue On Fail', () => {
	const run = async (parameters: INodeParameters, items?: INodeExecutionData[]) =>
		await at.run({ prompt: 'A lighthouse', ...parameters }, items, {
			nodeOverrides: { onError: 'continueRegularOutput' },
		});

	test.each<[string, INodeParameters, RegExp]>([
		['a model that nobody knows', { model: 'spark_nowhere' }, /^Model: "spark_nowhere"/],
		[
			'an image that Vtrix cannot open',
			{
				model: 'spark_dream_5_0',
				inputImages: { image: [{ source: 'url', url: 'http://127.0.0.1:1/a.png' }] },
				options: { checkImageUrls: true },
			},
			/^Input Images: .* could not be opened/,
		],
	])('an item with %s is told of, and not sent', async (_, parameters, message) => {
		const { items } = await run(parameters);
		expect(items[0].map(({ json }) => json.error)).toEqual([expect.stringMatching(message)]);
		expect(at.standIn.requests).toEqual([]);
	});

	test('an item whose fields cannot be read keeps no other from its image', async () => {
		const prompt = "={{ $json.lost ? $('Nowhere').item.json.prompt : 'A lighthouse' }}";
		const { items } = await run({ model: 'spark_dream_5_0', prompt }, [
			{ json: { lost: true } },
			{ json: {} },
		]);
		expect(items[0].map(({ json }) => [json.error, json.prompt])).toEqual([
			["Referenced node doesn't exist", undefined],
			[undefined, 'A lighthouse'],
		]);
	});

	test('the smallest spending limit of all items holds for the run', async () => {
		const limits = [0, 0.01, 5, 5, 5].map((limit) => ({ json: { limit } }));
		const { items } = await run(
			{ model: 'spark_dream_5_0', options: { spendingLimit: '={{ $json.limit }}' } },
			limits,
		);
		expect(at.standIn.creationsAccepted).toBeLessThan(3);
		expect(items[0].at(-1)?.json.error).toContain('the spending limit of $0.01 was reached');
	});
});

test('what is advised against is sent, with a hint at the items', async () => {
	const { hints, error } = await at.run(
		{ model: 'spark_dream_3_0', prompt: '={{ $json.prompt }}', options: { dryRun: true } },
		[{ json: { prompt: 'one' } }, { json: { prompt: 'for $9' } }],
	);
	expect(error).toBeUndefined();
	expect(hints.map(({ message }) => message)).toEqual([
		expect.stringMatching(/'Prompt' contains \$.* \(item 1\)$/),
	]);
});

test('an item beyond the spending limit is left out, and says why', async () => {
	const { items, error } = await at.run(
		{ model: 'spark_dream_5_0', prompt: 'A lighthouse', options: { spendingLimit: 0.01 } },
		Array.from({ length: 4 }, () => ({ json: {} })),
	);
	expect(error).toBeUndefined();
	expect(items[0]).toHaveLength(4);
	expect(items[0][3]).toEqual({
		json: { skipped: true, reason: expect.stringContaining('limit of $0.01 was reached') },
		pairedItem: { item: 3 },
	});
});
