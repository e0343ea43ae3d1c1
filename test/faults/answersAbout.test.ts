import { atSmallGateway } from '../support/smallGateway';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atSmallGateway();
beforeEach(startTime);

const RETRY = { nodeOverrides: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } };
const textOf = ({ error }: Awaited<ReturnType<typeof at.run>>) =>
	`${error?.message} ${String(error?.description)}`;
const seconds = async (work: Promise<unknown>) => {
	const before = now();
	await work;
	return (now() - before) / 1000;
};

describe('an answer that is not about the task', () => {
	test.each<[string, object]>([
		['another task that failed', { id: 'x', status: 'failed', error: 'no luck' }],
		['another task that worked', { id: 'x', status: 'completed', output: ['https://x.test/a'] }],
		['another task that waits', { id: 'x', status: 'queued' }],
		['a failure of no task', { status: 'failed', error: 'upstream timeout' }],
		['a request that failed', { request_id: 'r', status: 'error', message: 'upstream timeout' }],
		['nothing', {}],
		['an error', { error: { message: 'upstream timeout' } }],
		['an end without a result, of no task', { status: 'completed' }],
	])('is asked again: %s', async (_, body) => {
		at.poll = ({ id, count }) => ({ body: count < 2 ? body : at.done(id) });
		const run = await at.run({}, undefined, RETRY);
		expect(run.error).toBeUndefined();
		expect(run.items[0][0].binary).toBeDefined();
		expect(at).toMatchObject({ creations: 1, polls: 3 });
	});

	test('is no failure of it even if it stays, so that no try pays for another one', async () => {
		at.poll = () => ({ body: { id: 'x', status: 'failed', error: 'no luck' } });
		const run = await at.run({}, undefined, RETRY);
		expect(textOf(run)).toMatch(/task-0: the answer told of another task \(x\): no luck/);
		expect(at.creations).toBe(1);
	});

	test('is taken for it if it has a result and stays: the service names it so', async () => {
		at.poll = () => ({ body: at.done('x') });
		let run: Awaited<ReturnType<typeof at.run>> | undefined;
		expect(await seconds(at.run().then((done) => (run = done)))).toBeLessThan(30);
		expect(run?.items[0][0].json).toMatchObject({ taskId: 'task-0' });
		expect(run?.hints[0].message).toMatch(/the answers named another task/);
	});
});

describe('an answer that names no task', () => {
	test('is the end if it has the result', async () => {
		at.poll = () => ({ body: { ...at.done(''), id: undefined } });
		expect((await at.run()).items[0]).toHaveLength(1);
		expect(at.polls).toBe(1);
	});

	test.each<[string, object, RegExp]>([
		['failed', { status: 'failed', error: 'no luck' }, /no luck/],
		['completed', { status: 'completed' }, /without a result/],
	])('and stays %s is a failure in seconds', async (_, body, words) => {
		at.poll = () => ({ body });
		let run: Awaited<ReturnType<typeof at.run>> | undefined;
		expect(await seconds(at.run().then((done) => (run = done)))).toBeLessThan(30);
		expect(run && textOf(run)).toMatch(words);
	});
});

describe('a word for an end that nobody documented', () => {
	test.each(['aborted', 'rejected', 'expired', 'Terminated', 'moderated', 'timed out', 'zapped'])(
		'with an error and no image is a failure in seconds, with its words: %s',
		async (status) => {
			at.poll = ({ id }) => ({ body: { id, status, error: 'stopped by the service' } });
			let run: Awaited<ReturnType<typeof at.run>> | undefined;
			expect(await seconds(at.run().then((done) => (run = done)))).toBeLessThan(30);
			expect(run && textOf(run)).toMatch(/could not make the image.*stopped by the service/);
			expect(at.polls).toBeGreaterThan(3);
		},
	);

	test('is no end while it passes', async () => {
		at.poll = ({ id, count }) => ({
			body: count < 3 ? { id, status: 'zapped', error: 'a node was lost' } : at.done(id),
		});
		expect((await at.run()).error).toBeUndefined();
	});

	test.each(['retrying', 'running', 'in_progress', 'In Queue'])(
		'is none in %s, whatever error stands beside it',
		async (status) => {
			at.poll = ({ id, count }) => ({
				body: count < 12 ? { id, status, error: 'a node was lost' } : at.done(id),
			});
			expect((await at.run()).error).toBeUndefined();
		},
	);

	test('is told at the time limit, with the error', async () => {
		at.poll = ({ id }) => ({ body: { id, status: 'running', error: 'a node was lost' } });
		const run = await at.run({ options: { timeout: 60 } });
		expect(run.error?.message).toMatch(
			/within 60 seconds; its last status is 'running': a node was lost/,
		);
	});

	test('is told by a single look, too', async () => {
		at.poll = ({ id }) => ({ body: { id, status: 'aborted', error: 'stopped' } });
		const run = await at.run({
			resource: 'task',
			operation: 'get',
			taskId: 't-1',
			options: { waitForCompletion: false },
		});
		expect(textOf(run)).toMatch(/could not make the image \(task t-1\).*stopped/);
	});
});

test.each(['failed', 'canceled', 'CANCELLED'])(
	'a task that ends as %s, but has images, delivers them and says so',
	async (status) => {
		at.poll = ({ id }) => ({ body: { ...at.done(id), status, error: 'stopped' } });
		const run = await at.run({}, undefined, RETRY);
		expect(run.items[0][0].binary).toBeDefined();
		expect(run.hints[0].message).toMatch(/Task task-0 has results.*status '(cancell?ed|failed)'/);
		expect(at.creations).toBe(1);
	},
);

describe('a creation answered 2xx', () => {
	test.each<[object, string]>([
		[{ code: 0, data: { task_id: 't' }, request_id: 'r' }, 't'],
		[{ data: { id: 't', status: 'queued' }, id: 'r' }, 't'],
		[{ result: { id: 't', status: 'queued' } }, 't'],
	])('with an ID in an envelope is followed by it: %j', async (body, id) => {
		at.create = () => ({ body });
		expect((await at.run()).items[0][0].json.taskId).toBe(id);
	});

	test('that is a refusal tells its words at once, and asks for nothing', async () => {
		const body = { code: 1102, message: 'Account balance not enough', request_id: 'r', data: null };
		at.create = () => ({ body });
		let run: Awaited<ReturnType<typeof at.run>> | undefined;
		expect(await seconds(at.run().then((done) => (run = done)))).toBeLessThan(5);
		expect(run && textOf(run)).toMatch(/did not accept.*Account balance not enough/);
		expect(at.polls).toBe(0);
	});

	test.each([
		{ message: 'success' },
		{ success: true },
		{ status: 'in_progress' },
		{ request_id: 'r-1', message: 'model overloaded' },
		{ trace_id: 'r-1' },
	])('that says neither is not sent again: %j', async (body) => {
		at.create = () => ({ body });
		const run = await at.run({}, undefined, RETRY);
		expect(run.error?.message).toMatch(/may have been created and billed/);
		if ('request_id' in body || 'trace_id' in body) expect(textOf(run)).toContain('r-1');
		expect(at.creations).toBe(1);
	});

	test('with a request_id alone is handed on with a warning where nobody waits', async () => {
		at.create = () => ({ body: { request_id: 'r-1' } });
		const run = await at.run({ options: { waitForCompletion: false } });
		expect(run.items[0][0].json.taskId).toBe('r-1');
		expect(run.hints[0].message).toMatch(/request ID \(r-1\) instead of a task ID/);
	});
});
