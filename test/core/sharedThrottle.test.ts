import { simulateRuns, type SharedRun } from '../../tools/bench/simulateRuns';
import { idealTotal } from '../../tools/bench/metrics';
import { seededRandom } from '../standin/random';

const SEEDS = [1, 2, 3];

/** So many executions of one item each, at once. */
const webhooks = (count: number, lengthMs: (index: number) => number, workers = 1): SharedRun[] =>
	Array.from({ length: count }, (_, index) => ({
		startsAt: 0,
		latencies: [lengthMs(index)],
		worker: index % workers,
	}));
const drawn = (seed: number) => (index: number) =>
	3000 + 9000 * seededRandom(seed, 'length', index)();
const many = (count: number, lengthMs: number): number[] =>
	Array.from({ length: count }, () => lengthMs);

describe('executions that use the same key at once', () => {
	test.each([20, 100])('%i: learn a limit of three tasks once', async (count) => {
		for (const seed of SEEDS) {
			const limits = { concurrentTasks: 3 };
			const outcome = await simulateRuns(
				webhooks(count, () => 2000),
				{ limits, seed },
			);
			expect(outcome.created).toBe(count);
			expect(outcome.refusedCreations).toBeLessThanOrEqual(12);
			expect(outcome.totalMs).toBeLessThanOrEqual(1.1 * idealTotal(many(count, 2000), 3));
		}
	});

	test('learn two creations a second once', async () => {
		for (const seed of SEEDS) {
			const outcome = await simulateRuns(webhooks(20, drawn(seed)), {
				limits: { creationsPerSecond: 2 },
				seed,
			});
			expect(outcome.refusedCreations).toBeLessThanOrEqual(6);
			expect(outcome.totalMs).toBeLessThanOrEqual(1.1 * (9000 + 12_000));
		}
	});

	test('share the budget of polls', async () => {
		for (const seed of SEEDS) {
			const outcome = await simulateRuns(webhooks(20, drawn(seed)), {
				limits: { pollsPerSecond: 5 },
				seed,
			});
			expect(outcome.refusedPolls).toBeLessThanOrEqual(4);
			expect(outcome.totalMs).toBeLessThanOrEqual(1.2 * 12_000);
		}
	});

	test('converge over two workers, which share no memory', async () => {
		for (const seed of SEEDS) {
			const outcome = await simulateRuns(
				webhooks(20, () => 2000, 2),
				{ limits: { concurrentTasks: 3 }, seed },
			);
			expect(outcome.created).toBe(20);
			expect(outcome.refusedCreations).toBeLessThanOrEqual(20);
			expect(outcome.totalMs).toBeLessThanOrEqual(1.6 * 14_000 + 2000);
		}
	});
});

describe('a small run beside one of many items', () => {
	test.each([
		{ places: 1, lengthMs: 10_000 },
		{ places: 2, lengthMs: 10_000 },
		{ places: 5, lengthMs: 60_000 },
	])('gets its turn: $places at a time, tasks of $lengthMs ms', async ({ places, lengthMs }) => {
		const [long, small] = (
			await simulateRuns(
				[
					{ startsAt: 0, latencies: many((400_000 / lengthMs) * places, lengthMs) },
					{ startsAt: 60_000, latencies: many(5, lengthMs) },
				],
				{ limits: { concurrentTasks: places } },
			)
		).runs;
		expect([long.failed, small.failed]).toEqual([0, 0]);
		const fairMs = Math.ceil((2 * 5) / places) * lengthMs;
		expect(small.totalMs).toBeLessThanOrEqual(1.2 * fairMs + lengthMs);
	});

	test('does not fail because the tasks of the other take longer than its own patience', async () => {
		const { runs } = await simulateRuns(
			[
				{ startsAt: 0, latencies: [900_000], timeoutMs: 3_600_000 },
				{ startsAt: 1000, latencies: [5000], timeoutMs: 60_000 },
			],
			{ limits: { concurrentTasks: 1 } },
		);
		expect(runs.map(({ failed }) => failed)).toEqual([0, 0]);
	});

	test('has patience of its own, whenever it comes', async () => {
		const { runs } = await simulateRuns(
			[
				{ startsAt: 0, latencies: [5000], timeoutMs: 100_000 },
				{ startsAt: 90_000, latencies: [5000], timeoutMs: 100_000 },
			],
			{ limits: { concurrentTasks: 0 } },
		);
		expect(runs.map(({ failed }) => failed)).toEqual([1, 1]);
		for (const { totalMs } of runs) expect(totalMs).toBeGreaterThanOrEqual(99_000);
	});

	test('is bound by its own limits alone', async () => {
		const { runs } = await simulateRuns([
			{ startsAt: 0, latencies: many(30, 5000), maxPollsPerSecond: 1, maxTasks: 30 },
			{ startsAt: 0, latencies: many(30, 5000) },
		]);
		expect(runs[0].busiestPolls).toBeLessThanOrEqual(2);
		expect(runs[1].totalMs).toBeLessThanOrEqual(8000);
	});

	test('goes on when the one that waits before it is stopped', async () => {
		const { runs, isIdle } = await simulateRuns(
			[
				{ startsAt: 0, latencies: many(50, 20_000), stopsAt: 30_000 },
				{ startsAt: 1000, latencies: many(4, 20_000) },
			],
			{ limits: { concurrentTasks: 2 } },
		);
		expect(runs[0].totalMs).toBeLessThan(31_000);
		expect(runs[1].done).toBe(4);
		expect(isIdle).toBe(true);
	});
});

test('hundreds of items are done nearly as soon as all at once, with few polls each', async () => {
	const latencies = Array.from({ length: 300 }, (_, index) => drawn(1)(index));
	const { totalMs, polls } = await simulateRuns([{ startsAt: 0, latencies }]);
	expect(totalMs).toBeLessThanOrEqual(1.1 * Math.max(...latencies));
	expect(polls / latencies.length).toBeLessThan(8);
});
