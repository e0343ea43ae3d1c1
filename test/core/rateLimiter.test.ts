import { RateLimiter } from '../../nodes/Vtrix/core/exchange/rateLimiter';
import { FakeClock } from '../support/fakeClock';

const FAR = 3_600_000;

function setUp(pollsPerSecond = 20) {
	const clock = new FakeClock();
	const start = clock.now();
	const limiter = new RateLimiter(clock, pollsPerSecond);
	return { clock, start, limiter, elapsed: () => clock.now() - start };
}

/** Lets so many polls queue up at once, and tells when each may go out, ms from now. */
async function turns(
	{ limiter, clock }: ReturnType<typeof setUp>,
	count: number,
): Promise<number[]> {
	const start = clock.now();
	return await Promise.all(
		Array.from({ length: count }, async () => {
			await limiter.acquire(start + FAR);
			return clock.now() - start;
		}),
	);
}

const mostPerSecond = (times: number[]) =>
	Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));

describe('the budget of polls', () => {
	test('lets a poll pass at once when there was a rest', async () => {
		const set = setUp(20);
		expect(await turns(set, 1)).toEqual([0]);
		await set.clock.sleep(1000);
		expect(await turns(set, 1)).toEqual([0]);
	});

	test('spreads many polls over time, in the order of asking', async () => {
		const times = await turns(setUp(20), 200);
		expect(times).toEqual([...times].sort((a, b) => a - b));
		const last = times.at(-1) ?? 0;
		expect(last).toBeGreaterThan(9800);
		expect(last).toBeLessThanOrEqual(10_000);
		expect(mostPerSecond(times)).toBeLessThanOrEqual(21);
	});

	test('is not saved up while nothing is asked', async () => {
		const set = setUp(20);
		await turns(set, 100);
		await set.clock.sleep(60_000);
		expect(mostPerSecond(await turns(set, 200))).toBeLessThanOrEqual(21);
	});

	test('is made full use of when the process is late by a little', async () => {
		const { clock, start } = setUp();
		const late = new RateLimiter(
			{ now: clock.now, sleep: async (ms) => await clock.sleep(ms + 15) },
			1000,
		);
		await Promise.all(Array.from({ length: 1000 }, async () => await late.acquire(start + FAR)));
		expect(clock.now() - start).toBeLessThan(1100);
	});

	test('goes first to tasks that have probably ended', async () => {
		const { limiter, start } = setUp(20);
		const order: string[] = [];
		const ask = async (name: string, likelyDone: boolean) => {
			await limiter.acquire(start + FAR, likelyDone);
			order.push(name);
		};
		const names = ['first', 'second', 'third', 'fourth'];
		const others = names.map(async (name) => await ask(name, false));
		await Promise.all([...others, ask('ended', true), ask('ended too', true)]);
		expect(order.slice(-4)).toEqual(['ended', 'ended too', 'third', 'fourth']);
	});

	test('lets all polls go when the run is stopped', async () => {
		const { clock, start } = setUp();
		const limiter = new RateLimiter({ now: clock.now, sleep: async () => {} }, 0.1);
		await Promise.all(Array.from({ length: 50 }, async () => await limiter.acquire(start + FAR)));
		expect(clock.now()).toBe(start);
	});

	test('may be less than one poll a second', async () => {
		const times = await turns(setUp(0.1), 3);
		expect(times.at(-1)).toBeGreaterThanOrEqual(18_000);
	});

	test('holds no poll back beyond its deadline', async () => {
		const { limiter, start, elapsed } = setUp(0.001);
		await limiter.acquire(start + FAR);
		await limiter.acquire(start + 700);
		expect(elapsed()).toBeLessThanOrEqual(700);
	});
});

describe('a pause that the API asked for', () => {
	test('holds everything back until it is over', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.pause(5000);
		await Promise.all([limiter.waitWhilePaused(start + FAR), limiter.acquire(start + FAR)]);
		expect(elapsed()).toBe(5000);
	});

	test('holds back polls that are waiting for their turn already', async () => {
		const { clock, limiter, start } = setUp(20);
		const asking = Promise.all(
			Array.from({ length: 4 }, async () => {
				await limiter.acquire(start + FAR);
				return clock.now() - start;
			}),
		);
		const pausing = clock.sleep(20).then(() => limiter.pause(3000));
		const [times] = await Promise.all([asking, pausing]);
		expect(times.filter((at) => at > 20).every((at) => at >= 3020)).toBe(true);
		expect(times.at(-1)).toBeGreaterThanOrEqual(3020);
	});

	test('is not shortened by a later, shorter one', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.pause(5000);
		limiter.pause(1000);
		await limiter.waitWhilePaused(start + FAR);
		expect(elapsed()).toBe(5000);
	});

	test('may be prolonged while it is waited for', async () => {
		const { clock, limiter, start, elapsed } = setUp();
		limiter.pause(2000);
		const waiting = limiter.waitWhilePaused(start + FAR);
		const prolonging = clock.sleep(1000).then(() => limiter.pause(4000));
		await Promise.all([waiting, prolonging]);
		expect(elapsed()).toBe(5000);
	});

	test('ends for a request at its deadline', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.pause(5000);
		await limiter.waitWhilePaused(start + 1500);
		expect(elapsed()).toBe(1500);
	});

	test('costs nothing when there is none', async () => {
		const { clock, limiter, start } = setUp();
		await limiter.waitWhilePaused(start + FAR);
		expect(clock.sleeps).toEqual([]);
	});
});
