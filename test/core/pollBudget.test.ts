import {
	plannedPerSecond,
	pollAnswered,
	pollRejected,
	pollSent,
	pollsOpenAt,
	startPollBudget,
} from '../../nodes/Vtrix/core/exchange/throttling/pollBudget';

/** The polls of a key, moved by what becomes of them; times are ms. */
function polls() {
	let state = startPollBudget();
	const send = (now: number, needed = 0) => (state = pollSent(state, now, needed));
	const answer = (sentAt: number, now: number, isEnd = false) =>
		(state = pollAnswered(state, { sentAt, now, isEnd }));
	return {
		send,
		/** Polls every 50 ms, of which more and more are needed; the last ones at `now`. */
		grow: (now: number, needed: number) => {
			for (let at = now - 500; at <= now; at += 50) send(at, needed);
		},
		answer,
		/** So many ends that are found, each in so many ms. */
		find: (count: number, now: number, ms = 10) => {
			for (let found = 0; found < count; found += 1) answer(now - ms, now, true);
		},
		miss: (count: number, now: number, ms = 10) => {
			for (let missed = 0; missed < count; missed += 1) answer(now - ms, now);
		},
		reject: (sentAt: number, now: number, { retryAfterMs = 0, jitter = 0 } = {}) =>
			(state = pollRejected(state, { sentAt, now, retryAfterMs, jitter })),
		planned: (now: number, needed = 0) => plannedPerSecond(state, now, needed),
		get perSecond() {
			return 1000 / state.rate.interval;
		},
		get opensAt() {
			return pollsOpenAt(state);
		},
	};
}

describe('the budget of polls', () => {
	test('is 20 a second at first', () => {
		const at = polls();
		expect(at.perSecond).toBe(20);
		expect(at.planned(0)).toBe(20);
		expect(at.opensAt).toBe(-Infinity);
	});

	test('is what those that wait need, four times as much at most and every 250 ms', () => {
		const at = polls();
		const budget: number[] = [];
		for (const now of [1000, 1100, 1249, 1250, 1400, 1500]) {
			at.send(now, 600);
			budget.push(at.perSecond);
		}
		expect(budget).toEqual([80, 80, 80, 320, 320, 600]);
	});

	test('is a thousand a second at most, however many wait', () => {
		const at = polls();
		for (let now = 1000; now < 4000; now += 100) at.send(now, 5000);
		expect(at.perSecond).toBe(1000);
	});

	test('is planned to be what those that wait need at once', () => {
		expect(polls().planned(0, 600)).toBeCloseTo(600);
		expect(polls().planned(0, 5)).toBe(20);
	});

	test('grows with each end that is found, and gets smaller with each poll that found none', () => {
		const at = polls();
		at.find(8, 1000);
		expect(at.planned(1000)).toBeCloseTo(20 * 1.15 ** 8);
		at.miss(3, 1000);
		expect(at.planned(1000)).toBeCloseTo((20 * 1.15 ** 8) / 1.3 ** 3);
		at.find(8, 1000);
		expect(at.planned(1000)).toBeCloseTo((20 * 1.15 ** 16) / 1.3 ** 3);
	});

	test('is never of less use than two, so that it grows again within some ends', () => {
		const at = polls();
		at.miss(100, 1000);
		at.find(9, 1000);
		expect(at.planned(1000)).toBe(20);
		at.find(1, 1000);
		expect(at.planned(1000)).toBeCloseTo(2 * 1.15 ** 8 * 3 ** 2);
	});

	test('grows by three times once eight polls in a row have found an end', () => {
		const at = polls();
		at.find(8, 1000);
		at.find(1, 1000);
		expect(at.planned(1000)).toBeCloseTo(20 * 1.15 ** 8 * 3);
		at.miss(1, 1000);
		at.find(1, 1000);
		expect(at.planned(1000)).toBeCloseTo(((20 * 1.15 ** 8 * 3) / 1.3) * 1.15);
	});

	test('is a thousand a second at most, however many ends are found', () => {
		const at = polls();
		at.find(100, 1000);
		expect(at.planned(1000)).toBeCloseTo(1000);
		at.miss(1, 1000);
		expect(at.planned(1000)).toBeCloseTo(1000 / 1.3);
	});

	test('is halved every half second that so many are no longer needed', () => {
		const at = polls();
		at.grow(1500, 600);
		expect(at.perSecond).toBe(600);
		const budget: number[] = [];
		for (const now of [1700, 1900, 1999, 2000, 2200, 2400, 2500, 2700, 2900, 3000]) {
			at.send(now, 100);
			budget.push(Math.round(at.perSecond));
		}
		expect(budget).toEqual([600, 600, 600, 300, 300, 300, 150, 150, 150, 100]);
	});

	test('is as small as needed at once if it was as large for long', () => {
		const at = polls();
		at.grow(1500, 600);
		for (let now = 1550; now <= 3500; now += 50) at.send(now, 600);
		at.send(3550, 100);
		expect(at.perSecond).toBe(100);
	});

	test('is as at first after a quarter of a second without a poll', () => {
		for (const [restMs, perSecond] of [
			[250, 80],
			[251, 20],
		]) {
			const at = polls();
			at.send(1000, 600);
			// sent late by 50 ms, as if it was due at 1000
			at.send(1050, 600);
			at.send(1000 + restMs);
			expect(at.perSecond).toBe(perSecond);
		}
	});

	test('has no more use after a rest than at first, and no more than before', () => {
		const at = polls();
		at.send(1000);
		at.find(20, 1000);
		at.send(2000);
		expect(at.planned(2000)).toBe(20);
		at.find(1, 2000);
		expect(at.planned(2000)).toBeCloseTo(23);
		at.miss(100, 2000);
		at.send(3000);
		at.find(1, 3000);
		expect(at.planned(3000)).toBe(20);
	});
});

describe('answers that get slow', () => {
	/** Their usual time is then so many ms, where the quickest took 100. */
	function slowDown(at: ReturnType<typeof polls>, now: number, usualMs: number) {
		at.miss(1, now, 100);
		at.miss(1, now, 100 + 10 * (usualMs - 100));
	}

	test.each([
		[300, true],
		[301, false],
	])('are a reason to make no more polls, about twice as slow: %i ms', (usualMs, grows) => {
		const at = polls();
		slowDown(at, 1000, usualMs);
		expect(at.planned(1000, 100) > 20).toBe(grows);
		at.send(1000, 100);
		expect(at.perSecond > 20).toBe(grows);
	});

	test.each([
		[500, 600],
		[501, 150],
	])('are a reason to make a quarter of them, about four times as slow: %i ms', (usualMs, most) => {
		const at = polls();
		at.grow(1500, 600);
		slowDown(at, 1500, usualMs);
		for (const now of [1600, 1700, 1750]) at.send(now, 700);
		expect(at.perSecond).toBe(most);
	});

	test('are a reason to make a quarter of them every 250 ms, not below the first budget', () => {
		const at = polls();
		at.grow(1500, 600);
		slowDown(at, 1500, 600);
		const budget: number[] = [];
		for (let now = 1600; now <= 2400; now += 50) {
			at.send(now, 700);
			if (at.perSecond !== budget.at(-1)) budget.push(at.perSecond);
		}
		expect(budget).toEqual([600, 150, 37.5, 20]);
	});

	test('are told by all of them, the last ones most', () => {
		const at = polls();
		at.miss(1, 1000, 100);
		at.miss(3, 1000, 900);
		// 100, 180, 252, 316.8
		expect(at.planned(1000, 100)).toBe(20);
		const other = polls();
		other.miss(1, 1000, 100);
		other.miss(2, 1000, 900);
		expect(other.planned(1000, 100)).toBe(100);
		other.miss(1, 1000, 50);
		other.miss(1, 1000, 100);
		expect(other.planned(1000, 100)).toBe(20);
	});
});

describe('a rejected poll', () => {
	test('holds all back for the rest of the second, and is no reason to be slower', () => {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100);
		expect(at.opensAt).toBe(2025);
		expect(at.perSecond).toBe(20);
	});

	test('is a reason to be slower if one accepted before it was all', () => {
		const at = polls();
		at.miss(1, 1000);
		at.reject(1050, 1100);
		expect(at.perSecond).toBeCloseTo(1000 / 1025);
	});

	test('is a reason to be slower if none was accepted at all', () => {
		const at = polls();
		at.reject(0, 10);
		expect(at.perSecond).toBeCloseTo(1000 / 1025);
	});

	test('is a reason to be slower if it comes after as few as the last one, or one more', () => {
		for (const [answered, slower] of [
			[6, true],
			[7, false],
		] as const) {
			const at = polls();
			at.miss(5, 1000);
			at.reject(1050, 1100);
			at.miss(answered, 2500);
			at.reject(2550, 2600);
			expect(at.perSecond < 20).toBe(slower);
		}
	});

	test('that was sent before the last one was known tells nothing', () => {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100);
		at.reject(1060, 1110);
		at.reject(1100, 1120);
		expect(at.perSecond).toBe(20);
		expect(at.opensAt).toBe(2025);
	});

	test('counts only what was sent after the last one as answered since', () => {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100);
		for (let late = 0; late < 9; late += 1) at.answer(1100, 1200);
		at.miss(1, 2500);
		at.reject(2550, 2600);
		expect(at.perSecond).toBeLessThan(20);
	});

	test('holds all back for twice as long each time that none is accepted in between', () => {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100, { jitter: 1 });
		const waits: number[] = [];
		for (let now = 3000; waits.length < 3; now = at.opensAt + 1) {
			at.reject(now - 1, now, { jitter: 0 });
			waits.push(at.opensAt - now);
		}
		expect(waits).toEqual([1850, 3700, 7400]);
		expect(at.perSecond).toBe(20);
		const other = polls();
		other.miss(5, 1000);
		other.reject(1050, 1100);
		other.reject(2990, 3000, { jitter: 1 });
		expect(other.opensAt).toBeCloseTo(3000 + 1850 * 1.1);
	});

	test('holds all back for as long as it asks, whichever asks for most', () => {
		const at = polls();
		at.reject(0, 10, { retryAfterMs: 20_000 });
		expect(at.opensAt).toBe(20_010);
		at.reject(5, 20, { retryAfterMs: 25_000 });
		expect(at.opensAt).toBe(25_020);
		at.reject(6, 30, { retryAfterMs: 5000 });
		expect(at.opensAt).toBe(25_020);
	});

	test('is a reason to make no more for a second than at first', () => {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100);
		expect(at.planned(2099, 100)).toBe(20);
		expect(at.planned(2100, 100)).toBe(100);
	});
});

describe('a service that takes fewer polls a second', () => {
	/** Rejected after five, twice. */
	function limited() {
		const at = polls();
		at.miss(5, 1000);
		at.reject(1050, 1100);
		at.miss(5, 2500);
		at.reject(2550, 2600);
		return at;
	}
	/** All are accepted until the rate is the first one again. */
	function recover(at: ReturnType<typeof polls>, now: number) {
		for (let answered = 0; at.perSecond < 20 && answered < 1000; answered += 1) at.miss(1, now);
	}

	test('is asked for no more than at first within ten seconds after a rejection', () => {
		const at = limited();
		recover(at, 3000);
		expect(at.perSecond).toBe(20);
		expect(at.planned(12_599, 100)).toBe(20);
		expect(at.planned(12_600, 100)).toBe(100);
	});

	test('is asked for no more for twice as long after each further one, ten minutes at most', () => {
		const at = limited();
		recover(at, 3000);
		const pauses: number[] = [];
		for (let now = 1e6; pauses.length < 7; now += 1e6) {
			at.reject(now - 10, now);
			recover(at, now + 1);
			expect(at.perSecond).toBe(20);
			let pause = 5000;
			while (pause < 1e6 && at.planned(now + pause, 100) === 20) pause += 5000;
			pauses.push(pause);
		}
		expect(pauses).toEqual([20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]);
	});

	test('is asked at its rate although more are needed', () => {
		const at = limited();
		const slowed = at.perSecond;
		expect(slowed).toBeLessThan(20);
		expect(at.planned(100_000, 100)).toBe(slowed);
		at.send(100_000, 100);
		expect(at.perSecond).toBe(slowed);
	});

	test('shows it with any later rejection, however many it took before', () => {
		const at = limited();
		recover(at, 3000);
		at.miss(50, 20_000);
		at.reject(20_100, 20_200);
		expect(at.perSecond).toBeLessThan(20);
	});

	test('is asked no more often than at first after a rest, though it would take more', () => {
		const at = polls();
		at.grow(1500, 600);
		at.miss(100, 1500);
		for (const now of [1520, 3000]) {
			at.reject(now, now);
			at.miss(100, now + 100);
		}
		at.reject(3200, 3200);
		expect(at.perSecond).toBeGreaterThan(20);
		expect(at.perSecond).toBeLessThan(600);
		at.send(5000);
		expect(at.perSecond).toBe(20);
	});
});
