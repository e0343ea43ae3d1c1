import { seededRandom } from '../random';
import { RuleList } from './ruleList';
import type { Conditions } from './ruleList';
import {
	answerFaultSchema,
	downloadFaultSchema,
	specFaultSchema,
	taskFaultSchema,
} from './schemas';
import type { AnswerFault, DownloadFault, Fault, FaultKind, SpecFault, TaskFault } from './schemas';

/** All programmed faults, by the place where they take effect. */
export class FaultBook {
	readonly answers: { create: RuleList<AnswerFault>; poll: RuleList<AnswerFault> };
	readonly tasks: { create: RuleList<TaskFault>; poll: RuleList<TaskFault> };
	readonly downloads: RuleList<DownloadFault>;
	readonly specs: RuleList<SpecFault>;

	constructor(seed: number | string) {
		const list = <F>(name: string) =>
			new RuleList<F>((rule) => seededRandom(seed, 'fault', name, rule));
		this.answers = { create: list('create answer'), poll: list('poll answer') };
		this.tasks = { create: list('create task'), poll: list('poll task') };
		this.downloads = list('download');
		this.specs = list('spec');
	}

	/** Throws if the fault is not one of that kind of request or is spelled wrong. */
	add(kind: FaultKind, fault: Fault, conditions: Conditions): void {
		if (kind === 'download') {
			this.downloads.add(downloadFaultSchema.parse(fault), conditions);
			return;
		}
		if (kind === 'spec') {
			this.specs.add(specFaultSchema.parse(fault), conditions);
			return;
		}
		const ofTask = taskFaultSchema.options.some((one) => one.shape.type.value === fault.type);
		if (ofTask) this.tasks[kind].add(taskFaultSchema.parse(fault), conditions);
		else this.answers[kind].add(answerFaultSchema.parse(fault), conditions);
	}

	clear(): void {
		const { answers, tasks, downloads, specs } = this;
		const { create, poll } = answers;
		for (const list of [create, poll, tasks.create, tasks.poll, downloads, specs]) list.clear();
	}
}
