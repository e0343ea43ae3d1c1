import type * as FakeTime from './fakeTimeTransport';
import { now } from './fakeTimeTransport';
import { atProvider, isIntact } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

// Its tasks end by the time of the node that waits for them.
const at = atProvider({ now });
const refused = { type: 'status', code: 400 } as const;
const lostSight = { type: 'status', code: 403 } as const;
const concurrency = (maxConcurrency: number) => ({ options: { maxConcurrency } });

describe('with Continue On Fail', () => {
	const six = ['one', 'two', 'three', 'four', 'five', 'six'];
	beforeEach(() => {
		at.fault('create', 'two', refused);
		at.fault('poll', 'three', lostSight);
		at.fault('download', 'five', { type: 'expired' });
	});

	test('every other item comes out, all in the order of the input', async () => {
		const run = await at.generate(six, { nodeOverrides: { onError: 'continueRegularOutput' } });
		expect(
			run.items[0].map(({ json, pairedItem }) => [json.error ? 'failed' : json.prompt, pairedItem]),
		).toEqual(
			['one', 'failed', 'failed', 'four', 'failed', 'six'].map((prompt, item) => [
				prompt,
				{ item },
			]),
		);
		expect(at.standIn.creationsReceived).toBe(6);
	});

	test('the failed items leave by the error branch, each with its task id', async () => {
		const run = await at.generate(six, { nodeOverrides: { onError: 'continueErrorOutput' } });
		const [good, bad] = run.items;
		expect(good.map(({ json }) => json.prompt)).toEqual(['one', 'four', 'six']);
		expect(await Promise.all(good.map(async (item) => await isIntact(at.standIn, item)))).toEqual([
			true,
			true,
			true,
		]);
		expect(bad.map(({ json }) => json.error)).toEqual([
			expect.stringMatching(/did not accept the settings/),
			expect.stringContaining(at.tasksOf('three')[0]),
			expect.stringContaining(at.tasksOf('five')[0]),
		]);
	});

	test('nothing is kept with the execution once n8n takes the run for a success', async () => {
		const run = await at.generate(six, { nodeOverrides: { onError: 'continueErrorOutput' } });
		expect(run.nodeContext.vtrixTasks).toEqual({});
	});
});

describe('without Continue On Fail', () => {
	const twelve = Array.from({ length: 12 }, (_, index) => `picture ${index}`);

	test('no task is created after the first failure, and the error tells of all items', async () => {
		at.standIn.configure({ latencyMs: 100 });
		at.fault('create', 'picture 2', refused);
		const run = await at.generate(twelve, {}, concurrency(4));
		expect(run.error?.message).toMatch(/did not accept the settings/);
		expect(run.error?.context?.itemIndex).toBe(2);
		expect(at.standIn.creationsReceived).toBe(4);
		const paid = at.standIn.tasks.map(({ id }) => id);
		for (const id of paid) expect(run.error?.description).toContain(id);
		expect(run.error?.description).toMatch(
			/Of the other items 3 are created and paid for; a retry of this execution .* at no further cost/,
		);
		expect(run.error?.description).toMatch(/8 items were not started/);
		expect(run.error?.context?.taskIds).toEqual(expect.arrayContaining(paid));
	});

	test('those in flight are finished and kept, and a retry goes on from there', async () => {
		at.standIn.configure({ latencyMs: 100 });
		at.fault('create', 'picture 2', refused, { times: 1 });
		const failed = await at.generate(twelve, {}, concurrency(4));
		const outcomes = at.standIn.tasks.map(({ outcome }) => outcome);
		expect(outcomes).toEqual(['completed', 'completed', 'completed']);
		const run = await at.retry(failed);
		expect(run.items[0].map(({ json }) => json.prompt)).toEqual(twelve);
		expect(twelve.map(at.creationsOf)).toEqual(
			twelve.map((prompt) => (prompt === 'picture 2' ? 2 : 1)),
		);
	});

	test('of more paid items than a text can list, all are in the details', async () => {
		const many = Array.from({ length: 25 }, (_, index) => `picture ${index}`);
		at.fault('poll', 'picture 24', lostSight);
		const run = await at.generate(many, {}, concurrency(25));
		const paid = at.standIn.tasks.map(({ id }) => id);
		expect(paid).toHaveLength(25);
		expect(run.error?.description).toMatch(/24 are created and paid for; .* and others\)/);
		expect(run.error?.context?.taskIds).toEqual(expect.arrayContaining(paid));
	});

	test('an item that waits for its turn at the provider is not created any more', async () => {
		at.fault(
			'create',
			'waiting',
			{ type: 'status', code: 429, retryAfterSeconds: 10 },
			{ times: 1 },
		);
		at.fault('create', 'failing', { type: 'delay', ms: 100 });
		at.fault('create', 'failing', { type: 'failed', atOnce: true, error: 'too dark' });
		const run = await at.generate(['failing', 'waiting'], {}, concurrency(2));
		expect(run.error?.description).toMatch(/too dark\. 1 item was not started/);
		expect(at.creationsOf('waiting')).toBe(1);
		expect(at.tasksOf('waiting')).toEqual([]);
	});

	test('of several failures the first item is thrown and the others are told', async () => {
		at.standIn.configure({ latencyMs: 60 });
		at.fault('poll', 'picture 1', lostSight);
		at.fault('poll', 'picture 2', lostSight);
		at.fault('create', 'picture 3', { type: 'reset', created: true });
		const run = await at.generate(twelve.slice(0, 4), {}, concurrency(4));
		expect(run.error?.context?.itemIndex).toBe(1);
		expect(run.error?.message).toContain(at.tasksOf('picture 1')[0]);
		expect(run.error?.description).toContain(at.tasksOf('picture 0')[0]);
		expect(run.error?.description).toMatch(
			new RegExp(`Item 2 failed too: .*${at.tasksOf('picture 2')[0]}`),
		);
		expect(run.error?.description).toMatch(/Item 3 failed too: .*may have been created and billed/);
		expect(run.error?.context?.taskIds).toEqual(
			expect.arrayContaining(['picture 0', 'picture 1', 'picture 2'].flatMap(at.tasksOf)),
		);
	});
});

describe('a task of 15 images of which one cannot be had', () => {
	const group = {
		options: { sequentialImageGeneration: 'auto', maxImages: 15 },
	};

	test.each([
		['downloaded', 'download', { type: 'expired' }, /'Get' and the task ID .*https?:/],
		['made', 'create', { type: 'entryError', index: 6, error: 'too dark' }, /too dark/],
	] as const)('because it could not be %s gives the other 14', async (_, kind, fault, told) => {
		at.standIn.fault(kind, fault, kind === 'download' ? { match: { imageIndex: 6 } } : {});
		const run = await at.generate(['a story'], {}, group);
		expect(run.error).toBeUndefined();
		const others = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15];
		expect(run.items[0].map(({ json }) => [json.index, json.total])).toEqual(
			others.map((index) => [index, 15]),
		);
		for (const item of run.items[0]) expect(await isIntact(at.standIn, item)).toBe(true);
		expect(run.hints).toHaveLength(1);
		expect(run.hints[0].message).toMatch(told);
		expect(run.hints[0].message).toContain(at.tasksOf('a story')[0]);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('tells it by an error item with Continue On Fail', async () => {
		at.standIn.fault('download', { type: 'expired' }, { match: { imageIndex: 6 } });
		const run = await at.generate(
			['a story'],
			{ nodeOverrides: { onError: 'continueErrorOutput' } },
			group,
		);
		expect(run.items.map((items) => items.length)).toEqual([14, 1]);
		const [{ json }] = run.items[1];
		expect(json.error).toContain(at.tasksOf('a story')[0]);
		expect(json.message).toMatch(
			/open its link within 24 hours of the generation: http:\S+image%206/,
		);
	});
});

describe('a task that is done before anybody asks', () => {
	test('comes out with its image although the node does not wait', async () => {
		at.fault('create', 'quick', { type: 'completeAtOnce' });
		const run = await at.generate(['quick', 'slow'], {}, { options: { waitForCompletion: false } });
		const [quick, slow] = run.items[0];
		expect(await isIntact(at.standIn, quick)).toBe(true);
		expect(slow.json).toMatchObject({ taskId: at.tasksOf('slow')[0], status: 'in_progress' });
	});

	test('is told as failed although the node does not wait', async () => {
		at.fault('create', 'dark', { type: 'failed', atOnce: true, error: 'too dark' });
		const run = await at.generate(['dark'], {}, { options: { waitForCompletion: false } });
		expect(run.error?.message).toContain(at.tasksOf('dark')[0]);
		expect(run.error?.description).toContain('too dark');
	});
});
