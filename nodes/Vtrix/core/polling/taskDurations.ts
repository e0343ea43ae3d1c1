/**
 * Minimum number of parallel tasks for the shared search; it saves a third of the polls of 60 s
 * tasks.
 */
const MIN_SEARCHERS = 5;
/** Longest round of one poll a task in which an end can still make the others poll soon enough. */
const LONGEST_ROUND_MS = 1500;
/** Ends are alike when the last is at most so many times as late as the first. */
export const ALIKE = 1.1;
/**
 * Shortest age in ms from which a common end is used; shorter tasks are polled often enough anyway.
 */
const SHORTEST_COMMON_END_MS = 1500;
/** Share of the tasks that were as old and have ended between two polls. */
const SHARE = 0.05;
/**
 * Most observed ends kept for a model; beyond it every other one is dropped, which changes the shares
 * little.
 */
const MAX_ENDS = 200;

/** When the next tasks of a model end, by those that have ended. */
export interface EndForecast {
	/** Age in ms before which a task hardly ends: of n + 1 tasks each is as likely the shortest. */
	fromMs: number;
	/** Age in ms by which a share of those that lived as long had ended. */
	byMs: number;
}

/** What a run knows that concerns the next poll of one task. */
export interface KnownDurations {
	/** Milliseconds until every task can have been polled once. */
	roundMs: number;
	/** Whether further items wait for the end of a task that is watched. */
	hasQueue: boolean;
	/** 1 while the run is busy, less when it waits for its last tasks only. */
	crowding: number;
	/** Whether so many tasks search for the first end of this model that each can poll less often. */
	searchesTogether: boolean;
	/** Age in ms at which tasks of this model end, if all that ended did so at about the same one. */
	commonEndMs: number | undefined;
	forecast: EndForecast | undefined;
}

/** How long the tasks of one run take, as far as it has seen, and how many are watched. */
export class TaskDurations {
	private watched = 0;
	private mostWatched = 0;
	/** Ages in ms at which tasks ended, by model, in ascending order. */
	private readonly ends = new Map<string | undefined, number[]>();

	/**
	 * @param budget the run's budget of polls, as it is at the moment
	 * @param progress tells how many items have not begun yet
	 */
	constructor(
		private readonly budget: { readonly pollsPerSecond: number },
		private readonly progress: { readonly itemsNotStarted: number },
	) {}

	/** A task is watched from now on. */
	begin(): void {
		this.watched += 1;
		this.mostWatched = Math.max(this.mostWatched, this.watched);
	}

	/** A task is watched no longer. */
	end(): void {
		this.watched -= 1;
	}

	/** Notes the age in ms at which a task of a model ended. */
	learn(model: string | undefined, ageMs: number): void {
		const ends = this.ends.get(model) ?? [];
		const later = ends.findIndex((end) => end > ageMs);
		ends.splice(later < 0 ? ends.length : later, 0, ageMs);
		this.ends.set(model, ends.length < MAX_ENDS ? ends : ends.filter((_, n) => n % 2 === 0));
	}

	/** What concerns the next poll of a task of this model and age. */
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

	/** What tasks of this model that ended say of one of this age; nothing if none lived longer. */
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
