import type { INodeParameters } from 'n8n-workflow';
import { FACTS } from '../standin/facts';
import { fileItem, readBinary } from '../support/binaryStore';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';
import { filesSent } from './filesSent';

const at = atStandIn();

const IMAGE_URL = 'https://example.com/photo.png';
const FROM_FILE = { source: 'file', fieldName: 'data' };
const FROM_URL = { source: 'url', url: IMAGE_URL };

interface EveryOption {
	model: keyof typeof FACTS;
	/** The node's fields, each with another value than its default. */
	fields: INodeParameters;
	/** What the API has to receive, apart from prompt and images. */
	params: Record<string, unknown>;
}

const MODELS: EveryOption[] = [
	{
		model: 'spark_dreamo',
		fields: {
			size: 'custom',
			width: 640,
			height: 1024,
			options: { seed: 7, useRephraser: false },
		},
		params: { seed: 7, use_rephraser: false, width: 640, height: 1024 },
	},
	{
		model: 'spark_multi_dreamo',
		fields: {
			size: 'custom',
			width: 640,
			height: 1024,
			options: {
				seed: 7,
				useRephraser: false,
				guidanceScale1: 1.5,
				guidanceScale2: 6.25,
				ddimSteps: 50,
				swapFace: true,
				rephraserLevel: 'coarse',
			},
		},
		params: {
			seed: 7,
			use_rephraser: false,
			guidance_scale1: 1.5,
			guidance_scale2: 6.25,
			ddim_steps: 50,
			swap_face: true,
			rephraser_level: 'coarse',
			width: 640,
			height: 1024,
		},
	},
	{
		model: 'spark_i2i_3_0',
		fields: {
			size: 'custom',
			width: 640,
			height: 1024,
			options: { seed: 7, scale: 0.25 },
		},
		params: { seed: 7, scale: 0.25, width: 640, height: 1024 },
	},
	{
		model: 'spark_dream_4_5',
		fields: {
			size: 'custom',
			width: 1440,
			height: 2560,
			options: {
				sequentialImageGeneration: 'auto',
				maxImages: 2,
				stream: true,
				watermark: false,
				optimizePromptMode: 'standard',
			},
		},
		params: {
			size: '1440x2560',
			sequential_image_generation: 'auto',
			sequential_image_generation_options: { max_images: 2 },
			stream: true,
			watermark: false,
			optimize_prompt_options: { mode: 'standard' },
		},
	},
	{
		model: 'spark_dream_5_0',
		fields: {
			size: 'custom',
			width: 1440,
			height: 2560,
			options: {
				sequentialImageGeneration: 'auto',
				maxImages: 2,
				stream: true,
				watermark: false,
				optimizePromptMode: 'standard',
				outputFormat: 'png',
				responseFormat: 'b64_json',
				tools: ['web_search'],
			},
		},
		params: {
			size: '1440x2560',
			sequential_image_generation: 'auto',
			sequential_image_generation_options: { max_images: 2 },
			stream: true,
			watermark: false,
			optimize_prompt_options: { mode: 'standard' },
			output_format: 'png',
			response_format: 'b64_json',
		},
	},
	...(['spark_t2i_3_0', 'spark_image_3_1'] as const).map((model) => ({
		model,
		fields: {
			size: 'custom',
			width: 640,
			height: 1024,
			options: { usePreLlm: false, seed: 7 },
		},
		params: { use_pre_llm: false, seed: 7, width: 640, height: 1024 },
	})),
	{
		model: 'spark_dream_3_0',
		fields: {
			size: 'custom',
			width: 640,
			height: 1024,
			options: { usePreLlm: true, seed: 7, scale: 7.5 },
		},
		params: { use_pre_llm: true, seed: 7, scale: 7.5, width: 640, height: 1024 },
	},
];

/** The file as the model's requests carry it; nothing for a model that takes no images. */
const sampleSent = async (model: keyof typeof FACTS) => {
	const { sentAs, maxCount } = FACTS[model].images;
	return maxCount === 0 ? {} : filesSent(sentAs, [await sampleImage()]);
};

/** Where every value of an object stands: `optimize_prompt_options.mode`. */
const namesIn = (params: Record<string, unknown>): string[] =>
	Object.entries(params).flatMap(([name, value]) =>
		typeof value === 'object' && value !== null && !Array.isArray(value) && !('sha256' in value)
			? namesIn({ ...value }).map((inner) => `${name}.${inner}`)
			: [name],
	);

describe.each(MODELS)('$model with every option set', ({ model, fields, params }) => {
	const referenced = FACTS[model].parameters.some(({ onePerImage }) => onePerImage);
	const runWith = async (row: INodeParameters) => {
		const image = [referenced ? { ...row, refType: 'STYLE' } : row];
		return await at.run({ model, prompt: 'A lighthouse', inputImages: { image }, ...fields }, [
			await fileItem({ data: await sampleFile() }),
		]);
	};

	test('sends each under its documented name, and gets its images', async () => {
		const { items, error } = await runWith(FROM_FILE);
		expect(error).toBeUndefined();
		expect(at.standIn.complaints).toEqual([]);
		const sent = at.sentParams();
		expect(sent).toEqual({
			prompt: 'A lighthouse',
			...params,
			...(referenced && { ref_type_list: ['STYLE'] }),
			...(await sampleSent(model)),
		});
		const [task] = at.standIn.tasks;
		expect(task.model).toBe(model);
		expect(items[0]).toHaveLength(task.images.length);
		for (const [index, item] of items[0].entries()) {
			expect(await readBinary(item)).toEqual(await at.standIn.imageBytes(task.id, index));
		}
	});

	test('sends every documented parameter, as a file or as a URL', async () => {
		await runWith(FROM_FILE);
		await runWith(FROM_URL);
		const sent = new Set([...namesIn(at.sentParams(0)), ...namesIn(at.sentParams(1))]);
		const documented = FACTS[model].parameters.filter(({ unavailable }) => !unavailable);
		expect([...sent].sort()).toEqual(documented.map(({ name }) => name).sort());
	});
});

test('a parameter that is switched off at Vtrix is not sent, and a hint says so', async () => {
	const { hints, error } = await at.run({
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
		options: { tools: ['web_search'] },
	});
	expect(error).toBeUndefined();
	expect(at.sentParams()).toEqual({ prompt: 'A lighthouse' });
	expect(hints).toEqual([
		expect.objectContaining({ message: expect.stringMatching(/^'Tools' was not sent/) }),
	]);
});

test.each(MODELS)(
	'$model with nothing set sends nothing but prompt and image',
	async ({ model }) => {
		const { error } = await at.run(
			{ model, prompt: 'A lighthouse', inputImages: { image: [FROM_FILE] }, size: 'default' },
			[await fileItem({ data: await sampleFile() })],
		);
		expect(error).toBeUndefined();
		expect(at.sentParams()).toEqual({
			prompt: 'A lighthouse',
			...(await sampleSent(model)),
		});
	},
);

test('what another model left behind in the fields is not sent', async () => {
	const { error } = await at.run(
		{
			model: 'spark_dreamo',
			prompt: 'A lighthouse',
			inputImages: { image: [{ source: 'url', url: IMAGE_URL, refType: 'STYLE' }] },
			customModelId: 'custom_x',
			width: 5000,
			options: { ddimSteps: 99, scale: 3, watermark: false },
		},
		undefined,
	);
	expect(error).toBeUndefined();
	expect(at.sentParams()).toEqual({ prompt: 'A lighthouse', image_urls: [IMAGE_URL] });
});

test('values may come by expression, other ones for each item', async () => {
	const items = [
		{ json: { text: 'One', mark: 'false', shape: '2K', most: '3' } },
		{ json: { text: 2, mark: true, shape: '2304x1728', most: null } },
	];
	const { error } = await at.run(
		{
			model: 'spark_dream_4_5',
			prompt: '={{ $json.text }}',
			size: '={{ $json.shape }}',
			options: {
				sequentialImageGeneration: 'auto',
				maxImages: '={{ $json.most }}',
				watermark: '={{ $json.mark }}',
				maxConcurrency: 1,
			},
		},
		items,
	);
	expect(error).toBeUndefined();
	const group = { sequential_image_generation: 'auto' };
	expect([at.sentParams(0), at.sentParams(1)]).toEqual([
		{
			...group,
			prompt: 'One',
			size: '2K',
			watermark: false,
			sequential_image_generation_options: { max_images: 3 },
		},
		{ ...group, prompt: '2', size: '2304x1728', watermark: true },
	]);
});

describe('Custom Model', () => {
	const custom = { model: 'custom', customModelId: 'custom_painter' };

	test('sends its ID and its parameters as they are', async () => {
		const params = { prompt: 'Ein Löwe 🦁', nested: { list: [1, null, 'x'] }, on: false };
		const { items, error } = await at.run({ ...custom, customParameters: JSON.stringify(params) });
		expect(error).toBeUndefined();
		expect(at.sentParams()).toEqual(params);
		expect(items[0][0].json).toMatchObject({ model: 'custom_painter', prompt: params.prompt });
		expect(await readBinary(items[0][0])).toEqual(
			await at.standIn.imageBytes(at.standIn.tasks[0].id, 0),
		);
	});

	test('takes its parameters as an object by expression, and may have no prompt', async () => {
		const { items, error } = await at.run({ ...custom, customParameters: '={{ $json.params }}' }, [
			{ json: { params: { text: 'hello' } } },
		]);
		expect(error).toBeUndefined();
		expect(at.sentParams()).toEqual({ text: 'hello' });
		expect(items[0][0].json.prompt).toBeNull();
	});

	test('may be a documented model, then checked by the API alone', async () => {
		const { error } = await at.run({
			model: 'custom',
			customModelId: 'spark_dream_5_0',
			customParameters: '{"prompt": "x", "size": "1K"}',
		});
		expect(error?.description).toContain('size must be 2K, 3K or WIDTHxHEIGHT');
	});

	test.each(['{"prompt": ', '[1, 2]', '"text"', '7'])(
		'refuses %s as parameters before anything is sent',
		async (customParameters) => {
			const { error } = await at.run({ ...custom, customParameters });
			expect(error?.message).toMatch(/Parameters.*JSON/);
			expect(at.standIn.requests).toEqual([]);
		},
	);
});
