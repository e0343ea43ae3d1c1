import { PollQueue } from '../../nodes/Vtrix/core/exchange/throttling/pollQueue';
import type { Clock } from '../../nodes/Vtrix/core/exchange/http/http';
import { COUNTINGS, RateLimit, type Counting } from '../standin';
import { seededRandom } from '../standin/random';
import { FakeClock } from '../support/fakeClock';

const FAR = 3_600_000;

/** A run's way to the polls of its key. */
function limiterOf(
	clock: Clock,
	maxPollsPerSecond: number,
	queue = new PollQueue(clock, () => 0.5),
) {
	const owner = { maxPollsPerSecond };
	const now = () => clock.now();
	return {
		acquire: async (deadline: number, likelyDone = false) =>
			await queue.acquire(owner, deadline - now(), likelyDone),
		accept: (sentAt: number, isEnd = false) => queue.answered(sentAt, isEnd),
		refuse: (sentAt: number, retryAfterMs = 0) => queue.rejected(sentAt, retryAfterMs),
		dismiss: () => queue.dismiss(owner),
		get pollsPerSecond() {
			return queue.pollsPerSecond;
		},
		get retryAfterMs() {
			return queue.retryAfterMs;
		},
	};
}

function setUp(pollsPerSecond = 20) {
	const clock = new FakeClock();
	const start = clock.now();
	const limiter = limiterOf(clock, pollsPerSecond);
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
		const sleep = async (ms: number) => await clock.sleep(ms + 15);
		const late = limiterOf({ now: clock.now, sleep }, 20);
		await Promise.all(Array.from({ length: 200 }, async () => await late.acquire(start + FAR)));
		expect(clock.now() - start).toBeLessThan(10_200);
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

	test('lets all polls of a run go when it is dismissed', async () => {
		const { limiter, start, elapsed } = setUp(0.1);
		const polls = Array.from({ length: 50 }, async () => await limiter.acquire(start + FAR));
		limiter.dismiss();
		await Promise.all(polls);
		expect(elapsed()).toBe(0);
	});

	test('keeps the polls of another run when one is dismissed', async () => {
		const { clock, start } = setUp();
		const queue = new PollQueue(clock, () => 0.5);
		const [one, other] = [limiterOf(clock, 0.1, queue), limiterOf(clock, 0.1, queue)];
		const polls = [one, one, other, other].map(async (run) => await run.acquire(start + FAR));
		one.dismiss();
		const [, dismissed, first, second] = await Promise.all(polls);
		expect(dismissed).toBeUndefined();
		expect([first, second]).toEqual([expect.any(Number), expect.any(Number)]);
	});

	test('of a slow run holds up no other run', async () => {
		const { clock, start } = setUp();
		const queue = new PollQueue(clock, () => 0.5);
		const [slow, fast] = [limiterOf(clock, 0.1, queue), limiterOf(clock, 20, queue)];
		const waiting = [1, 2].map(async () => await slow.acquire(start + FAR));
		await Promise.all(Array.from({ length: 20 }, async () => await fast.acquire(start + FAR)));
		expect(clock.now() - start).toBeLessThan(1200);
		slow.dismiss();
		await Promise.all(waiting);
	});

	test('is planned so that a tenth of those that wait have their turn within a second', async () => {
		const { limiter, start } = setUp(Infinity);
		const polls = Array.from({ length: 600 }, async () => await limiter.acquire(start + FAR));
		expect(limiter.pollsPerSecond).toBeCloseTo(60, 0);
		limiter.dismiss();
		await Promise.all(polls);
	});

	test('goes last to polls of which nothing is told', async () => {
		const { clock } = setUp();
		const queue = new PollQueue(clock, () => 0.5);
		const owner = { maxPollsPerSecond: 20 };
		const order: string[] = [];
		const ask = async (name: string, likelyDone?: boolean) => {
			await queue.acquire(owner, FAR, likelyDone);
			order.push(name);
		};
		await Promise.all([ask('first'), ask('second'), ask('third'), ask('ended', true)]);
		expect(order.indexOf('ended')).toBeLessThan(order.indexOf('third'));
	});

	test('is idle only while no poll waits', async () => {
		const { clock } = setUp();
		const queue = new PollQueue(clock, () => 0.5);
		const owner = { maxPollsPerSecond: 0.1 };
		expect(queue.isIdle).toBe(true);
		const polls = [1, 2].map(async () => await queue.acquire(owner, FAR));
		expect(queue.isIdle).toBe(false);
		queue.dismiss(owner);
		await Promise.all(polls);
		expect(queue.isIdle).toBe(true);
	});

	test('may be less than one poll a second', async () => {
		const times = await turns(setUp(0.1), 3);
		expect(times.at(-1)).toBeGreaterThanOrEqual(18_000);
	});

	test('holds at a deadline that many share', async () => {
		const { limiter, start, clock } = setUp(2);
		const times = await Promise.all(
			Array.from({ length: 100 }, async () => {
				await limiter.acquire(start + 10_000);
				return clock.now() - start;
			}),
		);
		expect(mostPerSecond(times)).toBeLessThanOrEqual(3);
	});
});

describe('more polls than at first are made', () => {
	/** Polls one after the other for some seconds; how many in the last of them. */
	async function lastSecond(
		{ limiter, clock, start }: ReturnType<typeof setUp>,
		seconds: number,
		findsEnd: (poll: number) => boolean,
	): Promise<number> {
		const times: number[] = [];
		const from = clock.now();
		while (clock.now() < from + seconds * 1000) {
			const sentAt = await limiter.acquire(start + FAR);
			times.push(clock.now());
			limiter.accept(sentAt ?? NaN, findsEnd(times.length));
		}
		return times.filter((at) => at >= clock.now() - 1000).length;
	}

	test.each([
		['as long as all of them find the end of a task', () => true, 500, 1001],
		['as long as three of four do', (poll: number) => poll % 4 > 0, 100, 1001],
		['but not while half of them find nothing', (poll: number) => poll % 2 > 0, 20, 21],
		['but not for a few ends in a row', (poll: number) => poll % 20 < 6, 20, 21],
	])('%s', async (_, findsEnd, least, most) => {
		const polls = await lastSecond(setUp(Infinity), 10, findsEnd);
		expect(polls).toBeGreaterThanOrEqual(least);
		expect(polls).toBeLessThanOrEqual(most);
	});

	test('and as few as before soon after they find no more ends', async () => {
		const set = setUp(Infinity);
		expect(await lastSecond(set, 3, () => true)).toBeGreaterThan(200);
		expect(await lastSecond(set, 8, () => false)).toBeLessThanOrEqual(21);
	});

	test('and as few as at first after a rest', async () => {
		const set = setUp(Infinity);
		expect(await lastSecond(set, 3, () => true)).toBeGreaterThan(200);
		await set.clock.sleep(300);
		expect(await lastSecond(set, 1, () => false)).toBeLessThanOrEqual(25);
	});

	test('but not by a run with a lower limit of its own', async () => {
		expect(await lastSecond(setUp(30), 5, () => true)).toBeLessThanOrEqual(31);
	});

	test('while so many wait that their turn would come late', async () => {
		expect(mostPerSecond(await turns(setUp(Infinity), 1000))).toBeGreaterThan(80);
	});
});

describe('a wait that the API asked for', () => {
	test('holds back polls that are waiting for their turn already', async () => {
		const { clock, limiter, start } = setUp(20);
		const asking = Promise.all(
			Array.from({ length: 4 }, async () => {
				await limiter.acquire(start + FAR);
				return clock.now() - start;
			}),
		);
		const refusing = clock.sleep(20).then(() => limiter.refuse(start, 3000));
		const [times] = await Promise.all([asking, refusing]);
		expect(times.filter((at) => at > 20).every((at) => at >= 3020)).toBe(true);
		expect(times.at(-1)).toBeGreaterThanOrEqual(3020);
	});

	test('is not shortened by a later, shorter one', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.refuse(start, 5000);
		limiter.refuse(start, 1000);
		await limiter.acquire(start + FAR);
		expect(elapsed()).toBe(5000);
	});

	test('may be prolonged while it is waited for', async () => {
		const { clock, limiter, start, elapsed } = setUp();
		limiter.refuse(start, 2000);
		const waiting = limiter.acquire(start + FAR);
		const prolonging = clock.sleep(1000).then(() => limiter.refuse(start, 4000));
		await Promise.all([waiting, prolonging]);
		expect(elapsed()).toBe(5000);
	});

	test.each([1000, 2000])(
		'that is over holds back no poll, late as that may be: after %i ms',
		async (ms) => {
			const { clock, limiter, start } = setUp();
			limiter.refuse(start, 1000);
			await clock.sleep(ms);
			expect(await limiter.acquire(start + 500)).toBeDefined();
		},
	);

	test('up to the deadline of a poll is waited for', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.refuse(start, 5000);
		expect(await limiter.acquire(start + 5000)).toBeDefined();
		expect(elapsed()).toBe(5000);
	});

	test('beyond the deadline of a poll means that it is not sent at all', async () => {
		const { limiter, start, elapsed } = setUp();
		limiter.refuse(start, 5000);
		expect(await limiter.acquire(start + 1500)).toBeUndefined();
		expect(elapsed()).toBe(0);
		expect(limiter.retryAfterMs).toBe(5000);
		expect(await limiter.acquire(start + FAR)).toBeDefined();
	});
});

/** A service that takes so many polls a second, and what becomes of polls that always want to go out. */
async function atService(
	perSecond: number,
	counting: Counting,
	{ seconds = 20, pollsPerSecond = 20, refusedShare = 0, seed = 1 } = {},
) {
	const { clock, start, limiter } = setUp(pollsPerSecond);
	const service = new RateLimit();
	const isBusy = seededRandom(seed, 'busy');
	const polls: Array<{ at: number; taken: boolean }> = [];
	while (clock.now() < start + seconds * 1000) {
		await limiter.acquire(start + FAR);
		const sentAt = clock.now();
		const taken = isBusy() >= refusedShare && service.take(sentAt, perSecond, counting);
		polls.push({ at: sentAt - start, taken });
		await clock.sleep(5);
		if (taken) limiter.accept(sentAt);
		else limiter.refuse(sentAt);
	}
	return { polls, refused: polls.filter(({ taken }) => !taken) };
}

describe('polls at a service that takes fewer', () => {
	test.each(
		COUNTINGS.flatMap((counting) => [2, 5, 10].map((perSecond) => ({ counting, perSecond }))),
	)('find its pace: $perSecond a second, counted $counting', async ({ perSecond, counting }) => {
		const { polls, refused } = await atService(perSecond, counting);
		expect(refused.length).toBeLessThanOrEqual(Math.max(4, polls.length * 0.05));
		expect(polls.length - refused.length).toBeGreaterThan(0.75 * perSecond * 20);
	});

	test.each([
		{ refusedShare: 0.01, perSecond: 12 },
		{ refusedShare: 0.03, perSecond: 12 },
		{ refusedShare: 0.1, perSecond: 5 },
	])(
		'are not slowed down for good when a share of $refusedShare is refused at random',
		async ({ refusedShare, perSecond }) => {
			for (const seed of [1, 2, 3]) {
				const { polls } = await atService(Infinity, 'sliding', {
					seconds: 120,
					refusedShare,
					seed,
				});
				const taken = polls.filter((poll) => poll.taken);
				expect(taken.length / 120).toBeGreaterThan(perSecond);
			}
		},
	);

	test('that are all taken again after some were refused at random, find its pace later on', async () => {
		const { clock, start, limiter } = setUp(20);
		const service = new RateLimit();
		const isBusy = seededRandom(1, 'busy');
		let refused = 0;
		for (const from = clock.now(); clock.now() < from + 60_000; ) {
			await limiter.acquire(start + FAR);
			const sentAt = clock.now();
			const isRandom = sentAt < start + 30_000;
			const taken = isRandom ? isBusy() >= 0.05 : service.take(sentAt, 5, 'sliding');
			await clock.sleep(5);
			if (taken) limiter.accept(sentAt);
			else limiter.refuse(sentAt);
			if (!taken && !isRandom) refused += 1;
		}
		expect(refused).toBeLessThan(20);
		expect(limiter.pollsPerSecond).toBeLessThan(7);
	});

	test('go on as fast after a single refusal, which a busy service gives as well', async () => {
		const { clock, start, limiter } = setUp(20);
		for (let poll = 0; poll < 5; poll += 1) limiter.accept(start);
		await clock.sleep(100);
		limiter.refuse(start + 50);
		expect(limiter.pollsPerSecond).toBe(20);
	});

	test.each([
		{ accepted: 6, slowed: true },
		{ accepted: 30, slowed: false },
	])(
		'are slowed down by the next refusal only if it comes as soon: after $accepted polls',
		async ({ accepted, slowed }) => {
			const { clock, start, limiter } = setUp(20);
			for (let poll = 0; poll < 5; poll += 1) limiter.accept(start);
			await clock.sleep(100);
			limiter.refuse(start + 50);
			for (let poll = 0; poll < accepted; poll += 1) {
				await limiter.acquire(start + FAR);
				limiter.accept(clock.now() + 1);
			}
			limiter.refuse(clock.now() + 1);
			expect(limiter.pollsPerSecond < 20).toBe(slowed);
		},
	);

	test('keep half the rate that was accepted before, when few were asked for', async () => {
		const { clock, start, limiter } = setUp(20);
		const accept = async (polls: number) => {
			for (let poll = 0; poll < polls; poll += 1) {
				await limiter.acquire(start + FAR);
				limiter.accept(clock.now() + 1);
			}
		};
		await accept(21);
		await clock.sleep(5000);
		await accept(2);
		limiter.refuse(clock.now() + 1);
		await accept(2);
		limiter.refuse(clock.now() + 1);
		expect(limiter.pollsPerSecond).toBeLessThan(20);
		expect(limiter.pollsPerSecond).toBeGreaterThanOrEqual(10);
	});

	test('go on as before after a service that refused for a while takes all again', async () => {
		const { clock, start, limiter } = setUp(20);
		limiter.accept(start);
		limiter.refuse(start);
		const slowed = limiter.pollsPerSecond;
		expect(slowed).toBeLessThan(5);
		for (let poll = 0; poll < 300; poll += 1) {
			await limiter.acquire(start + FAR);
			limiter.accept(clock.now());
		}
		expect(limiter.pollsPerSecond).toBe(20);
	});

	test('are not slowed down again by those that were under way already', async () => {
		const { clock, start, limiter } = setUp(20);
		for (let poll = 0; poll < 10; poll += 1) limiter.accept(start);
		await clock.sleep(100);
		limiter.refuse(start + 50);
		const slowed = limiter.pollsPerSecond;
		limiter.refuse(start + 60);
		limiter.refuse(start + 70);
		expect(limiter.pollsPerSecond).toBe(slowed);
	});

	test('that refuses all of them are less and less', async () => {
		const { polls } = await atService(0, 'sliding', { seconds: 120 });
		expect(polls.length).toBeLessThan(12);
		const gaps = polls.slice(1).map(({ at }, index) => at - polls[index].at);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(35_000);
	});
});
