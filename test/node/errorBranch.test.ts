import type { INodeExecutionData } from 'n8n-workflow';
import { readBinary } from '../support/binaryStore';
import { atStandIn } from './atStandIn';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';

const at = atStandIn();

const MODEL = { model: 'spark_dream_5_0', prompt: '={{ $json.prompt }}' };
const OUTPUTS = [
	['Continue (using error output)', 'continueErrorOutput', 1],
	['Continue', 'continueRegularOutput', 0],
] as const;

/** Rows of a sheet, as a node before would deliver them. */
const rows = (...prompts: string[]): INodeExecutionData[] =>
	prompts.map((prompt, row) => ({
		json: { row: row + 2, prompt, error: 'of an earlier step', details: { taskIds: ['old'] } },
	}));

const forPrompt = (wanted: string) => ({
	match: ({ params, taskIndex }: { params?: Record<string, unknown>; taskIndex?: number }) =>
		wanted === String(params?.prompt ?? at.standIn.tasks[taskIndex ?? -1]?.prompt),
});

describe.each(OUTPUTS)('with "%s" a failed item', (_, onError, output) => {
	const run = async (items: INodeExecutionData[], parameters = {}) => {
		const { items: all, error } = await at.run({ ...MODEL, ...parameters }, items, {
			nodeOverrides: { onError },
		});
		expect(error).toBeUndefined();
		return all[output].filter(({ json }) => json.message !== undefined);
	};

	test('keeps the fields of its input, and tells the failed task', async () => {
		const failed = { type: 'failed', error: { code: '003025095', message: 'too dark' } } as const;
		at.standIn.fault('create', failed, forPrompt('two'));
		const items = await run(rows('one', 'two', 'three'));
		const [{ id }] = at.standIn.tasks.filter(({ prompt }) => prompt === 'two');
		expect(items).toEqual([
			{
				json: {
					row: 3,
					prompt: 'two',
					error: `The service could not generate the image (task ${id})`,
					message: expect.stringMatching(/Try again.*Vtrix says: too dark, code 003025095/),
					details: { taskIds: [id], code: '003025095' },
				},
				pairedItem: { item: 1 },
			},
		]);
	});

	test('tells the links of images that could not be downloaded', async () => {
		at.standIn.fault('download', { type: 'expired' }, { match: { imageIndex: 1 } });
		const items = await run(rows('one'), {
			options: { sequentialImageGeneration: 'auto', maxImages: 3 },
		});
		const [{ id }] = at.standIn.tasks;
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({
			row: 2,
			error: expect.stringMatching(/HTTP 403: .*Request has expired/),
			details: {
				taskIds: [id],
				links: [expect.stringMatching(/^http:.*image%201\.jpg\?X-Amz/)],
				httpStatus: 403,
			},
		});
	});

	test('tells code, status and request ID of a refusal', async () => {
		at.standIn.fault('create', {
			type: 'status',
			code: 402,
			body: { error: { code: 'quota', message: 'nothing left' }, request_id: 'req-9' },
		});
		const [{ json }] = await run(rows('one'));
		expect(json.error).toBe('The Vtrix account is out of credit (HTTP 402)');
		expect(json.message).toMatch(/Top up.*nothing left, code quota, request ID req-9/);
		expect(json.details).toEqual({ code: 'quota', httpStatus: 402, requestId: 'req-9' });
	});

	test('tells the task that the time limit came before', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const [{ json }] = await run(rows('one'), { options: { timeout: 1 } });
		expect(json.details).toEqual({ taskIds: [at.standIn.tasks[0].id] });
		expect(json.message).toMatch(/'Task', operation 'Get'/);
	});

	test('of wrong settings has no details, nor those of an earlier step', async () => {
		const [{ json }] = await run(rows(''));
		expect(json).toStrictEqual({
			row: 2,
			prompt: '',
			error: 'Prompt is empty. Fill it in.',
			message: expect.stringMatching(/Nothing was sent/),
			details: {},
		});
	});

	test('lets Retry On Fail run the node again, which pays nothing twice', async () => {
		at.standIn.fault('poll', { type: 'status', code: 403 }, { times: 1 });
		const { items } = await at.run(MODEL, rows('one'), {
			nodeOverrides: { onError, retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
		});
		expect(items[0]).toHaveLength(1);
		expect(items[0][0].json).not.toHaveProperty('error');
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('names the tasks that Task → Get fetches behind it', async () => {
		at.standIn.fault('download', { type: 'expired' });
		const items = await run(rows('one', 'two'));
		expect(items).toHaveLength(2);
		at.standIn.clearFaults();
		const { items: fetched } = await at.run(
			{ resource: 'task', operation: 'get', taskId: '={{ $json.details.taskIds[0] }}' },
			items.map(({ json }) => ({ json })),
		);
		expect(fetched[0]).toHaveLength(2);
		for (const item of fetched[0]) {
			const original = await at.standIn.imageBytes(String(item.json.taskId), 0);
			expect(original.equals(await readBinary(item))).toBe(true);
		}
		expect(at.standIn.creationsReceived).toBe(2);
	});
});

test('an item that failed has no error object of n8n, which would take its fields away', async () => {
	const { items } = await at.run(MODEL, rows(''), {
		nodeOverrides: { onError: 'continueErrorOutput' },
	});
	expect(items[0]).toEqual([]);
	expect(items[1][0]).not.toHaveProperty('error');
});

test('n8n before it knew an item by its fields finds the error that sends it down the branch', async () => {
	const node = new Vtrix();
	const { execute } = node;
	const returned: INodeExecutionData[] = [];
	node.execute = async function () {
		const outputs = await execute.call(this);
		returned.push(...outputs.flat());
		return outputs;
	};
	const more = { node, nodeOverrides: { onError: 'continueErrorOutput' as const } };
	await at.run(MODEL, rows(''), more);
	expect(returned[0].error?.message).toBe('Prompt is empty. Fill it in.');
	expect(Object.keys(returned[0])).not.toContain('error');
});

test('with files in the JSON (binary mode "combined") it comes out in the same way', async () => {
	const { items } = await at.run(MODEL, rows('one', ''), {
		nodeOverrides: { onError: 'continueErrorOutput' },
		settings: { binaryMode: 'combined' },
	});
	expect(items[0]).toHaveLength(1);
	expect(items[1]).toHaveLength(1);
	expect(items[1][0].json).toMatchObject({ row: 3, error: 'Prompt is empty. Fill it in.' });
});
