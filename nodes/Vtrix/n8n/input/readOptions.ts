import { isUnset, readValue } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import type { TaskOptions } from '../../core/pipeline/runContext';
import { checkEvaluated } from './expressionChecks';
import {
	defaultOf,
	OPTIONS,
	type AnyOption,
	type NodeOptions,
	type OptionScope,
} from '../form/options';

/** Reads the node's own options from the collection; one that is rejected counts as not set. */
export function readNodeOptions(
	collection: Readonly<Record<string, unknown>>,
	scope: OptionScope,
): { options: NodeOptions; issues: Issue[] } {
	const issues: Issue[] = [];
	const read = (name: string, option: AnyOption): boolean | number | string => {
		const value = collection[name];
		if (isUnset(value)) return defaultOf(option, scope);
		const checked = readValue(option.parameter, value);
		issues.push(...checkEvaluated(option.parameter, value), ...checked.issues);
		return checked.issues.length > 0 ? defaultOf(option, scope) : option.value.parse(checked.value);
	};
	const values = Object.fromEntries(
		Object.entries<AnyOption>(OPTIONS).map(([name, option]) => [name, read(name, option)]),
	);
	// Each value has passed its option's schema; only the types by name get lost in Object.fromEntries.
	const options = values as unknown as NodeOptions;
	const { binaryPropertyName, combineImages, spendingLimit, waitForCompletion } = options;
	if (combineImages && binaryPropertyName.includes(',')) {
		issues.push({
			label: OPTIONS.binaryPropertyName.parameter.displayName,
			value: binaryPropertyName,
			message: `contains a comma, which separates the names of several files. Choose a name without, or turn '${OPTIONS.combineImages.parameter.displayName}' off.`,
		});
	}
	if (spendingLimit > 0 && !waitForCompletion) {
		issues.push({
			label: OPTIONS.spendingLimit.parameter.displayName,
			value: spendingLimit,
			message:
				"cannot be kept without 'Wait for Completion', as a task's cost is known at its end. Turn that on, or set the limit to 0.",
		});
	}
	return { options, issues };
}

/** How many items may be worked on at the same time at most. */
export const mostAtATime = ({ maxConcurrency }: Pick<NodeOptions, 'maxConcurrency'>): number =>
	maxConcurrency || Infinity;

/** How a task is watched and delivered, in the core's units. */
export const toTaskOptions = (options: NodeOptions): TaskOptions => ({
	wait: options.waitForCompletion,
	timeoutMs: options.timeout * 1000,
	...(options.pollInterval > 0 && { intervalMs: options.pollInterval * 1000 }),
	downloadImages: options.downloadImages,
	maxBytes: options.maxFileSize * 1_000_000,
});
