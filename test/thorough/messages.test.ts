import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { sampleFile } from '../support/sampleImage';

let standIn: StandIn;
let store: BinaryStore;

beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: 0, tinyImages: true });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());

const CONTINUE = { nodeOverrides: { onError: 'continueRegularOutput' as const } };

/** What the node says to parameters and an item that it refuses; nothing may have been sent. */
async function refusalOf(
	parameters: INodeParameters,
	item: INodeExecutionData = { json: {} },
): Promise<string> {
	const { error } = await runVtrix(standIn, parameters, [item]);
	expect(standIn.requests).toEqual([]);
	return error?.message ?? 'accepted';
}

test('all that is wrong with an item is told at once, each with field, value, limit and mend', async () => {
	const refusal = await refusalOf(
		{
			model: 'spark_multi_dreamo',
			prompt: '={{ $json.missing }}',
			inputImages: {
				image: [
					{ fieldName: 'portrait', refType: 'FACE' },
					{ fieldName: 'photo', refType: 'ID' },
				],
			},
			size: 'custom',
			width: 400,
			height: 4000.5,
			options: {
				ddimSteps: 80,
				guidanceScale1: '={{ "2,5" }}',
				guidanceScale2: 7.001,
				rephraserLevel: 'best',
				seed: 0,
				swapFace: '={{ "yes" }}',
				maxConcurrency: 1000,
			},
		},
		await fileItem({ photo: await sampleFile({ format: 'webp', width: 5000, height: 2900 }) }),
	);
	expect(refusal.split('\n')).toEqual([
		'15 settings need a correction:',
		`• Input Images: "portrait" is not a file field of this item. It has 'photo'.`,
		'• Prompt is empty. Fill it in.',
		'• Seed: 0 is not allowed. Use -1 for a random result, or a positive whole number.',
		'• Prompt Strength: "2,5" is not a number. Enter digits only.',
		'• Image Strength: 7.001 is too high. The largest value is 7.',
		'• Steps: 80 is too high. The largest value is 50.',
		'• Enhance Face Likeness: "yes" is neither true nor false. Use one of the two.',
		'• Rephraser Level: "best" is not one of the options. Use general or fine or coarse.',
		'• Width: 400 is too low. The smallest value is 512.',
		'• Height: 4,000.5 is too high. The largest value is 2,048.',
		'• Height: 4,000.5 is not a whole number. Remove the decimals.',
		'• Reference Type: "FACE" is not one of the options. Use AUTO or ID or STYLE or IP.',
		'• Max Concurrent Tasks: 1,000 is too high. The largest value is 500.',
		'• Input Images: "photo" is in the WebP format. Use JPEG or PNG.',
		`• Input Images: "photo" is 5000 × 2900 pixels. No side may be longer than 4,096 pixels. Put an Edit Image node before this one: Operation 'Resize', Width and Height 4096, Option 'Only if Larger'.`,
	]);
});

const DREAM = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };
const I2I = { model: 'spark_i2i_3_0', prompt: 'Add a rainbow' };
const LINK = { source: 'url', url: 'https://example.com/photo.jpg' };
const custom = (width: unknown, height: unknown) => ({
	size: 'custom',
	width: `={{ ${JSON.stringify(width)} }}`,
	height: `={{ ${JSON.stringify(height)} }}`,
});

test.each<[string, INodeParameters, string]>([
	[
		'more images asked for than fit beside the input images',
		{
			...DREAM,
			inputImages: { image: [LINK, LINK, LINK] },
			options: { sequentialImageGeneration: 'auto', maxImages: 13 },
		},
		'Max Images: 13 is too high together with 3 input images. Both together may be at most 15, so use 12 or less.',
	],
	[
		'too few pixels',
		{ ...DREAM, ...custom(1500, 1500) },
		'Size: "1500x1500" has too few pixels. Width × height must be 3,686,400 to 10,404,496, this is 2,250,000. The nearest size is 2048x2048.',
	],
	[
		'too many pixels for 5.0, though 4.5 takes them',
		{ ...DREAM, ...custom(4096, 4096) },
		'Size: "4096x4096" has too many pixels. Width × height must be 3,686,400 to 10,404,496, this is 16,777,216. The nearest size is 3072x3072.',
	],
	[
		'a size too wide',
		{ ...DREAM, ...custom(8177, 511) },
		'Size: "8177x511" is too wide. One side may be at most 16 times the other. The nearest size is 8176x511.',
	],
	[
		'a resolution of another model',
		{ ...DREAM, size: '4K' },
		'Size: "4K" has too many pixels. Width × height must be 3,686,400 to 10,404,496, this is 16,777,216. The nearest size is 3072x3072.',
	],
	[
		'one side alone where both belong together',
		{ ...I2I, inputImages: { image: [LINK] }, ...custom(1024, null) },
		'Height is empty. Enter both Width and Height, or choose another Size.',
	],
	[
		'a prompt beyond 800 characters, an emoji counted as one',
		{ ...I2I, prompt: '😀'.repeat(801), inputImages: { image: [LINK] } },
		`Prompt: "${'😀'.repeat(60)}…" is too long. At most 800 characters are allowed, this has 801.`,
	],
	[
		'no image where one is needed',
		{ ...I2I, inputImages: { image: [{ source: 'url', url: '={{ $json.link ?? null }}' }] } },
		'Input Image must hold exactly one image, there is none. Add an image and name its file field or URL.',
	],
	[
		'a link with a password, which is not repeated',
		{
			...I2I,
			inputImages: { image: [{ source: 'url', url: 'https://me:secret@example.com/a.jpg' }] },
		},
		'Input Image: "https://example.com/a.jpg" has a user name or password inside. Use a public URL, or download the image first and choose File as the source.',
	],
	[
		'a limit on spending that cannot be kept',
		{ ...DREAM, options: { spendingLimit: 1, waitForCompletion: false } },
		"Spending Limit (USD): 1 cannot be kept without 'Wait for Completion', as a task's cost is known at its end. Turn that on, or set the limit to 0.",
	],
])('the error says what is wrong and how to mend it: %s', async (_, parameters, message) => {
	expect(await refusalOf(parameters)).toBe(message);
});

test('each wrong item has its own error, and the right ones are made', async () => {
	const values = [20, '20', '20px', 51, null];
	const { items } = await runVtrix(
		standIn,
		{
			model: 'spark_multi_dreamo',
			prompt: 'A lighthouse',
			inputImages: { image: [LINK] },
			options: { ddimSteps: '={{ $json.steps }}' },
		},
		values.map((steps) => ({ json: { steps } })),
		CONTINUE,
	);
	expect(items[0].map(({ json, pairedItem }) => ({ error: json.error, pairedItem }))).toEqual([
		{ error: undefined, pairedItem: { item: 0 } },
		{ error: undefined, pairedItem: { item: 1 } },
		{ error: 'Steps: "20px" is not a number. Enter digits only.', pairedItem: { item: 2 } },
		{ error: 'Steps: 51 is too high. The largest value is 50.', pairedItem: { item: 3 } },
		{ error: undefined, pairedItem: { item: 4 } },
	]);
	expect(standIn.creationsReceived).toBe(3);
});

test('without continuing on errors, one wrong item among many keeps all from being paid', async () => {
	const { error } = await runVtrix(
		standIn,
		{ ...DREAM, options: { maxImages: '={{ $json.count }}' } },
		[{ json: { count: 3 } }, { json: { count: 4 } }, { json: { count: 16 } }],
	);
	expect(error?.message).toBe('Max Images: 16 is too high. The largest value is 15.');
	expect(error?.context.itemIndex).toBe(2);
	expect(standIn.requests).toEqual([]);
});
