import type { TaskDurations } from './taskDurations';
import { decideNextPoll, FINEST, longestMs, SHORTEST_MS, type NextPoll } from './pollRules';

const JITTER = 0.06;
/** If the first poll finds a task ended, it ended at this share of its age, on average. */
const UNSEEN_END = 0.7;

/** What a schedule decides by; with `intervalMs` polls have that distance. */
export interface PollScheduleParts {
	durations: TaskDurations;
	/** The model's id, if known: tasks of one model take about the same time. */
	model: string | undefined;
	random: () => number;
	intervalMs?: number | undefined;
}

/** Decides when to poll one task again, and informs the run when it ended. */
export class PollSchedule {
	private livedMs = 0;
	private progress?: number;
	private waitedUntilMs = 0;
	private forecastEndMs = 0;

	constructor(private readonly parts: PollScheduleParts) {
		parts.durations.begin();
	}

	close(): void {
		this.parts.durations.end();
	}

	learn(ageMs: number): void {
		const { durations, model } = this.parts;
		durations.learn(model, this.livedMs > 0 ? (this.livedMs + ageMs) / 2 : ageMs * UNSEEN_END);
	}

	/** @param progress 0 to 1, if the API reported it */
	next(ageMs: number, progress?: number): NextPoll {
		const { durations, model, random, intervalMs } = this.parts;
		const isNews = this.noteProgress(ageMs, progress);
		const isForecast = isNews || this.forecastEndMs > ageMs;
		const known = durations.knownOf(model, ageMs);
		const next = decideNextPoll({
			ageMs,
			intervalMs,
			forecastEndMs: isForecast ? this.forecastEndMs : undefined,
			durations: known,
		});
		this.livedMs = isForecast ? ageMs : (known.forecast?.fromMs ?? ageMs);
		if (intervalMs !== undefined) return next;
		const shortest = Math.max(SHORTEST_MS, ageMs * FINEST);
		const bounded = Math.min(longestMs(ageMs), Math.max(shortest, next.delayMs));
		const delayMs = bounded * (1 + JITTER * (random() - 0.5));
		if (isForecast) return { ...next, delayMs };
		const knownEnd = durations.commonEndMs(model);
		const shouldWake = (age: number) => {
			const end = durations.commonEndMs(model);
			return end !== undefined && end !== knownEnd && end <= age;
		};
		return { ...next, delayMs, shouldWake };
	}

	/** Whether the progress has changed: an unchanged value adds nothing. */
	private noteProgress(ageMs: number, progress: number | undefined): boolean {
		if (progress === 0) this.waitedUntilMs = ageMs;
		if (progress === undefined || !(progress > 0) || progress === this.progress) return false;
		this.progress = progress;
		const workedMs = ageMs - this.waitedUntilMs;
		this.forecastEndMs = this.waitedUntilMs + workedMs / Math.min(1, progress);
		return true;
	}
}
