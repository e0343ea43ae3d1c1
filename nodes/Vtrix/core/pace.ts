import type { Clock } from './http';

/** Unused polls that may be saved up, in seconds of the budget: tasks tend to end together. */
const SAVED_SECONDS = 2;

/** How fast one node run may ask the API: a shared budget for polls, and a shared pause after a 429. */
export class Pace {
	private pausedUntil = 0;

	private nextSlot = 0;

	constructor(
		private readonly clock: Clock,
		private readonly pollsPerSecond: number,
	) {}

	/** Holds back every request of the run for `ms`, as the API asked for it. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** Resolves when no pause is on, or at `deadline`. */
	async untilOpen(deadline: number): Promise<void> {
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

	/** Resolves when a poll may go out: in the order of asking, within the budget. */
	async turn(deadline: number): Promise<void> {
		await this.untilOpen(deadline);
		const now = this.clock.now();
		const gap = 1000 / this.pollsPerSecond;
		const slot = Math.max(this.nextSlot, now - SAVED_SECONDS * 1000);
		this.nextSlot = slot + gap;
		if (slot > now) await this.clock.sleep(Math.min(slot, Math.max(deadline, now)) - now);
	}
}
