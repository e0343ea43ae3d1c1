/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { NodeRun } from '../support/runNode';
import { atProvider } from './provider';

const at = atProvider();
const three = ['one', 'two', 'three'];

const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** A run that was stopped: well before anything it waited for, and without a request afterwards. */
async function expectStopped(run: NodeRun): Promise<void> {
	expect(run.status).toBe('canceled');
	expect(run.stoppedAfterMs).toBeLessThan(10_000);
	// what was on its way already may still arrive
	await real(50);
	const requests = at.standIn.requests.length;
	await real(100);
	expect(at.standIn.requests).toHaveLength(requests);
}

/** Runs the node; it looks often unless told, so that a test needs not wait. */
const generate: typeof at.generate = async (prompts, more, parameters = {}) =>
	await at.generate(prompts, more, { options: { pollInterval: 0.05 }, ...parameters });

const requestsOf = (...kinds: string[]) =>
	at.standIn.requests.filter(({ kind }) => kinds.includes(kind));
/** So many tasks are known to the node: it has asked about each. */
const polled = (tasks: number) => () =>
	at.standIn.tasks.filter(({ polls }) => polls > 0).length >= tasks;

describe('Stop', () => {
	test('ends the wait of items for what others cost, under a spending limit', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const run = await generate(
			[...three, 'four', 'five'],
			{ cancelWhen: polled(2) },
			{ options: { pollInterval: 0.5, spendingLimit: 5 } },
		);
		await expectStopped(run);
		expect(at.standIn.creationsReceived).toBe(2);
		for (const { id } of at.standIn.tasks) expect(run.error?.message).toContain(id);
	});

	test('ends the wait between two polls, and the error lists the tasks that go on', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const run = await generate(
			three,
			{ cancelWhen: polled(3) },
			{ options: { pollInterval: 0.5 } },
		);
		await expectStopped(run);
		expect(run.error?.message).toMatch(/canceled while these tasks were still running at Vtrix/);
		for (const id of three.flatMap(at.tasksOf)) expect(run.error?.message).toContain(id);
		expect(run.error?.description).toMatch(/resource 'Task' and the operation 'Get'/);
	});

	test('ends a poll that is not answered', async () => {
		at.standIn.fault('poll', { type: 'hang' });
		const run = await generate(['one'], { cancelWhen: polled(1) });
		await expectStopped(run);
		expect(run.error?.message).toContain(at.tasksOf('one')[0]);
	});

	test.each([
		['that is not answered', { type: 'hang' }],
		['that drips', { type: 'slowDrip', bytesPerSecond: 100 }],
		['that never ends', { type: 'endless' }],
		['that is to be tried again', { type: 'status', code: 503, retryAfterSeconds: 3600 }],
	] as const)('ends a download %s', async (_, fault) => {
		at.standIn.fault('download', fault);
		const run = await generate(
			['one'],
			{ cancelWhen: () => requestsOf('download').length > 0 && at.standIn.stats.openTasks === 0 },
			{ options: { maxFileSize: 1000 } },
		);
		await expectStopped(run);
		expect(run.error?.message).toContain(at.tasksOf('one')[0]);
	});

	test('ends downloads that wait for their turn', async () => {
		// the first tells how large they are, so that several come at a time
		at.standIn.fault('download', { type: 'hang' }, { match: ({ imageIndex }) => imageIndex !== 0 });
		const run = await generate(
			['a story'],
			{ cancelWhen: () => requestsOf('download').length >= 9 },
			{ options: { sequentialImageGeneration: 'auto', maxImages: 15 } },
		);
		await expectStopped(run);
		expect(requestsOf('download').length).toBeLessThan(15);
		// some of its images are complete
		expect(run.error?.message).toContain(at.tasksOf('a story')[0]);
	});

	test('during a creation tells that it may have been billed', async () => {
		at.fault('create', 'two', { type: 'hang', created: true });
		at.standIn.fault('create', { type: 'neverEnds' });
		const run = await generate(three, {
			cancelWhen: () => requestsOf('create').length === 3 && polled(2)(),
		});
		await expectStopped(run);
		for (const id of ['one', 'three'].flatMap(at.tasksOf)) {
			expect(run.error?.message).toContain(id);
		}
		expect(run.error?.description).toMatch(
			/Item 1 failed too: .*may have been created and billed: The run was canceled/,
		);
	});

	test('during several creations tells once what they have in common, and nothing against it', async () => {
		at.standIn.fault('create', { type: 'hang', created: true });
		const run = await generate([...three, 'four'], {
			cancelWhen: () => requestsOf('create').length >= 2,
		});
		await expectStopped(run);
		const told = `${run.error?.message}. ${run.error?.description}`;
		expect(told.match(/may have been created and billed/g)).toHaveLength(1);
		expect(told.match(/was canceled while it was being created/g)).toHaveLength(1);
		expect(told).not.toMatch(/No task is running|Nothing was (sent|charged)/);
	});

	test('before any creation tells that none is running', async () => {
		at.standIn.fault('create', { type: 'status', code: 429, retryAfterSeconds: 300 });
		const limited = () => requestsOf('create').some(({ status }) => status === 429);
		// by then the node has the answer as well
		const known = async () => limited() && (await real(300).then(() => true));
		const run = await generate(['one'], { cancelWhen: known });
		await expectStopped(run);
		expect(run.error?.description).toMatch(/^No task is running at Vtrix because of it\.$/);
	});

	test('during the only creation tells that it may have been billed', async () => {
		at.standIn.fault('create', { type: 'hang', created: true });
		const run = await generate(['one'], {
			cancelWhen: () => requestsOf('create').length > 0,
		});
		await expectStopped(run);
		expect(run.error?.message).toMatch(/may have been created and billed/);
	});

	test('ends the pause that the provider asked for', async () => {
		at.standIn.fault('create', { type: 'status', code: 429, retryAfterSeconds: 300 });
		const limited = () => requestsOf('create').some(({ status }) => status === 429);
		const run = await generate(three, { cancelWhen: limited });
		await expectStopped(run);
		expect(run.error?.message).toMatch(/canceled/);
		expect(at.standIn.tasks).toEqual([]);
	});

	test('starts nothing that was waiting, and tells what is finished', async () => {
		at.fault('create', 'two', { type: 'neverEnds' });
		const run = await generate(
			[...three, 'four', 'five', 'six'],
			{
				cancelWhen: polled(2),
			},
			{ options: { maxConcurrency: 1, pollInterval: 0.02 } },
		);
		await expectStopped(run);
		expect(at.standIn.tasks.map(({ prompt }) => prompt)).toEqual(['one', 'two']);
		expect(run.error?.message).toContain(at.tasksOf('two')[0]);
		// its image may still have been on the way
		const told = `${run.error?.message} ${run.error?.description}`;
		expect(told).toContain(at.tasksOf('one')[0]);
		expect(told).toMatch(/4 items were not started/);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'stops although the node continues on fail (%s)',
		async (onError) => {
			at.standIn.fault('create', { type: 'neverEnds' });
			const run = await generate(
				[...three, 'four'],
				{ cancelWhen: polled(2), nodeOverrides: { onError } },
				{ options: { maxConcurrency: 2 } },
			);
			await expectStopped(run);
			expect(run.error?.message).toMatch(/canceled while these tasks were still running/);
			expect(at.standIn.tasks).toHaveLength(2);
		},
	);

	test('stops although Retry On Fail runs the node once more, and still tells the tasks', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const run = await generate(three, {
			cancelWhen: polled(3),
			nodeOverrides: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		await expectStopped(run);
		for (const id of three.flatMap(at.tasksOf)) expect(run.error?.message).toContain(id);
	});

	test('ends the fetching of a task by its id', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const created = await generate(['one'], {}, { options: { waitForCompletion: false } });
		const taskId = String(created.items[0][0].json.taskId);
		const run = await generate(
			['one'],
			{ cancelWhen: polled(1) },
			{ resource: 'task', operation: 'get', taskId, options: { waitForCompletion: true } },
		);
		await expectStopped(run);
		expect(run.error?.message).toContain(taskId);
	});
});
