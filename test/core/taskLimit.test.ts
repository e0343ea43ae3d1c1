import type { Slot } from '../../nodes/Vtrix/core/exchange/throttling/slot';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { idealTotal } from '../../tools/bench/metrics';
import { simulate } from '../../tools/bench/simulate';
import { COUNTINGS, type Limits } from '../standin';
import { seededRandom } from '../standin/random';
import { FakeClock } from '../support/fakeClock';

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

const runOf = (throttle: Throttle, maxTasks = 100) =>
	new RunThrottle(throttle, { maxTasks, maxPollsPerSecond: 20 });

/** A limit with so many that wait, and the turns that they were given. */
function waiting(count: number, { most = 100, patienceMs = 60_000 } = {}) {
	const clock = new FakeClock({ auto: false });
	const stop = new AbortController();
	const limit = new RunThrottle(new Throttle(clock, () => 0.5), {
		maxTasks: most,
		maxPollsPerSecond: 20,
		signal: stop.signal,
	});
	const turns: Slot[] = [];
	const dismissed: number[] = [];
	const unwanted: string[] = [];
	const state = { isWanted: true };
	for (let item = 0; item < count; item += 1) {
		const assertWanted = () => {
			if (!state.isWanted) throw new Error(`item ${item} is not wanted`);
		};
		const slot = limit.slot();
		void slot.acquire({ patienceMs, assertWanted }).then(
			(mayGo) => {
				if (mayGo) turns.push(slot);
				else dismissed.push(item);
			},
			(error: unknown) => unwanted.push(String(error)),
		);
	}
	return { clock, limit, turns, dismissed, unwanted, state, stop };
}

describe('creations', () => {
	test('go out in growing rounds, each when the one before is answered', async () => {
		const { clock, turns } = waiting(40);
		await clock.advance(0);
		const sizes: number[] = [];
		for (let seen = 0; turns.length > seen; await clock.advance(1)) {
			const round = turns.slice(seen);
			sizes.push(round.length);
			seen = turns.length;
			for (const turn of round) turn.accepted();
		}
		expect(sizes).toEqual([2, 4, 8, 11, 12, 3]);
	});

	test('are ten at most as long as not one is answered', async () => {
		const { clock, turns } = waiting(40);
		await clock.advance(60_000);
		expect(turns).toHaveLength(10);
	});

	test('wait for answers that are slow for a quarter of a second only', async () => {
		const { clock, turns } = waiting(40);
		await clock.advance(249);
		expect(turns).toHaveLength(2);
		await clock.advance(2);
		expect(turns).toHaveLength(6);
		await clock.advance(250);
		expect(turns).toHaveLength(10);
	});

	test('do not rush in when one was refused: a single one tries again', async () => {
		const { clock, turns } = waiting(20);
		await clock.advance(1);
		turns[0].rejected();
		turns[1].rejected();
		await clock.advance(900);
		expect(turns).toHaveLength(2);
		await clock.advance(300);
		expect(turns).toHaveLength(3);
		turns[2].rejected();
		await clock.advance(1900);
		expect(turns).toHaveLength(3);
	});

	test('follow as tasks end, each end letting one out', async () => {
		const { clock, turns } = waiting(20);
		await clock.advance(1);
		for (const turn of turns) turn.accepted();
		await clock.advance(1);
		for (const turn of turns.slice(2)) turn.rejected();
		expect(turns).toHaveLength(6);
		turns[0].ended();
		turns[1].ended();
		await clock.advance(1);
		expect(turns).toHaveLength(8);
	});

	test('go out in the order in which they came, those that were refused before the others', async () => {
		const clock = new FakeClock({ auto: false });
		const limit = runOf(new Throttle(clock, () => 0.5));
		const order: string[] = [];
		const ask = async (name: string, tries: number) => {
			const slot = limit.slot();
			for (let tried = 0; tried < tries; tried += 1) {
				await slot.acquire({ patienceMs: 60_000, assertWanted: () => {} });
				order.push(name);
				slot.rejected();
			}
		};
		void ask('first', 2);
		await clock.advance(1);
		void ask('second', 1);
		await clock.advance(1);
		void ask('third', 1);
		await clock.advance(20_000);
		expect(order).toEqual(['first', 'first', 'second', 'third']);
	});

	test('give up when nothing was taken for as long as they have patience, all of them', async () => {
		const { clock, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(1);
		for (const turn of turns) turn.rejected();
		await clock.advance(10_500);
		expect(dismissed).toHaveLength(8 - turns.length);
	});

	test('do not give up while others are taken', async () => {
		const { clock, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(1);
		turns[0].accepted();
		turns[1].rejected();
		for (let task = 2; task < 6; task += 1) {
			await clock.advance(8000);
			turns.at(-1)?.ended();
			await clock.advance(1);
			turns.at(-1)?.accepted();
		}
		expect(dismissed).toEqual([]);
	});

	test('give up at once when the service wants to be left alone for longer', async () => {
		const { clock, limit, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(1);
		turns[0].rejected(20_000);
		await clock.advance(1);
		expect(dismissed).toHaveLength(6);
		expect(limit.shared.creations.retryAfterMs).toBeLessThanOrEqual(20_000);
	});

	test('that are wanted no longer leave at once', async () => {
		const { clock, turns, unwanted, state } = waiting(8);
		await clock.advance(1);
		turns[0].rejected(50_000);
		state.isWanted = false;
		await clock.advance(250);
		expect(unwanted).toHaveLength(6);
	});

	test('are all let go at once when the run is stopped', async () => {
		const { clock, turns, dismissed, stop } = waiting(8);
		await clock.advance(1);
		turns[0].rejected(50_000);
		stop.abort();
		await clock.advance(0);
		expect(turns.length + dismissed.length).toBe(8);
	});
});

describe('items that may be worked on', () => {
	test('are ten at first, and one more for each task that is taken beside the one under way', async () => {
		const { clock, limit, turns } = waiting(20);
		expect(limit.allowed).toBe(10);
		await clock.advance(1);
		turns[0].accepted();
		expect(limit.allowed).toBe(12);
	});

	test('are no more than wanted', async () => {
		const { limit } = waiting(20, { most: 4 });
		expect(limit.allowed).toBe(4);
	});

	test('are told of as soon as there may be more', async () => {
		const { clock, limit, turns } = waiting(20);
		const told: number[] = [];
		limit.onChange(() => told.push(limit.allowed));
		await clock.advance(1);
		turns[0].accepted();
		expect(told).toEqual([12]);
	});
});
