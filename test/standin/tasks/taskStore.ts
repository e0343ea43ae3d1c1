import type { TaskFault } from '../faults/schemas';
import type { Settings } from '../options';
import { digest, seededRandom } from '../random';
import type { ImagePlan } from '../validation/modelRules';
import { endsAtOnce, faultOf, isEndless } from './task';
import type { Task, TaskRecord } from './task';

const CAPTION_WORDS = 6;

export interface NewTask {
	model: string;
	params: Record<string, unknown>;
	plan: ImagePlan;
	faults: TaskFault[];
}

/** The tasks of this stand-in by id and by index; the oldest are forgotten beyond the limit. */
export class TaskStore {
	private readonly byIndex = new Map<number, Task>();
	private readonly byId = new Map<string, Task>();
	private created = 0;
	private resets = 0;

	constructor(private readonly settings: Settings) {}

	get records(): TaskRecord[] {
		return [...this.byIndex.values()].map(({ record }) => record);
	}

	/** Index that the next task will have. */
	get nextIndex(): number {
		return this.created;
	}

	create({ model, params, plan, faults }: NewTask): Task {
		const index = this.created++;
		const token = digest(this.settings.seed, 'task', this.resets, index);
		const prompt = typeof params.prompt === 'string' ? params.prompt : '';
		const createdAt = this.settings.now();
		const latencyMs = endsAtOnce(faults) ? 0 : this.latency(index);
		const count = Math.min(plan.count, this.settings.groupSize ?? Infinity);
		const task: Task = {
			record: {
				id: this.idFor(faults, token),
				index,
				model,
				paramsDigest: digest(model, JSON.stringify(params)),
				prompt: prompt.slice(0, 60),
				createdAt,
				...(isEndless(faults) ? {} : { finishedAt: createdAt + latencyMs }),
				polls: 0,
				images: Array.from({ length: count }, () => ({ downloads: 0 })),
			},
			plan,
			latencyMs,
			faults,
			token: token.slice(20, 32),
			scene: digest(prompt, JSON.stringify(params.seed ?? -1)).slice(0, 16),
			caption: prompt.split(/\s+/).slice(0, CAPTION_WORDS).join(' ').slice(0, 40),
		};
		this.byIndex.set(index, task);
		this.byId.set(task.record.id, task);
		this.forgetOldest();
		return task;
	}

	byTaskId(id: string): Task | undefined {
		return this.byId.get(id);
	}

	byTaskIndex(index: number): Task | undefined {
		return this.byIndex.get(index);
	}

	/** How many have not ended at this time, ms since 1970. */
	running(now: number): number {
		return this.records.filter(({ finishedAt = Infinity }) => finishedAt > now).length;
	}

	/** Forgets all tasks; indexes start from 0 again, ids do not come back. */
	reset(): void {
		this.byIndex.clear();
		this.byId.clear();
		this.created = 0;
		this.resets += 1;
	}

	private latency(index: number): number {
		const { latencyMs, seed } = this.settings;
		if (typeof latencyMs === 'number') return latencyMs;
		if (typeof latencyMs === 'function') return latencyMs(index);
		const [least, most] = latencyMs;
		return Math.round(least + (most - least) * seededRandom(seed, 'latency', index)());
	}

	private idFor(faults: readonly TaskFault[], token: string): string {
		const wanted = faultOf(faults, 'id')?.id;
		if (wanted === undefined) return token.slice(0, 20);
		return this.byId.has(wanted) ? `${wanted}-${this.created}` : wanted;
	}

	private forgetOldest(): void {
		if (this.byIndex.size <= this.settings.taskLimit) return;
		const oldest = this.byIndex.entries().next();
		if (oldest.done) return;
		const [index, task] = oldest.value;
		this.byIndex.delete(index);
		this.byId.delete(task.record.id);
	}
}
