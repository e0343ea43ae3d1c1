import type { FaultConditions, FaultMatch } from './schemas';

/** What is known of a request when it is decided whether a fault meets it. */
export interface FaultInfo {
	/** 1 for the first request of the kind since start or reset. */
	occurrence: number;
	model?: string;
	taskId?: string;
	taskIndex?: number;
	imageIndex?: number;
	/** 1 for the first poll of a task. */
	poll?: number;
	/** 1 for the first request for an image. */
	download?: number;
	/** Parameters of a creation, image data shortened to size and hash. */
	params?: Record<string, unknown>;
}

export type Conditions = Omit<FaultConditions, 'match'> & {
	match?: FaultMatch | ((info: FaultInfo) => boolean);
};

interface Rule<F> {
	fault: F;
	left: number;
	applies: (info: FaultInfo) => boolean;
	chance: () => boolean;
}

/** Programmed faults of one sort, in the order in which they were given. */
export class RuleList<F> {
	private rules: Array<Rule<F>> = [];

	constructor(private readonly random: (rule: number) => () => number) {}

	add(fault: F, { times, probability, match }: Conditions): void {
		const random = this.random(this.rules.length);
		this.rules.push({
			fault,
			left: times ?? Infinity,
			applies: typeof match === 'function' ? match : (info) => matches(match ?? {}, info),
			chance: probability === undefined ? () => true : () => random() < probability,
		});
	}

	/** The first fault, of those that `wanted` lets pass, that meets this request; it counts as used. */
	first(info: FaultInfo, wanted: (fault: F) => boolean = () => true): F | undefined {
		const rule = this.rules.find((one) => wanted(one.fault) && meets(one, info));
		if (rule !== undefined) rule.left -= 1;
		return rule?.fault;
	}

	/** Every fault that meets this request; they count as used. */
	all(info: FaultInfo): F[] {
		const met = this.rules.filter((rule) => meets(rule, info));
		for (const rule of met) rule.left -= 1;
		return met.map(({ fault }) => fault);
	}

	clear(): void {
		this.rules = [];
	}
}

function meets<F>(rule: Rule<F>, info: FaultInfo): boolean {
	return rule.left > 0 && rule.applies(info) && rule.chance();
}

function matches(match: FaultMatch, info: FaultInfo): boolean {
	const fits = <T>(wanted: T | T[] | undefined, value: T | undefined) =>
		wanted === undefined ||
		(value !== undefined && (Array.isArray(wanted) ? wanted.includes(value) : wanted === value));
	return (
		fits(match.model, info.model) &&
		fits(match.taskId, info.taskId) &&
		fits(match.taskIndex, info.taskIndex) &&
		fits(match.imageIndex, info.imageIndex) &&
		fits(match.poll, info.poll) &&
		fits(match.download, info.download) &&
		fits(match.occurrence, info.occurrence)
	);
}
