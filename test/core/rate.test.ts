import {
	accepted,
	held,
	opensAt,
	sent,
	startRate,
	suspected,
	tooFast,
	trialEnded,
} from '../../nodes/Vtrix/core/exchange/throttling/rate';

/** Requests to a service that are moved by its answers; times are ms. */
function requests(fastest = 100) {
	let rate = startRate(fastest);
	return {
		send: (now: number) => (rate = sent(rate, now)),
		/** So many are accepted, one each `everyMs`, the last of them at `now`. */
		accept: (count: number, now: number, everyMs = 100) => {
			for (let left = count - 1; left >= 0; left -= 1) rate = accepted(rate, now - left * everyMs);
		},
		suspect: (now: number) => (rate = suspected(rate, now)),
		slow: (now: number) => (rate = tooFast(rate, now)),
		hold: (now: number, jitter = 0) => (rate = held(rate, now, jitter)),
		endTrial: () => (rate = trialEnded(rate)),
		get opensAt() {
			return opensAt(rate);
		},
		get interval() {
			return rate.interval;
		},
	};
}

/** Accepts one after the other until the interval is another one; how many that took. */
function acceptedUntilFaster(at: ReturnType<typeof requests>, from: number): number {
	const { interval } = at;
	for (let count = 1; count <= 1000; count += 1) {
		at.accept(1, from + count * 1000);
		if (at.interval < interval) return count;
	}
	return Infinity;
}

describe('requests that a service accepts', () => {
	test('go out at even intervals', () => {
		const at = requests();
		expect(at.opensAt).toBe(-Infinity);
		at.send(1000);
		const due: number[] = [];
		for (let request = 0; request < 3; request += 1) {
			due.push(at.opensAt);
			at.send(at.opensAt);
		}
		expect(due).toEqual([1050, 1150, 1250]);
	});

	test.each([
		['by a little, catch up', 1180, 1250],
		['by a lot, catch up by 50 ms at most', 1300, 1350],
	])('that a busy process sends late %s', (_, late, next) => {
		const at = requests();
		at.send(1000);
		at.send(1050);
		at.send(late);
		expect(at.opensAt).toBe(next);
	});

	test('make room for one that had to go early', () => {
		const at = requests();
		at.send(1000);
		at.send(1050);
		at.send(1100);
		expect(at.opensAt).toBe(1250);
	});

	test('make room for early ones of a second at most', () => {
		const at = requests(5000);
		at.send(0);
		at.send(0);
		at.send(0);
		expect(at.opensAt).toBe(1000 + 5000);
	});

	test('get no faster than wanted, and are slowed down as soon as they are too many', () => {
		const at = requests();
		at.accept(60, 5900);
		expect(at.interval).toBe(100);
		at.slow(5950);
		expect(at.interval).toBe(102.5);
	});
});

describe('requests that a service finds too many', () => {
	test('go out as often as were accepted in the second before', () => {
		const at = requests();
		at.accept(4, 100);
		at.accept(5, 1101, 20);
		at.slow(1110);
		expect(at.interval).toBe(205);
	});

	test('go out once in a second if it accepted a single one, twice as often with each one more', () => {
		const at = requests();
		at.accept(1, 0);
		at.slow(10);
		const intervals = [at.interval];
		for (let request = 1; request <= 4; request += 1) {
			at.accept(1, request * 1000);
			intervals.push(at.interval);
		}
		expect(intervals).toEqual([1025, 512.5, 256.25, 128.125, 100]);
	});

	test('go out once in a second if it accepted none', () => {
		const at = requests();
		at.slow(10);
		expect(at.interval).toBe(1025);
	});

	test('go out half as often as ever at least, if few were asked for lately', () => {
		const at = requests();
		at.accept(10, 900);
		at.accept(2, 5000);
		at.slow(5010);
		expect(at.interval).toBe(200);
	});

	test('go out as often as were accepted since it first seemed so', () => {
		const at = requests();
		at.accept(3, 300);
		at.suspect(1000);
		at.accept(1, 1100);
		at.accept(2, 2900);
		at.slow(3700);
		expect(at.interval).toBe(2000 / 3);
	});

	test('are not caught up on any more', () => {
		const at = requests();
		at.accept(5, 400);
		at.slow(500);
		at.send(1000);
		at.send(1300);
		expect(at.opensAt).toBe(1300 + 205);
	});

	test('are tried a little faster after fifty in a row', () => {
		const at = requests();
		at.accept(2, 100);
		at.slow(200);
		expect(at.interval).toBe(512.5);
		expect(acceptedUntilFaster(at, 1000)).toBe(50);
		expect(at.interval).toBe(410);
		expect(acceptedUntilFaster(at, 60_000)).toBe(50);
		expect(at.interval).toBe(328);
	});

	test('are not tried faster by those in a row before', () => {
		const at = requests();
		at.accept(2, 100);
		at.slow(200);
		at.accept(30, 40_000, 1000);
		at.slow(40_100);
		expect(acceptedUntilFaster(at, 41_000)).toBe(50);
	});

	test.each<[string, (at: ReturnType<typeof requests>, now: number) => void]>([
		['is rejected', (at, now) => at.slow(now)],
		['is no longer wanted', (at) => at.endTrial()],
	])('go on as before when a faster rate %s, and try it twice as late', (_, end) => {
		const at = requests();
		at.accept(2, 100);
		at.slow(200);
		const patience: number[] = [];
		for (let trial = 0, now = 0; trial < 4; trial += 1) {
			patience.push(acceptedUntilFaster(at, (now += 300_000)));
			expect(at.interval).toBe(410);
			at.accept(30, now + 250_000, 1000);
			end(at, now + 260_000);
			expect(at.interval).toBe(512.5);
		}
		expect(patience).toEqual([50, 100, 200, 200]);
	});

	test('are slowed down when they are too many at the rate that was as before', () => {
		const at = requests();
		at.accept(2, 100);
		at.slow(200);
		acceptedUntilFaster(at, 1000);
		at.slow(60_000);
		expect(at.interval).toBe(512.5);
		at.endTrial();
		expect(at.interval).toBe(512.5);
		at.slow(61_000);
		expect(at.interval).toBeGreaterThan(600);
	});

	test('are tried by small steps once a guess was too fast', () => {
		const at = requests();
		at.accept(1, 0);
		at.slow(10);
		at.accept(1, 2000);
		at.slow(2100);
		expect(at.interval).toBe(1025);
		expect(acceptedUntilFaster(at, 10_000)).toBe(50);
		expect(at.interval).toBe(820);
	});
});

describe('requests that are still too many after they were slowed down', () => {
	/** Slowed down to 205 ms at 500 ms. */
	function slowedDown() {
		const at = requests();
		at.accept(5, 400);
		at.slow(500);
		expect(at.interval).toBe(205);
		return at;
	}

	test.each([
		['by a quarter at least', 12, 205, 2960, 256.25],
		['to what was accepted since', 12, 205, 4100, 300],
		['to half at most', 10, 205, 20_000, 400],
	])('are slowed down %s', (_, count, everyMs, now, interval) => {
		const at = slowedDown();
		at.accept(count, now - 10, everyMs);
		at.slow(now);
		expect(at.interval).toBe(interval);
	});

	test('are twice as few as the most ever if they are rejected soon again', () => {
		const at = slowedDown();
		at.accept(9, 20_000, 205);
		at.slow(20_500);
		expect(at.interval).toBe(410);
		at.accept(9, 60_000, 1000);
		at.slow(60_500);
		expect(at.interval).toBe(820);
	});

	test('go out twice as often with each one accepted if none was since', () => {
		const at = slowedDown();
		at.slow(600);
		expect(at.interval).toBe(256.25);
		at.accept(1, 2000);
		expect(at.interval).toBe(128.125);
	});
});

describe('none of the requests', () => {
	test('goes until those of the last second count no more', () => {
		const at = requests();
		at.accept(3, 200);
		at.hold(300);
		expect(at.opensAt).toBe(1025);
	});

	test('goes for a second if none was accepted in the last one', () => {
		const at = requests();
		at.accept(1, 0);
		at.hold(1000);
		expect(at.opensAt).toBe(2025);
	});

	test('goes before its interval', () => {
		const at = requests(5000);
		at.hold(1000);
		expect(at.opensAt).toBe(6000);
	});

	test('goes for twice as long each time, up to 30 s, as long as none is accepted', () => {
		const at = requests();
		at.accept(3, 800);
		const waits: number[] = [];
		for (let now = 1500; waits.length < 8; now = at.opensAt) {
			at.hold(now);
			waits.push(at.opensAt - now);
		}
		expect(waits).toEqual([125, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
		at.accept(1, 100_000);
		at.hold(100_000);
		expect(at.opensAt).toBe(101_025);
	});

	test('goes a little later in some processes, so that they do not try together', () => {
		const at = requests();
		at.hold(0, 1);
		expect(at.opensAt).toBe(1025);
		at.hold(2000, 1);
		expect(at.opensAt).toBeCloseTo(2000 + 2050 * 1.1);
	});

	test('goes sooner because a later rejection asks for less', () => {
		const at = requests(5000);
		at.hold(0);
		at.accept(1, 100);
		at.hold(101);
		expect(at.opensAt).toBe(5101);
	});
});

describe('a service that rejects at random', () => {
	/** Too often for the fourth time since it was slowed down to 205 ms. */
	function busy() {
		const at = requests();
		at.accept(5, 400);
		for (const now of [500, 20_000, 40_000, 60_000]) {
			at.slow(now);
			at.accept(9, now + 15_000, 1000);
		}
		return at;
	}

	test('is asked as often as it accepted at first, and more often after ten in a row', () => {
		const at = busy();
		expect(at.interval).toBe(205);
		at.accept(1, 80_000);
		expect(at.interval).toBe(164);
	});

	test('is asked no less often for its further rejections', () => {
		const at = busy();
		at.accept(5, 80_000);
		at.slow(81_000);
		expect(at.interval).toBe(164);
		at.accept(6, 82_000);
		expect(at.interval).toBeCloseTo(131.2);
	});

	test('is not one of which a faster rate is tried and given up', () => {
		const at = busy();
		at.accept(5, 80_000);
		at.endTrial();
		expect(at.interval).toBe(164);
	});

	test('is asked again after the interval', () => {
		const at = busy();
		at.accept(1, 80_000);
		at.hold(80_010);
		expect(at.opensAt).toBe(80_010 + 164);
		at.hold(90_000);
		expect(at.opensAt).toBe(90_000 + 328);
	});

	test('is one that counts after all if it rejects four times and accepts none', () => {
		const at = busy();
		at.accept(1, 80_000);
		for (const now of [81_000, 82_000, 83_000]) {
			at.hold(now);
			at.slow(now);
			expect(at.interval).toBe(164);
		}
		at.hold(90_000);
		expect(at.opensAt).toBe(90_000 + 8 * 164);
		at.accept(2, 100_000);
		at.slow(100_100);
		expect(at.interval).toBe(512.5);
	});

	/** Too often so many times, then accepted at a rate that is a little faster, and too often three times. */
	function recovered(slowDowns: number) {
		const at = requests();
		at.accept(5, 400);
		at.slow(500);
		for (let now = 3000; now < 3000 * slowDowns; now += 3000) {
			at.accept(12, now, 205);
			at.slow(now + 10);
		}
		acceptedUntilFaster(at, 10_000);
		for (const now of [70_000, 90_000, 120_000]) {
			at.slow(now);
			at.accept(9, now + 15_000, 1000);
		}
		return at;
	}

	test('is told by four rejections of rates slower than that which it accepted at first', () => {
		expect(recovered(3).interval).toBe(205 * 0.8);
	});

	test('is not told by those before it took that rate again', () => {
		expect(recovered(2).interval).toBeGreaterThan(205);
	});
});
