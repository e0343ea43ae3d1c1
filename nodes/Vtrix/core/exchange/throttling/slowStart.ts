/** Requests in the first round and in the largest one. */
const FIRST_ROUND = 2;
const LARGEST_ROUND = 16;
/**
 * Longest wait for a round, milliseconds: with a service that answers slowly, the rounds would take
 * longer than the tasks.
 */
const ROUND_MS = 250;
/** Unanswered requests allowed beyond the number accepted so far, when a round is cut short. */
const MOST_UNPROVEN = 10;

/**
 * Releases requests in rounds as long as none is refused: when a round is answered, one of twice
 * the size follows. A service that accepts few thus refuses few, and one that accepts all and
 * answers at once costs some milliseconds in total.
 */
export class SlowStart {
	private size = FIRST_ROUND;
	private left = FIRST_ROUND;
	private beganAt = Infinity;
	private taken = 0;

	/** When waiting for the round ends, ms since the epoch. */
	get endsAt(): number {
		return this.beganAt + ROUND_MS;
	}

	/**
	 * Whether a request may be sent now.
	 *
	 * @param unanswered requests sent and not answered
	 */
	mayGo(unanswered: number, now: number): boolean {
		if (this.beganAt < Infinity && (unanswered === 0 || now >= this.endsAt)) {
			this.startRound(unanswered);
		}
		return this.left > 0;
	}

	send(now: number): void {
		this.left -= 1;
		this.beganAt = Math.min(this.beganAt, now);
	}

	/** A request was accepted. */
	take(): void {
		this.taken += 1;
	}

	private startRound(unanswered: number): void {
		const room = unanswered === 0 ? Infinity : MOST_UNPROVEN + this.taken - unanswered;
		if (room <= 0) return;
		this.size = Math.min(LARGEST_ROUND, 2 * this.size);
		this.left = Math.min(this.size, room);
		this.beganAt = Infinity;
	}
}
