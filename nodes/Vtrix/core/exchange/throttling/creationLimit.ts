import { CreationWindow } from './creationWindow';
import type { Clock } from '../http/http';

/**
 * Items that may start before their task is accepted, at first; it bounds the requests in memory.
 */
const FIRST_BEGUN = 10;
/** How often waiting creations are checked for being canceled, milliseconds. */
const CHECK_MS = 250;

/** A creation that waits to be sent. */
export interface Candidate {
	/** When it first asked, ms since the epoch; creations are sent in this order. */
	since: number;
	/** How long the service may accept nothing at all, milliseconds. */
	patienceMs: number;
	/** Throws when the task is no longer wanted. */
	assertWanted: () => void;
}

interface Waiting extends Candidate {
	resolve: (turn: Turn | undefined) => void;
	reject: (reason: unknown) => void;
}

/**
 * The right to send one creation. Its outcome is reported by one call; further calls do nothing.
 */
export interface Turn {
	/** The task exists. */
	take(): void;
	/** The service accepts no further task for now, and may have said for how many milliseconds. */
	refuse(retryAfterMs?: number): void;
	/** It was not sent, or its outcome says nothing about limits. */
	giveBack(): void;
}

/**
 * How many tasks one node run may have under way: creations wait here until the service accepts
 * them.
 */
export class CreationLimit {
	private readonly window: CreationWindow;
	private readonly queue: Waiting[] = [];
	private readonly listeners: Array<() => void> = [];
	private isWatching = false;
	/** Items that may start before their task is accepted; each accepted task raises it by one. */
	private begun = FIRST_BEGUN;
	/** Since when the service has accepted nothing; absent while it accepts tasks. */
	private nothingSince?: number;

	/**
	 * @param most most tasks at a time, as the user set it
	 * @param random 0 to 1, for jitter
	 * @param signal aborted when the run is stopped
	 */
	constructor(
		private readonly clock: Clock,
		private readonly most: number,
		random: () => number,
		private readonly signal?: AbortSignal,
	) {
		this.window = new CreationWindow(random);
	}

	/** How many items may be worked on at the same time. */
	get allowed(): number {
		return Math.min(this.most, this.window.underWay + this.begun);
	}

	/** How many creations wait because the service accepts no more. */
	get heldBack(): number {
		return this.window.isLimited ? this.queue.length : 0;
	}

	/** Until when the service asked for no further creation (`Retry-After`), ms since the epoch. */
	get retryAt(): number {
		return this.window.retryAt;
	}

	/** Calls `listener` whenever `allowed` may have grown. */
	onChange(listener: () => void): void {
		this.listeners.push(listener);
	}

	/** A task that was created earlier is under way too. */
	resume(): void {
		this.window.resume();
		this.changed();
	}

	/** A task has ended. */
	end(): void {
		this.window.end();
		this.changed();
	}

	/** A task is no longer polled, so its end will not be seen. */
	leave(): void {
		this.window.leave();
		this.changed();
	}

	/**
	 * Waits until a creation may go out.
	 *
	 * @returns nothing if the service accepts none for longer than `patienceMs`, or announces so
	 * @throws what `assertWanted` throws
	 */
	async acquire(candidate: Candidate): Promise<Turn | undefined> {
		return await new Promise<Turn | undefined>((resolve, reject) => {
			const behind = this.queue.findIndex(({ since }) => since > candidate.since);
			const place = behind < 0 ? this.queue.length : behind;
			this.queue.splice(place, 0, { ...candidate, resolve, reject });
			this.releaseDue();
			if (!this.isWatching) void this.watch();
		});
	}

	/** Sends waiting creations when they are due, until none waits. */
	private async watch(): Promise<void> {
		this.isWatching = true;
		while (this.queue.length > 0) {
			const now = this.clock.now();
			const times = [now + CHECK_MS, ...this.window.opensAt];
			const until = Math.min(...times.filter((time) => time > now));
			await this.clock.sleep(until - now);
			this.releaseDue();
		}
		this.isWatching = false;
	}

	/**
	 * Releases the creations that may be sent, and ends the wait of those that cannot be sent in
	 * time.
	 */
	private releaseDue(): void {
		const now = this.clock.now();
		for (const waiting of [...this.queue]) {
			try {
				waiting.assertWanted();
			} catch (error) {
				this.dismiss(waiting);
				waiting.reject(error);
				continue;
			}
			const givesUpAt = (this.nothingSince ?? now) + waiting.patienceMs;
			if (Math.max(now, this.retryAt) <= givesUpAt) continue;
			this.dismiss(waiting);
			waiting.resolve(undefined);
		}
		// A released creation checks the signal itself.
		const isStopped = this.signal?.aborted === true;
		while (this.queue.length > 0 && (isStopped || this.window.mayGo(now))) {
			this.queue.shift()?.resolve(this.startTurn());
		}
	}

	private dismiss(waiting: Waiting): void {
		this.queue.splice(this.queue.indexOf(waiting), 1);
	}

	private startTurn(): Turn {
		const { window, clock } = this;
		const sent = window.send(clock.now());
		let isOver = false;
		const over = (tell: () => void) => {
			if (isOver) return;
			isOver = true;
			tell();
			this.changed();
		};
		return {
			take: () =>
				over(() => {
					this.nothingSince = undefined;
					window.take(sent, clock.now());
					if (!window.isLimited) this.begun += 1;
				}),
			refuse: (retryAfterMs = 0) =>
				over(() => {
					this.nothingSince ??= clock.now();
					window.refuse(sent, clock.now(), retryAfterMs);
					this.begun = FIRST_BEGUN;
				}),
			giveBack: () => over(() => window.giveBack()),
		};
	}

	private changed(): void {
		this.releaseDue();
		for (const listener of this.listeners) listener();
	}
}
