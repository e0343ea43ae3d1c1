import type { Clock } from './http';

/** Steps that a busy process missed are made up for within this time, so that it keeps its pace. */
const CATCH_UP_MS = 50;

interface Waiting {
	deadline: number;
	/** Whether its task has probably ended. */
	likelyDone: boolean;
	resolve: () => void;
}

/**
 * How fast one node run may ask the API: polls of all its tasks share a budget and go out one by one
 * in even steps, and after a 429 everything waits together.
 */
export class RateLimiter {
	private pausedUntil = 0;
	private nextPoll = 0;
	private readonly queue: Waiting[] = [];
	private draining = false;

	constructor(
		private readonly clock: Clock,
		private readonly pollsPerSecond: number,
	) {}

	/** Holds back every request of the run for `ms`, as the API asked for it. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** Resolves when no pause is on, or at `deadline`. */
	async waitWhilePaused(deadline: number): Promise<void> {
		for (;;) {
			const now = this.clock.now();
			const wait = Math.min(this.pausedUntil, deadline) - now;
			if (wait <= 0) return;
			const until = now + wait;
			await this.clock.sleep(wait);
			// A stopped run wakes early; the caller notices.
			if (this.clock.now() < until) return;
		}
	}

	/**
	 * Resolves when a poll may go out, or at `deadline`: in the order of asking, but those whose task
	 * has probably ended come first.
	 */
	async acquire(deadline: number, urgent = false): Promise<void> {
		await new Promise<void>((go) => {
			const behind = urgent ? this.queue.findIndex((other) => !other.likelyDone) : -1;
			const place = behind < 0 ? this.queue.length : behind;
			this.queue.splice(place, 0, { deadline, likelyDone: urgent, resolve: go });
			if (!this.draining) void this.drain();
		});
	}

	private async drain(): Promise<void> {
		this.draining = true;
		while (this.queue.length > 0) {
			const deadlines = this.queue.map(({ deadline }) => deadline);
			const until = Math.min(this.opensAt, ...deadlines);
			const wait = until - this.clock.now();
			if (wait > 0) await this.clock.sleep(wait);
			// A sleep that ends early counts as over: the run was stopped, and whoever goes notices.
			const now = Math.max(until, this.clock.now());
			if (now >= this.opensAt) {
				this.nextPoll = Math.max(this.nextPoll, now - CATCH_UP_MS) + 1000 / this.pollsPerSecond;
				this.queue.shift()?.resolve();
			}
			for (const waiting of this.queue.filter(({ deadline }) => deadline <= now)) {
				this.queue.splice(this.queue.indexOf(waiting), 1);
				waiting.resolve();
			}
		}
		this.draining = false;
	}

	private get opensAt(): number {
		return Math.max(this.nextPoll, this.pausedUntil);
	}
}
