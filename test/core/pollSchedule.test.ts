import { ObservedTasks, TaskDurations } from '../../nodes/Vtrix/core/polling/taskDurations';
import {
	decideNextPoll,
	longestMs,
	type PollRule,
	type PollState,
} from '../../nodes/Vtrix/core/polling/pollRules';
import { PollSchedule } from '../../nodes/Vtrix/core/polling/pollSchedule';
import { median } from '../../tools/bench/metrics';
import { simulate } from '../../tools/bench/simulate';
import { DRAWN, mean, seeds } from './atService';

const MIDDLE = () => 0.5;
/** A budget that never holds anything back. */
const PLENTY = 1000;

/** What a run knows that has nothing waiting. */
const durationsAt = (pollsPerSecond: number) =>
	new TaskDurations({ pollsPerSecond }, { itemsNotStarted: 0 });

interface Given {
	/** What the API says at this share of the task's time; nothing by default. */
	progress?: (done: number) => number;
	durations?: TaskDurations;
	random?: () => number;
}

/** When a task of this length is looked at, ms after its creation; the last look finds it done. */
function looks(
	lengthMs: number,
	{ progress, durations = durationsAt(PLENTY), random = MIDDLE }: Given = {},
): number[] {
	const schedule = new PollSchedule({ durations, model: 'model', random });
	const times: number[] = [];
	let ageMs = 0;
	do {
		const said = ageMs > 0 ? progress?.(ageMs / lengthMs) : undefined;
		ageMs += schedule.next(ageMs, said).delayMs;
		times.push(ageMs);
	} while (ageMs < lengthMs && times.length < 1000);
	schedule.close();
	return times;
}
const idleMs = (times: number[], lengthMs: number) => (times.at(-1) ?? 0) - lengthMs;

/** A run in which tasks of these lengths have ended. */
function durationsOf(lengths: number[], model = 'model'): TaskDurations {
	const durations = durationsAt(PLENTY);
	for (const lengthMs of lengths) durations.learn(model, lengthMs);
	return durations;
}

const rounded = (done: number) => Math.round(done * 1000) / 1000;

/** What is decided about a task that tells so much at these ages. */
function decided(told: Array<[ageMs: number, progress?: number]>, intervalMs?: number) {
	const durations = durationsAt(PLENTY);
	const schedule = new PollSchedule({ durations, model: 'model', random: MIDDLE, intervalMs });
	const all = told.map(([ageMs, progress]) => schedule.next(ageMs, progress));
	return all[all.length - 1];
}

describe('with progress', () => {
	test.each<[string, Array<[number, number]>, number, boolean]>([
		[
			'goes by the last one while that says no more',
			[
				[2000, 0.2],
				[3000, 0.2],
			],
			3000,
			false,
		],
		[
			'begins when it is no longer 0',
			[
				[5000, 0],
				[10_000, 0.5],
			],
			3750,
			false,
		],
		['is complete when it says so', [[5000, 1]], 75, true],
	])('a task %s', (_, told, delayMs, likelyDone) => {
		expect(decided(told)).toEqual({
			rule: likelyDone ? 'progress near its end' : 'progress',
			likelyDone,
			delayMs: expect.closeTo(delayMs),
		});
	});

	test.each([500, 1000, 3000, 7000, 12_000, 60_000])(
		'a task of %i ms is found soon after its end, in few looks',
		(lengthMs) => {
			const times = looks(lengthMs, { progress: rounded });
			expect(times.length).toBeLessThanOrEqual(lengthMs > 12_000 ? 15 : 9);
			expect(idleMs(times, lengthMs)).toBeLessThanOrEqual(Math.max(100, lengthMs * 0.015));
		},
	);

	test.each([
		['comes in steps of a tenth', (done: number) => Math.floor(done * 10) / 10],
		['stands at 0 until half of the time is over', (done: number) => Math.max(0, done * 2 - 1)],
		['stops at 99 % early', (done: number) => Math.min(0.99, done * 2)],
		['is quick first and slow at the end', (done: number) => 1 - (1 - done) ** 2],
		['is 1 long before the end', (done: number) => Math.min(1, done * 1.3)],
	])('a task whose progress %s is found within a share of its time', (_, progress) => {
		for (const lengthMs of [3000, 7000, 12_000, 30_000]) {
			const times = looks(lengthMs, { progress });
			expect(idleMs(times, lengthMs)).toBeLessThanOrEqual(lengthMs * 0.2);
			expect(times.length).toBeLessThanOrEqual(40);
		}
	});

	test.each([0, -0.5, NaN])('a progress of %p is taken for none', (progress) => {
		const next = (value?: number) => {
			const schedule = new PollSchedule({
				durations: durationsAt(PLENTY),
				model: 'model',
				random: MIDDLE,
			});
			const { delayMs, likelyDone } = schedule.next(5000, value);
			return { delayMs, likelyDone };
		};
		expect(next(progress)).toEqual(next());
	});

	test('a progress that jumps about still leads to looks of a sensible distance', () => {
		const schedule = new PollSchedule({
			durations: durationsAt(PLENTY),
			model: 'model',
			random: MIDDLE,
		});
		for (const progress of [0.9, 0.001, 0.5, 0.0001, 7, 0.999, 0.2]) {
			const { delayMs } = schedule.next(4000, progress);
			expect(delayMs).toBeGreaterThanOrEqual(50);
			expect(delayMs).toBeLessThanOrEqual(10_500);
		}
	});

	test('a look that comes when the end is foreseen says so', () => {
		const schedule = new PollSchedule({
			durations: durationsAt(PLENTY),
			model: 'model',
			random: MIDDLE,
		});
		expect(schedule.next(2000, 0.2).likelyDone).toBe(false);
		expect(schedule.next(9900, 0.99).likelyDone).toBe(true);
	});

	test('a crowd of tasks is not asked in between when the budget is too small for it', () => {
		const durations = durationsAt(20);
		const schedules = Array.from(
			{ length: 100 },
			() => new PollSchedule({ durations, model: 'model', random: MIDDLE }),
		);
		// one round takes 5 s
		expect(schedules[0].next(1000, 0.25)).toMatchObject({ likelyDone: true });
		expect(schedules[0].next(1000, 0.1).delayMs).toBeGreaterThanOrEqual(4800);
	});
});

describe('without progress', () => {
	test.each([3000, 7000, 12_000, 60_000])(
		'a task of %i ms is idle for a share of its time at most, and not asked about too often',
		(lengthMs) => {
			const times = looks(lengthMs);
			expect(times.length).toBeLessThanOrEqual(32);
			expect(idleMs(times, lengthMs)).toBeLessThanOrEqual(lengthMs * 0.16);
		},
	);

	test('a look comes when the user wants it, exactly', () => {
		expect(decided([[1000]], 60_000)).toEqual({
			rule: 'fixed interval',
			likelyDone: false,
			delayMs: 60_000,
		});
	});

	test('in the first hour no look is further away than some ten seconds', () => {
		const schedule = new PollSchedule({
			durations: durationsAt(PLENTY),
			model: 'model',
			random: () => 1,
		});
		expect(schedule.next(3_599_000).delayMs).toBeLessThanOrEqual(10_500);
	});

	test('the last tasks of a run are looked at more often, since all wait for them', () => {
		const durations = durationsAt(PLENTY);
		const [last, ...others] = Array.from(
			{ length: 10 },
			() => new PollSchedule({ durations, model: 'model', random: MIDDLE }),
		);
		const before = last.next(8000).delayMs;
		for (const other of others) other.close();
		expect(last.next(8000).delayMs).toBeLessThan(before / 3);
	});
});

describe('twenty tasks of 3 to 12 s without progress', () => {
	test.each([
		['at once', 20],
		['ten at a time', 10],
	])('%s take little longer than they must, at less than 14 looks', async (_, concurrency) => {
		const ran = await Promise.all(
			seeds(3).map(async (seed) => {
				const latencies = Array.from({ length: 20 }, (__, task) => DRAWN(task, seed));
				return await simulate({ latencies, concurrency, seed });
			}),
		);
		expect(mean(ran.map(({ total, ideal }) => total / ideal))).toBeLessThanOrEqual(1.03);
		expect(mean(ran.map(({ idleShare }) => median(idleShare)))).toBeLessThanOrEqual(0.08);
		expect(mean(ran.map(({ pollsPerTask }) => pollsPerTask))).toBeLessThanOrEqual(14);
	});
});

describe('the first tasks of a run tell how long the next ones take', () => {
	test('so that looks come when they may end, and not before', () => {
		const durations = durationsOf([8000, 8200, 8500, 8600, 9000]);
		const times = looks(8500, { durations });
		expect(times[0]).toBeGreaterThan(6500);
		expect(idleMs(times, 8500)).toBeLessThanOrEqual(8500 * 0.03);
		expect(times.length).toBeLessThan(looks(8500).length);
	});

	test('so that short ones too are found soon', () => {
		const times = looks(200, { durations: durationsOf(Array.from({ length: 20 }, () => 200)) });
		expect(times.length).toBeLessThanOrEqual(2);
		expect(idleMs(times, 200)).toBeLessThanOrEqual(30);
	});

	test('however short they are, from a first look that found all of them ended', async () => {
		const latencies = Array.from({ length: 400 }, () => 200);
		const { total, ideal, pollsPerTask } = await simulate({
			latencies,
			concurrency: 50,
			pollsPerSecond: PLENTY,
		});
		expect(total).toBeLessThanOrEqual(1.5 * ideal);
		expect(pollsPerTask).toBeLessThanOrEqual(2);
	});

	test('but one alone is not taken for all', () => {
		const times = looks(6000, { durations: durationsOf([10_000]) });
		expect(idleMs(times, 6000)).toBeLessThanOrEqual(6000 * 0.15);
	});

	test('but a late look is not taken for the end', () => {
		const durations = durationsAt(PLENTY);
		const schedule = new PollSchedule({ durations, model: 'model', random: MIDDLE });
		schedule.next(4000);
		schedule.learn(6000);
		// it ended at about 5000, and of two tasks each is as likely the shorter one
		expect(durations.knownOf('model', 0).forecast).toMatchObject({ fromMs: 2500 });
		expect(durations.knownOf('model', 5000).forecast).toBeUndefined();
	});

	test('but not to those of another model', () => {
		expect(looks(3000, { durations: durationsOf([60_000], 'other') })).toEqual(looks(3000));
	});
});

describe('what is known of the tasks of a key', () => {
	test('is known to all runs with it, and to no other', () => {
		const [key, other] = [{}, {}];
		ObservedTasks.of(key).learn('model', 3000);
		expect(ObservedTasks.of(key).endsOf('model')).toEqual([3000]);
		expect(ObservedTasks.of(other).endsOf('model')).toEqual([]);
	});

	test('is in the order of their length', () => {
		const observed = new ObservedTasks();
		for (const end of [3000, 2000, 5000, 4000, 1000]) observed.learn('model', end);
		expect(observed.endsOf('model')).toEqual([1000, 2000, 3000, 4000, 5000]);
	});

	test('is some two hundred ends at most, of every length', () => {
		const observed = new ObservedTasks();
		for (let end = 1; end <= 1000; end += 1) {
			observed.learn('model', (end * 617) % 1000);
			expect(observed.endsOf('model').length).toBeLessThan(200);
		}
		const ends = observed.endsOf('model');
		expect(ends.length).toBeGreaterThanOrEqual(100);
		expect(Math.abs((ends[Math.floor(ends.length / 2)] ?? 0) - 500)).toBeLessThan(100);
	});

	/** So many tasks under way, at a budget of 4 polls a second. */
	const known = (tasks: number, itemsNotStarted = 0) => {
		const durations = new TaskDurations({ pollsPerSecond: 4 }, { itemsNotStarted });
		for (let task = 0; task < tasks; task += 1) durations.begin();
		return durations;
	};

	test.each([
		[4, false],
		[5, true],
		[6, true],
		[7, false],
	])('lets %i tasks search for the first end together: %s', (tasks, together) => {
		expect(known(tasks).knownOf('model', 1000).searchesTogether).toBe(together);
	});

	test('wakes tasks as long as all can be asked soon', () => {
		for (const [tasks, end] of [
			[6, 1000],
			[7, undefined],
		] as const) {
			const durations = known(tasks);
			durations.learn('model', 1000);
			expect(durations.commonEndMs('model')).toBe(end);
		}
	});

	test('tells whether items wait', () => {
		expect(known(1, 1).knownOf('model', 1000).hasQueue).toBe(true);
		expect(known(1, 0).knownOf('model', 1000).hasQueue).toBe(false);
	});
});

describe('tasks of one model that run side by side', () => {
	const sideBySide = (durations: TaskDurations, count = 10) =>
		Array.from(
			{ length: count },
			() => new PollSchedule({ durations, model: 'model', random: MIDDLE }),
		);

	test.each([
		['of 60 s', () => 60_000, 0.03],
		['of 55 to 65 s', (index: number) => 55_000 + 1111 * index, 0.05],
	])('find the end of all by the first of them, in 20 polls: %s', async (_, lengthOf, share) => {
		const latencies = Array.from({ length: 10 }, (_task, index) => lengthOf(index));
		const ran = await Promise.all(
			seeds(4).map(
				async (seed) => await simulate({ latencies, concurrency: latencies.length, seed }),
			),
		);
		expect(mean(ran.map(({ idleShare }) => median(idleShare)))).toBeLessThanOrEqual(share);
		expect(mean(ran.map(({ pollsPerTask }) => pollsPerTask))).toBeLessThanOrEqual(20);
		expect(mean(ran.map(({ total, ideal }) => total / ideal))).toBeLessThanOrEqual(1 + share);
	});

	test('and end at the same time are fetched soon, without a poll more', async () => {
		const { total, ideal, pollsPerTask } = await simulate({
			latencies: Array.from({ length: 100 }, () => 3000),
			concurrency: 100,
			pollsPerSecond: PLENTY,
		});
		expect(total).toBeLessThanOrEqual(1.4 * ideal);
		expect(pollsPerTask).toBeLessThanOrEqual(1.7);
	});

	test('do not wait when another one has ended at their age', () => {
		const durations = durationsAt(PLENTY);
		const [first, second, other] = sideBySide(durations);
		first.next(50_000);
		const { shouldWake } = second.next(52_000);
		expect(shouldWake?.(70_000)).toBe(false);
		first.learn(60_000);
		expect(shouldWake?.(54_000)).toBe(false);
		expect(shouldWake?.(55_000)).toBe(true);
		// whoever knew of it when it chose its look has taken it into account
		expect(other.next(52_000).shouldWake?.(70_000) ?? false).toBe(false);
	});

	test('wait for their own looks where ends differ, or where not all can be asked at once', () => {
		const differing = durationsAt(PLENTY);
		const look = sideBySide(differing)[0].next(9000);
		for (const end of [3000, 6000]) differing.learn('model', end);
		expect(look.shouldWake?.(20_000)).toBe(false);
		const crowd = durationsAt(20);
		const crowded = sideBySide(crowd, 100)[0].next(9000);
		crowd.learn('model', 9500);
		expect(crowded.shouldWake?.(20_000)).toBe(false);
	});
});

test('tasks that were created together are not looked at together', () => {
	const [early] = looks(5000, { random: () => 0 });
	const [late] = looks(5000, { random: () => 1 });
	expect(late - early).toBeGreaterThan(10);
});

describe('the rule that chose a poll', () => {
	const calm = {
		roundMs: 50,
		hasQueue: false,
		crowding: 1,
		searchesTogether: false,
		forecast: undefined,
	};
	const state = { ageMs: 4000, intervalMs: undefined, forecastEndMs: undefined, durations: calm };

	test.each<[PollRule, number, boolean, Partial<PollState>]>([
		['fixed interval', 5000, false, { intervalMs: 5000 }],
		['fixed interval', 5000, false, { intervalMs: 5000, forecastEndMs: 9000 }],
		['fixed interval', 5000, true, { intervalMs: 5000, forecastEndMs: 4040 }],
		['progress', 3750, false, { forecastEndMs: 9000 }],
		['progress near its end', 51.2, true, { forecastEndMs: 4040 }],
		['progress near its end', 133.6, true, { forecastEndMs: 4120 }],
		['first poll', 250, false, { ageMs: 0 }],
		['second poll', 1250, false, { ageMs: 250 }],
		['second poll', 1200, false, { ageMs: 300 }],
		['growth by age', 210, false, { ageMs: 1500 }],
		[
			'observed durations',
			220,
			false,
			{ durations: { ...calm, forecast: { fromMs: 4000, byMs: 4100 } } },
		],
		['shared search', 1000, false, { durations: { ...calm, searchesTogether: true } }],
		['items waiting', 550, false, { durations: { ...calm, hasQueue: true } }],
		['items waiting', 700, false, { durations: { ...calm, hasQueue: true, roundMs: 700 } }],
		['growth by age', 560, false, {}],
	])('is named: %s, in %d ms; a likely end: %s', (rule, delayMs, likelyDone, differing) => {
		expect(decideNextPoll({ ...state, ...differing })).toEqual({
			rule,
			likelyDone,
			delayMs: expect.closeTo(delayMs),
		});
	});

	test('is the same for the same state, as nothing else decides', () => {
		expect(decideNextPoll(state)).toEqual(decideNextPoll(state));
	});
});

describe('a task that takes days', () => {
	const HOUR_MS = 3_600_000;
	/** Polls of a task that ends after so many hours. */
	const polls = (hours: number) => {
		const schedule = new PollSchedule({
			durations: durationsAt(PLENTY),
			model: 'model',
			random: MIDDLE,
		});
		const times: number[] = [];
		for (let ageMs = 0; ageMs < hours * HOUR_MS; ageMs += schedule.next(ageMs).delayMs) {
			times.push(ageMs);
		}
		return times;
	};

	test('is polled less often from its first hour on', () => {
		expect([longestMs(HOUR_MS - 1), longestMs(HOUR_MS)]).toEqual([10_000, 54_000]);
	});

	test('is polled about every 10 s in its first hour, as before', () => {
		expect(polls(1).length).toBeGreaterThan(350);
		expect(polls(1).length).toBeLessThan(400);
	});

	test('costs 72 hours fewer polls than four hours at that pace, and idles for 1.5 % at most', () => {
		const times = polls(72);
		expect(times.length).toBeLessThan(1400);
		const late = times.filter((at) => at > 1.1 * HOUR_MS);
		for (const [index, at] of late.slice(1).entries()) {
			expect(at - (late[index] ?? 0)).toBeLessThanOrEqual(Math.min(300_000, at * 0.0151));
		}
	});
});
