/** So many tasks search well together. */
const TOGETHER = 5;
/** As long as all of them can be asked within this time, an end that one shows makes the others look, too. */
const LONGEST_ROUND_MS = 1500;
/** Ends are at about the same age when the last is at most so much later than the first. */
export const ALIKE = 1.1;
/** Tasks that end before are looked at often enough without the others. */
const SHORTEST_END_MS = 1500;
/** Spreads any number of tasks evenly: the golden ratio. */
const GOLDEN = 0.618;
/** Where earlier tasks tell when the next ones end, each look comes when so many more of them had. */
const SHARE = 0.05;
/** So many ends tell as much as more of them would. */
const MOST_ENDS = 200;

/** What one run knows of its tasks as a whole. */
export class Experience {
	private watched = 0;
	private most = 0;
	private begun = 0;
	/** Ages at which tasks ended, by model, in ascending order. */
	private readonly ends = new Map<string, number[]>();

	/**
	 * @param pollsPerSecond the run's budget
	 * @param queue the items that have not begun yet
	 */
	constructor(
		private readonly pollsPerSecond: number,
		private readonly queue: { readonly length: number } = [],
	) {}

	/** A task is watched from now on. Gives its place among all, from 0 to 1, evenly spread. */
	begin(): number {
		this.watched += 1;
		this.most = Math.max(this.most, this.watched);
		this.begun += 1;
		return (this.begun * GOLDEN) % 1;
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

	/** Whether further items wait for the end of a task that is watched. */
	get hasQueue(): boolean {
		return this.queue.length > 0;
	}

	/** 1 while the run is busy, less when it waits for its last tasks only. */
	get crowding(): number {
		return this.watched / Math.max(1, this.most);
	}

	/** Whether so many tasks search for the first end of this model that each can look less often. */
	searchesTogether(model: string): boolean {
		return this.watched >= TOGETHER && this.round <= LONGEST_ROUND_MS && !this.ends.has(model);
	}

	/** The age at which tasks of this model end, if all that ended did so at about the same one. */
	commonEnd(model: string): number | undefined {
		const ends = this.ends.get(model) ?? [];
		const [first = 0] = ends;
		const last = ends.at(-1);
		const isAlike = last !== undefined && last >= SHORTEST_END_MS && last <= first * ALIKE;
		return isAlike && this.round <= LONGEST_ROUND_MS ? last : undefined;
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
