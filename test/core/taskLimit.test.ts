import { idealTotal } from '../../tools/bench/metrics';
import { simulate } from '../../tools/bench/simulate';
import { COUNTINGS, type Limits } from '../standin';
import { seededRandom } from '../standin/random';

const SEEDS = Array.from({ length: 5 }, (_, seed) => seed);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Given {
	/** Each task's time, ms; 2 s unless told. */
	lengthMs?: (task: number, seed: number) => number;
	tasks?: number;
	concurrency?: number;
	creationMs?: number;
	refusedShare?: number;
	refusedPollShare?: number;
}

/** Means over some runs of what a service with these limits costs. */
async function atService(
	limits: Limits,
	{
		lengthMs = () => 2000,
		tasks = 20,
		concurrency = tasks,
		creationMs,
		refusedShare,
		refusedPollShare,
	}: Given = {},
) {
	const runs = SEEDS.map(async (seed) => {
		const latencies = Array.from({ length: tasks }, (_, task) => lengthMs(task, seed));
		const ran = await simulate({
			latencies,
			concurrency,
			limits,
			seed,
			startMs: 1_000_000 + 137 * seed,
			progress: (done) => Math.round(done * 1000) / 1000,
			...(creationMs !== undefined && { creationMs }),
			...(refusedShare !== undefined && { refusedShare }),
			...(refusedPollShare !== undefined && { refusedPollShare }),
		});
		return { ...ran, latencies };
	});
	const ran = await Promise.all(runs);
	return {
		refused: mean(ran.map(({ refusedCreations }) => refusedCreations)),
		total: mean(ran.map(({ total }) => total)),
		ideal: mean(
			ran.map(({ latencies }) =>
				idealTotal(latencies, Math.min(concurrency, limits.concurrentTasks ?? Infinity)),
			),
		),
	};
}

const DRAWN: Given['lengthMs'] = (task, seed) => 3000 + 9000 * seededRandom(seed, 'length', task)();

describe('a service that takes so many tasks at a time', () => {
	test.each(
		[1, 2, 3, 5, 8, 15].flatMap((concurrentTasks) => [
			{ concurrentTasks, named: '2 s', lengthMs: undefined },
			{ concurrentTasks, named: '3 to 12 s', lengthMs: DRAWN },
		]),
	)('$concurrentTasks, tasks of $named', async ({ concurrentTasks, lengthMs }) => {
		const { refused, total, ideal } = await atService(
			{ concurrentTasks },
			{ ...(lengthMs && { lengthMs }) },
		);
		expect(refused).toBeLessThanOrEqual(10);
		expect(total).toBeLessThanOrEqual(1.1 * ideal);
	});

	test('is kept busy over many tasks, with few refusals', async () => {
		const { refused, total, ideal } = await atService(
			{ concurrentTasks: 30 },
			{ lengthMs: DRAWN, tasks: 300, concurrency: 100 },
		);
		expect(refused).toBeLessThanOrEqual(35);
		expect(total).toBeLessThanOrEqual(1.05 * ideal);
	});

	test.each([50, 100, 200])('and answers after %i ms', async (creationMs) => {
		const { refused } = await atService({ concurrentTasks: 3 }, { creationMs });
		expect(refused).toBeLessThanOrEqual(10);
	});
});

describe('a service that takes so many creations a second', () => {
	test.each(
		COUNTINGS.flatMap((counting) => [1, 2, 3, 5].map((perSecond) => ({ counting, perSecond }))),
	)('$perSecond, counted $counting', async ({ counting, perSecond }) => {
		const { refused, total } = await atService({ creationsPerSecond: perSecond, counting });
		expect(refused).toBeLessThanOrEqual(10);
		// where requests must be spaced, a pace is found that is slower by up to a half
		const share = counting === 'spaced' && perSecond > 2 ? 0.6 : 1;
		expect(total).toBeLessThanOrEqual(1.1 * ((19 / share / perSecond) * 1000 + 2000));
	});

	test('and so many tasks at a time', async () => {
		const { refused, total, ideal } = await atService(
			{ creationsPerSecond: 2, concurrentTasks: 5 },
			{ lengthMs: DRAWN },
		);
		expect(refused).toBeLessThanOrEqual(12);
		expect(total).toBeLessThanOrEqual(1.2 * ideal);
	});
});

describe('a service that is busy with others, so that it refuses at random', () => {
	test.each([
		{ refusedShare: 0.01, times: 1.2 },
		{ refusedShare: 0.03, times: 1.3 },
		{ refusedPollShare: 0.01, times: 1.3 },
		{ refusedPollShare: 0.03, times: 1.5 },
	])('%j of its requests, is not taken for a slow one', async ({ times, ...shares }) => {
		const { total, ideal } = await atService(
			{},
			{ ...shares, lengthMs: DRAWN, tasks: 300, concurrency: 100 },
		);
		expect(total).toBeLessThanOrEqual(times * ideal);
	});

	test('a third of the creations, takes all of them in the end', async () => {
		const { total, ideal } = await atService(
			{},
			{ refusedShare: 0.3, lengthMs: DRAWN, tasks: 100, concurrency: 50 },
		);
		expect(total).toBeLessThanOrEqual(10 * ideal);
	});
});

describe('a service without limits', () => {
	test.each([
		{ tasks: 20, creationMs: 5, times: 1.02 },
		{ tasks: 20, creationMs: 100, times: 1.05 },
		{ tasks: 20, creationMs: 500, times: 1.1 },
		{ tasks: 100, creationMs: 5, times: 1.05 },
		{ tasks: 100, creationMs: 100, times: 1.1 },
	])(
		'that answers after $creationMs ms has $tasks tasks done nearly as soon as all at once',
		async ({ tasks, creationMs, times }) => {
			const { total, ideal } = await atService({}, { lengthMs: DRAWN, tasks, creationMs });
			expect(total).toBeLessThanOrEqual(times * ideal);
		},
	);
});
