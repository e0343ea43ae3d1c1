/** Parallel tasks needed for the shared search; it saves a third of the polls of 60 s tasks. */
const MIN_SEARCHERS = 5;
/** Longest round of one poll a task at which an end still makes the others poll soon enough. */
const LONGEST_ROUND_MS = 1500;
/** Ends count as a common one if the last is at most this many times as late as the first. */
const ALIKE = 1.1;
/** Share of the tasks that were as old and have ended between two polls. */
const SHARE = 0.05;
/** Most ends kept for a model; then every other one is dropped, which changes the shares little. */
const MAX_ENDS = 200;

/** When tasks end, by those that have ended: ages in ms. */
export interface EndForecast {
	/** Age before which a task rarely ends: of n + 1 tasks each is equally likely the shortest. */
	fromMs: number;
	byMs: number;
}

/** What a run knows that concerns the next poll of a task. */
export interface KnownDurations {
	roundMs: number;
	hasQueue: boolean;
	/** 1 while the run is busy, less when only its last tasks are left. */
	crowding: number;
	searchesTogether: boolean;
	forecast: EndForecast | undefined;
}

/** What all runs with one key observe. */
export class ObservedTasks {
	watched = 0;
	private readonly ends = new Map<string | undefined, readonly number[]>();

	private static readonly known = new WeakMap<object, ObservedTasks>();

	static of(key: object): ObservedTasks {
		const observed = this.known.get(key) ?? new ObservedTasks();
		this.known.set(key, observed);
		return observed;
	}

	endsOf(model: string | undefined): readonly number[] {
		return this.ends.get(model) ?? [];
	}

	learn(model: string | undefined, ageMs: number): void {
		const ends = [...this.endsOf(model)];
		const later = ends.findIndex((end) => end > ageMs);
		ends.splice(later < 0 ? ends.length : later, 0, ageMs);
		this.ends.set(model, ends.length < MAX_ENDS ? ends : ends.filter((_, n) => n % 2 === 0));
	}
}

/** How often a run may poll. */
export interface Budget {
	readonly pollsPerSecond: number;
	readonly maxPollsPerSecond?: number;
}

/** How long tasks take, as observed so far, and how many are being polled: one run's view. */
export class TaskDurations {
	private watched = 0;
	private mostWatched = 0;

	constructor(
		private readonly budget: Budget,
		private readonly progress: { readonly itemsNotStarted: number },
		private readonly observed = new ObservedTasks(),
	) {}

	begin(): void {
		this.watched += 1;
		this.observed.watched += 1;
		this.mostWatched = Math.max(this.mostWatched, this.watched);
	}

	end(): void {
		this.watched -= 1;
		this.observed.watched -= 1;
	}

	learn(model: string | undefined, ageMs: number): void {
		this.observed.learn(model, ageMs);
	}

	knownOf(model: string | undefined, ageMs: number): KnownDurations {
		const { roundMs, watched } = this;
		return {
			roundMs,
			hasQueue: this.progress.itemsNotStarted > 0,
			crowding: watched / Math.max(1, this.mostWatched),
			searchesTogether:
				this.observed.watched >= MIN_SEARCHERS &&
				roundMs <= LONGEST_ROUND_MS &&
				this.observed.endsOf(model).length === 0,
			forecast: this.forecast(model, ageMs),
		};
	}

	/** Age in ms at which tasks of this model end, if all that ended did so at about the same one. */
	commonEndMs(model: string | undefined): number | undefined {
		const ends = this.observed.endsOf(model);
		const [first = 0] = ends;
		const last = ends.at(-1);
		const isAlike = last !== undefined && last <= first * ALIKE;
		return isAlike && this.roundMs <= LONGEST_ROUND_MS ? last : undefined;
	}

	private get roundMs(): number {
		const { pollsPerSecond, maxPollsPerSecond = Infinity } = this.budget;
		const { watched } = this.observed;
		return 1000 * Math.max(watched / pollsPerSecond, this.watched / maxPollsPerSecond);
	}

	/** The forecast for a task of this model and age; nothing if no ended task was older. */
	private forecast(model: string | undefined, ageMs: number): EndForecast | undefined {
		const ends = this.observed.endsOf(model);
		const [first = 0] = ends;
		const fromMs = Math.max(ageMs, (first * ends.length) / (ends.length + 1));
		const later = [fromMs, ...ends.filter((end) => end > fromMs)];
		if (later.length === 1) return undefined;
		const index = later.length * SHARE;
		const [before = 0, after = 0] = later.slice(Math.floor(index));
		return { fromMs, byMs: before + (index % 1) * (after - before) };
	}
}
