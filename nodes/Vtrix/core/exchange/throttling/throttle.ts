import type { Clock } from '../http/http';
import { CreationQueue } from './creationQueue';
import { PollQueue, type PollOwner, type SentPoll } from './pollQueue';
import { Slot } from './slot';

/** Items of a run that may begin before their task is accepted; it bounds the requests in memory. */
const FIRST_BEGUN = 10;

/** What one key may do at its service, found by all runs of this process that use it. */
export class Throttle {
	readonly creations: CreationQueue;
	readonly polls: PollQueue;
	private lastUsedAt = -Infinity;

	constructor(
		private readonly clock: Clock,
		random: () => number,
	) {
		this.creations = new CreationQueue(clock, random);
		this.polls = new PollQueue(clock, random);
	}

	get usedAt(): number {
		return this.lastUsedAt;
	}

	touch(): void {
		this.lastUsedAt = this.clock.now();
	}

	get isIdle(): boolean {
		return this.creations.isIdle && this.polls.isIdle;
	}
}

export interface RunLimits {
	maxTasks: number;
	maxPollsPerSecond: number;
	signal?: AbortSignal;
}

/** A run's part in a throttle: its places in line, within limits of its own. */
export class RunThrottle implements PollOwner {
	readonly maxPollsPerSecond: number;
	private readonly maxTasks: number;
	private readonly listeners: Array<() => void> = [];
	private running = 0;
	/** Items that may start before their task is accepted; each accepted task raises it by one. */
	private begun = FIRST_BEGUN;

	constructor(
		readonly throttle: Throttle,
		{ maxTasks, maxPollsPerSecond, signal }: RunLimits,
	) {
		this.maxTasks = maxTasks;
		this.maxPollsPerSecond = maxPollsPerSecond;
		signal?.addEventListener('abort', () => this.dismiss(), { once: true });
	}

	/** How many of its items may be worked on at the same time. */
	get allowed(): number {
		return Math.min(this.maxTasks, this.running + this.begun);
	}

	/** How many creations, of any run, wait because the service accepts no more. */
	get heldBack(): number {
		return this.throttle.creations.heldBack;
	}

	get pollsPerSecond(): number {
		return this.throttle.polls.pollsPerSecond;
	}

	want(pollsPerSecond: number): void {
		this.throttle.polls.want(pollsPerSecond);
	}

	/** For how long the service asked for no further creation (`Retry-After`), milliseconds. */
	get creationRetryAfterMs(): number {
		return this.throttle.creations.retryAfterMs;
	}

	/** The same for polls. */
	get pollRetryAfterMs(): number {
		return this.throttle.polls.retryAfterMs;
	}

	/** Calls `listener` whenever `allowed` may have grown. */
	onChange(listener: () => void): void {
		this.listeners.push(listener);
	}

	/** A place in line for one item; whoever asks for it lets go of it in the end by `release`. */
	slot(): Slot {
		this.throttle.touch();
		return new Slot(this.throttle.creations, this, (change) => this.changed(change));
	}

	/** Waits until a poll may be sent; nothing if it may not within that time, or if the run is stopped. */
	async acquirePoll(withinMs: number, likelyDone?: boolean): Promise<SentPoll | undefined> {
		this.throttle.touch();
		return await this.throttle.polls.acquire(this, withinMs, likelyDone);
	}

	private changed(change: 'accepted' | 'rejected' | 'over'): void {
		if (change === 'rejected') this.begun = FIRST_BEGUN;
		else this.running += change === 'accepted' ? 1 : -1;
		if (change === 'accepted' && !this.throttle.creations.isLimited) this.begun += 1;
		for (const listener of this.listeners) listener();
	}

	private dismiss(): void {
		this.throttle.creations.dismiss(this);
		this.throttle.polls.dismiss(this);
	}
}
