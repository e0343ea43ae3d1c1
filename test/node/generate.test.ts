import { startStandIn, type StandIn } from '../standin';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { runVtrix } from './runVtrix';

let standIn: StandIn;
let store: BinaryStore;

beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: 30 });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());

test('a prompt alone gives one finished image as a file', async () => {
	const { items, error } = await runVtrix(standIn, {
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
	});
	expect(error).toBeUndefined();
	expect(items[0]).toHaveLength(1);
	expect(items[0][0].json).toMatchObject({ model: 'spark_dream_5_0', prompt: 'A lighthouse' });
	expect(await readBinary(items[0][0], 'data')).toEqual(
		await standIn.imageBytes(standIn.tasks[0].id, 0),
	);
});

describe('a dry run', () => {
	test('sends nothing, and shows of each item what would be sent and how many images may come', async () => {
		const { items, error } = await runVtrix(
			standIn,
			{
				model: 'spark_dream_5_0',
				prompt: '={{ $json.prompt }}',
				options: { dryRun: true, sequentialImageGeneration: '={{ $json.group }}', maxImages: 3 },
			},
			[{ json: { prompt: 'one', group: 'auto' } }, { json: { prompt: 'two', group: 'disabled' } }],
		);
		expect(error).toBeUndefined();
		expect(standIn.requests).toEqual([]);
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
		const { error } = await runVtrix(standIn, {
			model: 'spark_dream_5_0',
			prompt: 'A lighthouse',
			inputImages: { image: [{ source: 'file', fieldName: 'photo' }] },
			options: { dryRun: true },
		});
		expect(error?.message).toMatch(/^Input Images: "photo"/);
		expect(standIn.requests).toEqual([]);
	});
});

describe('a model that nobody knows', () => {
	test('is told of, and nothing is sent', async () => {
		const { error } = await runVtrix(standIn, { model: 'spark_nowhere', prompt: 'A lighthouse' });
		expect(error?.message).toMatch(/^Model: "spark_nowhere"/);
		expect(standIn.requests).toEqual([]);
	});
});
