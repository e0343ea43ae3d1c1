/** Requests in the first round and in the largest one. */
const FIRST_ROUND = 2;
const LARGEST_ROUND = 16;
/**
 * A round is not waited for any longer than this, milliseconds: at a service that answers slowly, the
 * rounds would take longer than the tasks.
 */
const ROUND_MS = 250;
/** Unanswered requests allowed beyond the number accepted so far, when a round is cut short. */
const MOST_UNPROVEN = 10;

/**
 * Lets requests out in rounds as long as none is refused: when all of one are answered, another of
 * twice the size follows. So a service that takes few has few to refuse, and one that takes all and
 * answers at once is kept waiting for some milliseconds in all.
 */
export class SlowStart {
	private size = FIRST_ROUND;
	private left = FIRST_ROUND;
	private beganAt = Infinity;
	private taken = 0;

	/** When the round is not waited for any longer, ms since the epoch. */
	get endsAt(): number {
		return this.beganAt + ROUND_MS;
	}

	/**
	 * Whether a request may go now.
	 *
	 * @param unanswered requests that are out
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

	/** A request was taken. */
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
