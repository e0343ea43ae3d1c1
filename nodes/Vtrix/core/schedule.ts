/** Before anything is known of a model's speed, the first look comes after this long. */
const FIRST_LOOK_MS = 400;
/** Without progress, looks go apart as the task grows older: idle time stays a share of its length. */
const GROWTH = 0.16;
/** Young tasks are looked at more rarely than that, since few end so soon. */
const YOUNG_MS = 1500;
const SHORTEST_MS = 60;
const LONGEST_MS = 10_000;

/** What finished tasks of the run say about how long the next ones take, by model. */
export class Durations {
	private readonly seen = new Map<string, { shortest: number; longest: number }>();

	/** Notes how long a task took until it was seen to be finished. */
	record(model: string, ms: number): void {
		const { shortest, longest } = this.seen.get(model) ?? { shortest: ms, longest: ms };
		this.seen.set(model, { shortest: Math.min(shortest, ms), longest: Math.max(longest, ms) });
	}

	of(model: string): { shortest: number; longest: number } | undefined {
		return this.seen.get(model);
	}
}

/** Says when to look at one task again: by its progress where it tells it, else by its age. */
export class Schedule {
	private estimates = 0;

	/**
	 * @param durations what is known of the run's other tasks
	 * @param model the model's id
	 * @param random 0 to 1; spreads tasks that were created together
	 */
	constructor(
		private readonly durations: Durations,
		private readonly model: string,
		private readonly random: () => number,
	) {}

	/**
	 * Milliseconds until the next look.
	 *
	 * @param ageMs since the task was created
	 * @param progress 0 to 1, if the API told it
	 */
	next(ageMs: number, progress?: number): number {
		const delay =
			progress !== undefined && progress > 0 && progress < 1
				? this.byProgress(ageMs, progress)
				: this.byAge(ageMs);
		return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, delay)) * (0.95 + 0.1 * this.random());
	}

	/** The end is where the progress leads; the first estimates are checked on half way. */
	private byProgress(ageMs: number, progress: number): number {
		const left = (ageMs * (1 - progress)) / progress;
		this.estimates += 1;
		const far = left > Math.max(1000, ageMs * 0.1);
		return far && this.estimates <= 2 ? left * 0.75 : left * 1.01 + 40;
	}

	private byAge(ageMs: number): number {
		const known = this.durations.of(this.model);
		if (known) {
			const { shortest, longest } = known;
			const soonest = shortest * 0.9;
			if (ageMs < soonest) return soonest - ageMs;
			const spread = (longest - shortest) / 8;
			return Math.min(ageMs * GROWTH, Math.max(spread, ageMs * 0.03));
		}
		if (ageMs < FIRST_LOOK_MS) return FIRST_LOOK_MS - ageMs;
		return ageMs < YOUNG_MS ? YOUNG_MS - ageMs : ageMs * GROWTH;
	}
}
