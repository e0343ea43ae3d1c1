import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import type { NodeRun } from '../support/runNode';
import type * as FakeTime from './fakeTimeTransport';
import { now } from './fakeTimeTransport';
import { atProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });

const ten = Array.from({ length: 10 }, (_, index) => `picture ${index}`);
const retryOnFail = { nodeOverrides: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } };
const refusedPoll = { type: 'status', code: 403 } as const;
const expiredDownload = { type: 'expired' } as const;

/** Entries that the node keeps with the execution. */
const entriesOf = ({ nodeContext }: NodeRun): string[] => Object.keys(nodeContext.vtrixTasks ?? {});

const promptsOf = ({ items }: NodeRun): unknown[] => items[0].map(({ json }) => json.prompt);

describe('Retry On Fail', () => {
	test.each([
		['polling', 'poll', refusedPoll],
		['downloading', 'download', expiredDownload],
	] as const)(
		'creates ten tasks for ten items when %s one breaks on the first two tries',
		async (_, kind, fault) => {
			at.fault(kind, 'picture 6', fault, { times: 2 });
			const run = await at.generate(ten, retryOnFail);
			expect(run.error).toBeUndefined();
			expect(promptsOf(run)).toEqual(ten);
			expect(at.standIn.creationsReceived).toBe(10);
			expect(entriesOf(run)).toEqual([]);
		},
	);

	test('creates a task anew that failed at the provider, and no other', async () => {
		at.fault('create', 'picture 3', { type: 'failed', error: 'too dark' }, { times: 2 });
		const run = await at.generate(ten, retryOnFail);
		expect(promptsOf(run)).toEqual(ten);
		expect(ten.map(at.creationsOf)).toEqual(ten.map((prompt) => (prompt === 'picture 3' ? 3 : 1)));
		expect(entriesOf(run)).toEqual([]);
	});

	test('creates a task anew whose images all failed at the provider', async () => {
		at.fault('create', 'a cat', { type: 'entryError', index: 0 }, { times: 1 });
		const run = await at.generate(['a cat'], retryOnFail);
		expect(promptsOf(run)).toEqual(['a cat']);
		expect(at.creationsOf('a cat')).toBe(2);
	});

	test('does not create what is completed with nothing, but asks again', async () => {
		at.fault('poll', 'a cat', { type: 'completedEmpty' }, { times: 1 });
		const run = await at.generate(['a cat'], retryOnFail);
		expect(promptsOf(run)).toEqual(['a cat']);
		expect(at.creationsOf('a cat')).toBe(1);
	});

	test('does not send a creation again whose outcome is unknown', async () => {
		at.fault('create', 'picture 4', { type: 'reset', created: true }, { times: 1 });
		const run = await at.generate(ten, retryOnFail);
		expect(run.error?.message).toMatch(/may have been created and billed/);
		expect(at.creationsOf('picture 4')).toBe(1);
	});

	test('that the first error item causes, with Continue On Fail, creates none anew', async () => {
		at.fault('poll', 'picture 0', refusedPoll, { times: 2 });
		const run = await at.generate(ten, {
			nodeOverrides: { ...retryOnFail.nodeOverrides, onError: 'continueRegularOutput' },
		});
		expect(promptsOf(run)).toEqual(ten);
		expect(at.standIn.creationsReceived).toBe(10);
		expect(entriesOf(run)).toEqual([]);
	});

	test('creates none anew when the node does not wait for the end', async () => {
		at.fault('create', 'two', { type: 'status', code: 402 }, { times: 1 });
		const run = await at.generate(['one', 'two', 'three'], retryOnFail, {
			options: { waitForCompletion: false },
		});
		expect(run.items[0].map(({ json }) => json.taskId)).toEqual(
			['one', 'two', 'three'].flatMap(at.tasksOf),
		);
		expect(['one', 'two', 'three'].map(at.creationsOf)).toEqual([1, 2, 1]);
	});
});

describe('Retry from the executions list', () => {
	test.each(['original', 'saved'] as const)(
		'with the %s workflow creates nothing that is paid for',
		async (workflow) => {
			at.fault('poll', 'picture 2', refusedPoll);
			const failed = await at.generate(ten);
			expect(failed.status).toBe('error');
			const paid = at.standIn.creationsAccepted;
			at.standIn.clearFaults();
			const run = await at.retry(failed, { workflow });
			expect(promptsOf(run)).toEqual(ten);
			expect(paid).toBeGreaterThan(0);
			expect(ten.map(at.creationsOf)).toEqual(ten.map(() => 1));
			expect(entriesOf(run)).toEqual([]);
		},
	);

	test('creates nothing anew however often it fails', async () => {
		at.fault('download', 'a cat', expiredDownload);
		let failed = await at.generate(['a cat', 'a dog']);
		for (const executionId of ['execution-2', 'execution-3']) {
			failed = await at.retry(failed, { executionId });
			expect(failed.error?.message).toContain(at.tasksOf('a cat')[0]);
		}
		at.standIn.clearFaults();
		const run = await at.retry(failed, { executionId: 'execution-4' });
		expect(promptsOf(run)).toEqual(['a cat', 'a dog']);
		expect(at.standIn.creationsReceived).toBe(2);
	});

	test('creates what is changed, and only that', async () => {
		at.fault('poll', 'a dog', refusedPoll);
		const failed = await at.generate(['a cat', 'a dog']);
		at.standIn.clearFaults();
		const run = await at.retry(failed, {
			workflow: 'saved',
			parameters: {
				...failed.options.parameters,
				prompt: '={{ $json.prompt === "a dog" ? "a wolf" : $json.prompt }}',
			},
		});
		expect(promptsOf(run)).toEqual(['a cat', 'a wolf']);
		expect(['a cat', 'a dog', 'a wolf'].map(at.creationsOf)).toEqual([1, 1, 1]);
	});

	test('creates what had an unknown outcome, as somebody decided so', async () => {
		at.fault('create', 'a cat', { type: 'reset', created: false }, { times: 1 });
		const failed = await at.generate(['a cat']);
		expect(failed.error?.message).toMatch(/may have been created and billed/);
		const run = await at.retry(failed);
		expect(promptsOf(run)).toEqual(['a cat']);
		expect(at.creationsOf('a cat')).toBe(2);
	});

	test('of a round of a loop creates nothing anew in that round', async () => {
		at.fault('poll', 'b', refusedPoll);
		const failed = await at.generate(['a', 'b', 'c'], { batchSize: 1 });
		at.standIn.clearFaults();
		const run = await at.retry(failed);
		expect(run.status).toBe('success');
		expect(['a', 'b', 'c'].map(at.creationsOf)).toEqual([1, 1, 1]);
	});
});

describe('one task each is created', () => {
	test('for the rounds of a loop with identical prompts', async () => {
		const run = await at.generate(['same', 'same', 'same'], { batchSize: 1 });
		expect(run.rounds).toHaveLength(3);
		expect(new Set(run.rounds.map(([[{ json }]]) => json.taskId)).size).toBe(3);
		expect(at.creationsOf('same')).toBe(3);
		expect(entriesOf(run)).toEqual([]);
	});

	test('for the rounds of a loop of which one is tried again', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 1 }, times: 2 });
		const run = await at.generate(['same', 'same', 'same'], { batchSize: 1, ...retryOnFail });
		expect(new Set(run.rounds.map(([[{ json }]]) => json.taskId)).size).toBe(3);
		expect(at.creationsOf('same')).toBe(3);
	});

	test('for identical items of one run, also when it is tried again', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 1 }, times: 2 });
		const run = await at.generate(['same', 'same', 'same'], retryOnFail);
		expect(new Set(run.items[0].map(({ json }) => json.taskId)).size).toBe(3);
		expect(at.creationsOf('same')).toBe(3);
	});

	test('for two nodes of one workflow with the same request', async () => {
		at.fault('poll', 'same', refusedPoll, { times: 1 });
		const parameters = {
			resource: 'image',
			operation: 'generate',
			model: 'spark_dream_5_0',
			prompt: 'same',
		};
		const run = await at.generate(['same'], {
			nodeOverrides: { onError: 'continueRegularOutput' },
			extraNodes: [{ name: 'Second', type: new Vtrix(), parameters, after: [{ node: 'Vtrix' }] }],
		});
		const [first, second] = at.tasksOf('same');
		expect(run.items[0][0].json.error).toContain(first);
		expect(run.itemsOf('Second')[0][0].json.taskId).toBe(second);
		expect(at.creationsOf('same')).toBe(2);
	});
});

describe("a task's id", () => {
	test("is in n8n's log as soon as the task is created", async () => {
		at.fault('poll', 'a cat', refusedPoll);
		const run = await at.generate(['a cat']);
		expect(run.logs).toContainEqual(
			expect.objectContaining({
				level: 'info',
				metadata: expect.objectContaining({ taskId: at.tasksOf('a cat')[0], itemIndex: 0 }),
			}),
		);
	});

	test('is kept with a failed execution for every item that was paid for', async () => {
		at.fault('poll', 'picture 9', refusedPoll);
		const run = await at.generate(ten);
		const kept = JSON.stringify(run.nodeContext);
		for (const { id } of at.standIn.tasks) expect(kept).toContain(id);
		expect(entriesOf(run)).toHaveLength(at.standIn.tasks.length);
	});
});
