import type { RequestRecord } from '../standin';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { atProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const MINUTE = 60_000;
const at = atProvider({ now, latencyMs: 30_000 });
beforeEach(startTime);

const requestsOf = (...kinds: Array<RequestRecord['kind']>) =>
	at.standIn.requests.filter(({ kind }) => kinds.includes(kind));
const ages = (requests: readonly RequestRecord[]) =>
	requests.map(({ time }) => time - at.standIn.tasks[0].createdAt);

describe('the time limit', () => {
	test.each([
		[undefined, 10 * MINUTE],
		[90, 90_000],
	])(
		'of %p seconds ends the wait, and tells how to fetch the task later',
		async (timeout, limit) => {
			at.standIn.fault('create', { type: 'neverEnds' });
			const { error } = await at.generate(['a cat'], {}, { options: { timeout } });
			const [id] = at.tasksOf('a cat');
			expect(error?.message).toBe(`Task ${id} was not finished within ${limit / 1000} seconds`);
			expect(error?.description).toContain(
				`resource 'Task', operation 'Get' and the task ID ${id}`,
			);
			expect(error?.description).toMatch(/charged once/);
			expect(ages(requestsOf('poll')).at(-1)).toBe(limit);
		},
	);

	test('is where the last look is, however long the interval', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		await at.generate(['a cat'], {}, { options: { timeout: 600, pollInterval: 400 } });
		expect(ages(requestsOf('poll'))).toEqual([400_000, 600_000]);
	});

	test('is not waited for once the answer is there', async () => {
		await at.generate(['a cat'], {}, { options: { pollInterval: 400 } });
		expect(ages(requestsOf('poll', 'download'))).toEqual([400_000, 400_000]);
		expect(now() - at.standIn.tasks[0].createdAt).toBe(400_000);
	});

	test('holds for fetching a task by its id, too', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const created = await at.generate(['a cat'], {}, { options: { waitForCompletion: false } });
		const taskId = String(created.items[0][0].json.taskId);
		const { error } = await at.generate(
			['-'],
			{},
			{
				resource: 'task',
				operation: 'get',
				taskId,
				options: { waitForCompletion: true, timeout: 120 },
			},
		);
		expect(error?.message).toBe(`Task ${taskId} was not finished within 120 seconds`);
	});
});

describe('Retry-After', () => {
	const prompts = Array.from({ length: 8 }, (_, index) => `picture ${index}`);

	test.each(['seconds', 'date'] as const)(
		'in the form of %s holds back the polls of all tasks',
		async (retryAfterForm) => {
			const fault = { type: 'status', code: 429, retryAfterSeconds: 120, retryAfterForm } as const;
			at.standIn.fault('poll', fault, { match: { occurrence: 5 } });
			const run = await at.generate(prompts, {}, { options: { maxPollsPerSecond: 1000 } });
			expect(run.items[0]).toHaveLength(8);
			const polls = requestsOf('poll');
			const limited = polls.findIndex(({ status }) => status === 429);
			const pause = polls[limited + 1].time - (polls[limited].endedAt ?? 0);
			// A date tells whole seconds.
			expect(pause).toBeGreaterThan(118_900);
			expect(pause).toBeLessThan(125_000);
		},
	);

	test('holds back the creations of all tasks, but not the polls of those that are paid for', async () => {
		const fault = { type: 'status', code: 429, retryAfterSeconds: 120 } as const;
		at.standIn.fault('create', fault, { match: { occurrence: 2 } });
		await at.generate(prompts, {}, { options: { maxConcurrency: 2 } });
		const [, limited, ...later] = requestsOf('create');
		for (const { time } of later) expect(time - limited.time).toBeGreaterThanOrEqual(120_000);
		const [paid] = at.standIn.tasks;
		expect((paid.firstSeenCompleteAt ?? Infinity) - paid.createdAt).toBeLessThan(40_000);
		expect(at.standIn.creationsReceived).toBe(9);
		expect(at.standIn.creationsAccepted).toBe(8);
	});

	test('of a download is waited for, but no longer than a minute', async () => {
		const fault = { type: 'status', code: 503, retryAfterSeconds: 86_400 } as const;
		at.standIn.fault('download', fault, { times: 1 });
		const run = await at.generate(['a cat']);
		expect(run.items[0]).toHaveLength(1);
		const [first, second] = requestsOf('download');
		expect(second.time - first.time).toBe(MINUTE);
	});

	test('of nothing does not mean at once', async () => {
		at.standIn.fault('create', { type: 'status', code: 429, retryAfterSeconds: 0 });
		const { error } = await at.generate(['a cat']);
		expect(error?.message).toMatch(/limits how many requests/);
		expect(at.standIn.creationsReceived).toBeLessThan(30);
	});
});

test('a task is asked about more often while another item waits for its end', async () => {
	at.standIn.configure({ progress: false });
	const looksAtFirst = async (...prompts: string[]) => {
		at.standIn.reset();
		startTime();
		await at.generate(prompts, {}, { options: { maxConcurrency: 1 } });
		const [first] = at.standIn.tasks;
		return first.polls;
	};
	const alone = await looksAtFirst('a cat');
	const waitedFor = await looksAtFirst('a cat', 'a dog');
	at.standIn.configure({ progress: true });
	expect(waitedFor).toBeGreaterThan(alone * 1.3);
	expect(waitedFor).toBeLessThan(alone * 3);
});

describe('a platform in trouble', () => {
	test('is asked for minutes, less and less often', async () => {
		const troubled = () => now() - at.standIn.tasks[0].createdAt < 8 * MINUTE;
		at.standIn.fault('poll', { type: 'status', code: 503 }, { match: troubled });
		const run = await at.generate(['a cat']);
		expect(run.items[0]).toHaveLength(1);
		const times = ages(requestsOf('poll'));
		expect(times.length).toBeLessThan(40);
		const gaps = times.slice(1).map((time, index) => time - times[index]);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(37_500);
		expect(gaps[5]).toBeGreaterThan(gaps[0] * 4);
	});

	test('that takes nothing for minutes gets one task in the end', async () => {
		const start = now();
		const busy = () => now() - start < 9 * MINUTE;
		at.standIn.fault('create', { type: 'status', code: 429 }, { match: busy });
		const run = await at.generate(['a cat']);
		expect(run.items[0]).toHaveLength(1);
		expect(at.standIn.creationsAccepted).toBe(1);
	});
});

describe('a task that is unknown', () => {
	test('right after its creation is waited for', async () => {
		const young = () => now() - at.standIn.tasks[0].createdAt < 50_000;
		at.standIn.fault('poll', { type: 'status', code: 404 }, { match: young });
		expect((await at.generate(['a cat'])).items[0]).toHaveLength(1);
	});

	test('for a minute ends, with its id', async () => {
		at.standIn.fault('poll', { type: 'status', code: 404 });
		const { error } = await at.generate(['a cat']);
		expect(error?.message).toBe(`Vtrix does not know the task ${at.tasksOf('a cat')[0]}`);
		const end = now() - at.standIn.tasks[0].createdAt;
		expect(end).toBeGreaterThan(MINUTE);
		expect(end).toBeLessThan(2 * MINUTE);
	});

	test('for a moment later on is waited for', async () => {
		at.standIn.configure({ latencyMs: 5 * MINUTE });
		const age = () => now() - at.standIn.tasks[0].createdAt;
		const gone = () => age() > 2 * MINUTE && age() < 2.5 * MINUTE;
		at.standIn.fault('poll', { type: 'status', code: 404 }, { match: gone });
		expect((await at.generate(['a cat'])).items[0]).toHaveLength(1);
		expect(at.standIn.stats.faults.status).toBeGreaterThan(0);
		at.standIn.configure({ latencyMs: 30_000 });
	});

	test('is told at once when it is asked for by its id', async () => {
		const { error } = await at.generate(
			['-'],
			{},
			{ resource: 'task', operation: 'get', taskId: 'no-such-task' },
		);
		expect(error?.message).toBe('Vtrix does not know the task no-such-task');
		expect(requestsOf('poll')).toHaveLength(1);
	});
});

test('a download is tried five times, further and further apart', async () => {
	at.standIn.fault('download', { type: 'status', code: 500 });
	const { error } = await at.generate(['a cat']);
	expect(error?.message).toMatch(/could not be downloaded: its server answered with HTTP 500/);
	const times = ages(requestsOf('download'));
	expect(times).toHaveLength(5);
	expect(times[4] - times[3]).toBeGreaterThan((times[1] - times[0]) * 4);
});
