import type { IExecuteFunctions } from 'n8n-workflow';
import { fetchTask } from '../../core/pipeline/generate';
import type { RunContext } from '../../core/pipeline/runContext';
import { InvalidParametersError } from '../../core/shared/errors';
import { binaryStore } from '../connection/binaryStore';
import { createRun } from '../connection/createRun';
import { SIMPLIFY, TASK_ID } from '../form/commonFields';
import { nodeOptionFields, optionsCollection } from '../form/options';
import { mostAtATime, readNodeOptions, toTaskOptions } from '../input/readOptions';
import { readTaskIds, type NamedTask } from '../input/taskIds';
import { toItems } from '../output/items';
import { IMAGE_FIELDS, TASK_FIELDS } from '../output/outputFields';
import { Warnings } from '../output/warnings';
import { runBatch, type ItemOutcome } from './batch';
import { readSettings, type ItemSettings } from './itemInput';
import { TASK, type Operation } from './operation';

const SCOPE = { creates: false };

/** From task IDs to the tasks' state, and their images when they are done. */
export const getTasks: Operation = {
	resource: TASK,
	value: 'get',
	name: 'Get',
	action: 'Get task',
	description: 'Get a task by its ID: how far it is, and its images once it is done',
	subtitle: '"Get task"',
	fields: [TASK_ID, SIMPLIFY, optionsCollection(nodeOptionFields(SCOPE))],
	output: { ...TASK_FIELDS, ...IMAGE_FIELDS },
	async run(context) {
		const { length } = context.getInputData();
		// An error in one of them waits for that item's turn.
		const inputs = Array.from({ length }, async (_, itemIndex) => readItem(context, itemIndex));
		const settled = await Promise.allSettled(inputs);
		const first =
			settled.find((input) => input.status === 'fulfilled')?.value ?? readNodeOptions({}, SCOPE);
		const run = createRun(context, first.options);
		const groups = mergeSame(
			await Promise.allSettled(
				inputs.map(async (input, itemIndex) => ({
					...(await input),
					run: await run.forItem(itemIndex),
				})),
			),
		);
		const warnings = new Warnings();
		const { items } = await runBatch({
			context,
			// Nothing is created here, so there is no limit to find.
			concurrency: { allowed: mostAtATime(first.options), onChange: () => {} },
			progress: run.progress,
			groups,
			warnings,
			work: async (group, release) => await getTask(context, group, warnings, release),
		});
		warnings.show(context, length);
		return items;
	},
};

/** How an item wants its tasks delivered, and which ones it names. */
interface ItemInput extends ItemSettings {
	tasks: readonly NamedTask[];
}

/** A requested task, how it is to be delivered, and where it is. */
interface TaskRequest extends ItemSettings {
	taskId: string;
	run: RunContext;
}

/** The items that request the same, or the one whose request could not be read. */
type Requested = { itemIndexes: number[] } & ({ request: TaskRequest } | { error: unknown });

/** @throws what an expression in a field throws */
const readItem = (context: IExecuteFunctions, itemIndex: number): ItemInput => ({
	...readSettings(context, itemIndex, SCOPE),
	tasks: readTaskIds(context, itemIndex),
});

/**
 * The tasks to fetch, each once: the image items of a group all carry the same task ID, and an item
 * may carry several, as a failed one does.
 */
function mergeSame(
	items: ReadonlyArray<PromiseSettledResult<ItemInput & { run: RunContext }>>,
): Requested[] {
	const merged = new Map<unknown, Requested>();
	const clients = new Set<unknown>();
	for (const [itemIndex, item] of items.entries()) {
		if (item.status === 'rejected') {
			merged.set(item, { error: item.reason, itemIndexes: [itemIndex] });
			continue;
		}
		const { tasks, ...settings } = item.value;
		for (const { taskId, issues } of tasks) {
			const request = { ...settings, taskId, issues: [...settings.issues, ...issues] };
			const { options, output, run } = request;
			// Of another account, a task with the same ID is another one.
			const account = [...clients.add(run.client)].indexOf(run.client);
			const key = JSON.stringify([taskId, options, output.simplify, request.issues, account]);
			const known = merged.get(key)?.itemIndexes ?? [];
			merged.set(key, { request, itemIndexes: [...new Set([...known, itemIndex])] });
		}
	}
	return [...merged.values()];
}

async function getTask(
	context: IExecuteFunctions,
	group: Requested,
	warnings: Warnings,
	release: () => void,
): Promise<ItemOutcome> {
	if ('error' in group) return await Promise.reject(group.error);
	const { itemIndexes } = group;
	const { taskId, options, output, issues, run } = group.request;
	if (issues.length > 0) throw new InvalidParametersError(issues);
	const outcome = await fetchTask(taskId, run, {
		options: toTaskOptions(options),
		imageStore: binaryStore(context, { ...options, modelId: 'vtrix' }),
		kind: 'file',
		release,
	});
	for (const text of outcome.warnings) warnings.add(text);
	const itemsFor = (itemIndex: number) =>
		toItems(outcome, {
			...output,
			itemIndex,
			model: null,
			prompt: null,
			parameters: {},
		});
	const [first = 0] = itemIndexes;
	// The state of a task comes out for each item that requests it, its images once for all of them.
	const items =
		outcome.task.state === 'running' || itemIndexes.length === 1
			? itemIndexes.flatMap(itemsFor)
			: itemsFor(first).map((item) => ({
					...item,
					pairedItem: itemIndexes.map((index) => ({ item: index })),
				}));
	return {
		items,
		problems: outcome.images.flatMap(({ problem }) => (problem ? [problem] : [])),
		taskId,
	};
}
