import type { Clock } from '../http/http';
import { CreationQueue } from './creationQueue';
import { PollQueue, type PollOwner } from './pollQueue';
import { Slot, type SlotChange } from './slot';

/** Items of a run that may begin before their task is accepted; it bounds the requests in memory. */
const FIRST_BEGUN = 10;

/** What one key may do at its service, found by all runs of this process that use it. */
export class Throttle {
	readonly creations: CreationQueue;
	readonly polls: PollQueue;
	usedAt = -Infinity;

	constructor(
		private readonly clock: Clock,
		random: () => number,
	) {
		this.creations = new CreationQueue(clock, random);
		this.polls = new PollQueue(clock, random);
	}

	touch(): void {
		this.usedAt = this.clock.now();
	}

	get isIdle(): boolean {
		return this.creations.isIdle && this.polls.isIdle;
	}
}

/** The upper limits of one run. */
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
		readonly shared: Throttle,
		{ maxTasks, maxPollsPerSecond, signal }: RunLimits,
	) {
		this.maxTasks = maxTasks;
		this.maxPollsPerSecond = maxPollsPerSecond;
		signal?.addEventListener('abort', () => this.dismiss(), { once: true });
	}

	get allowed(): number {
		return Math.min(this.maxTasks, this.running + this.begun);
	}

	/** How many creations, of any run, wait because the service accepts no more. */
	get heldBack(): number {
		return this.shared.creations.heldBack;
	}

	get pollsPerSecond(): number {
		return this.shared.polls.pollsPerSecond;
	}

	onChange(listener: () => void): void {
		this.listeners.push(listener);
	}

	/** A place in line for one item; whoever asks for it lets go of it in the end by `release`. */
	slot(): Slot {
		this.shared.touch();
		return new Slot(this.shared.creations, this, (change) => this.changed(change));
	}

	async acquirePoll(withinMs: number, likelyDone?: boolean): Promise<number | undefined> {
		this.shared.touch();
		return await this.shared.polls.acquire(this, withinMs, likelyDone);
	}

	private changed(change: SlotChange): void {
		if (change === 'rejected') this.begun = FIRST_BEGUN;
		else this.running += change === 'accepted' ? 1 : -1;
		if (change === 'accepted' && !this.shared.creations.isLimited) this.begun += 1;
		for (const listener of this.listeners) listener();
	}

	private dismiss(): void {
		this.shared.creations.dismiss(this);
		this.shared.polls.dismiss(this);
	}
}
