/**
 * Minimum number of parallel tasks for the shared search; it saves a third of the polls of 60 s
 * tasks.
 */
const MIN_SEARCHERS = 5;
/** Longest round of one poll a task at which an end still makes the others poll soon enough. */
const LONGEST_ROUND_MS = 1500;
/** Ends count as a common one if the last is at most this many times as late as the first. */
export const ALIKE = 1.1;
/**
 * Shortest age in ms from which a common end is used; shorter tasks are polled often enough anyway.
 */
const SHORTEST_COMMON_END_MS = 1500;
/** Share of the tasks that were as old and have ended between two polls. */
const SHARE = 0.05;
/**
 * Most observed ends kept for a model; beyond it every other one is dropped, which changes the
 * shares little.
 */
const MAX_ENDS = 200;

/** A forecast of when tasks of a model end, by those that have ended. */
export interface EndForecast {
	/**
	 * Age in ms before which a task rarely ends: of n + 1 tasks each is equally likely the shortest.
	 */
	fromMs: number;
	/** Age in ms by which a share of the tasks that were as old had ended. */
	byMs: number;
}

/** What a run knows that concerns the next poll of one task. */
export interface KnownDurations {
	/** Milliseconds until every task can have been polled once. */
	roundMs: number;
	/** Whether further items wait for the end of a running task. */
	hasQueue: boolean;
	/** 1 while the run is busy, less when only its last tasks are left. */
	crowding: number;
	/** Whether enough tasks search for the first end of this model for each to poll less often. */
	searchesTogether: boolean;
	/** Age in ms at which tasks of this model end, if all that ended did so at about the same one. */
	commonEndMs: number | undefined;
	forecast: EndForecast | undefined;
}

/** How long the tasks of one run take, as observed so far, and how many are being polled. */
export class TaskDurations {
	private watched = 0;
	private mostWatched = 0;
	/** Ages in ms at which tasks ended, by model, in ascending order. */
	private readonly ends = new Map<string | undefined, number[]>();

	/**
	 * @param budget the run's current budget of polls
	 * @param progress tells how many items have not begun yet
	 */
	constructor(
		private readonly budget: { readonly pollsPerSecond: number },
		private readonly progress: { readonly itemsNotStarted: number },
	) {}

	/** A task is polled from now on. */
	begin(): void {
		this.watched += 1;
		this.mostWatched = Math.max(this.mostWatched, this.watched);
	}

	/** A task is polled no longer. */
	end(): void {
		this.watched -= 1;
	}

	/** Records the age in ms at which a task of a model ended. */
	learn(model: string | undefined, ageMs: number): void {
		const ends = this.ends.get(model) ?? [];
		const later = ends.findIndex((end) => end > ageMs);
		ends.splice(later < 0 ? ends.length : later, 0, ageMs);
		this.ends.set(model, ends.length < MAX_ENDS ? ends : ends.filter((_, n) => n % 2 === 0));
	}

	/** What the run knows for the next poll of a task of this model and age. */
	knownOf(model: string | undefined, ageMs: number): KnownDurations {
		const { roundMs, watched } = this;
		return {
			roundMs,
			hasQueue: this.progress.itemsNotStarted > 0,
			crowding: watched / Math.max(1, this.mostWatched),
			searchesTogether:
				watched >= MIN_SEARCHERS && roundMs <= LONGEST_ROUND_MS && !this.ends.has(model),
			commonEndMs: this.commonEndMs(model),
			forecast: this.forecast(model, ageMs),
		};
	}

	/** Age in ms at which tasks of this model end, if all that ended did so at about the same one. */
	commonEndMs(model: string | undefined): number | undefined {
		const ends = this.ends.get(model) ?? [];
		const [first = 0] = ends;
		const last = ends.at(-1);
		const isAlike = last !== undefined && last >= SHORTEST_COMMON_END_MS && last <= first * ALIKE;
		return isAlike && this.roundMs <= LONGEST_ROUND_MS ? last : undefined;
	}

	private get roundMs(): number {
		return (this.watched * 1000) / this.budget.pollsPerSecond;
	}

	/** The forecast for a task of this model and age; nothing if no ended task was older. */
	private forecast(model: string | undefined, ageMs: number): EndForecast | undefined {
		const ends = this.ends.get(model) ?? [];
		const [first = 0] = ends;
		const fromMs = Math.max(ageMs, (first * ends.length) / (ends.length + 1));
		const later = [fromMs, ...ends.filter((end) => end > fromMs)];
		if (later.length === 1) return undefined;
		const index = later.length * SHARE;
		const [before = 0, after = 0] = later.slice(Math.floor(index));
		return { fromMs, byMs: before + (index % 1) * (after - before) };
	}
}
