import type { Clock } from '../http/http';
import { FairQueue } from './fairQueue';
import {
	isLimited,
	mayGo,
	moveTaskLimit,
	openings,
	startTaskLimit,
	toSent,
	type SentCreation,
	type TaskEvent,
} from './taskLimit';

const CHECK_MS = 250;

/** A creation that waits to be sent. */
export interface Candidate {
	/** How long the service may accept nothing while no task of this process is under way, ms. */
	patienceMs: number;
	assertWanted: () => void;
}

interface Waiting extends Candidate {
	owner: object;
	/** When it first asked; a run's creations are sent in this order. */
	since: number;
	resolve: (sent: SentCreation | undefined) => void;
	reject: (reason: unknown) => void;
}

/** The creations of all runs with one key: they wait here until the service accepts them. */
export class CreationQueue {
	private state = startTaskLimit();
	private readonly queue = new FairQueue<Waiting>();
	private isWatching = false;
	private aliveAt = -Infinity;
	private readonly waitingSince = new WeakMap<object, number>();

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
	) {}

	get now(): number {
		return this.clock.now();
	}

	get isLimited(): boolean {
		return isLimited(this.state);
	}

	/** How many creations wait because the service accepts no more. */
	get heldBack(): number {
		return this.isLimited ? this.queue.size : 0;
	}

	get isIdle(): boolean {
		return this.queue.size + this.state.running + this.state.unanswered === 0;
	}

	/** For how long the service asked for no further creation (`Retry-After`), milliseconds. */
	get retryAfterMs(): number {
		return Math.max(0, this.state.retryAt - this.clock.now());
	}

	/**
	 * Waits until a creation may go out; `since` is when it first asked.
	 *
	 * @returns nothing if the service accepts none for as long as it has patience, or the run is dismissed
	 * @throws what `assertWanted` throws
	 */
	async acquire(
		owner: object,
		candidate: Candidate,
		since?: number,
	): Promise<SentCreation | undefined> {
		const now = this.clock.now();
		if (!this.waitingSince.has(owner)) this.waitingSince.set(owner, now);
		return await new Promise((resolve, reject) => {
			const waiting = { ...candidate, owner, since: since ?? now, resolve, reject };
			const precedes = (other: Waiting) => other.since <= waiting.since;
			if (since === undefined) this.queue.add(waiting, precedes);
			else this.queue.putBack(waiting, precedes);
			this.sweep([waiting]);
			this.release();
			if (!this.isWatching) void this.watch();
		});
	}

	tell(event: TaskEvent): void {
		this.state = moveTaskLimit(this.state, event);
		if (event.kind !== 'returned' && event.kind !== 'rejected') this.aliveAt = this.clock.now();
		if (event.kind === 'rejected') this.sweep();
		this.release();
	}

	reject(sent: SentCreation, retryAfterMs: number): void {
		const now = this.clock.now();
		this.tell({ kind: 'rejected', sent, now, retryAfterMs, jitter: this.random() });
	}

	dismiss(owner: object): void {
		for (const { resolve } of this.queue.remove((waiting) => waiting.owner === owner)) {
			resolve(undefined);
		}
	}

	private async watch(): Promise<void> {
		this.isWatching = true;
		while (this.queue.size > 0) {
			const now = this.clock.now();
			const times = [now + CHECK_MS, ...openings(this.state)];
			await this.clock.sleep(Math.min(...times.filter((time) => time > now)) - now);
			this.sweep();
			this.release();
		}
		this.isWatching = false;
	}

	private sweep(entries = this.queue.entries()): void {
		const now = this.clock.now();
		if (this.state.running > 0 || !this.isLimited) this.aliveAt = now;
		const ended = new Set<Waiting>();
		for (const waiting of entries) {
			const { owner, patienceMs } = waiting;
			const starvedSince = Math.max(this.aliveAt, this.waitingSince.get(owner) ?? now);
			const mayStay = Math.max(now, this.state.retryAt) <= starvedSince + patienceMs;
			if (!isWanted(waiting)) ended.add(waiting);
			else if (!mayStay) {
				ended.add(waiting);
				waiting.resolve(undefined);
			}
		}
		if (ended.size > 0) this.queue.remove((waiting) => ended.has(waiting));
	}

	private release(): void {
		const now = this.clock.now();
		while (this.queue.size > 0 && mayGo(this.state, now)) {
			const next = this.queue.take();
			if (!next || !isWanted(next)) continue;
			const sent = toSent(this.state, now);
			this.state = moveTaskLimit(this.state, { kind: 'sent', now });
			next.resolve(sent);
		}
	}
}

/** Whether a creation is still wanted; if not, its wait ends with the reason. */
function isWanted({ assertWanted, reject }: Waiting): boolean {
	try {
		assertWanted();
		return true;
	} catch (error) {
		reject(error);
		return false;
	}
}
