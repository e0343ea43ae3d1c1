/** The first look at a task; it also tells whether the API reports progress. */
const FIRST_LOOK_MS = 400;
/** The next look at a task that reports none: few end sooner. */
const SECOND_LOOK_MS = 1500;
/** Without progress looks go apart with the age, so that an ended task waits for half this share of its time. */
const GROWTH = 0.14;
/** Where earlier tasks tell when the next ones end, each look comes when so many more of them had. */
const SHARE = 0.05;
/** When its progress leaves much to go, the next look comes after this share of it and corrects the forecast. */
const STRIDE = 0.75;
/** Looks are never closer than this share of the age; a forecast is not finer either. */
const FINEST = 0.015;
/** A forecast end is looked at so much later, since progress is rounded. */
const MARGIN_MS = 10;
/** So many ends tell as much as more of them would. */
const MOST_ENDS = 200;
const SHORTEST_MS = 10;
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
	/** Ages at which tasks ended, by model, in ascending order. */
	private readonly ends = new Map<string, number[]>();

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
		const ends = this.ends.get(model) ?? [];
		const later = ends.findIndex((end) => end > ageMs);
		ends.splice(later < 0 ? ends.length : later, 0, ageMs);
		this.ends.set(model, ends.length < MOST_ENDS ? ends : ends.filter((_, n) => n % 2 === 0));
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
	 * What tasks of this model that ended say of one that has reached this age: before `from` it hardly
	 * ends, as of n + 1 tasks each is as likely the shortest, and by `by` a share of those that lived
	 * as long had ended.
	 */
	forecast(model: string, ageMs: number): { from: number; by: number } | undefined {
		const ends = this.ends.get(model) ?? [];
		const [first = 0] = ends;
		const from = Math.max(ageMs, (first * ends.length) / (ends.length + 1));
		const later = [from, ...ends.filter((end) => end > from)];
		if (later.length === 1) return undefined;
		const place = later.length * SHARE;
		const [before = 0, after = 0] = later.slice(Math.floor(place));
		return { from, by: before + (place % 1) * (after - before) };
	}
}

/** Says when to look at one task again: by its progress where it tells it, else by its age. */
export class Schedule {
	/** Age up to which it has not ended, or hardly. */
	private lived = 0;
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
		this.experience.learn(this.model, (this.lived + ageMs) / 2);
	}

	/**
	 * @param ageMs since the task was created
	 * @param progress 0 to 1, if the API told it
	 */
	next(ageMs: number, progress?: number): Look {
		this.lived = ageMs;
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
		const { crowding } = this.experience;
		const forecast = this.experience.forecast(this.model, ageMs);
		if (!forecast && ageMs < SECOND_LOOK_MS) {
			const at = ageMs < FIRST_LOOK_MS ? FIRST_LOOK_MS : SECOND_LOOK_MS;
			return { inMs: at - ageMs, likelyDone: false };
		}
		const { from: at, by } = forecast ?? { from: ageMs, by: Infinity };
		this.lived = at;
		// A little later a look finds most of what ends at about the same age.
		const soon = Math.max(SHORTEST_MS, at * 2 * FINEST);
		const next = Math.min(at * (1 + GROWTH * crowding), by + soon);
		return { inMs: next - ageMs, likelyDone: false };
	}
}
