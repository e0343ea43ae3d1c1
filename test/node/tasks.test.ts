import type { INodeParameters } from 'n8n-workflow';
import { readBinary } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };
const GROUP = { sequentialImageGeneration: 'auto', maxImages: 2 };
const NO_WAIT = { waitForCompletion: false };

/** Creates a task without waiting for it, and gives its item. */
async function create(options: INodeParameters = {}, parameters: INodeParameters = {}) {
	const { items, error } = await at.run({
		...PROMPT,
		...parameters,
		options: { ...NO_WAIT, ...options },
	});
	expect(error).toBeUndefined();
	return items[0];
}

const get = async (taskId: string, fields: INodeParameters = {}, items?: number) =>
	await at.run(
		{ resource: 'task', operation: 'get', taskId, ...fields },
		items === undefined ? undefined : Array.from({ length: items }, (_, n) => ({ json: { n } })),
	);

describe('without waiting for completion', () => {
	test('the task comes out at once, not asked about', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const items = await create();
		const [task] = at.standIn.tasks;
		expect(items).toEqual([
			{
				json: {
					taskId: task.id,
					status: 'in_progress',
					progress: null,
					model: 'spark_dream_5_0',
					prompt: 'A lighthouse',
					createdAt: new Date(Math.floor(task.createdAt / 1000) * 1000).toISOString(),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(at.standIn.stats.requests).toMatchObject({ create: 1, poll: 0, download: 0 });
	});

	test('a task that is complete at once gives its images all the same', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		const [item] = await create();
		expect(await readBinary(item)).toEqual(await at.standIn.imageBytes(at.standIn.tasks[0].id, 0));
		expect(at.standIn.stats.requests.poll).toBe(0);
	});

	test('a task that has failed at once is told', async () => {
		at.standIn.fault('create', { type: 'failed', atOnce: true, error: { code: '003011004' } });
		const { error } = await at.run({ ...PROMPT, options: NO_WAIT });
		expect(error?.message).toContain(at.standIn.tasks[0].id);
	});
});

describe('Task → Get', () => {
	test('tells how far a running task is, without waiting', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		at.standIn.fault('poll', { type: 'progress', value: 0.4 });
		await create();
		const [task] = at.standIn.tasks;
		const { items, error } = await get(task.id);
		expect(error).toBeUndefined();
		expect(items[0]).toEqual([
			{
				json: {
					taskId: task.id,
					status: 'in_progress',
					progress: 0.4,
					model: 'spark_dream_5_0',
					createdAt: new Date(Math.floor(task.createdAt / 1000) * 1000).toISOString(),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(at.standIn.stats.requests.poll).toBe(1);
	});

	test('brings the images of a finished task', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await create({ ...GROUP, downloadImages: false });
		const [task] = at.standIn.tasks;
		const { items } = await get(task.id);
		expect(items[0].map(({ json }) => json)).toMatchObject([
			{ taskId: task.id, model: 'spark_dream_5_0', prompt: null, index: 1, total: 2, cost: 0.07 },
			{ taskId: task.id, index: 2, total: 2 },
		]);
		for (const [index, item] of items[0].entries()) {
			expect(await readBinary(item)).toEqual(await at.standIn.imageBytes(task.id, index));
			expect(item.binary?.data.fileName).toBe(`vtrix-${task.id}-${index + 1}.jpg`);
		}
	});

	test('brings them as an item of its own too: same fields, same options', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await create({ downloadImages: false });
		const [task] = at.standIn.tasks;
		const { items } = await get(task.id, {
			simplify: false,
			options: { binaryPropertyName: 'picture' },
		});
		expect(Object.keys(items[0][0].binary ?? {})).toEqual(['picture']);
		expect(items[0][0].json).toMatchObject({
			mimeType: 'image/jpeg',
			costPerImage: 0.035,
			usage: { cost: '0.035' },
			parameters: {},
		});
		const links = await get(task.id, { options: { downloadImages: false } });
		expect(links.items[0][0]).not.toHaveProperty('binary');
		expect(links.items[0][0].json.url).toMatch(/^http/);
	});

	test('waits for a running task if it is told to', async () => {
		const running = { type: 'statusWord', word: 'in_progress', forever: true } as const;
		at.standIn.fault('poll', running, { times: 2 });
		await create();
		const [task] = at.standIn.tasks;
		const { items } = await get(task.id, { options: { waitForCompletion: true } });
		expect(await readBinary(items[0][0])).toEqual(await at.standIn.imageBytes(task.id, 0));
		expect(at.standIn.stats.requests.poll).toBeGreaterThanOrEqual(3);
	});

	test('ends at its time limit with the task ID', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		await create();
		const [task] = at.standIn.tasks;
		const { error } = await get(task.id, { options: { waitForCompletion: true, timeout: 1 } });
		expect(error?.message).toMatch(new RegExp(`^Task ${task.id} was not finished within 1 second`));
		expect(error?.description).toContain(task.id);
	});

	test.each([undefined, true])('says at once that a task is unknown (wait: %p)', async (wait) => {
		const options: INodeParameters = wait ? { waitForCompletion: wait } : {};
		const { error } = await get('no-such-task', { options });
		expect(error?.message).toBe('Vtrix does not know the task no-such-task');
		expect(error?.description).toMatch(/credential belongs to the account/);
		expect(at.standIn.stats.requests.poll).toBe(1);
	});

	test('tells why a task failed', async () => {
		at.standIn.fault('create', {
			type: 'failed',
			error: { code: '003011001', error_message: 'prompt missing' },
		});
		await create();
		const [task] = at.standIn.tasks;
		const { error } = await get(task.id, { options: { waitForCompletion: true } });
		expect(error?.message).toBe(`The service received no prompt (task ${task.id})`);
		expect(error?.description).toContain('prompt missing');
		expect(error?.description).toContain('003011001');
	});

	test('takes the ID of each item by expression', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await create({ downloadImages: false });
		await create({ downloadImages: false });
		const ids = at.standIn.tasks.map(({ id }) => id);
		const { items } = await at.run(
			{ resource: 'task', operation: 'get', taskId: '={{ $json.taskId }}' },
			[...ids].reverse().map((taskId) => ({ json: { taskId } })),
		);
		expect(items[0].map(({ json }) => json.taskId)).toEqual([...ids].reverse());
		expect(items[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test('tells of each running task beside the item that names it', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		await create();
		const [{ id }] = at.standIn.tasks;
		const { items } = await get(id, {}, 2);
		expect(items[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	describe('of items whose fields cannot all be read', () => {
		const fields = {
			resource: 'task',
			operation: 'get',
			taskId: "={{ $json.lost ? $('Nowhere').item.json.id : $json.id }}",
			options: { maxConcurrency: 1 },
		};
		const nodeOverrides = { onError: 'continueRegularOutput' } as const;

		test('fetches those of the others, with what their options say', async () => {
			at.standIn.fault('create', { type: 'neverEnds' });
			await create();
			await create();
			const ids = at.standIn.tasks.map(({ id }) => id);
			at.standIn.configure({ delayMs: { poll: 300 } });
			const { items } = await at.run(
				fields,
				[{ lost: true }, ...ids.map((id) => ({ id }))].map((json) => ({ json })),
				{ nodeOverrides },
			);
			at.standIn.configure({ delayMs: {} });
			expect(items[0].map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual([
				[undefined, { item: 0 }],
				[ids[0], { item: 1 }],
				[ids[1], { item: 2 }],
			]);
			expect(items[0][0].json.error).toBe("Referenced node doesn't exist");
			const [one, other] = at.standIn.requests.filter(({ kind }) => kind === 'poll');
			expect(one.endOrder).toBeLessThan(other.order);
		});

		test('tells of each where none can be read', async () => {
			const all = [1, 2].map((n) => ({ json: { lost: true, n } }));
			const { items } = await at.run(fields, all, { nodeOverrides });
			expect(items[0].map(({ json }) => json.error)).toEqual([
				"Referenced node doesn't exist",
				"Referenced node doesn't exist",
			]);
		});
	});

	test('brings what it can of a group, and tells what is missing', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await create({ ...GROUP, downloadImages: false });
		at.standIn.fault('download', { type: 'expired' }, { match: { imageIndex: 1 } });
		const [{ id }] = at.standIn.tasks;
		const { items, hints } = await get(id);
		expect(items[0].map(({ json }) => json.index)).toEqual([1]);
		expect(hints.map(({ message }) => message)).toEqual([expect.stringMatching(/HTTP 403/)]);
	});

	describe('for several items with one and the same ID', () => {
		const all = (count: number) => Array.from({ length: count }, (_, item) => ({ item }));

		test('fetches it once, and pairs each image with all of them', async () => {
			at.standIn.fault('create', { type: 'completeAtOnce' });
			const group = await create({ ...GROUP, downloadImages: false });
			await create({ downloadImages: false });
			const [task, other] = at.standIn.tasks;
			const ids = [group[0].json.taskId, other.id, group[1].json.taskId, ` ${task.id}\u200b`];
			const before = at.standIn.stats.requests;
			const { items } = await at.run(
				{ resource: 'task', operation: 'get', taskId: '={{ $json.taskId }}' },
				ids.map((taskId) => ({ json: { taskId } })),
			);
			expect(items[0].map(({ json, pairedItem }) => [json.taskId, json.index, pairedItem])).toEqual(
				[
					[task.id, 1, [{ item: 0 }, { item: 2 }, { item: 3 }]],
					[task.id, 2, [{ item: 0 }, { item: 2 }, { item: 3 }]],
					[other.id, 1, { item: 1 }],
				],
			);
			const { requests } = at.standIn.stats;
			expect(requests.poll - before.poll).toBe(2);
			expect(requests.download - before.download).toBe(3);
		});

		test('fetches it for each way in which it is wanted', async () => {
			at.standIn.fault('create', { type: 'completeAtOnce' });
			await create({ downloadImages: false });
			const [task] = at.standIn.tasks;
			const { items } = await at.run(
				{
					resource: 'task',
					operation: 'get',
					taskId: task.id,
					options: { binaryPropertyName: '={{ $json.field }}' },
				},
				['a', 'b', 'a'].map((field) => ({ json: { field } })),
			);
			expect(
				items[0].map(({ binary, pairedItem }) => [Object.keys(binary ?? {}), pairedItem]),
			).toEqual([
				[['a'], [{ item: 0 }, { item: 2 }]],
				[['b'], { item: 1 }],
			]);
		});

		test.each([
			['continueErrorOutput', 1],
			['continueRegularOutput', 0],
		] as const)('tells beside each of them that it failed (%s)', async (onError, output) => {
			const { items } = await at.run(
				{ resource: 'task', operation: 'get', taskId: 'no-such-task' },
				all(3).map(({ item }) => ({ json: { row: item } })),
				{ nodeOverrides: { onError } },
			);
			expect(items[output].map(({ json, pairedItem }) => [json.row, pairedItem])).toEqual(
				all(3).map((paired) => [paired.item, paired]),
			);
			expect(at.standIn.stats.requests.poll).toBe(1);
		});

		test('says which item it is about when it ends the run', async () => {
			const { error } = await at.run(
				{ resource: 'task', operation: 'get', taskId: '={{ $json.id }}' },
				['', 'x', 'x'].map((id) => ({ json: { id } })),
			);
			expect(error?.context).toMatchObject({ itemIndex: 0 });
			expect(error?.message).toMatch(/^Task ID is empty/);
		});
	});

	test('takes the list of IDs of a failed item', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await create({ downloadImages: false });
		await create({ downloadImages: false });
		const taskIds = at.standIn.tasks.map(({ id }) => id);
		const { items } = await at.run(
			{ resource: 'task', operation: 'get', taskId: '={{ $json.details.taskIds }}' },
			[{ json: { details: { taskIds } } }],
		);
		expect(items[0].map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual(
			taskIds.map((id) => [id, { item: 0 }]),
		);
	});

	describe('takes several IDs from one field', () => {
		test.each([
			['on lines', ([a, b]: string[]) => `${a}\r\n\n  ${b}\u200b\n`],
			['separated by commas', ([a, b]: string[]) => `${a}, ${b},`],
			['on lines that the browser has pasted as blanks', ([a, b]: string[]) => `${a} ${b} `],
			['on such lines, one of them empty', ([a, b]: string[]) => `${a} ${b}  ${a}`],
			['separated by semicolons', ([a, b]: string[]) => `${a};${b}`],
			['as the JSON of a list', (ids: string[]) => JSON.stringify(ids)],
			['as a list by expression', (ids: string[]) => `={{ ${JSON.stringify(ids)} }}`],
			['of which some are the same', ([a, b]: string[]) => `${a}\n${b}\n${a}`],
		])('%s', async (_, write) => {
			at.standIn.fault('create', { type: 'completeAtOnce' });
			await create({ downloadImages: false });
			await create({ downloadImages: false });
			const ids = at.standIn.tasks.map(({ id }) => id);
			const { items, error } = await get(write(ids));
			expect(error).toBeUndefined();
			expect(items[0].map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual(
				ids.map((id) => [id, { item: 0 }]),
			);
		});
	});

	test.each([
		['={{ 12345678 }}', '12345678'],
		['my job-00000001 job-00000002', 'my job-00000001 job-00000002'],
		['job-00000001 job-00000002 too', 'job-00000001 job-00000002 too'],
	])('takes %j as one ID', async (taskId, id) => {
		await get(taskId);
		const asked = at.standIn.requests.map(({ url }) => url);
		expect(asked).toEqual([expect.stringContaining(encodeURIComponent(id))]);
	});

	test('keeps every digit of IDs that are numbers in the JSON of a list', async () => {
		const { error } = await get('[9007199254740993]');
		expect(error?.message).toContain('9007199254740993');
	});

	test.each([
		[
			'{{ $json.taskId }}',
			/^Task ID: "\{\{ \$json\.taskId \}\}" is an expression that n8n takes as text/,
		],
		['={{ $json }}', /^Task ID: .* is an object, not an ID\. Choose its field/],
		['={{ [$json] }}', /^Task ID: .* is an object, not an ID\. Choose its field/],
		['={{ true }}', /^Task ID: true is not an ID\. Choose the field that holds it/],
		['={{ [false] }}', /^Task ID: false is not an ID\./],
		['=task {{ $json }}', /^Task ID: "task \[object Object\]" is an object, not an ID/],
		['={{ [] }}', /^Task ID is empty/],
		[' ,\n', /^Task ID is empty/],
	])('refuses %j without asking', async (taskId, message) => {
		const { error } = await get(taskId);
		expect(error?.message).toMatch(message);
		expect(at.standIn.requests).toEqual([]);
	});

	test('asks for an ID that is missing', async () => {
		const { error } = await get('={{ $json.nothing }}');
		expect(error?.message).toMatch(/^Task ID is empty/);
		expect(at.standIn.requests).toEqual([]);
	});
});

describe('task IDs that need escaping in a path', () => {
	test.each(['a/b', 'a b?c=d#e', '100%', '../../v1/keys', 'tâche-任务', '"quoted"'])(
		'%s is asked for as it is',
		async (id) => {
			at.standIn.fault('create', { type: 'id', id });
			const { items, error } = await at.run(PROMPT);
			expect(error).toBeUndefined();
			expect(items[0][0].json.taskId).toBe(id);
			expect(items[0][0].binary?.data.fileName).toMatch(/^spark_dream_5_0-[\w.-]+-1\.jpg$/);
			expect(at.standIn.complaints).toEqual([]);
			const again = await get(id);
			expect(again.items[0][0].json.taskId).toBe(id);
		},
	);
});
