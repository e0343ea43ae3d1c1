/** The span by which services commonly count requests. */
const SPAN_MS = 1000;
/** Added to a span, since the service's clock and the network differ a little. */
const MARGIN_MS = 25;
const LONGEST_HOLD_MS = 30_000;
const LONGEST_INTERVAL_MS = 10_000;
/**
 * Repeated holds are longer by up to this share, so that several runs don't try at the same moment.
 */
const JITTER = 0.1;
/** A busy process catches up on steps that it missed within this time, milliseconds. */
const CATCH_UP_MS = 50;

/**
 * After how many accepted requests in a row a faster rate is tried, and by what factor of the
 * interval.
 */
interface Growth {
	patience: number;
	factor: number;
}
/**
 * From a rate that was counted: at most one of fifty requests is refused by trying a faster one.
 */
const CAREFUL: Growth = { patience: 50, factor: 0.8 };
/**
 * From a guess, when a single request was accepted before the refusal and no rate could be counted.
 */
const SEARCHING: Growth = { patience: 1, factor: 0.5 };
const MOST_PATIENCE = 200;
/** Where refusals do not depend on the rate. */
const UNWORRIED: Growth = { patience: 10, factor: 0.8 };
/**
 * A service that counts is content with the rate after two or three slow-downs. If it refuses after
 * so many, with requests accepted between them, the rate is not the reason (simulated: of 1,000
 * tasks with 3 % refused at random the last ended after 50 s instead of up to 4,700 s).
 */
const MOST_SLOW_DOWNS = 3;
/** A refusal after so many accepted requests or more is a rare one. */
const RARE = 10;
/** After so many refusals without an accepted request between them, the rate may be the reason. */
const MOST_HOLDS = 4;

/**
 * Finds how often a service accepts requests. A refusal slows the rate down to what was accepted in
 * the second before it, or since the refusal before, but at first not below half of the most that it
 * has accepted in a second (simulated with 3 % of creations refused at random, 200 tasks, 100 at a
 * time: 1.18 × ideal on average and at most 1.37 ×, instead of 1.38 and 2.64 ×). Long runs of accepted
 * requests speed it up a little (additive increase, multiplicative decrease). Where slowing down does
 * not help, as with a service that is busy with others and refuses at random, the rate stays what it
 * was and refusals cost a short hold only. It says when the next request may go, and sends none.
 */
export class AdaptiveRate {
	private interval: number;
	/**
	 * When the last request was due, ms since the epoch: earlier than it was sent if the process was
	 * busy, later if it was sent without waiting.
	 */
	private sentAt = -Infinity;
	private heldUntil = -Infinity;
	private holdMs = 0;
	private slowedAt = -Infinity;
	/** When a request was refused that did not slow the rate down yet. */
	private suspectedAt?: number;
	/** When the requests accepted within the last span were answered, ascending. */
	private readonly recent: number[] = [];
	/** Most requests accepted within one span, halved where the service has proved stricter. */
	private mostAccepted = 0;
	private acceptedSinceHold = 0;
	private acceptedSinceSlowed = 0;
	/** Accepted in a row since the rate last changed. */
	private row = 0;
	private growth = CAREFUL;
	/** The interval before a faster one was tried; absent while none is. */
	private proven?: number;
	/** Slow-downs since the rate was last as fast as the first of them left it. */
	private slowDowns = 0;
	/** The interval after the first of them. */
	private counted = 0;
	private refusesAtRandom = false;
	/** Holds since a request was last accepted. */
	private holds = 0;

	/**
	 * @param fastestMs shortest interval between two requests, milliseconds
	 * @param random 0 to 1, for jitter
	 */
	constructor(
		private readonly fastestMs: number,
		private readonly random: () => number,
	) {
		this.interval = fastestMs;
	}

	/** Milliseconds between two requests. */
	get intervalMs(): number {
		return this.interval;
	}

	/** When the next request may go out, ms since the epoch. */
	get opensAt(): number {
		return Math.max(this.sentAt + this.interval, this.heldUntil);
	}

	/** How many requests were accepted within the last span. */
	acceptedLately(now: number): number {
		this.forgetBefore(now - SPAN_MS);
		return this.recent.length;
	}

	/** A request goes out now. */
	send(now: number): void {
		// After a refusal, delayed requests are not caught up on.
		const earliest = this.interval > this.fastestMs ? now : now - CATCH_UP_MS;
		this.sentAt = Math.min(now + SPAN_MS, Math.max(earliest, this.sentAt + this.interval));
	}

	/** A request was not refused for coming too early. */
	accept(now: number): void {
		this.forgetBefore(now - SPAN_MS);
		this.recent.push(now);
		this.mostAccepted = Math.max(this.mostAccepted, this.recent.length);
		this.acceptedSinceHold += 1;
		this.acceptedSinceSlowed += 1;
		if (this.interval <= this.fastestMs) return;
		this.row += 1;
		const { patience, factor } = this.refusesAtRandom ? UNWORRIED : this.growth;
		if (this.row < patience) return;
		this.row = 0;
		if (!this.refusesAtRandom) this.proven = this.interval;
		this.interval = Math.max(this.fastestMs, this.interval * factor);
		if (this.interval <= this.counted) this.slowDowns = 0;
	}

	/** A request was refused, perhaps not for the rate: if it was, the next slow-down counts from here. */
	suspect(now: number): void {
		this.suspectedAt = now;
		this.acceptedSinceSlowed = 0;
	}

	/** Requests come too often. */
	slowDown(now: number): void {
		if (this.refusesAtRandom) return;
		if (this.proven !== undefined) this.endTrial();
		else if (this.slowDowns < MOST_SLOW_DOWNS) this.slowDownOnce(now);
		else {
			this.refusesAtRandom = true;
			this.interval = this.counted;
		}
		this.slowedAt = now;
		this.acceptedSinceSlowed = 0;
		this.row = 0;
	}

	private slowDownOnce(now: number): void {
		if (this.slowDowns > 0 && this.acceptedSinceSlowed < RARE) this.mostAccepted /= 2;
		// A span of ours may hold parts of two of the service's, so half of it is certainly allowed.
		const allowed = (2 * SPAN_MS) / Math.max(1, this.mostAccepted);
		this.interval = Math.min(this.slower(now), Math.max(this.interval, allowed));
		if (this.slowDowns === 0) this.counted = this.interval;
		this.slowDowns += 1;
	}

	/** Gives up a faster rate that is being tried; the proven one is kept. */
	endTrial(): void {
		if (this.proven === undefined) return;
		const patience = Math.max(CAREFUL.patience, 2 * this.growth.patience);
		this.growth = { ...CAREFUL, patience: Math.min(MOST_PATIENCE, patience) };
		this.interval = this.proven;
		this.proven = undefined;
		this.row = 0;
	}

	/**
	 * Holds requests back until those of the last span no longer count; twice as long each time that
	 * nothing was accepted since the last hold.
	 */
	hold(now: number): void {
		const isRepeated = this.acceptedSinceHold === 0 && this.holdMs > 0;
		this.holds = isRepeated ? this.holds + 1 : 1;
		if (this.holds >= MOST_HOLDS) this.startOver();
		this.forgetBefore(now - SPAN_MS);
		const [oldest = now] = this.recent;
		const spanMs = this.refusesAtRandom ? 0 : SPAN_MS;
		const waitMs = isRepeated
			? Math.max(spanMs, 2 * this.holdMs) * (1 + JITTER * this.random())
			: Math.max(oldest + spanMs + MARGIN_MS - now, this.interval);
		this.holdMs = Math.min(LONGEST_HOLD_MS, waitMs);
		this.heldUntil = Math.max(this.heldUntil, now + this.holdMs);
		this.acceptedSinceHold = 0;
	}

	/** The rate may be the reason after all. */
	private startOver(): void {
		if (!this.refusesAtRandom) return;
		this.refusesAtRandom = false;
		this.slowDowns = 0;
		this.slowedAt = -Infinity;
	}

	private slower(now: number): number {
		const { interval } = this;
		const accepted = this.acceptedLately(now);
		const counted = (SPAN_MS + MARGIN_MS) / Math.max(1, accepted);
		if (this.slowedAt === -Infinity) {
			if (accepted <= 1) this.growth = SEARCHING;
			const average = Math.min(2 * counted, this.averageSince(now, this.suspectedAt));
			return Math.max(interval, counted, average);
		}
		this.growth = this.acceptedSinceSlowed > 0 ? CAREFUL : SEARCHING;
		const average = this.averageSince(now, this.slowedAt);
		const slower = Math.max(1.25 * interval, Math.min(2 * interval, Math.max(counted, average)));
		return Math.min(LONGEST_INTERVAL_MS, slower);
	}

	/** Average interval of the requests accepted since a refusal. */
	private averageSince(now: number, refusedAt = now): number {
		return (now - refusedAt) / Math.max(1, this.acceptedSinceSlowed);
	}

	private forgetBefore(time: number): void {
		const kept = this.recent.findIndex((at) => at > time);
		this.recent.splice(0, kept < 0 ? this.recent.length : kept);
	}
}
