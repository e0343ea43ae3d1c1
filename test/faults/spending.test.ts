import type { INodeParameters } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { credentialFor } from '../node/runVtrix';
import type { NodeRun } from '../support/runNode';
import { agentTool } from '../support/toolCalls';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { atProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now, costPerImage: 0.1, latencyMs: [5_000, 60_000] });
beforeEach(startTime);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const CONTINUE = { onError: 'continueRegularOutput' } as const;
const refusedPoll = { type: 'status', code: 403 } as const;
const prompts = (count: number) => Array.from({ length: count }, (_, index) => `picture ${index}`);
const limited = (spendingLimit: number, options: INodeParameters = {}): INodeParameters => ({
	model: 'spark_t2i_3_0',
	options: { spendingLimit, ...options },
});
const created = () => at.standIn.creationsAccepted;
const made = ({ items }: NodeRun) => items[0].filter(({ binary }) => binary).length;

describe('the spending limit', () => {
	test.each([
		['in one run of many items', 60, undefined],
		['over the rounds of a loop', 12, 1],
		['over rounds of several items', 24, 4],
	])('is passed by one task at most %s', async (_, items, batchSize) => {
		const run = await at.generate(
			prompts(items),
			{ ...(batchSize && { batchSize }) },
			limited(0.45),
		);
		expect(run.error).toBeUndefined();
		expect(created()).toBe(5);
	});

	test('lets no more than two tasks begin before it is known what one costs', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const run = await at.generate(
			prompts(6),
			{ nodeOverrides: CONTINUE },
			limited(5, { timeout: 60 }),
		);
		expect(created()).toBe(2);
		expect(run.items[0][5].json.error).toBe(
			'Not generated: the spending limit of $5 was reached, $0 is spent and 2 tasks are under way',
		);
	});

	test('says so where it could not count what Vtrix charged, and no word of it otherwise', async () => {
		const { hints } = await at.generate(prompts(1), {}, limited(5));
		expect(hints).toEqual([]);
		at.standIn.fault('poll', { type: 'usage', value: null });
		const run = await at.generate(prompts(2), {}, limited(5));
		expect(run.hints.map(({ message }) => message)).toEqual([
			'The spending limit could not count 2 tasks: Vtrix did not report what was charged.',
		]);
	});

	test('counts tasks that were given up, once it is known what one costs', async () => {
		at.fault('create', 'picture 1', { type: 'neverEnds' });
		at.fault('create', 'picture 2', { type: 'reset', created: true });
		await at.generate(
			prompts(12),
			{ nodeOverrides: CONTINUE },
			limited(0.55, { timeout: 100, maxConcurrency: 1 }),
		);
		expect(created()).toBe(6);
	});

	test('holds over the tries of Retry On Fail', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 0 }, times: 2 });
		const run = await at.generate(
			prompts(20),
			{ nodeOverrides: { ...RETRY, ...CONTINUE } },
			limited(0.45),
		);
		expect(made(run)).toBe(5);
		expect(created()).toBe(5);
	});

	test('counts what failed and was charged, on the next try as well', async () => {
		at.standIn.fault('create', { type: 'failed', error: 'too dark' });
		at.standIn.fault('poll', { type: 'moreFields', fields: { usage: { cost: '0.2' } } });
		const run = await at.generate(
			['a cat'],
			{ nodeOverrides: { ...RETRY, maxTries: 5 } },
			limited(0.3),
		);
		expect(created()).toBe(2);
		expect(JSON.stringify(run.items)).toContain('$0.4 is spent');
	});

	test('holds over a retry from the executions list', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 2 } });
		const failed = await at.generate(prompts(20), {}, limited(0.45));
		expect(failed.error).toBeDefined();
		at.standIn.clearFaults();
		const run = await at.retry(failed);
		expect(run.error).toBeUndefined();
		expect(created()).toBe(5);
	});

	test('counts each task once, however often it is fetched', async () => {
		at.standIn.fault('download', { type: 'expired' }, { times: 2 });
		const run = await at.generate(['a cat', 'a dog'], { nodeOverrides: RETRY }, limited(0.15));
		expect(run.error).toBeUndefined();
		expect(made(run)).toBe(2);
	});
});

describe('the spending limit of an agent’s tool', () => {
	const tool = (limit: number) =>
		agentTool({
			node: new Vtrix(),
			parameters: {
				resource: 'image',
				operation: 'generate',
				prompt: "={{ $fromAI('prompt') }}",
				...limited(limit),
			},
			credentials: [credentialFor(at.standIn)],
		});

	test('holds over its calls', async () => {
		const { call } = tool(0.15);
		const answers = [];
		for (const prompt of prompts(6)) answers.push(...(await call({ prompt })));
		expect(created()).toBe(2);
		expect(answers.at(-1)?.reason).toMatch(/the spending limit of \$0.15 was reached/);
	});

	test('holds over calls at the same time', async () => {
		const { call } = tool(0.35);
		await Promise.all(prompts(8).map(async (prompt) => await call({ prompt })));
		expect(created()).toBe(4);
	});
});
