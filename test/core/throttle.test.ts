import type { Slot } from '../../nodes/Vtrix/core/exchange/throttling/slot';
import {
	isLimited,
	mayGo,
	moveTaskLimit,
	openings,
	startTaskLimit,
	toSent,
	type SentCreation,
	type TaskEvent,
} from '../../nodes/Vtrix/core/exchange/throttling/taskLimit';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { Throttles } from '../../nodes/Vtrix/core/exchange/throttling/throttles';
import { FakeClock } from '../support/fakeClock';

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

	test('that are wanted no longer take no place that gets free', async () => {
		const { clock, limit, turns, unwanted, state } = waiting(8);
		await clock.advance(1);
		state.isWanted = false;
		for (const turn of turns) turn.release();
		expect(turns).toHaveLength(2);
		await clock.advance(0);
		expect(unwanted).toHaveLength(6);
		expect(limit.shared.isIdle).toBe(true);
	});

	test('that are wanted no longer are not held back any more', async () => {
		const { clock, limit, turns, state } = waiting(8);
		await clock.advance(1);
		for (const turn of turns) turn.rejected(50_000);
		expect(limit.heldBack).toBe(6);
		state.isWanted = false;
		await clock.advance(250);
		expect(limit.heldBack).toBe(0);
		expect(limit.shared.isIdle).toBe(true);
	});

	test('are told at once that the service wants to be left alone for longer', async () => {
		const { clock, limit, turns } = waiting(2);
		await clock.advance(1);
		turns[0].rejected(20_000);
		const told = limit.slot().acquire({ patienceMs: 10_000, assertWanted: () => {} });
		await expect(told).resolves.toBe(false);
	});

	test('give up as well when each that tries is rejected', async () => {
		const { clock, turns, dismissed } = waiting(20, { patienceMs: 10_000 });
		for (let seen = 0, passed = 0; passed < 15_000; passed += 250) {
			await clock.advance(250);
			for (const turn of turns.slice(seen)) turn.rejected();
			seen = turns.length;
		}
		expect(turns.length + dismissed.length).toBe(20);
		expect(dismissed.length).toBeGreaterThan(0);
	});

	test('wait on while a single task goes on, however long', async () => {
		const { clock, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(1);
		turns[0].accepted();
		turns[1].rejected();
		await clock.advance(60_000);
		expect(dismissed).toEqual([]);
	});

	test('wait for as long as they have patience after a task, though they waited before it', async () => {
		const { clock, limit, turns } = waiting(2, { patienceMs: 10_000 });
		await clock.advance(1);
		turns[1].rejected();
		turns[0].accepted();
		await clock.advance(60_000);
		turns[0].ended();
		const later: unknown[] = [];
		const next = { patienceMs: 10_000, assertWanted: () => {} };
		const second = limit.slot();
		void second.acquire(next).then((mayGo) => later.push(mayGo));
		await clock.advance(1);
		expect(later).toEqual([true]);
		second.rejected();
		void limit
			.slot()
			.acquire(next)
			.then((mayGo) => later.push(mayGo));
		await clock.advance(0);
		expect(later).toEqual([true]);
	});

	test('keep the order in which they first asked, whatever was rejected meanwhile', async () => {
		const clock = new FakeClock({ auto: false });
		const limit = runOf(new Throttle(clock, () => 0.5));
		const order: string[] = [];
		const ask = async (name: string, slot: Slot) => {
			if (await slot.acquire({ patienceMs: 600_000, assertWanted: () => {} })) order.push(name);
		};
		const slots = [limit.slot(), limit.slot(), limit.slot()];
		for (const [index, slot] of slots.entries()) {
			void ask(`${index}`, slot);
			await clock.advance(1);
		}
		expect(order).toEqual(['0', '1']);
		for (const index of [1, 0]) {
			slots[index].rejected();
			void ask(`${index}`, slots[index]);
		}
		for (let passed = 0; order.length < 5 && passed < 300_000; passed += 1000) {
			const seen = order.length;
			await clock.advance(1000);
			if (order.length > seen) slots[Number(order.at(-1))].notSent();
		}
		expect(order).toEqual(['0', '1', '0', '1', '2']);
	});

	test('of a run that was rejected keep its turn before another run', async () => {
		const clock = new FakeClock({ auto: false });
		const key = new Throttle(clock, () => 0.5);
		const [one, other] = [runOf(key), runOf(key)];
		const order: string[] = [];
		const ask = async (name: string, slot: Slot) => {
			if (await slot.acquire({ patienceMs: 600_000, assertWanted: () => {} })) order.push(name);
		};
		const slots = [one.slot(), one.slot()];
		for (const slot of slots) void ask('one', slot);
		await clock.advance(1);
		void ask('other', other.slot());
		await clock.advance(1);
		slots[0].rejected();
		slots[1].rejected();
		void ask('one', slots[0]);
		await clock.advance(5000);
		expect(order).toEqual(['one', 'one', 'one']);
	});

	test('that asked in the same moment go out in their order', async () => {
		const clock = new FakeClock({ auto: false });
		const limit = runOf(new Throttle(clock, () => 0.5));
		const order: number[] = [];
		for (let item = 0; item < 8; item += 1) {
			const candidate = { patienceMs: 60_000, assertWanted: () => {} };
			void limit
				.slot()
				.acquire(candidate)
				.then(() => order.push(item));
		}
		await clock.advance(1000);
		expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	});

	test('of a run that asks for more come after those of a run that waits already', async () => {
		const clock = new FakeClock({ auto: false });
		const key = new Throttle(clock, () => 0.5);
		const [one, other] = [runOf(key), runOf(key)];
		const order: string[] = [];
		const ask = (name: string, run: RunThrottle) => {
			const candidate = { patienceMs: 60_000, assertWanted: () => {} };
			void run
				.slot()
				.acquire(candidate)
				.then(() => order.push(name));
		};
		ask('one', one);
		ask('one', one);
		await clock.advance(1);
		ask('other', other);
		ask('one again', one);
		await clock.advance(250);
		expect(order).toEqual(['one', 'one', 'other', 'one again']);
	});

	test('give up when nothing was taken for as long as they have patience, though they try again', async () => {
		const clock = new FakeClock({ auto: false });
		const start = clock.now();
		const slot = runOf(new Throttle(clock, () => 0.5)).slot();
		let gaveUpAt = NaN;
		const trying = async () => {
			while (await slot.acquire({ patienceMs: 10_000, assertWanted: () => {} })) slot.rejected();
			gaveUpAt = clock.now() - start;
		};
		const tried = trying();
		await clock.advance(60_000);
		await tried;
		expect(gaveUpAt).toBeLessThan(11_000);
	});

	test('give up though one was not sent after all, which says nothing about the service', async () => {
		const { clock, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(1);
		turns[0].rejected();
		await clock.advance(8000);
		turns[1].notSent();
		await clock.advance(2500);
		expect(dismissed).toHaveLength(8 - turns.length);
	});

	test('wait if the service wants to be left alone for just as long as they have patience', async () => {
		const { clock, turns, dismissed } = waiting(8, { patienceMs: 10_000 });
		await clock.advance(0);
		turns[0].rejected(10_000);
		await clock.advance(1);
		expect(dismissed).toEqual([]);
	});

	test('of one run that is stopped leave those of another', async () => {
		const clock = new FakeClock({ auto: false });
		const key = new Throttle(clock, () => 0.5);
		const stop = new AbortController();
		const stopped = new RunThrottle(key, {
			maxTasks: 9,
			maxPollsPerSecond: 20,
			signal: stop.signal,
		});
		const told: unknown[] = [];
		const ask = (run: RunThrottle) => {
			const slot = run.slot();
			const candidate = { patienceMs: 60_000, assertWanted: () => {} };
			void slot.acquire(candidate).then((mayGo) => told.push(mayGo));
			return slot;
		};
		const slots = [ask(stopped), ask(stopped)];
		await clock.advance(1);
		ask(stopped);
		ask(runOf(key));
		stop.abort();
		await clock.advance(0);
		expect(told).toEqual([true, true, false]);
		slots[0].release();
		slots[1].release();
		await clock.advance(250);
		expect(told).toEqual([true, true, false, true]);
	});

	test('are watched by one watch, however many wait, and by a new one once more wait', async () => {
		const { clock, limit, turns } = waiting(40);
		expect(clock.sleeping).toBe(1);
		await clock.advance(60_000);
		for (const turn of turns) turn.accepted();
		for (let seen = 0; seen < turns.length; await clock.advance(250)) {
			for (const turn of turns.slice(seen)) turn.release();
			seen = turns.length;
		}
		await clock.advance(1000);
		expect(clock.sleeping).toBe(0);
		const later: unknown[] = [];
		for (let item = 0; item < 6; item += 1) {
			const candidate = { patienceMs: 60_000, assertWanted: () => {} };
			void limit
				.slot()
				.acquire(candidate)
				.then((mayGo) => later.push(mayGo));
		}
		await clock.advance(500);
		expect(later).toHaveLength(6);
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

	test('are one less for each task that has ended', async () => {
		const { clock, limit, turns } = waiting(20);
		await clock.advance(1);
		turns[0].accepted();
		turns[0].ended();
		expect(limit.allowed).toBe(11);
	});

	test('are ten beside those under way once the service has rejected one, and stay so', async () => {
		const { clock, limit, turns } = waiting(20);
		await clock.advance(1);
		for (const turn of turns) turn.accepted();
		await clock.advance(1);
		expect(limit.allowed).toBe(14);
		turns[2].rejected();
		expect(limit.allowed).toBe(12);
		turns[3].accepted();
		expect(limit.allowed).toBe(13);
	});

	test('may be asked after as often as polls are planned for the key', () => {
		expect(runOf(new Throttle(new FakeClock(), () => 0.5)).pollsPerSecond).toBe(20);
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

describe('an item’s place at the service', () => {
	/** The places of a run that are taken, and whether all of them are free. */
	async function places(count: number) {
		const run = waiting(count);
		await run.clock.advance(1);
		return { ...run, isIdle: () => run.limit.shared.isIdle };
	}

	test.each<[string, (slot: Slot) => void]>([
		['whose creation was not sent', (slot) => slot.notSent()],
		['whose creation was rejected', (slot) => slot.rejected()],
		['that is let go before the answer', (slot) => slot.release()],
		['whose task has ended', (slot) => (slot.accepted(), slot.ended())],
		['whose task is abandoned', (slot) => (slot.accepted(), slot.release())],
		['that is let go after its end', (slot) => (slot.accepted(), slot.ended(), slot.release())],
	])('is free again, once: one %s', async (_, leave) => {
		const { turns, isIdle, limit } = await places(1);
		expect(isIdle()).toBe(false);
		const [slot] = turns;
		leave(slot);
		expect(isIdle()).toBe(true);
		slot.release();
		slot.ended();
		slot.notSent();
		expect(isIdle()).toBe(true);
		expect(limit.allowed).toBeLessThanOrEqual(11);
	});

	test('is taken while its task goes on, and while its creation has no answer', async () => {
		const { turns, isIdle } = await places(2);
		turns[0].accepted();
		expect(isIdle()).toBe(false);
		turns[1].accepted();
		expect(isIdle()).toBe(false);
	});

	test('is wanted by whoever waits beside a task', async () => {
		const { turns, isIdle } = await places(3);
		turns[0].accepted();
		turns[1].rejected(60_000);
		expect(isIdle()).toBe(false);
	});

	test('is taken by the task of an earlier try, which was not sent', async () => {
		const { limit, isIdle } = await places(0);
		const slot = limit.slot();
		slot.accepted();
		expect(isIdle()).toBe(false);
		slot.ended();
		expect(isIdle()).toBe(true);
	});

	test('goes to the next one as soon as it is free', async () => {
		const { clock, turns } = waiting(40);
		await clock.advance(60_000);
		expect(turns).toHaveLength(10);
		turns[0].release();
		await clock.advance(250);
		expect(turns).toHaveLength(11);
	});

	test('cannot be rejected before anything was sent', async () => {
		const { limit } = await places(0);
		limit.slot().rejected(60_000);
		expect(limit.shared.creations.retryAfterMs).toBe(0);
	});

	test('is not counted as held back before the service has rejected one', async () => {
		const { limit, turns } = await places(8);
		expect(limit.heldBack).toBe(0);
		turns[0].rejected(50_000);
		expect(limit.heldBack).toBe(6);
	});
});

describe('a service that has rejected a creation', () => {
	/** What is known of a service, moved by what happens there; times are ms. */
	function service() {
		let state = startTaskLimit();
		const move = (event: TaskEvent) => (state = moveTaskLimit(state, event));
		const send = (now: number): SentCreation => {
			const sent = toSent(state, now);
			move({ kind: 'sent', now });
			return sent;
		};
		const accept = (sent: SentCreation, now: number) => move({ kind: 'accepted', sent, now });
		const reject = (sent: SentCreation, now: number, retryAfterMs = 0, jitter = 0) =>
			move({ kind: 'rejected', sent, now, retryAfterMs, jitter });
		return {
			move,
			send,
			accept,
			reject,
			mayGo: (now: number) => mayGo(state, now),
			/** When the next one may go if nothing happens until then. */
			nextAt: () => {
				const times = openings(state).sort((one, other) => one - other);
				return times.find((time) => mayGo(state, time)) ?? Infinity;
			},
			get state() {
				return state;
			},
		};
	}

	/** So many tasks under way, and one more that is rejected at 100 ms. */
	function full(running: number, retryAfterMs = 0) {
		const at = service();
		const sent = Array.from({ length: running + 1 }, (_, index) => at.send(index));
		for (const creation of sent.slice(1)) at.accept(creation, 50);
		at.reject(sent[0], 100, retryAfterMs);
		return at;
	}

	test('is asked again in a second, by a single creation', () => {
		const at = full(3);
		expect(isLimited(at.state)).toBe(true);
		expect(at.mayGo(101)).toBe(false);
		const probeAt = at.nextAt();
		expect(probeAt).toBeGreaterThan(1000);
		expect(probeAt).toBeLessThan(1300);
		at.send(probeAt);
		expect(at.mayGo(probeAt + 5000)).toBe(false);
		expect(at.mayGo(probeAt + 14_999)).toBe(false);
		expect(at.mayGo(probeAt + 15_000)).toBe(true);
		expect(at.nextAt()).toBe(probeAt + 15_000);
	});

	test('takes one at once for each task that ends', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		const opens = at.nextAt();
		expect(at.mayGo(opens)).toBe(true);
		at.send(opens);
		expect(at.mayGo(opens + 900)).toBe(false);
	});

	test('takes none for a task that is abandoned, since it may go on unseen', () => {
		const [ended, abandoned] = [full(3), full(3)];
		ended.move({ kind: 'ended' });
		abandoned.move({ kind: 'abandoned' });
		expect(ended.state).toMatchObject({ running: 2, limit: 3 });
		expect(abandoned.state).toMatchObject({ running: 2, limit: 2, limitAtLastRejection: 2 });
	});

	test('is never taken to accept fewer than none', () => {
		const at = full(0);
		at.move({ kind: 'resumed' });
		at.move({ kind: 'abandoned' });
		expect(at.state).toMatchObject({ running: 0, limit: 0, limitAtLastRejection: 0 });
	});

	test('is left alone for as long as it asks', () => {
		const at = full(3, 20_000);
		at.move({ kind: 'ended' });
		expect(at.mayGo(20_099)).toBe(false);
		expect(at.nextAt()).toBe(20_100);
	});

	test('is left alone no shorter because a later answer asks for less', () => {
		const at = service();
		const [one, two] = [at.send(0), at.send(1)];
		at.reject(one, 100, 20_000);
		at.reject(two, 101, 1000);
		expect(at.nextAt()).toBe(20_100);
	});

	test('that accepts a further one takes more tasks, and is asked for the next at once', () => {
		const at = full(3);
		const probeAt = at.nextAt();
		at.accept(at.send(probeAt), probeAt + 50);
		expect(at.state).toMatchObject({ limit: 4, running: 4, limitsRate: false });
		expect(at.nextAt()).toBeLessThan(probeAt + 1100);
	});

	test('limits the rate if it accepts two further ones, though no task has ended', () => {
		const at = full(3);
		for (let probe = 0; probe < 2; probe += 1) {
			const probeAt = at.nextAt();
			at.accept(at.send(probeAt), probeAt + 50);
		}
		expect(at.state).toMatchObject({ limit: 5, limitsRate: true });
	});

	test('does not limit the rate if a task has ended for each that it accepts', () => {
		const at = full(3);
		for (let probe = 0; probe < 4; probe += 1) {
			const probeAt = at.nextAt();
			at.accept(at.send(probeAt), probeAt + 50);
			at.move({ kind: 'ended' });
		}
		expect(at.state).toMatchObject({ limitsRate: false, unexplainedAcceptances: 0 });
	});

	test.each([
		['three times as late while tasks are under way', 3, [3000, 9000, 27_000, 30_000, 30_000]],
		['twice as late while none is', 0, [2000, 4000, 8000, 16_000, 30_000, 30_000]],
	])('is asked %s, each time that it rejects', (_, running, waits) => {
		const at = full(running);
		for (const wait of waits) {
			const probeAt = at.nextAt();
			at.reject(at.send(probeAt), probeAt + 50);
			expect(at.state.probeMs).toBe(wait);
			expect(at.state.probeAt).toBe(probeAt + 50 + wait);
		}
	});

	test('is asked a little later by some, so that workers do not ask together', () => {
		const at = full(3);
		const probeAt = at.nextAt();
		at.reject(at.send(probeAt), probeAt + 50, 0, 1);
		expect(at.state.probeAt).toBeCloseTo(probeAt + 50 + 3300);
	});

	test('is asked no sooner than it said', () => {
		const at = full(3);
		const probeAt = at.nextAt();
		at.reject(at.send(probeAt), probeAt, 60_000);
		expect(at.nextAt()).toBe(probeAt + 60_000);
	});

	test('is asked again as soon as before when it has accepted one in between', () => {
		const at = full(3);
		const first = at.nextAt();
		at.reject(at.send(first), first + 50);
		const second = at.nextAt();
		at.accept(at.send(second), second + 50);
		expect(at.state.probeMs).toBe(1500);
		const third = at.nextAt();
		at.reject(at.send(third), third + 50);
		expect(at.state.probeMs).toBe(1500);
	});

	test('limits the rate if it rejects one although a place is free', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		const now = 2000;
		const sent = at.send(now);
		expect(sent).toEqual({ at: now, hadPlace: true, wasPaced: true });
		at.reject(sent, now + 50);
		expect(at.state).toMatchObject({ limitsRate: true, limit: 2 });
		expect(at.nextAt()).toBeGreaterThan(now + 900);
	});

	test('that limits the rate is asked at its pace, however many are unanswered', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		const now = 2000;
		at.reject(at.send(now), now + 50);
		const next = at.nextAt();
		at.send(next);
		expect(at.mayGo(next + 1)).toBe(false);
		expect(at.nextAt()).toBeLessThan(next + 5000);
	});

	test('that rejects one after a wait did not limit the rate after all', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		const now = 2000;
		at.reject(at.send(now), now + 50);
		expect(at.state.limitsRate).toBe(true);
		const probeAt = at.nextAt();
		at.reject(at.send(probeAt), probeAt + 50);
		expect(at.state.limitsRate).toBe(false);
	});

	test('tells the same limit again by what was sent before its rejection was known', () => {
		const at = service();
		const sent = [0, 1, 2, 3].map((now) => at.send(now));
		at.accept(sent[0], 50);
		at.reject(sent[1], 100);
		expect(at.state.limit).toBe(3);
		const { probeAt, probeMs, rejectedAt } = at.state;
		at.reject(sent[2], 110);
		at.reject(sent[3], 120);
		expect(at.state).toMatchObject({ limit: 1, unanswered: 0, probeAt, probeMs, rejectedAt });
	});

	test('has taken no more for it by what was sent before its rejection was known', () => {
		const at = service();
		const sent = [0, 1].map((now) => at.send(now));
		at.reject(sent[0], 100);
		at.accept(sent[1], 110);
		expect(at.state).toMatchObject({ limit: 1, unexplainedAcceptances: 0 });
	});

	test('has no place for one that is beyond its limit', () => {
		const at = full(3);
		const probeAt = at.nextAt();
		expect(toSent(at.state, probeAt).hadPlace).toBe(false);
		expect(toSent(at.state, probeAt - 1).wasPaced).toBe(false);
	});

	test('that limits the rate is left alone for a while although a place is free', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		at.reject(at.send(2000), 2050);
		at.move({ kind: 'ended' });
		expect(at.mayGo(2100)).toBe(false);
		expect(at.nextAt()).toBeGreaterThan(2300);
	});

	test('that limits the rate is asked at a slower pace only if one sent at its pace is rejected', () => {
		const at = full(3);
		const { interval } = at.state.rate;
		at.move({ kind: 'ended' });
		at.reject(at.send(2000), 2050);
		expect(at.state.rate.interval).toBe(interval);
		at.move({ kind: 'ended' });
		const next = at.nextAt();
		at.reject(at.send(next), next + 50);
		expect(at.state.rate.interval).toBeGreaterThan(interval);
	});

	test('that limits the rate is asked at a slower pace if it rejects one after it accepted others', () => {
		const at = full(3);
		for (let probe = 0; probe < 2; probe += 1) {
			const probeAt = at.nextAt();
			at.accept(at.send(probeAt), probeAt + 50);
		}
		const { interval } = at.state.rate;
		const next = at.nextAt();
		at.reject(at.send(next), next + 50);
		expect(at.state.rate.interval).toBeGreaterThan(interval);
		expect(at.state.limitsRate).toBe(true);
	});

	test('is asked at the pace from before if it rejects one at a faster pace', () => {
		const at = full(1);
		const { interval } = at.state.rate;
		const first = at.nextAt();
		at.accept(at.send(first), first + 50);
		expect(at.state.rate.interval).toBeLessThan(interval);
		const next = at.nextAt();
		at.reject(at.send(next), next + 50);
		expect(at.state.rate.interval).toBe(interval);
	});

	test('that rejects one although none is under way limits the rate, and is asked at a slower pace', () => {
		const at = full(1);
		const { interval } = at.state.rate;
		at.move({ kind: 'ended' });
		at.reject(at.send(2000), 2050);
		expect(at.state).toMatchObject({ limitsRate: true, limit: 0 });
		const next = at.nextAt();
		at.reject(at.send(next), next + 50);
		expect(at.state.limitsRate).toBe(true);
		expect(at.state.rate.interval).toBeGreaterThan(interval);
	});

	test('has taken no more than before if a task has ended for the one that it accepts', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		at.accept(at.send(2000), 2050);
		expect(at.state).toMatchObject({
			limit: 3,
			running: 3,
			unexplainedAcceptances: 0,
			wasProbeAccepted: false,
		});
	});

	test('has taken no more for it by what was sent in the millisecond of its rejection', () => {
		const at = service();
		const sent = [0, 100].map((now) => at.send(now));
		at.reject(sent[0], 100);
		at.move({ kind: 'resumed' });
		at.move({ kind: 'abandoned' });
		at.accept(sent[1], 150);
		expect(at.state).toMatchObject({ limit: 1, running: 1, unexplainedAcceptances: 0 });
	});

	test('tells the same limit again by what was sent in the millisecond of its rejection', () => {
		const at = service();
		const sent = [0, 100].map((now) => at.send(now));
		at.reject(sent[0], 100);
		const { probeAt } = at.state;
		at.reject(sent[1], 150);
		expect(at.state).toMatchObject({ limit: 0, rejectedAt: 100, probeAt });
	});

	test('has a place for each task that ended, as far as none is unanswered', () => {
		const at = full(3);
		at.move({ kind: 'ended' });
		expect(at.send(2000).hadPlace).toBe(true);
		expect(at.send(2001).hadPlace).toBe(false);
	});

	test('is asked at its pace from the moment on that it is due', () => {
		const at = full(3);
		const dueAt = at.nextAt();
		expect(toSent(at.state, dueAt).wasPaced).toBe(true);
		expect(toSent(at.state, dueAt - 1).wasPaced).toBe(false);
	});

	test('without any rejection is asked for more after a quarter of a second', () => {
		const at = service();
		at.send(1000);
		at.send(1001);
		expect(at.nextAt()).toBe(1250);
	});

	test.each([
		['while tasks are under way', 5000, 1, 4],
		['within a quarter of a second', 1249, 0, 4],
		['but for two after a rest', 1250, 0, 2],
	])('without any rejection is asked for twice as many %s', (_, now, running, most) => {
		const at = service();
		for (const creation of [at.send(1000), at.send(1001)]) at.accept(creation, 1100);
		for (let ended = 2; ended > running; ended -= 1) at.move({ kind: 'ended' });
		let count = 0;
		for (; at.mayGo(now) && count < 20; count += 1) at.send(now);
		expect(count).toBe(most);
	});

	test('without any rejection is asked for two again once it was left alone', () => {
		const at = service();
		const sent = [0, 1].map((now) => at.send(now));
		expect(at.mayGo(2)).toBe(false);
		expect(at.nextAt()).toBe(250);
		for (const creation of sent) at.accept(creation, 10);
		expect(at.mayGo(11)).toBe(true);
		at.move({ kind: 'ended' });
		at.move({ kind: 'ended' });
		at.send(1000);
		at.send(1001);
		expect(at.mayGo(1002)).toBe(false);
	});
});

describe('what is remembered of a key', () => {
	const KEY = { baseUrl: 'https://a.example', apiKey: 'one' };
	const setUp = () => {
		const clock = new FakeClock({ auto: false });
		return { clock, throttles: new Throttles(clock, () => 0.5) };
	};

	test('belongs to its address and key alone', () => {
		const { throttles } = setUp();
		const one = throttles.of(KEY);
		expect(throttles.of({ ...KEY })).toBe(one);
		expect(throttles.of({ ...KEY, apiKey: 'two' })).not.toBe(one);
		expect(throttles.of({ ...KEY, baseUrl: 'https://b.example' })).not.toBe(one);
	});

	test('holds no key', () => {
		const { throttles } = setUp();
		throttles.of({ ...KEY, apiKey: 'a-secret' });
		expect(
			JSON.stringify([
				...Object.values(throttles).flatMap((value) =>
					value instanceof Map ? [...value.keys()] : [],
				),
			]),
		).not.toContain('a-secret');
	});

	test('is forgotten 15 minutes after its last use', async () => {
		const { clock, throttles } = setUp();
		const one = throttles.of(KEY);
		await clock.advance(14 * 60_000);
		expect(throttles.of(KEY)).toBe(one);
		await clock.advance(16 * 60_000);
		throttles.of({ ...KEY, apiKey: 'two' });
		expect(throttles.size).toBe(1);
		expect(throttles.of(KEY)).not.toBe(one);
	});

	test('is not forgotten while a task is under way', async () => {
		const { clock, throttles } = setUp();
		const one = throttles.of(KEY);
		const slot = runOf(one).slot();
		slot.accepted();
		await clock.advance(60 * 60_000);
		throttles.of({ ...KEY, apiKey: 'two' });
		expect(throttles.of(KEY)).toBe(one);
		slot.ended();
		await clock.advance(16 * 60_000);
		throttles.of({ ...KEY, apiKey: 'two' });
		expect(throttles.of(KEY)).not.toBe(one);
	});

	test.each<[string, (run: RunThrottle) => void]>([
		['a place was asked for', (run) => void run.slot()],
		['a poll was asked for', (run) => void run.acquirePoll(0)],
	])('is kept for 15 minutes after %s', async (_, use) => {
		const { clock, throttles } = setUp();
		const one = throttles.of(KEY);
		await clock.advance(10 * 60_000);
		use(runOf(one));
		await clock.advance(10 * 60_000);
		throttles.of({ ...KEY, apiKey: 'two' });
		expect(throttles.of(KEY)).toBe(one);
	});

	test('is nothing any more once it is cleared', () => {
		const { throttles } = setUp();
		const one = throttles.of(KEY);
		throttles.clear();
		expect(throttles.size).toBe(0);
		expect(throttles.of(KEY)).not.toBe(one);
	});

	test('is of a hundred keys at most', () => {
		const { throttles } = setUp();
		for (let key = 0; key < 150; key += 1) throttles.of({ ...KEY, apiKey: `key ${key}` });
		expect(throttles.size).toBe(100);
	});
});
