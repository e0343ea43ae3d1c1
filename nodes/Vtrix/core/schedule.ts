import { ALIKE, type Experience } from './experience';

/** The first look at a task; it also tells whether the API reports progress. */
const FIRST_LOOK_MS = 250;
/** The next look at a task that reports none: few end sooner. */
const SECOND_LOOK_MS = 1500;
/** Without progress looks go apart with the age, so that an ended task waits for half this share of its time. */
const GROWTH = 0.14;
/** While further tasks wait for its end, this share, but no more than one look in so many ms. */
const GROWTH_QUEUED = 0.06;
const QUEUED_MS = 550;
/** While several tasks search for the first end together, each looks less often: it tells the others. */
const GROWTH_TOGETHER = 0.25;
/** Of a task that its first look found ended nobody knows since when: about here, on a scale of shares. */
const UNSEEN = 0.7;
/** When its progress leaves much to go, the next look comes after this share of it and corrects the forecast. */
const STRIDE = 0.75;
/** Looks are never closer than this share of the age; a forecast is not finer either. */
const FINEST = 0.015;
/** A forecast end is looked at so much later, since progress is rounded. */
const MARGIN_MS = 10;
const SHORTEST_MS = 10;
const LONGEST_MS = 10_000;
const JITTER = 0.06;

/** When to look at a task again. */
export interface Look {
	/** Milliseconds from now. */
	inMs: number;
	/** Whether the task has probably ended by then. */
	likelyDone: boolean;
	/** Whether, at this age of the task, another one's end says not to wait any longer. */
	isOvertaken?: (ageMs: number) => boolean;
}

/** Says when to look at one task again: by its progress where it tells it, else by its age. */
export class Schedule {
	/** Its place among the tasks that are watched, 0 to 1: they look one after the other. */
	private readonly place: number;
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
		this.place = experience.begin();
	}

	/** No further look comes. */
	close(): void {
		this.experience.end();
	}

	/** The task was found ended at this age; others of the run learn from it. */
	learn(ageMs: number): void {
		const { experience, model, lived } = this;
		// A look that came late says less than what the others have shown.
		const shown = Math.min(ageMs, experience.commonEnd(model) ?? 0);
		const ended = lived > 0 ? (lived + ageMs) / 2 : ageMs * UNSEEN;
		experience.learn(model, Math.max(shown, ended));
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
		const look =
			news || this.end > ageMs ? this.byProgress(ageMs, this.end - ageMs) : this.byAge(ageMs);
		const shortest = Math.max(SHORTEST_MS, ageMs * FINEST);
		const jitter = 1 + JITTER * (this.random() - 0.5);
		return { ...look, inMs: Math.min(LONGEST_MS, Math.max(shortest, look.inMs)) * jitter };
	}

	private byProgress(ageMs: number, left: number): Look {
		const { round } = this.experience;
		if (left <= Math.max(round, ageMs * 2 * FINEST)) {
			return { inMs: left + MARGIN_MS + (JITTER * left) / 2, likelyDone: true };
		}
		return { inMs: Math.max(round, Math.min(left * STRIDE, ageMs)), likelyDone: false };
	}

	/** By what share of its age a task may grow older until the next look. */
	private growth(ageMs: number, commonEnd = 0): number {
		const { experience, model } = this;
		if (ageMs < commonEnd * ALIKE) return 2 * FINEST;
		if (experience.searchesTogether(model)) return GROWTH_TOGETHER;
		if (!experience.hasQueue) return GROWTH * experience.crowding;
		return Math.max(GROWTH_QUEUED, Math.max(QUEUED_MS, experience.round) / ageMs);
	}

	private byAge(ageMs: number): Look {
		const { experience, model, place } = this;
		const common = experience.commonEnd(model);
		const isOvertaken = (age: number) =>
			common === undefined && (experience.commonEnd(model) ?? Infinity) <= age;
		const forecast = experience.forecast(model, ageMs);
		if (!forecast && ageMs < FIRST_LOOK_MS) {
			return { inMs: FIRST_LOOK_MS - ageMs, likelyDone: false, isOvertaken };
		}
		if (!forecast && ageMs < SECOND_LOOK_MS) {
			const second = SECOND_LOOK_MS * (1 + this.growth(SECOND_LOOK_MS)) ** place;
			return { inMs: second - ageMs, likelyDone: false, isOvertaken };
		}
		const { from: at, by } = forecast ?? { from: ageMs, by: Infinity };
		const growth = 1 + this.growth(at, common);
		this.lived = at;
		// A little later a look finds most of what ends at about the same age.
		const soon = Math.max(SHORTEST_MS, at * 2 * FINEST);
		const next = Math.min(at * growth, by + soon);
		return { inMs: next - ageMs, likelyDone: false, isOvertaken };
	}
}
