import type { INodeParameters } from 'n8n-workflow';
import { atStandIn } from './atStandIn';
import { OPERATIONS } from '../../nodes/Vtrix/n8n/operations';
import { outputSchema } from '../../nodes/Vtrix/n8n/output/outputFields';
import { readBinary } from '../support/binaryStore';

const at = atStandIn();

const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };
const GROUP = { sequentialImageGeneration: 'auto', maxImages: 3 };
const HOURS_24 = 24 * 60 * 60 * 1000;

const SIMPLE = [
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
];
const EXTRA = [
	'fileName',
	'mimeType',
	'fileSize',
	'costPerImage',
	'createdAt',
	'usage',
	'parameters',
];

/** The items of a run that works. */
async function itemsOf(parameters: INodeParameters, count = 1) {
	const input = Array.from({ length: count }, (_, n) => ({ json: { n } }));
	const { items, error } = await at.run({ ...PROMPT, ...parameters }, input);
	expect(error).toBeUndefined();
	return items[0];
}

test.each(OPERATIONS)(
	'the editor offers what $action gives before it has run',
	async ({ resource, value, output }) => {
		const { type, properties } = outputSchema(output);
		expect(type).toBe('object');
		const [image] = await itemsOf({});
		const { taskId } = image.json;
		const states = [image];
		if (value === 'get') {
			const get = { resource: resource.value, operation: value, taskId: String(taskId) };
			at.standIn.fault('create', { type: 'neverEnds' });
			const [running] = await itemsOf({ options: { waitForCompletion: false }, prompt: 'Slow' });
			const ask = { ...get, taskId: String(running.json.taskId) };
			states.splice(0, 1, ...(await itemsOf(ask)), ...(await itemsOf(get)));
		}
		const given = new Set(states.flatMap(({ json }) => Object.keys(json)));
		expect(Object.keys(properties).sort()).toEqual([...given].sort());
		for (const { json } of states) {
			for (const [name, held] of Object.entries(json)) {
				if (held !== null)
					expect({ [name]: typeof held }).toEqual({ [name]: properties[name].type });
			}
		}
	},
);

describe('the JSON of an image', () => {
	test('has ten fields', async () => {
		const [{ json }] = await itemsOf({});
		const [task] = at.standIn.tasks;
		expect(Object.keys(json)).toEqual(SIMPLE);
		expect(json).toMatchObject({
			taskId: task.id,
			model: 'spark_dream_5_0',
			prompt: 'A lighthouse',
			index: 1,
			total: 1,
			url: expect.stringMatching(at.standIn.cdnUrl),
			width: 24,
			height: 24,
			cost: 0.035,
		});
		const seconds = Math.floor(task.createdAt / 1000) * 1000;
		expect(Date.parse(String(json.expiresAt))).toBe(seconds + HOURS_24);
	});

	test('has seven more without Simplify', async () => {
		const [item] = await itemsOf({
			simplify: false,
			size: '2K',
			options: { ...GROUP, maxImages: 2 },
		});
		const [task] = at.standIn.tasks;
		const bytes = await at.standIn.imageBytes(task.id, 0);
		expect(Object.keys(item.json)).toEqual([...SIMPLE, ...EXTRA]);
		expect(item.json).toMatchObject({
			fileName: `spark_dream_5_0-${task.id}-1.jpg`,
			mimeType: 'image/jpeg',
			fileSize: bytes.length,
			cost: 0.07,
			costPerImage: 0.035,
			createdAt: new Date(Math.floor(task.createdAt / 1000) * 1000).toISOString(),
			usage: { cost: '0.07', discount: 0, tool_usage: { web_search: 0 } },
			parameters: {
				prompt: 'A lighthouse',
				size: '2K',
				sequential_image_generation: 'auto',
				sequential_image_generation_options: { max_images: 2 },
			},
		});
		expect(item.binary?.data.fileName).toBe(item.json.fileName);
	});

	test.each([true, false])('is never called an error (Simplify: %p)', async (simplify) => {
		const [{ json }] = await itemsOf({ simplify });
		expect(json).not.toHaveProperty('error');
	});

	test('says null for what the API did not tell', async () => {
		at.standIn.fault('create', { type: 'usage', value: null });
		const [{ json }] = await itemsOf({ simplify: false });
		expect(json).toMatchObject({ cost: null, costPerImage: null, usage: null });
	});

	test('can be told on by expressions', async () => {
		const { itemsOf: itemsOfNode } = await at.run(PROMPT, undefined, {
			extraNodes: [
				{
					name: 'Again',
					type: at.node,
					parameters: {
						resource: 'task',
						operation: 'get',
						taskId: '={{ $json.taskId }}',
						options: {
							downloadImages: false,
							binaryPropertyName: '={{ "image" + $json.index }}',
						},
					},
					after: [{ node: 'Vtrix' }],
				},
			],
		});
		const [[first], [again]] = [itemsOfNode('Vtrix')[0], itemsOfNode('Again')[0]];
		expect(again.json).toMatchObject({ taskId: first.json.taskId, url: first.json.url });
	});
});

describe('the items', () => {
	test('are one for each image, numbered, in the order of the task', async () => {
		const items = await itemsOf({ options: GROUP });
		const [task] = at.standIn.tasks;
		expect(items.map(({ json }) => [json.index, json.total])).toEqual([
			[1, 3],
			[2, 3],
			[3, 3],
		]);
		for (const [index, item] of items.entries()) {
			expect(await readBinary(item)).toEqual(await at.standIn.imageBytes(task.id, index));
			expect(item.json.url).toContain(`image%20${index}.`);
		}
		const names = items.map(({ binary }) => binary?.data.fileName);
		expect(names).toEqual([1, 2, 3].map((n) => `spark_dream_5_0-${task.id}-${n}.jpg`));
	});

	test('point to the item that they come from', async () => {
		const items = await itemsOf({ options: { ...GROUP, maxImages: 2 } }, 3);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1, 2, 2].map((item) => ({ item })),
		);
	});

	test('come out in the order of the input although their tasks end in another', async () => {
		const taskOf = (prompt: string) => at.standIn.tasks.find((task) => task.prompt === prompt);
		const prompts = ['first', 'second', 'third'];
		for (const [n, prompt] of prompts.slice(0, 2).entries()) {
			at.standIn.fault(
				'poll',
				{ type: 'statusWord', word: 'in_progress', forever: true },
				{
					match: ({ taskId }) =>
						taskId === taskOf(prompt)?.id && taskOf(prompts[n + 1])?.outcome === undefined,
				},
			);
		}
		const { items } = await at.run(
			{ ...PROMPT, prompt: '={{ $json.prompt }}' },
			prompts.map((prompt) => ({ json: { prompt } })),
		);
		const ends = prompts.map((prompt) => taskOf(prompt)?.firstSeenCompleteAt ?? 0);
		expect(ends).toEqual([...ends].sort((one, other) => other - one));
		expect(items[0].map(({ json }) => json.prompt)).toEqual(prompts);
	});
});

describe('the file', () => {
	test.each([
		['jpeg', 'image/jpeg', 'jpg'],
		['png', 'image/png', 'png'],
	])('is a %s as asked for', async (outputFormat, mimeType, fileExtension) => {
		const [{ binary, json }] = await itemsOf({ options: { outputFormat } });
		expect(binary?.data).toMatchObject({ mimeType, fileExtension, fileType: 'image' });
		expect(binary?.data.fileName).toBe(`spark_dream_5_0-${String(json.taskId)}-1.${fileExtension}`);
	});

	test.each(['text/html', 'application/octet-stream', 'image/gif', ''])(
		'is named and typed by its bytes although the server says %j',
		async (value) => {
			at.standIn.fault('download', { type: 'contentType', value });
			const [item] = await itemsOf({});
			expect(item.binary?.data).toMatchObject({ mimeType: 'image/jpeg', fileExtension: 'jpg' });
			expect(item.binary?.data.fileName).toMatch(/\.jpg$/);
			expect(await readBinary(item)).toEqual(
				await at.standIn.imageBytes(at.standIn.tasks[0].id, 0),
			);
		},
	);

	test('is a PNG if it is one, although the URL and the server say JPEG', async () => {
		at.standIn.fault('download', { type: 'otherFormat' });
		const [{ binary, json }] = await itemsOf({ simplify: false });
		expect(json.url).toMatch(/\.jpg\?/);
		expect(json.mimeType).toBe('image/png');
		expect(binary?.data).toMatchObject({ mimeType: 'image/png', fileExtension: 'png' });
		expect(binary?.data.fileName).toMatch(/-1\.png$/);
	});

	test('stands in the field that the user names', async () => {
		const [item] = await itemsOf({ options: { binaryPropertyName: 'picture' } });
		expect(Object.keys(item.binary ?? {})).toEqual(['picture']);
		expect(await readBinary(item, 'picture')).not.toHaveLength(0);
	});

	test('stands in "data" if the name was deleted', async () => {
		const [item] = await itemsOf({ options: { binaryPropertyName: ' ' } });
		expect(Object.keys(item.binary ?? {})).toEqual(['data']);
	});

	test('comes out of the answer where it carries the image itself', async () => {
		const items = await itemsOf({
			simplify: false,
			options: { ...GROUP, responseFormat: 'b64_json', outputFormat: 'png' },
		});
		const [task] = at.standIn.tasks;
		expect(items).toHaveLength(3);
		for (const [index, item] of items.entries()) {
			const bytes = await at.standIn.imageBytes(task.id, index);
			expect(await readBinary(item)).toEqual(bytes);
			expect(item.binary?.data).toMatchObject({ mimeType: 'image/png', fileExtension: 'png' });
			expect(item.json).toMatchObject({
				url: null,
				expiresAt: null,
				width: 24,
				fileSize: bytes.length,
			});
		}
		expect(JSON.stringify(items.map(({ json }) => json))).not.toContain('iVBOR');
		expect(at.standIn.stats.requests.download).toBe(0);
	});
});

describe('without downloading', () => {
	const options = { ...GROUP, downloadImages: false };

	test('only the URLs come out', async () => {
		const items = await itemsOf({ options });
		expect(items.map(({ binary }) => binary)).toEqual([undefined, undefined, undefined]);
		expect(items.map(({ json }) => Object.keys(json))).toEqual([SIMPLE, SIMPLE, SIMPLE]);
		expect(items[0].json).toMatchObject({ width: null, height: null, total: 3 });
		expect(items[0].json.url).toMatch(/^http/);
		expect(at.standIn.stats.requests.download).toBe(0);
	});

	test('an image inside the answer still comes out as a file', async () => {
		const [item] = await itemsOf({
			options: { downloadImages: false, responseFormat: 'b64_json' },
		});
		expect(await readBinary(item)).toEqual(await at.standIn.imageBytes(at.standIn.tasks[0].id, 0));
	});
});

describe('an answer', () => {
	test.each(['array', 'object', 'groups'] as const)(
		'with its images as %s gives all of them',
		async (form) => {
			at.standIn.fault('create', { type: 'outputForm', form });
			expect(await itemsOf({ options: GROUP })).toHaveLength(3);
		},
	);

	test('with its status in upper case is understood', async () => {
		at.standIn.fault('create', { type: 'upperCase' });
		expect(await itemsOf({})).toHaveLength(1);
	});

	test.each(['pending', 'processing', 'queued', 'warming_up'])(
		'with the status "%s" is asked for again',
		async (word) => {
			at.standIn.fault('create', { type: 'statusWord', word });
			expect(await itemsOf({})).toHaveLength(1);
		},
	);

	test('that is complete at once is not asked for again', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		const [item] = await itemsOf({});
		expect(await readBinary(item)).not.toHaveLength(0);
		expect(at.standIn.stats.requests.poll).toBe(0);
	});

	test('with one failed image of a group tells of it, and the others come out in their places', async () => {
		at.standIn.fault('create', { type: 'entryError', index: 1, error: { message: 'blurred' } });
		const { items, hints, error } = await at.run({ ...PROMPT, options: GROUP });
		expect(error).toBeUndefined();
		expect(items[0].map(({ json }) => [json.index, json.total])).toEqual([
			[1, 3],
			[3, 3],
		]);
		expect(hints).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(
					new RegExp(`One image of task ${at.standIn.tasks[0].id} .*: blurred`),
				),
			}),
		]);
	});
});
