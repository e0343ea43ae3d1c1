/* eslint-disable @n8n/community-nodes/no-restricted-imports */
/*
 * Calls of an agent's tool that are taken for one another:
 * - n8n-io/n8n#12113, n8n-io/n8n#18065: several calls at once, and each gets the words of the first
 * - n8n-io/n8n#12647: a tool that is called twice with the same input
 */
import { parse, stringify } from 'flatted';
import { createEmptyRunExecutionData, type INodeParameters } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { credentialFor } from '../node/runVtrix';
import { agentTool, type ToolOptions } from '../support/toolCalls';
import { atProvider } from '../faults/provider';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now } from '../faults/fakeTimeTransport';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });

const refusedPoll = { type: 'status', code: 403 } as const;
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const SEED = '={{ Math.floor(Math.random() * 1e9) + 1 }}';
const FIELDS: INodeParameters = {
	resource: 'image',
	operation: 'generate',
	model: 'spark_t2i_3_0',
	prompt: "={{ $fromAI('prompt') }}",
	options: { seed: SEED },
};

/** The node as a tool whose prompt and seed are the agent's and random. */
const tool = (changes: Partial<ToolOptions> = {}) =>
	agentTool({
		node: new Vtrix(),
		parameters: FIELDS,
		credentials: [credentialFor(at.standIn)],
		...changes,
	});

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const failure = async (call: Promise<unknown>): Promise<string> =>
	await call.then(() => 'It worked', messageOf);

describe('a tool call', () => {
	test('is paid once, however often Retry On Fail tries it', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 2 });
		const [item] = await tool({ nodeOverrides: RETRY }).call({ prompt: 'a cat' });
		expect(item?.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('is paid once when an item of an error is the answer', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 1 });
		const { call } = tool({ nodeOverrides: { onError: 'continueRegularOutput' } });
		expect((await call({ prompt: 'a cat' }))[0]?.error).toContain(at.standIn.tasks[0]?.id);
		expect((await call({ prompt: 'a cat' }))[0]?.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('of unknown outcome is not sent again, neither by a try nor by the agent', async () => {
		at.standIn.fault('create', { type: 'reset', created: true });
		const { call } = tool({ nodeOverrides: RETRY });
		for (let calls = 0; calls < 2; calls += 1) {
			expect(await failure(call({ prompt: 'a cat' }))).toMatch(/may have been created and billed/);
		}
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('gets the task of an earlier one that failed with the same words', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 1 });
		const { call } = tool();
		await failure(call({ prompt: 'a cat' }));
		const [item] = await call({ prompt: 'a cat' });
		expect(item?.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('gets no task of other words, nor one that was delivered', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 0 } });
		const { call } = tool();
		await failure(call({ prompt: 'a cat' }));
		const [dog] = await call({ prompt: 'a dog' });
		const [sameDog] = await call({ prompt: 'a dog' });
		expect(new Set([at.standIn.tasks[0]?.id, dog?.taskId, sameDog?.taskId]).size).toBe(3);
	});

	test('gets its task again of which one image did not come', async () => {
		at.standIn.fault('download', { type: 'expired' }, { times: 1 });
		const { call } = tool({
			parameters: {
				...FIELDS,
				model: 'spark_dream_4_5',
				options: { sequentialImageGeneration: 'auto', maxImages: 3, downloadImages: true },
			},
			nodeOverrides: { onError: 'continueRegularOutput' },
		});
		const first = await call({ prompt: 'a cat' });
		expect(first.map(({ error }) => error !== undefined)).toContain(true);
		const second = await call({ prompt: 'a cat' });
		expect(second.map(({ index }) => index)).toEqual([1, 2, 3]);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('gets its task in a retry of the execution', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 1 });
		const first = tool();
		await failure(first.call({ prompt: 'a cat' }));
		const again = tool({ data: parse(stringify(first.data)), executionId: 'execution-2' });
		const [item] = await again.call({ prompt: 'a cat' });
		expect(item?.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});
});

describe('a tool of an MCP trigger, of whose execution n8n keeps no data', () => {
	test('is paid once, however often Retry On Fail tries it', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 2 });
		const { call } = tool({ nodeOverrides: RETRY, data: createEmptyRunExecutionData() });
		const [item] = await call({ prompt: 'a cat' });
		expect(item?.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('shares nothing with another execution', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 1 });
		const data = () => createEmptyRunExecutionData();
		await failure(tool({ data: data() }).call({ prompt: 'a cat' }));
		await tool({ data: data() }).call({ prompt: 'a cat' });
		expect(at.standIn.creationsReceived).toBe(2);
	});
});

describe('tool calls at the same time', () => {
	test('each get the picture of their own words', async () => {
		const { call } = tool();
		const words = ['a cat', 'a dog', 'a bird', 'a fish', 'a horse'];
		const answers = await Promise.all(words.map(async (prompt) => await call({ prompt })));
		const made = new Map(at.standIn.tasks.map(({ id, prompt }) => [id, prompt]));
		expect(answers.map(([item]) => made.get(String(item?.taskId)))).toEqual(words);
	});

	test.each([
		['of one handler', false],
		['of two items of the agent, whose runs n8n numbers alike', true],
	])('with the same words get a task each: %s', async (_, isOtherItem) => {
		const first = tool({ nodeOverrides: RETRY });
		const second = isOtherItem ? first.ofAnotherItem() : first.call;
		at.standIn.fault('poll', refusedPoll, { times: 2 });
		const answers = await Promise.all([first.call({ prompt: 'same' }), second({ prompt: 'same' })]);
		expect(new Set(answers.map(([item]) => item?.taskId)).size).toBe(2);
		expect(at.standIn.creationsReceived).toBe(2);
	});

	test('keep both tasks with the execution when they fail', async () => {
		at.standIn.fault('poll', refusedPoll);
		const { call, data } = tool();
		await Promise.all(['a', 'b', 'c'].map(async (prompt) => await failure(call({ prompt }))));
		const kept = JSON.stringify(data.executionData?.contextData);
		for (const { id } of at.standIn.tasks) expect(kept).toContain(id);
		expect(at.standIn.tasks).toHaveLength(3);
	});

	test('leave nothing with the execution when they are delivered', async () => {
		const { call, nodeContext } = tool();
		await Promise.all(['a', 'b', 'a'].map(async (prompt) => await call({ prompt })));
		expect(nodeContext.vtrixTasks ?? {}).toEqual({});
	});
});

describe("a call by n8n's engine, as newer agents make it", () => {
	const node = Object.assign(new Vtrix(), {
		description: { ...new Vtrix().description, name: 'vtrixTool' },
	});

	test('gets the task of an earlier one that failed with the same words', async () => {
		at.standIn.fault('poll', refusedPoll, { times: 1 });
		const items = ['call_1', 'call_2'].map((toolCallId) => ({
			json: { prompt: 'a cat', toolCallId },
		}));
		const run = await at.generate(
			[],
			{ node, items, batchSize: 1, nodeOverrides: { onError: 'continueRegularOutput' } },
			{ ...FIELDS, prompt: '={{ $json.prompt }}' },
		);
		expect(run.rounds[1]?.[0][0].json.taskId).toBe(at.standIn.tasks[0]?.id);
		expect(at.standIn.creationsReceived).toBe(1);
	});
});
