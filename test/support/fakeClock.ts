/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** How a `FakeClock` starts and goes. */
export interface FakeClockOptions {
	/** First `now()`, epoch milliseconds. */
	startMs?: number;
	/** Whether time jumps by itself once everybody sleeps; else only `advance` moves it. */
	auto?: boolean;
	/** Time after the start at which sleeping fails, so that an endless poll ends its test. */
	limitMs?: number;
}

interface Sleeper {
	dueMs: number;
	wake: () => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** After all that is ready to run has run. */
const settled = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/**
 * A clock for code that takes `now` and `sleep` from outside. No real time passes: as soon as
 * nothing is left to do but sleep, time jumps to the earliest sleeper and wakes it alone; among
 * equals the first to fall asleep wakes first. So each run of a test goes the same way.
 *
 * Work that takes real time (sockets, files) must be told to `whileBusy`, else time runs on.
 */
export class FakeClock {
	/** All durations slept so far, in order of the calls, milliseconds. */
	readonly sleeps: number[] = [];

	private timeMs: number;
	private readonly endMs: number;
	private readonly auto: boolean;
	private sleepers: Sleeper[] = [];
	private busy = 0;
	private ticking = false;

	constructor({
		startMs = Date.UTC(2030, 0, 1),
		auto = true,
		limitMs = DAY_MS,
	}: FakeClockOptions = {}) {
		this.timeMs = startMs;
		this.endMs = startMs + limitMs;
		this.auto = auto;
	}

	/** Epoch milliseconds. */
	readonly now = (): number => this.timeMs;

	/**
	 * @throws the signal's reason as soon as it is aborted; RangeError for what is no duration.
	 */
	readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		if (!(ms >= 0) || ms === Infinity) throw new RangeError(`Can't sleep for ${ms} ms`);
		signal?.throwIfAborted();
		this.sleeps.push(ms);
		const dueMs = this.timeMs + ms;
		if (dueMs > this.endMs) throw new Error(`Still sleeping when the clock's limit was reached`);
		await new Promise<void>((resolve, reject) => {
			const sleeper: Sleeper = {
				dueMs,
				wake: () => {
					signal?.removeEventListener('abort', abort);
					resolve();
				},
			};
			const abort = () => {
				this.sleepers = this.sleepers.filter((other) => other !== sleeper);
				reject(signal?.reason);
			};
			signal?.addEventListener('abort', abort, { once: true });
			this.sleepers.push(sleeper);
			void this.tick();
		});
	};

	/** Holds time still until the work is done. */
	async whileBusy<T>(work: Promise<T>): Promise<T> {
		this.busy++;
		try {
			return await work;
		} finally {
			this.busy--;
			void this.tick();
		}
	}

	/** Moves time by so many milliseconds and wakes who is due on the way, one after the other. */
	async advance(ms: number): Promise<void> {
		await this.whileBusy(
			(async () => {
				const untilMs = this.timeMs + ms;
				await settled();
				while (this.wakeNext(untilMs)) await settled();
				this.timeMs = Math.max(this.timeMs, untilMs);
			})(),
		);
	}

	/** How many sleep just now. */
	get sleeping(): number {
		return this.sleepers.length;
	}

	private wakeNext(untilMs: number): boolean {
		// sort is stable: equals stay in the order in which they fell asleep
		this.sleepers.sort((a, b) => a.dueMs - b.dueMs);
		const next = this.sleepers[0];
		if (!next || next.dueMs > untilMs) return false;
		this.sleepers.shift();
		this.timeMs = Math.max(this.timeMs, next.dueMs);
		next.wake();
		return true;
	}

	private async tick(): Promise<void> {
		if (!this.auto || this.ticking) return;
		this.ticking = true;
		await settled();
		while (this.busy === 0 && this.wakeNext(Infinity)) await settled();
		this.ticking = false;
	}
}
