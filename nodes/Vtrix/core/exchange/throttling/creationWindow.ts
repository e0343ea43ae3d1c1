import { AdaptiveRate } from './adaptiveRate';
import { SlowStart } from './slowStart';

/**
 * Accepted creations in a row without any ended task, after which the service is assumed to limit
 * creations per time.
 */
const PROOFS = 2;
/** Shortest and longest time between two probes, milliseconds. */
const PROBE_MS = 1000;
const LONGEST_PROBE_MS = 30_000;
/**
 * Jitter: probes come later by up to this share, so that several runs don't send theirs together.
 */
const JITTER = 0.1;
/** A creation without an answer for this long no longer delays a probe, milliseconds. */
const UNANSWERED_MS = 5000;

/** How a creation was sent. */
export interface SentCreation {
	/** Ms since the epoch. */
	at: number;
	/** Whether fewer tasks were under way than the service accepts. */
	hadPlace: boolean;
	/** Whether it had waited for the rate. */
	wasPaced: boolean;
}

/**
 * Learns how many tasks a service accepts, by how it answers creations; times are ms since the
 * epoch.
 *
 * Until the first refusal, creations are sent in growing rounds (slow start). Then the number of
 * tasks under way is taken as the limit, the window: each task that ends frees a place. From time
 * to time a creation beyond the window, a probe, tests whether more are accepted, and the window
 * follows. If probes are accepted although no task has ended, or a creation is refused despite a
 * free place, the service limits creations per time, and they keep to the rate that it accepts as
 * well.
 */
export class CreationWindow {
	private readonly slowStart = new SlowStart();
	private readonly rate: AdaptiveRate;
	/** Creations that are sent and not yet answered. */
	private unanswered = 0;
	/** Tasks whose end has not been seen. */
	private running = 0;
	private size = Infinity;
	/** The window at the last refusal, before probes enlarged it. */
	private sure = Infinity;
	private isTimed = false;
	/** Accepted probes that no task's end explains. */
	private proofs = 0;
	private probeAt = -Infinity;
	private probeMs = PROBE_MS;
	/** Whether a probe was accepted since the last refused one. */
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

	/** Whether any creation was refused. */
	get isLimited(): boolean {
		return this.refusedAt > -Infinity;
	}

	/** Until when the service asked for no further creation (`Retry-After`). */
	get retryAt(): number {
		return this.askedToWaitUntil;
	}

	/** Whether a creation may be sent now. */
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

	/** A creation is sent. */
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

	/** A task has ended and frees its place. */
	end(): void {
		this.running -= 1;
		this.proofs = Math.max(0, this.proofs - 1);
	}

	/** A task is no longer polled: it may still be running, so it keeps its place. */
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

	/** The service accepts no further task for now, and may have said for how many milliseconds. */
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

	/** Whether fewer tasks are under way than the service accepts. */
	private get hasPlace(): boolean {
		return this.running + this.unanswered < this.size;
	}

	/** Whether a refusal came despite a free place, so that it was one per time. */
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
		// Nothing is under way that could fill the limit.
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
