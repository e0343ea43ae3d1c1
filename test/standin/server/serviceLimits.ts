import type { Settings } from '../options';
import type { TaskStore } from '../tasks/taskStore';
import { RateLimit } from './rateLimit';

/** Tells which creations and polls go beyond the limits that are set. */
export class ServiceLimits {
	private creations = new RateLimit();
	private polls = new RateLimit();

	constructor(
		private readonly settings: Settings,
		private readonly tasks: TaskStore,
	) {}

	/** Whether a creation is taken; it counts then. */
	takesCreation(): boolean {
		const { limits = {}, now } = this.settings;
		const { concurrentTasks = Infinity, creationsPerSecond = Infinity, counting } = limits;
		if (concurrentTasks < Infinity && this.tasks.running(now()) >= concurrentTasks) return false;
		return this.creations.take(now(), creationsPerSecond, counting);
	}

	/** Whether a poll is taken; it counts then. */
	takesPoll(): boolean {
		const { limits = {}, now } = this.settings;
		return this.polls.take(now(), limits.pollsPerSecond ?? Infinity, limits.counting);
	}

	/** Forgets what was counted. */
	reset(): void {
		this.creations = new RateLimit();
		this.polls = new RateLimit();
	}
}
