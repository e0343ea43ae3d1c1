import type { Clock } from '../http/http';
import { AdaptiveRate } from './adaptiveRate';

/** How often waiting polls are checked for their deadline, milliseconds. */
const CHECK_MS = 250;

interface Waiting {
	deadline: number;
	/** Whether its task has probably ended. */
	likelyDone: boolean;
	resolve: (mayGo: boolean) => void;
}

/**
 * How fast one node run may poll: the polls of all its tasks share a budget and are sent one by one
 * at even intervals. A refused poll slows all of them down, and accepted ones speed them up again.
 */
export class RateLimiter {
	private readonly rate: AdaptiveRate;
	private readonly queue: Waiting[] = [];
	private draining = false;
	private refusedAt = -Infinity;
	private retryAt = -Infinity;
	/** Polls accepted since the last refusal. */
	private accepted = 0;
	/** Polls accepted within the span before the last refusal; absent before the first one. */
	private suspected?: number;
	/** Whether the service has shown that it limits the rate. */
	private isLimited = false;

	/**
	 * @param pollsPerSecond most polls a second for the run
	 * @param random 0 to 1, for jitter
	 * @param signal aborted when the run is stopped
	 */
	constructor(
		private readonly clock: Clock,
		pollsPerSecond: number,
		random: () => number,
		private readonly signal?: AbortSignal,
	) {
		this.rate = new AdaptiveRate(1000 / pollsPerSecond, random);
	}

	/** The budget as the service allows it at the moment. */
	get pollsPerSecond(): number {
		return 1000 / this.rate.intervalMs;
	}

	/** Milliseconds until the service accepts polls again, as it asked by `Retry-After`. */
	get retryAfterMs(): number {
		return Math.max(0, this.retryAt - this.clock.now());
	}

	/** The poll that was sent at `sentAt` was answered, whatever the answer. */
	accept(sentAt: number): void {
		if (sentAt > this.refusedAt) this.accepted += 1;
		this.rate.accept(this.clock.now());
	}

	/** The poll that was sent at `sentAt` was refused for coming too early. */
	refuse(sentAt: number, retryAfterMs = 0): void {
		const now = this.clock.now();
		this.retryAt = Math.max(this.retryAt, now + retryAfterMs);
		// A poll sent before the last refusal says nothing about the rate since then.
		if (sentAt <= this.refusedAt) return;
		// If nothing was accepted since the last refusal, slowing down does not help: only hold.
		if (this.accepted > 0 || this.suspected === undefined) {
			if (this.showsLimit(now)) this.rate.slowDown(now);
			else this.rate.suspect(now);
		}
		this.rate.hold(now);
		this.refusedAt = now;
		this.accepted = 0;
	}

	/**
	 * Whether this refusal, with the one before, shows a limit of the rate. Busy services refuse some
	 * polls whatever the rate, so a limit has to show itself twice, the second time after about as few
	 * polls as the first time; once is enough if a second poll was one too many (simulated with 3 % of
	 * polls refused at random, 200 tasks, 100 at a time: 1.3 × ideal on average and at most 1.9 ×,
	 * instead of 2.2 and 4.8 ×).
	 */
	private showsLimit(now: number): boolean {
		const before = this.suspected;
		this.suspected = this.rate.acceptedLately(now);
		this.isLimited ||= before === undefined ? this.suspected <= 1 : this.accepted <= before + 1;
		return this.isLimited;
	}

	/**
	 * Waits until a poll may be sent, but not beyond `deadline`: first come, first served, but polls
	 * of tasks that have probably ended come first.
	 *
	 * @returns whether it may be sent; `false` when `Retry-After` lies beyond the deadline
	 */
	async acquire(deadline: number, likelyDone = false): Promise<boolean> {
		return await new Promise<boolean>((go) => {
			const behind = likelyDone ? this.queue.findIndex((other) => !other.likelyDone) : -1;
			const place = behind < 0 ? this.queue.length : behind;
			this.queue.splice(place, 0, { deadline, likelyDone, resolve: go });
			if (!this.draining) void this.drain();
		});
	}

	private async drain(): Promise<void> {
		this.draining = true;
		for (this.releaseDue(); this.queue.length > 0; this.releaseDue()) {
			const now = this.clock.now();
			// Polls that are added meanwhile may have earlier deadlines.
			const until = Math.min(this.opensAt, now + CHECK_MS, ...this.deadlines);
			if (until > now) await this.clock.sleep(until - now);
		}
		this.draining = false;
	}

	/** Releases the next poll when it is due, and every poll whose deadline is reached. */
	private releaseDue(): void {
		const now = this.clock.now();
		this.dismiss(({ deadline }) => deadline < this.retryAt, false);
		if (now >= this.opensAt && this.queue.length > 0) {
			this.rate.send(now);
			this.queue.shift()?.resolve(true);
		}
		// A released poll checks the signal itself.
		const isStopped = this.signal?.aborted === true;
		this.dismiss(({ deadline }) => isStopped || deadline <= now, true);
	}

	private get deadlines(): number[] {
		return this.queue.map(({ deadline }) => deadline);
	}

	private get opensAt(): number {
		return Math.max(this.rate.opensAt, this.retryAt);
	}

	private dismiss(isDue: (waiting: Waiting) => boolean, mayGo: boolean): void {
		for (const waiting of this.queue.filter(isDue)) {
			this.queue.splice(this.queue.indexOf(waiting), 1);
			waiting.resolve(mayGo);
		}
	}
}
