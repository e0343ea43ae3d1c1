import { TASK_STATUS } from '../answers/conduct';
import { STATUS } from '../answers/taskShapes';
import type { BY_STATE, HEAD, IMAGE, USAGE, Values } from '../answers/taskShapes';
import { taskUnknown } from '../answers/refusals';
import type { TaskFault } from '../faults/schemas';
import { entryType } from '../media/mediaSamples';
import type { Settings } from '../options';
import { digest, seededRandom } from '../random';
import { imagePath } from './imageUrl';
import { endsAtOnce, faultOf, isEndless } from './task';
import type { Task } from './task';
import type { TaskPictures } from './taskPictures';

type Json = Record<string, unknown>;

/** An entry of the output; models that are not documented here make other things than images. */
type Entry = Omit<Partial<Values<typeof IMAGE>>, 'type'> & {
	type: ReturnType<typeof entryType>;
	error?: unknown;
};

export interface TaskAnswer {
	status: number;
	body: Json;
	/** Set when the answer tells that the task is over. */
	outcome?: 'completed' | 'failed';
	/** USD, of a completed task. */
	cost?: number;
}

/** Writes the gateway's answers about a task. */
export class TaskAnswers {
	constructor(
		private readonly settings: Settings,
		private readonly pictures: TaskPictures,
		private readonly cdnUrl: () => string,
	) {}

	/** Answer to the creation: in progress, unless a fault ends the task at once. */
	async created(task: Task): Promise<TaskAnswer> {
		const answer = endsAtOnce(task.faults)
			? await this.finished(task, task.faults)
			: { status: TASK_STATUS, body: this.head(task, task.faults, inProgressWord(task.faults)) };
		const named = faultOf(task.faults, 'idName');
		if (!named) return answer;
		const { id, ...rest } = answer.body;
		return { ...answer, body: { [named.name]: id, ...rest } };
	}

	/** Answer to a poll; `faults` colour this answer only. The poll is already counted. */
	async polled(task: Task, faults: readonly TaskFault[]): Promise<TaskAnswer> {
		const all = [...task.faults, ...faults];
		const hidden = faultOf(all, 'notFoundFirst');
		const isNameless = faultOf(all, 'idName')?.known === false;
		if (isNameless || (hidden && task.record.polls <= hidden.polls)) {
			return taskUnknown();
		}
		const elapsed = this.settings.now() - task.record.createdAt;
		if (!isEndless(all) && (endsAtOnce(faults) || elapsed >= task.latencyMs)) {
			return await this.finished(task, all);
		}
		const body = this.head(task, all, inProgressWord(all));
		const progress = this.progress(task, all, elapsed);
		return {
			status: faultOf(all, 'runningStatus')?.code ?? TASK_STATUS,
			body: progress === undefined ? body : { ...body, progress },
		};
	}

	private async finished(task: Task, faults: readonly TaskFault[]): Promise<TaskAnswer> {
		const failed = faultOf(faults, 'failed');
		if (failed) return this.failure(task, faults, failed);
		const wrong = faultOf(faults, 'completedWithError');
		if (wrong) {
			const body = { ...this.head(task, faults, 'COMPLETED'), error: wrong.error ?? failure(task) };
			return { status: TASK_STATUS, body, outcome: 'failed' };
		}
		const head = this.head(task, faults, faultOf(faults, 'doneWord')?.word ?? STATUS.completed);
		if (faultOf(faults, 'completedEmpty')) {
			return { status: TASK_STATUS, body: head, outcome: 'failed' };
		}
		const cost = this.cost(task);
		const usage = faultOf(faults, 'usage');
		const body = {
			...head,
			output: await this.output(task, faults),
			usage: usage ? usage.value : usageOf(task, cost, faults),
			metadata: {},
		};
		return { status: TASK_STATUS, body, outcome: 'completed', cost };
	}

	private failure(
		task: Task,
		faults: readonly TaskFault[],
		{
			error,
			withoutError,
			error_type,
			provider_error,
			logs,
		}: Extract<TaskFault, { type: 'failed' }>,
	): TaskAnswer {
		const given: Json = { error_type, provider_error, logs };
		const extras = Object.entries(given).filter(([, value]) => value !== undefined);
		const body = {
			...this.head(task, faults, STATUS.failed),
			...(withoutError ? {} : { error: error === undefined ? failure(task) : error }),
			...Object.fromEntries(extras),
		};
		return { status: TASK_STATUS, body, outcome: 'failed' };
	}

	private head(task: Task, faults: readonly TaskFault[], status: string): Values<typeof HEAD> {
		const { id, model, createdAt } = task.record;
		return {
			id,
			status: faultOf(faults, 'upperCase') ? status.toUpperCase() : status,
			model,
			created_at: Math.floor(createdAt / 1000),
			...faultOf(faults, 'moreFields')?.fields,
		};
	}

	private async output(task: Task, faults: readonly TaskFault[]): Promise<unknown> {
		const form = faultOf(faults, 'outputForm')?.form ?? task.plan.output;
		const content: unknown[] = [];
		// one after the other: at most one image at a time is drawn or held for its size
		for (const index of task.record.images.keys()) {
			content.push(await this.entry(task, index, faults));
		}
		if (form === 'object') return { content };
		return form === 'groups' ? content.map((entry) => ({ content: [entry] })) : [{ content }];
	}

	private async entry(task: Task, index: number, faults: readonly TaskFault[]): Promise<Entry> {
		const broken = faults.find((one) => one.type === 'entryError' && one.index === index);
		if (broken?.type === 'entryError') {
			const error = broken.error ?? { code: 'image_failed', message: 'this image was not made' };
			return { type: 'image', error };
		}
		const { entry, delivery } = task.plan;
		const type = task.plan.media ? entryType(task.plan.media) : 'image';
		if (delivery === 'b64_json') {
			const bytes = await this.pictures.bytes(task, index);
			return { type, b64_json: bytes.toString('base64') };
		}
		const other = faults.find((one) => one.type === 'outputUrl' && (one.index ?? index) === index);
		return {
			type,
			url:
				other?.type === 'outputUrl'
					? other.url
					: this.cdnUrl() + imagePath(task, index, this.settings.seed),
			...(entry.size ? { size: (await this.pictures.file(task, index)).length } : {}),
			...(entry.jobId ? { jobId: digest('job', task.token, index).slice(0, 16) } : {}),
		};
	}

	private progress(task: Task, faults: readonly TaskFault[], elapsed: number): unknown {
		const fault = faultOf(faults, 'progress');
		if (fault) return fault.value;
		const { progress: style, seed } = this.settings;
		if (style === false || faultOf(faults, 'neverEnds')) return undefined;
		const linear = Math.min(1, elapsed / Math.max(task.latencyMs, 1));
		if (style === true) return Math.round(linear * 1000) / 1000;
		const random = seededRandom(seed, 'progress', task.record.index, task.record.polls);
		if (random() < (style.omit ?? 0)) return undefined;
		const noisy = linear + (2 * random() - 1) * (style.noise ?? 0);
		const step = style.step ?? 0.001;
		// a step such as 0.1 would leave 0.30000000000000004
		const stepped = Number((Math.floor(noisy / step + 1e-9) * step).toFixed(6));
		return Math.min(1, Math.max(0, stepped));
	}

	private cost(task: Task): number {
		const each = this.settings.costPerImage ?? task.plan.costPerImage;
		return Math.round(each * task.record.images.length * 1e6) / 1e6;
	}
}

function inProgressWord(faults: readonly TaskFault[]): string {
	return faultOf(faults, 'statusWord')?.word ?? STATUS.running;
}

function failure(task: Task): Values<typeof BY_STATE.failed>['error'] {
	return { code: task.plan.failureCode, error_message: 'the generation failed' };
}

type Usage = { [Kind in keyof typeof USAGE]: Values<(typeof USAGE)[Kind]> }[keyof typeof USAGE];

function usageOf(
	task: Task,
	cost: number,
	faults: readonly TaskFault[],
): Usage | (Omit<Usage, 'cost'> & { cost: number }) {
	const usage = documentedUsage(task, cost);
	return faultOf(faults, 'numericCost') ? { ...usage, cost } : usage;
}

function documentedUsage(task: Task, cost: number): Usage {
	const usage = { cost: String(cost), discount: 0 };
	if (task.plan.usage === 'tokens') {
		const tokens = { input_tokens: 120, output_tokens: 4096, total_tokens: 4216 };
		return { ...usage, ...tokens, generated_images: task.record.images.length };
	}
	return task.plan.usage === 'webSearch' ? { ...usage, tool_usage: { web_search: 0 } } : usage;
}
