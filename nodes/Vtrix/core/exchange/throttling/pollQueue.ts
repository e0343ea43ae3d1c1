import type { Clock } from '../http/http';
import { FairQueue } from './fairQueue';
import {
	plannedPerSecond,
	pollAnswered,
	pollRejected,
	pollSent,
	pollsOpenAt,
	startPollBudget,
} from './pollBudget';
import { opensAt, sent, startRate, type Rate } from './rate';

const CHECK_MS = 250;

/** Share of those that wait that should have their turn within a second. */
const SHARE_PER_SECOND = 0.1;

/** A run's own limit of polls. */
export interface PollOwner {
	readonly maxPollsPerSecond: number;
}

interface Waiting {
	owner: PollOwner;
	deadline: number;
	likelyDone: boolean;
	resolve: (sentAt: number | undefined) => void;
}

/** The polls of all runs with one key, sent one by one at even intervals, in turns between the runs. */
export class PollQueue {
	private state = startPollBudget();
	private readonly queue = new FairQueue<Waiting>();
	private readonly rates = new WeakMap<PollOwner, Rate>();
	private isDraining = false;

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
	) {}

	get pollsPerSecond(): number {
		return plannedPerSecond(this.state, this.clock.now(), this.needed);
	}

	get retryAfterMs(): number {
		return Math.max(0, this.state.retryAt - this.clock.now());
	}

	private get needed(): number {
		return this.queue.size * SHARE_PER_SECOND;
	}

	get isIdle(): boolean {
		return this.queue.size === 0;
	}

	/**
	 * Waits until a poll may be sent; polls of tasks that have probably ended come first.
	 *
	 * @param withinMs how long `Retry-After` may hold it back
	 * @returns when it went, to tell its outcome; nothing if that is too long, or the run is dismissed
	 */
	async acquire(
		owner: PollOwner,
		withinMs: number,
		likelyDone = false,
	): Promise<number | undefined> {
		const deadline = this.clock.now() + withinMs;
		return await new Promise((resolve) => {
			const waiting = { owner, deadline, likelyDone, resolve };
			this.queue.add(waiting, (other) => other.likelyDone || !likelyDone);
			if (!this.isDraining) void this.drain();
		});
	}

	/** @param isEnd whether the task of that poll has ended */
	answered(sentAt: number, isEnd: boolean): void {
		this.state = pollAnswered(this.state, { sentAt, now: this.clock.now(), isEnd });
	}

	rejected(sentAt: number, retryAfterMs = 0): void {
		const poll = { sentAt, now: this.clock.now(), retryAfterMs, jitter: this.random() };
		this.state = pollRejected(this.state, poll);
		this.sweep();
	}

	dismiss(owner: PollOwner): void {
		this.remove((waiting) => waiting.owner === owner);
	}

	private async drain(): Promise<void> {
		this.isDraining = true;
		for (;;) {
			this.sweep();
			this.release();
			if (this.queue.size === 0) break;
			const now = this.clock.now();
			const owners = this.queue.owners().map((owner) => opensAt(this.rateOf(owner)));
			const due = Math.max(pollsOpenAt(this.state), Math.min(...owners));
			const untilMs = Math.min(due, now + CHECK_MS) - now;
			if (untilMs > 0) await this.clock.sleep(untilMs);
		}
		this.isDraining = false;
	}

	/** Ends the wait of polls whose deadline comes before the service takes any. */
	private sweep(): void {
		const { retryAt } = this.state;
		if (retryAt > this.clock.now()) this.remove(({ deadline }) => deadline < retryAt);
	}

	private release(): void {
		const now = this.clock.now();
		while (now >= pollsOpenAt(this.state)) {
			const next = this.queue.take(({ owner }) => now >= opensAt(this.rateOf(owner)));
			if (!next) return;
			const rate = this.rateOf(next.owner);
			this.rates.set(next.owner, sent(rate, now));
			this.state = pollSent(this.state, now, this.needed);
			next.resolve(now);
		}
	}

	private rateOf(owner: PollOwner): Rate {
		const known = this.rates.get(owner) ?? startRate(1000 / owner.maxPollsPerSecond);
		this.rates.set(owner, known);
		return known;
	}

	private remove(isMeant: (waiting: Waiting) => boolean): void {
		for (const { resolve } of this.queue.remove(isMeant)) resolve(undefined);
	}
}
