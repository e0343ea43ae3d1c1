import { median } from '../../tools/bench/metrics';
import { simulate } from '../../tools/bench/simulate';
import { simulateRuns } from '../../tools/bench/simulateRuns';
import { atService, DRAWN, mean, seeds } from '../core/atService';

// What test/core/ shows with tens of tasks, with hundreds and over many drawn runs.

test.each(
	[2, 5, 8].flatMap((concurrentTasks) => [
		{ concurrentTasks },
		{ concurrentTasks, lengthMs: DRAWN },
	]),
)(
	'a service that takes $concurrentTasks tasks at a time is kept busy, with few refusals',
	async ({ concurrentTasks, ...lengths }) => {
		const { refused, total, ideal } = await atService({ concurrentTasks }, lengths);
		expect(refused).toBeLessThanOrEqual(10);
		expect(total).toBeLessThanOrEqual(1.1 * ideal);
	},
);

const MANY = { lengthMs: DRAWN, tasks: 300, concurrency: 100, runs: 5 };

test('a service that takes 30 tasks at a time is kept busy over many, with few refusals', async () => {
	const { refused, total, ideal } = await atService({ concurrentTasks: 30 }, MANY);
	expect(refused).toBeLessThanOrEqual(35);
	expect(total).toBeLessThanOrEqual(1.05 * ideal);
});

test.each([
	{ refusedShare: 0.01, times: 1.2 },
	{ refusedShare: 0.03, times: 1.3 },
	{ refusedPollShare: 0.01, times: 1.3 },
	{ refusedPollShare: 0.03, times: 1.5 },
])(
	'a service that refuses at random, %j, is not taken for a slow one',
	async ({ times, ...shares }) => {
		const { total, ideal } = await atService({}, { ...shares, ...MANY });
		expect(total).toBeLessThanOrEqual(times * ideal);
	},
);

test('a service that refuses a third of the creations takes all of them in the end', async () => {
	const given = { refusedShare: 0.3, lengthMs: DRAWN, tasks: 100, concurrency: 50, runs: 5 };
	const { total, ideal } = await atService({}, given);
	expect(total).toBeLessThanOrEqual(10 * ideal);
});

test.each([20, 10])(
	'twenty tasks of 3 to 12 s, %i at a time, take little longer than they must, at less than 14 looks',
	async (concurrency) => {
		const ran = await Promise.all(
			seeds(20).map(async (seed) => {
				const latencies = Array.from({ length: 20 }, (_, task) => DRAWN(task, seed));
				return await simulate({ latencies, concurrency, seed });
			}),
		);
		expect(mean(ran.map(({ total, ideal }) => total / ideal))).toBeLessThanOrEqual(1.03);
		expect(mean(ran.map(({ idleShare }) => median(idleShare)))).toBeLessThanOrEqual(0.08);
		expect(mean(ran.map(({ pollsPerTask }) => pollsPerTask))).toBeLessThanOrEqual(14);
	},
);

test('a thousand items are done nearly as soon as all at once, with few polls each', async () => {
	const latencies = Array.from({ length: 1000 }, (_, index) => DRAWN(index, 1));
	const { totalMs, polls } = await simulateRuns([{ startsAt: 0, latencies }]);
	expect(totalMs).toBeLessThanOrEqual(1.2 * Math.max(...latencies));
	expect(polls / latencies.length).toBeLessThan(8);
});
