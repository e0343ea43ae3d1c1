/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { FakeClock } from './fakeClock';

const DAY_MS = 24 * 60 * 60 * 1000;

test('an hour of sleep takes no time', async () => {
	const clock = new FakeClock({ startMs: 1000 });
	for (let minute = 0; minute < 60; minute++) await clock.sleep(60_000);
	expect(clock.now()).toBe(3_601_000);
	expect(clock.sleeps).toHaveLength(60);
});

test('who has to wake first wakes first, whatever the order of falling asleep', async () => {
	const clock = new FakeClock({ startMs: 0 });
	const woken: string[] = [];
	const sleeper = async (name: string, ...naps: number[]) => {
		for (const ms of naps) {
			await clock.sleep(ms);
			woken.push(`${name} ${clock.now()}`);
		}
	};
	await Promise.all([sleeper('a', 50, 50), sleeper('b', 20, 20, 60), sleeper('c', 100)]);
	expect(woken).toEqual(['b 20', 'b 40', 'a 50', 'c 100', 'b 100', 'a 100']);
});

test('time stands still while somebody has work left', async () => {
	const clock = new FakeClock({ startMs: 0 });
	let steps = 0;
	const work = (async () => {
		for (; steps < 100; steps++) await Promise.resolve();
		return clock.now();
	})();
	const [, seenAt] = await Promise.all([clock.sleep(1), work]);
	expect([steps, seenAt]).toEqual([100, 0]);
});

test('time stands still while real work is told to it', async () => {
	const clock = new FakeClock({ startMs: 0 });
	const work = clock.whileBusy(
		(async () => {
			for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
			return clock.now();
		})(),
	);
	const [, seenAt] = await Promise.all([clock.sleep(500), work]);
	expect(seenAt).toBe(0);
	expect(clock.now()).toBe(500);
});

test('an abort ends a sleep at once, with its reason', async () => {
	const clock = new FakeClock({ startMs: 0 });
	const stop = new AbortController();
	const sleeping = clock.sleep(5000, stop.signal);
	const stopping = clock.sleep(10).then(() => stop.abort(new Error('Stopped')));
	await expect(sleeping).rejects.toThrow('Stopped');
	await stopping;
	expect(clock.now()).toBe(10);
	expect(clock.sleeping).toBe(0);
	await expect(clock.sleep(1, stop.signal)).rejects.toThrow('Stopped');
	expect(clock.sleeps).toEqual([5000, 10]);
});

test('set by hand, it goes only as far as it is told', async () => {
	const clock = new FakeClock({ startMs: 0, auto: false });
	const woken: number[] = [];
	void (async () => {
		for (;;) {
			await clock.sleep(30);
			woken.push(clock.now());
		}
	})();
	await clock.advance(70);
	expect([clock.now(), woken]).toEqual([70, [30, 60]]);
	await clock.advance(20);
	expect([clock.now(), woken]).toEqual([90, [30, 60, 90]]);
});

test('an endless poll ends at the limit', async () => {
	const clock = new FakeClock();
	const endless = async () => {
		for (;;) await clock.sleep(DAY_MS / 4);
	};
	await expect(endless()).rejects.toThrow('limit');
});

test.each([-1, NaN, Infinity])('%d ms is no duration', async (ms) => {
	await expect(new FakeClock().sleep(ms)).rejects.toThrow(RangeError);
});
