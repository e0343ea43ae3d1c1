import { AdaptiveRate } from './adaptiveRate';
import { SlowStart } from './slowStart';

/**
 * Accepted creations in a row without any ended task, after which the service is taken to count by
 * time.
 */
const PROOFS = 2;
/** Shortest and longest time between two probes, milliseconds. */
const PROBE_MS = 1000;
const LONGEST_PROBE_MS = 30_000;
/** Jitter: probes come later by up to this share, so that several runs don't send theirs together. */
const JITTER = 0.1;
/** A creation without an answer for this long no longer delays a probe, milliseconds. */
const UNANSWERED_MS = 5000;

/** How a creation went out. */
export interface SentCreation {
	/** Ms since the epoch. */
	at: number;
	/** Whether fewer tasks were under way than the service takes. */
	hadPlace: boolean;
	/** Whether it had waited for the pace. */
	wasPaced: boolean;
}

/**
 * Learns how many tasks a service takes, by how it answers creations; times are ms since the epoch.
 *
 * Up to the first refusal creations go out in growing rounds (slow start). Then the tasks under way
 * are taken for the limit, the window: each end of a task makes place for another one. Now and then a
 * creation beyond the window, a probe, finds out whether more are taken; the window follows. Where
 * probes are taken although no task has ended, or a creation is refused in spite of a place, the
 * service counts by time, and creations keep to the pace that it takes as well.
 */
export class CreationWindow {
	private readonly slowStart = new SlowStart();
	private readonly rate: AdaptiveRate;
	/** Creations that are out and not answered. */
	private unanswered = 0;
	/** Tasks whose end has not been seen. */
	private running = 0;
	private size = Infinity;
	/** The window at the last refusal, before probes enlarged it. */
	private sure = Infinity;
	private isTimed = false;
	/** Probes taken that no task's end explains. */
	private proofs = 0;
	private probeAt = -Infinity;
	private probeMs = PROBE_MS;
	/** Whether a probe was taken since the last refused one. */
	private wasProbeTaken = false;
	private sentAt = -Infinity;
	private refusedAt = -Infinity;
	private askedToWaitUntil = -Infinity;

	/** @param random 0 to 1, for jitter */
	constructor(private readonly random: () => number) {
		this.rate = new AdaptiveRate(0, random);
	}

	/** Tasks whose end has not been seen. */
	get underWay(): number {
		return this.running;
	}

	/** Whether a creation was refused already. */
	get isLimited(): boolean {
		return this.refusedAt > -Infinity;
	}

	/** Until when the service asked for no further creation (`Retry-After`). */
	get retryAt(): number {
		return this.askedToWaitUntil;
	}

	/** Whether a creation may go now. */
	mayGo(now: number): boolean {
		if (now < this.askedToWaitUntil) return false;
		if (!this.isLimited) return this.slowStart.mayGo(this.unanswered, now);
		if (this.isTimed && now < this.rate.opensAt) return false;
		if (this.hasPlace) return true;
		const isAlone = this.unanswered === 0 || now >= this.sentAt + UNANSWERED_MS;
		return now >= Math.max(this.probeAt, this.rate.opensAt) && (this.isTimed || isAlone);
	}

	/** When the next creations may be sent, unless an answer or an ended task changes it. */
	get opensAt(): number[] {
		const { askedToWaitUntil, rate: pace, probeAt, slowStart, sentAt } = this;
		if (!this.isLimited) return [askedToWaitUntil, slowStart.endsAt];
		return [askedToWaitUntil, pace.opensAt, probeAt, sentAt + UNANSWERED_MS];
	}

	/** A creation goes out. */
	send(now: number): SentCreation {
		const isSure = this.running + this.unanswered < this.sure;
		const sent = {
			at: now,
			hadPlace: this.isLimited && isSure,
			wasPaced: now >= this.rate.opensAt,
		};
		this.unanswered += 1;
		this.sentAt = now;
		this.slowStart.send(now);
		this.rate.send(now);
		return sent;
	}

	/** It was not sent after all, or its outcome says nothing about limits. */
	giveBack(): void {
		this.unanswered -= 1;
	}

	/** A task that was created in an earlier run is under way too. */
	resume(): void {
		this.running += 1;
	}

	/** A task has ended and makes place for another one. */
	end(): void {
		this.running -= 1;
		this.proofs = Math.max(0, this.proofs - 1);
	}

	/** A task is no longer watched: it may still be running, so it keeps its place. */
	leave(): void {
		this.running -= 1;
		this.size = Math.max(0, this.size - 1);
		this.sure = Math.max(0, this.sure - 1);
	}

	/** The task was created. */
	take({ at }: SentCreation, now: number): void {
		this.unanswered -= 1;
		this.running += 1;
		this.rate.accept(now);
		this.slowStart.take();
		if (!this.isLimited) return;
		const isBeyond = this.running > this.size;
		this.size = Math.max(this.size, this.running);
		if (!isBeyond || at <= this.refusedAt) return;
		this.wasProbeTaken = true;
		this.probeMs = Math.max(PROBE_MS, this.probeMs / 2);
		this.probeAt = at + this.rate.intervalMs;
		this.proofs += 1;
		if (this.proofs >= PROOFS) this.isTimed = true;
	}

	/** The service takes no further task for now, and may have said for how many milliseconds. */
	refuse(sent: SentCreation, now: number, retryAfterMs: number): void {
		const { isLimited } = this;
		this.unanswered -= 1;
		this.askedToWaitUntil = Math.max(this.askedToWaitUntil, now + retryAfterMs);
		this.size = this.running + this.unanswered;
		this.sure = this.size;
		this.proofs = 0;
		// Creations sent before the last refusal was known report the same limit again.
		if (sent.at <= this.refusedAt) return;
		this.refusedAt = now;
		if (!isLimited) this.slowDown(now);
		else if (sent.hadPlace) this.refuseInPlace(sent, now);
		else this.refuseProbe(now, retryAfterMs);
	}

	/** Whether fewer tasks are under way than the service takes. */
	private get hasPlace(): boolean {
		return this.running + this.unanswered < this.size;
	}

	/** A refusal in spite of a free place is one by time. */
	private refuseInPlace({ wasPaced }: SentCreation, now: number): void {
		if (this.isTimed && wasPaced) this.rate.slowDown(now);
		this.isTimed = true;
		this.rate.hold(now);
		this.probeAt = this.rate.opensAt;
	}

	private refuseProbe(now: number, retryAfterMs: number): void {
		const { wasProbeTaken } = this;
		this.wasProbeTaken = false;
		if (wasProbeTaken && this.isTimed) {
			this.slowDown(now);
			return;
		}
		if (wasProbeTaken) this.rate.endTrial();
		// Nothing is under way that could count.
		else if (this.isTimed && this.size === 0) this.rate.slowDown(now);
		// Waiting did not help, so the service limits tasks under way, not creations per time.
		else this.isTimed = false;
		// While tasks are under way, an ended task is the better signal, so the probe can wait.
		const growth = this.running > 0 ? 3 : 2;
		const longer = wasProbeTaken ? this.probeMs : growth * this.probeMs;
		this.probeMs = Math.max(Math.min(LONGEST_PROBE_MS, longer), retryAfterMs);
		this.probeAt = now + this.probeMs * (1 + JITTER * this.random());
	}

	private slowDown(now: number): void {
		this.rate.slowDown(now);
		this.rate.hold(now);
		this.probeAt = this.rate.opensAt;
	}
}
