import type { INodeParameters } from 'n8n-workflow';
import { idealTotal } from '../../tools/bench/metrics';
import { COUNTINGS, type Limits, type RequestRecord } from '../standin';
import type { NodeRun } from '../support/runNode';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now, startTime } from '../faults/fakeTimeTransport';
import { atProvider } from '../faults/provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });
let startedAt = 0;
beforeEach(() => {
	startTime();
	startedAt = now();
	at.standIn.configure({ limits: {}, latencyMs: 2000, progress: true });
});

const picturesOf = (count: number) => Array.from({ length: count }, (_, n) => `picture ${n}`);
const CONTINUE = { nodeOverrides: { onError: 'continueRegularOutput' as const } };

/** Generates so many pictures and tells what it took. */
async function generate(count: number, options: INodeParameters = {}) {
	const run = await at.generate(picturesOf(count), {}, { options });
	return { run, totalMs: now() - startedAt };
}

const requests = (kind: RequestRecord['kind']) =>
	at.standIn.requests.filter((request) => request.kind === kind);
const refused = (kind: RequestRecord['kind']) =>
	requests(kind).filter(({ status }) => status === 429);
const latencies = () =>
	at.standIn.tasks.map(({ createdAt, finishedAt = NaN }) => finishedAt - createdAt);
const imagesOf = (run: NodeRun) =>
	run.items[0]?.filter(({ binary }) => binary !== undefined).length;

/** The most tasks that were under way at the service at the same time. */
function mostAtOnce(): number {
	const { tasks } = at.standIn;
	const running = (at: number) =>
		tasks.filter(({ createdAt, finishedAt = 0 }) => createdAt <= at && at < finishedAt).length;
	return Math.max(...tasks.map(({ createdAt }) => running(createdAt)));
}

describe('a service that takes so many tasks at a time', () => {
	test.each([1, 2, 3, 5, 8, 15])(
		'%i: is found out with few refusals, and kept busy',
		async (concurrentTasks) => {
			at.standIn.configure({ limits: { concurrentTasks } });
			const { run, totalMs } = await generate(20, { maxConcurrency: 20 });
			expect(imagesOf(run)).toBe(20);
			expect(refused('create').length).toBeLessThanOrEqual(10);
			expect(totalMs).toBeLessThanOrEqual(1.1 * idealTotal(latencies(), concurrentTasks));
		},
	);

	test('is found out at default settings as well, with Retry-After', async () => {
		at.standIn.configure({ limits: { concurrentTasks: 3, retryAfterSeconds: 1 } });
		const { run, totalMs } = await generate(20);
		expect(imagesOf(run)).toBe(20);
		expect(refused('create').length).toBeLessThanOrEqual(10);
		expect(totalMs).toBeLessThanOrEqual(1.15 * idealTotal(latencies(), 3));
	});

	test('is tried again now and then, so that more are created once it takes more', async () => {
		at.standIn.configure({ limits: { concurrentTasks: 2 }, latencyMs: 5000 });
		const lift = () => {
			if (now() - startedAt > 20_000) at.standIn.configure({ limits: { concurrentTasks: 12 } });
			return false;
		};
		at.standIn.fault('poll', { type: 'delay', ms: 0 }, { match: lift });
		const { run } = await generate(60);
		expect(imagesOf(run)).toBe(60);
		expect(mostAtOnce()).toBe(12);
		expect(refused('create').length).toBeLessThanOrEqual(20);
	});

	test('may keep a task waiting for longer than the time limit, as long as it goes on', async () => {
		at.standIn.configure({ limits: { concurrentTasks: 1 }, latencyMs: 100_000 });
		const { run } = await generate(6, { timeout: 150 });
		expect(imagesOf(run)).toBe(6);
	});
});

describe('a service that takes so many creations a second', () => {
	/** When the last creation is taken at best, ms after the first. */
	const lastAt = (count: number, perSecond: number, counting: Limits['counting']) => {
		if (counting === 'spaced') return ((count - 1) / perSecond) * 1000;
		if (counting === 'bucket') return ((count - perSecond) / perSecond) * 1000;
		return Math.floor((count - 1) / perSecond) * 1000;
	};

	test.each(
		COUNTINGS.flatMap((counting) => [1, 2, 3].map((perSecond) => ({ counting, perSecond }))),
	)('$perSecond, counted $counting: is found out', async ({ counting, perSecond }) => {
		at.standIn.configure({
			limits: { creationsPerSecond: perSecond, counting },
			latencyMs: [3000, 12_000],
		});
		const { run, totalMs } = await generate(20, { maxConcurrency: 20 });
		expect(imagesOf(run)).toBe(20);
		expect(refused('create').length).toBeLessThanOrEqual(10);
		const ideal = lastAt(20, perSecond, counting) + Math.max(...latencies().slice(-3));
		// what comes between 1 and 2, or 2 and 4, is not looked for where requests must be spaced
		const allowed = counting === 'spaced' && perSecond === 3 ? 1.4 : 1.15;
		expect(totalMs).toBeLessThanOrEqual(allowed * ideal);
	});

	test.each(COUNTINGS)(
		'2, counted %s: loses hardly any time, with short tasks too',
		async (counting) => {
			at.standIn.configure({ limits: { creationsPerSecond: 2, counting } });
			const { totalMs } = await generate(20, { maxConcurrency: 20 });
			expect(refused('create').length).toBeLessThanOrEqual(10);
			expect(totalMs).toBeLessThanOrEqual(1.1 * (lastAt(20, 2, counting) + 2000));
		},
	);
});

describe('tasks that nobody waits for', () => {
	test.each([
		['by time', { creationsPerSecond: 2 }, 10, 10_500],
		// their ends are not seen, so that time is all there is to go by
		['by tasks', { concurrentTasks: 3 }, 20, 30_000],
	])('are created politely at a service that counts %s', async (_, limits, most, mostMs) => {
		at.standIn.configure({ limits });
		const { run, totalMs } = await generate(20, { waitForCompletion: false });
		expect(run.items[0]).toHaveLength(20);
		expect(at.standIn.creationsAccepted).toBe(20);
		expect(refused('create').length).toBeLessThanOrEqual(most);
		expect(totalMs).toBeLessThanOrEqual(mostMs);
	});
});

describe('a service that takes so many polls a second', () => {
	test.each(COUNTINGS)(
		'5, counted %s: hardly refuses any, and loses no image',
		async (counting) => {
			at.standIn.configure({
				limits: { pollsPerSecond: 5, counting },
				latencyMs: [3000, 12_000],
			});
			const { run, totalMs } = await generate(20, { maxConcurrency: 20 });
			expect(imagesOf(run)).toBe(20);
			// the first refusals tell that there is a limit at all
			const allowed = counting === 'spaced' ? 0.08 : 0.05;
			expect(refused('poll').length).toBeLessThanOrEqual(allowed * requests('poll').length);
			expect(totalMs).toBeLessThanOrEqual(1.15 * Math.max(...latencies()));
		},
	);
});

describe('a service that wants to be left alone for longer than the time limit', () => {
	const hour = { type: 'status', code: 429, retryAfterSeconds: 3600 } as const;

	test('gets no further creation, and the user learns at once when to come back', async () => {
		at.standIn.fault('create', hour);
		const { run, totalMs } = await generate(1);
		expect(run.error?.message).toBe(
			'Vtrix takes no further task before 2030-01-01 01:00 UTC (HTTP 429)',
		);
		expect(run.error?.description).toMatch(
			/Nothing was charged.*in 60 minutes, or raise 'Timeout'.*Vtrix says: stand-in answers 429/,
		);
		expect(totalMs).toBeLessThan(1000);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('gets none of the other items either, but their paid tasks are followed', async () => {
		at.standIn.fault('create', hour, { match: { occurrence: [5, 6, 7, 8, 9, 10] } });
		const run = await at.generate(picturesOf(30), CONTINUE);
		expect(imagesOf(run)).toBe(at.standIn.creationsAccepted);
		expect(imagesOf(run)).toBeGreaterThanOrEqual(4);
		const errors = run.items[0].filter(({ json }) => json.error !== undefined);
		expect(errors).toHaveLength(30 - at.standIn.creationsAccepted);
		for (const { json } of errors)
			expect(json.error).toMatch(/no further task before .* 01:00 UTC/);
		expect(refused('create').length).toBeLessThanOrEqual(4);
		expect(now() - startedAt).toBeLessThan(5000);
	});

	test('gets no further poll, and each paid task is named', async () => {
		at.standIn.fault('poll', hour);
		const run = await at.generate(picturesOf(5), CONTINUE);
		const errors = run.items[0].map(({ json }) => String(json.error));
		for (const [n, prompt] of picturesOf(5).entries()) {
			expect(errors[n]).toContain(at.tasksOf(prompt)[0]);
			expect(errors[n]).toMatch(/does not want to be asked before 2030-01-01 01:01 UTC/);
		}
		expect(requests('poll').length).toBeLessThanOrEqual(2);
		expect(now() - startedAt).toBeLessThan(5000);
	});

	test('is waited for where the time limit allows it', async () => {
		at.standIn.fault('create', hour, { times: 1 });
		const { run } = await generate(2, { timeout: 4000 });
		expect(imagesOf(run)).toBe(2);
		const [first, ...others] = requests('create').filter(({ status }) => status === 200);
		expect(first.time).toBeGreaterThanOrEqual(startedAt);
		for (const { time } of others) expect(time - startedAt).toBeGreaterThanOrEqual(3_600_000);
	});
});

describe('a service that takes nothing', () => {
	test.each([
		['without a word', undefined],
		['with Retry-After 1', 1],
	])('is tried less and less, %s', async (_, retryAfterSeconds) => {
		at.standIn.fault('create', {
			type: 'status',
			code: 429,
			...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
		});
		const run = await at.generate(picturesOf(20), CONTINUE, {
			options: { timeout: 300, maxConcurrency: 20 },
		});
		expect(run.items[0].every(({ json }) => json.error !== undefined)).toBe(true);
		const times = requests('create').map(({ time }) => time - startedAt);
		expect(times.filter((time) => time <= 20_000).length).toBeLessThanOrEqual(10);
		const gaps = times.slice(3).map((time, index) => time - times[index + 2]);
		expect(gaps[2]).toBeGreaterThan(gaps[0] * 3);
		expect(now() - startedAt).toBeLessThanOrEqual(301_000);
	});

	test('holds up nobody once another item has ended the run', async () => {
		at.fault('create', 'picture 0', { type: 'status', code: 429, retryAfterSeconds: 500 });
		at.fault('create', 'picture 1', { type: 'status', code: 400 });
		const { run, totalMs } = await generate(12);
		expect(run.error?.message).toMatch(/did not accept the settings/);
		expect(totalMs).toBeLessThan(1000);
		expect(at.standIn.creationsAccepted).toBe(0);
	});
});

describe('with default settings', () => {
	test.each([
		{ count: 20, times: 1.06 },
		{ count: 100, times: 1.15 },
	])('$count items take $times times as long as all at once', async ({ count, times }) => {
		at.standIn.configure({ latencyMs: [3000, 12_000] });
		const { run, totalMs } = await generate(count);
		expect(imagesOf(run)).toBe(count);
		expect(mostAtOnce()).toBe(count);
		expect(totalMs).toBeLessThanOrEqual(times * Math.max(...latencies()));
	});

	test('as many tasks are under way as the service takes, and none is asked about much', async () => {
		at.standIn.configure({ latencyMs: [3000, 12_000] });
		const { run, totalMs } = await generate(300);
		expect(imagesOf(run)).toBe(300);
		expect(mostAtOnce()).toBeGreaterThan(290);
		expect(totalMs).toBeLessThanOrEqual(1.3 * Math.max(...latencies()));
		expect(requests('poll').length).toBeLessThan(300 * 6);
	});

	test('twenty tasks are fetched by their ids at once', async () => {
		at.standIn.configure({ latencyMs: 30_000 });
		const created = await at.generate(
			picturesOf(20),
			{},
			{ options: { waitForCompletion: false } },
		);
		const ids = created.items[0].map(({ json }) => String(json.taskId));
		const run = await at.generate(
			ids,
			{},
			{
				resource: 'task',
				operation: 'get',
				taskId: '={{ $json.prompt }}',
				options: { waitForCompletion: true },
			},
		);
		expect(imagesOf(run)).toBe(20);
		expect(now() - startedAt).toBeLessThan(1.1 * 30_000);
	});
});

describe('a number that the user set', () => {
	test.each([1, 10, 25])('of %i is kept as an upper limit', async (maxConcurrency) => {
		const { run } = await generate(40, { maxConcurrency });
		expect(imagesOf(run)).toBe(40);
		expect(mostAtOnce()).toBe(maxConcurrency);
	});

	test.each([0, '', '0'])('of %p is none', async (maxConcurrency) => {
		await generate(40, { maxConcurrency });
		expect(mostAtOnce()).toBe(40);
	});

	test('is what a spending limit goes by as well', async () => {
		await generate(40, { maxConcurrency: 20, spendingLimit: 1000 });
		expect(mostAtOnce()).toBe(20);
	});
});
