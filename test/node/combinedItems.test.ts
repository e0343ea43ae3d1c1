import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const GROUP = {
	model: 'spark_dream_5_0',
	prompt: 'Three lighthouses',
};
const OPTIONS = { sequentialImageGeneration: 'auto', maxImages: 3, combineImages: true };

type More = Parameters<typeof at.run>[2];

/** A run of groups of three, each in one item. */
const run = async (
	{ options = {}, ...fields }: INodeParameters & { options?: INodeParameters } = {},
	items?: INodeExecutionData[],
	more?: More,
) => await at.run({ ...GROUP, ...fields, options: { ...OPTIONS, ...options } }, items, more);

/** The only item of a run that works. */
async function itemOf(...parameters: Parameters<typeof run>) {
	const { items, error } = await run(...parameters);
	expect(error).toBeUndefined();
	expect(items[0]).toHaveLength(1);
	return items[0][0];
}

const served = async (index: number) =>
	(await at.standIn.imageBytes(at.standIn.tasks[0].id, index)).toString('base64');

describe('all images in one item', () => {
	test('stand side by side, with the first one in the usual field', async () => {
		const item = await itemOf();
		expect(Object.keys(item.binary ?? {})).toEqual(['data', 'data_2', 'data_3']);
		for (const [index, field] of ['data', 'data_2', 'data_3'].entries()) {
			expect((await readBinary(item, field)).toString('base64')).toBe(await served(index));
		}
		expect(item.pairedItem).toEqual({ item: 0 });
	});

	test('keep the JSON of the first one, and are listed one by one', async () => {
		const { json } = await itemOf();
		const [task] = at.standIn.tasks;
		const { images, binaryPropertyNames, ...first } = json;
		expect(Object.keys(first)).toEqual([
			'taskId',
			'model',
			'prompt',
			'index',
			'total',
			'url',
			'expiresAt',
			'width',
			'height',
			'cost',
		]);
		expect(first).toMatchObject({ taskId: task.id, index: 1, total: 3, width: 24 });
		expect(binaryPropertyNames).toBe('data,data_2,data_3');
		expect(images).toEqual(
			['data', 'data_2', 'data_3'].map((binaryPropertyName, n) => ({
				index: n + 1,
				url: expect.stringContaining(`image%20${n}.`),
				expiresAt: first.expiresAt,
				width: 24,
				height: 24,
				fileName: `spark_dream_5_0-${task.id}-${n + 1}.jpg`,
				binaryPropertyName,
			})),
		);
	});

	test('tell type and size of each without Simplify', async () => {
		const { json } = await itemOf({ simplify: false });
		expect(json).toMatchObject({
			costPerImage: expect.closeTo(0.035),
			parameters: { prompt: GROUP.prompt },
		});
		expect(json.images).toMatchObject([
			{ mimeType: 'image/jpeg', fileSize: expect.any(Number) },
			{ mimeType: 'image/jpeg', fileSize: expect.any(Number) },
			{ mimeType: 'image/jpeg', fileSize: expect.any(Number) },
		]);
	});

	test('take the name of the field that is set, for each item its own', async () => {
		const { items } = await run(
			{ options: { binaryPropertyName: '={{ $json.field }}', maxImages: 2, maxConcurrency: 1 } },
			[{ json: { field: 'photo' } }, { json: { field: 'poster' } }],
		);
		expect(items[0].map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['photo', 'photo_2'],
			['poster', 'poster_2'],
		]);
		expect(items[0].map(({ json }) => json.binaryPropertyNames)).toEqual([
			'photo,photo_2',
			'poster,poster_2',
		]);
		expect(items[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test('have a form of their own even if it is only one', async () => {
		const { json, binary } = await itemOf({ options: { sequentialImageGeneration: 'disabled' } });
		expect(Object.keys(binary ?? {})).toEqual(['data']);
		expect(json).toMatchObject({ binaryPropertyNames: 'data', images: [{ index: 1 }] });
	});

	test('are links alone where no files are wanted', async () => {
		const { json, binary } = await itemOf({ options: { downloadImages: false } });
		expect(binary).toBeUndefined();
		expect(json.binaryPropertyNames).toBe('');
		expect(json.images).toMatchObject(
			[1, 2, 3].map((index) => ({
				index,
				url: expect.stringMatching(/^http/),
				fileName: null,
				binaryPropertyName: null,
			})),
		);
	});

	test('come out of the answer where it carries the images themselves', async () => {
		const item = await itemOf({ options: { responseFormat: 'b64_json', downloadImages: false } });
		expect(item.json).toMatchObject({ url: null, binaryPropertyNames: 'data,data_2,data_3' });
		expect((await readBinary(item, 'data_3')).toString('base64')).toBe(await served(2));
	});

	test('come of a task that is fetched by its ID', async () => {
		const [{ json }] = (await at.run({ ...GROUP, options: { ...OPTIONS, combineImages: false } }))
			.items[0];
		const { items } = await at.run({
			resource: 'task',
			operation: 'get',
			taskId: String(json.taskId),
			options: { combineImages: true, fileName: 'Poster' },
		});
		expect(items[0]).toHaveLength(1);
		expect(items[0][0].json.binaryPropertyNames).toBe('data,data_2,data_3');
		expect(items[0][0].binary?.data_2.fileName).toBe('Poster-2.jpg');
	});

	test('wait for their task: while it is running, it comes out as it is', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const { json } = await itemOf({ options: { waitForCompletion: false } });
		expect(json).toMatchObject({ status: 'in_progress' });
		expect(json).not.toHaveProperty('images');
	});

	test('are refused a field name that would read as two', async () => {
		const { error } = await run({ options: { binaryPropertyName: 'a, b' } });
		expect(error?.message).toMatch(/Put Output File in Field.*contains a comma/);
		expect(at.standIn.requests).toEqual([]);
	});
});

describe('one image of a group that is missing', () => {
	test.each([
		[0, [2, 3]],
		[1, [1, 3]],
		[2, [1, 2]],
	])('leaves the others in one item, and is told (index %d)', async (missing, left) => {
		at.standIn.fault('create', { type: 'entryError', index: missing, error: 'blurred' });
		const { items, hints, error } = await run({ options: { fileName: 'A-17' } });
		expect(error).toBeUndefined();
		expect(items[0]).toHaveLength(1);
		const [{ json, binary }] = items[0];
		expect(json).toMatchObject({
			index: left[0],
			total: 3,
			binaryPropertyNames: 'data,data_2',
			images: left.map((index) => ({ index, fileName: `A-17-${index}.jpg` })),
		});
		expect(Object.keys(binary ?? {})).toEqual(['data', 'data_2']);
		expect(hints).toEqual([
			expect.objectContaining({ message: expect.stringMatching(/was not generated.*blurred/) }),
		]);
	});

	test('goes down the error branch beside the item', async () => {
		at.standIn.fault('create', { type: 'entryError', index: 1, error: 'blurred' });
		const { items } = await run({}, undefined, {
			nodeOverrides: { onError: 'continueErrorOutput' },
		});
		expect(items[0]).toHaveLength(1);
		expect(items[0][0].json.binaryPropertyNames).toBe('data,data_2');
		expect(items[1]).toHaveLength(1);
		expect(JSON.stringify(items[1][0].json)).toContain('was not generated');
	});

	test('may be one that could not be downloaded', async () => {
		at.standIn.fault('download', { type: 'status', code: 404 }, { match: { imageIndex: 0 } });
		const { items, hints } = await run();
		expect(items[0]).toHaveLength(1);
		expect(items[0][0].json).toMatchObject({ index: 2, binaryPropertyNames: 'data,data_2' });
		expect(hints).toHaveLength(1);
	});
});

/** Reads the files that a list of names tells, as n8n's e-mail nodes do with their attachments. */
const attach: INodeType = {
	description: {
		displayName: 'Attach',
		name: 'attach',
		group: ['output'],
		version: 1,
		description: '',
		defaults: { name: 'Attach' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Attachments', name: 'attachments', type: 'string', default: '' }],
	},
	async execute(this: IExecuteFunctions) {
		const names = String(this.getNodeParameter('attachments', 0)).split(',');
		const files = names.map(async (name) => ({
			fileName: this.helpers.assertBinaryData(0, name).fileName,
			base64: (await this.helpers.getBinaryDataBuffer(0, name)).toString('base64'),
		}));
		return [[{ json: { files: await Promise.all(files) } }]];
	},
};

describe("the list of names is what n8n's e-mail nodes take", () => {
	const attached = async (settings: NonNullable<More>['settings'], field: string) => {
		const { itemsOf, error } = await run(
			{ options: { binaryPropertyName: field, fileName: 'A-17' } },
			undefined,
			{
				settings,
				extraNodes: [
					{
						name: 'Attach',
						type: attach,
						parameters: { attachments: '={{ $json.binaryPropertyNames }}' },
						after: [{ node: 'Vtrix' }],
					},
				],
			},
		);
		expect(error).toBeUndefined();
		return { made: itemsOf('Vtrix')[0][0], files: itemsOf('Attach')[0][0].json.files };
	};
	const allThree = async () =>
		await Promise.all(
			[0, 1, 2].map(async (index) => ({
				fileName: `A-17-${index + 1}.jpg`,
				base64: await served(index),
			})),
		);

	test.each(['data', 'my photo', 'a.b', 'x[0]"y"'])('with files apart, in %j', async (field) => {
		const { made, files } = await attached({}, field);
		expect(Object.keys(made.binary ?? {})).toHaveLength(3);
		expect(files).toEqual(await allThree());
	});

	test.each(['data', 'my photo', 'a.b', 'x[0]"y"'])(
		'with files in the JSON, in %j',
		async (field) => {
			const { made, files } = await attached({ binaryMode: 'combined' }, field);
			expect(made.binary).toBeUndefined();
			expect(Object.keys(Object(made.json._files))).toEqual([field, `${field}_2`, `${field}_3`]);
			expect(files).toEqual(await allThree());
		},
	);

	describe('with files inline', () => {
		let inline: BinaryStore;
		beforeAll(async () => {
			inline = await initBinaryData('default');
		});
		afterAll(() => inline.cleanup());

		test('which n8n leaves where they are', async () => {
			const { files } = await attached({}, 'data');
			expect(files).toEqual(await allThree());
		});
	});
});
