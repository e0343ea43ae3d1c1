/** The first look at a task; it also tells whether the API reports progress. */
const FIRST_LOOK_MS = 400;
/** The next look at a task that reports none: few end sooner. */
const SECOND_LOOK_MS = 1500;
/** Without progress looks go apart with the age, so that an ended task waits for half this share of its time. */
const GROWTH = 0.14;
/** Looks over the range of ages at which earlier tasks ended. */
const LOOKS_IN_RANGE = 24;
/** When its progress leaves much to go, the next look comes after this share of it and corrects the forecast. */
const STRIDE = 0.75;
/** Looks are never closer than this share of the age; a forecast is not finer either. */
const FINEST = 0.015;
/** A forecast end is looked at so much later, since progress is rounded. */
const MARGIN_MS = 15;
const SHORTEST_MS = 20;
const LONGEST_MS = 10_000;
const JITTER = 0.06;

/** When to look at a task again. */
export interface Look {
	/** Milliseconds from now. */
	inMs: number;
	/** Whether the task has probably ended by then. */
	likelyDone: boolean;
}

/** What one run knows of its tasks as a whole. */
export class Experience {
	private watched = 0;
	private most = 0;
	private readonly ends = new Map<string, { count: number; first: number; last: number }>();

	/** @param pollsPerSecond the run's budget */
	constructor(private readonly pollsPerSecond: number) {}

	/** A task is watched from now on. */
	begin(): void {
		this.watched += 1;
		this.most = Math.max(this.most, this.watched);
	}

	/** A task is watched no longer. */
	end(): void {
		this.watched -= 1;
	}

	/** Notes the age at which a task of a model ended. */
	learn(model: string, ageMs: number): void {
		const { count, first, last } = this.ends.get(model) ?? { count: 0, first: ageMs, last: ageMs };
		this.ends.set(model, {
			count: count + 1,
			first: Math.min(first, ageMs),
			last: Math.max(last, ageMs),
		});
	}

	/** Milliseconds until every task can have been asked about once. */
	get round(): number {
		return (this.watched * 1000) / this.pollsPerSecond;
	}

	/** 1 while the run is busy, less when it waits for its last tasks only. */
	get crowding(): number {
		return this.watched / Math.max(1, this.most);
	}

	/**
	 * Ages at which the next task of a model may end. Of n + 1 tasks each is as likely the shortest,
	 * so the range begins the earlier the fewer have been seen.
	 */
	range(model: string): { from: number; to: number } | undefined {
		const seen = this.ends.get(model);
		return seen && { from: seen.first * (1 - 1 / (seen.count + 1)), to: seen.last };
	}
}

/** Says when to look at one task again: by its progress where it tells it, else by its age. */
export class Schedule {
	/** Age at the last look. */
	private age = 0;
	private progress?: number;
	/** Age at which it was last seen to wait for its start. */
	private waitedUntil = 0;
	/** Age at which the progress leads to the end. */
	private end = 0;

	/**
	 * @param random 0 to 1; spreads tasks that were created together
	 */
	constructor(
		private readonly experience: Experience,
		private readonly model: string,
		private readonly random: () => number,
	) {
		experience.begin();
	}

	/** No further look comes. */
	close(): void {
		this.experience.end();
	}

	/** The task was found ended at this age; others of the run learn from it. */
	learn(ageMs: number): void {
		// It ended at some time between the look before and this one.
		this.experience.learn(this.model, (this.age + ageMs) / 2);
	}

	/**
	 * @param ageMs since the task was created
	 * @param progress 0 to 1, if the API told it
	 */
	next(ageMs: number, progress?: number): Look {
		this.age = ageMs;
		if (progress === 0) this.waitedUntil = ageMs;
		// A value that stands still says no more than when it was first seen.
		const news = progress !== undefined && progress > 0 && progress !== this.progress;
		if (news) {
			this.progress = progress;
			this.end = this.waitedUntil + (ageMs - this.waitedUntil) / Math.min(1, progress);
		}
		const { inMs, likelyDone } =
			news || this.end > ageMs ? this.byProgress(ageMs, this.end - ageMs) : this.byAge(ageMs);
		const shortest = Math.max(SHORTEST_MS, ageMs * FINEST);
		const jitter = 1 + JITTER * (this.random() - 0.5);
		return { inMs: Math.min(LONGEST_MS, Math.max(shortest, inMs)) * jitter, likelyDone };
	}

	private byProgress(ageMs: number, left: number): Look {
		const { round } = this.experience;
		if (left <= Math.max(round, ageMs * 2 * FINEST)) {
			return { inMs: left + MARGIN_MS + (JITTER * left) / 2, likelyDone: true };
		}
		return { inMs: Math.max(round, Math.min(left * STRIDE, ageMs)), likelyDone: false };
	}

	private byAge(ageMs: number): Look {
		const range = this.experience.range(this.model);
		const growth = (at: number) => at * GROWTH * this.experience.crowding;
		if (range && ageMs < range.to) {
			const at = Math.max(ageMs, range.from);
			const step = Math.max((range.to - range.from) / LOOKS_IN_RANGE, at * 2 * FINEST);
			return { inMs: at - ageMs + Math.min(growth(at), step), likelyDone: false };
		}
		if (ageMs < FIRST_LOOK_MS) return { inMs: FIRST_LOOK_MS - ageMs, likelyDone: false };
		if (ageMs < SECOND_LOOK_MS) return { inMs: SECOND_LOOK_MS - ageMs, likelyDone: false };
		return { inMs: growth(ageMs), likelyDone: false };
	}
}
