import type { IExecuteFunctions } from 'n8n-workflow';
import { fetchTask } from '../../core/pipeline/generate';
import type { RunContext } from '../../core/pipeline/runContext';
import { InvalidParametersError } from '../../core/shared/errors';
import type { Issue } from '../../core/shared/issues';
import { binaryStore } from '../connection/binaryStore';
import { createRun } from '../connection/createRun';
import { SIMPLIFY, TASK_ID } from '../form/commonFields';
import { nodeOptionFields, optionsCollection, type NodeOptions } from '../form/options';
import { mostAtATime, readNodeOptions, toTaskOptions } from '../input/readOptions';
import { readCollection } from '../input/readParameters';
import { readTaskIds, type NamedTask } from '../input/taskIds';
import { readOutputSettings, toItems, type OutputSettings } from '../output/items';
import { IMAGE_FIELDS, TASK_FIELDS } from '../output/outputFields';
import { isTool } from '../output/toolAnswer';
import { Warnings } from '../output/warnings';
import { attempt, valueOf, type Attempt } from './attempt';
import { runBatch, type ItemOutcome } from './batch';
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
		const count = context.getInputData().length;
		const read = await Promise.all(
			Array.from(
				{ length: count },
				async (_, itemIndex) => await attempt(() => readItem(context, itemIndex)),
			),
		);
		const [first = readNodeOptions({}, SCOPE)] = read.flatMap((item) =>
			'value' in item ? [item.value] : [],
		);
		const run = createRun(context, first.options);
		const connect = async (item: Attempt<ItemInput>, itemIndex: number) => ({
			...(await valueOf(item)),
			run: await run.contextFor(itemIndex),
		});
		const items = await Promise.all(
			read.map(
				async (item, itemIndex) => await attempt(async () => await connect(item, itemIndex)),
			),
		);
		const requests = mergeSame(items.flatMap(requestsOf));
		const warnings = new Warnings();
		const result = await runBatch({
			context,
			// Nothing is created here, so there is no limit to find.
			concurrency: { allowed: mostAtATime(first.options), onChange: () => {} },
			progress: run.progress,
			groups: requests.map(({ itemIndexes }) => itemIndexes),
			work: async (index, release) => {
				const requested = requests[index];
				if (!requested) return NOTHING;
				const request = await valueOf(requested.request);
				return await getTask(context, request, requested.itemIndexes, release);
			},
		});
		for (const text of result.warnings) warnings.add(text);
		warnings.show(context, count);
		return result.items;
	},
};

const NOTHING: ItemOutcome = { items: [], problems: [], warnings: [] };

/** How an item wants its tasks delivered, and which ones it names. */
interface ItemInput {
	tasks: readonly NamedTask[];
	options: NodeOptions;
	output: OutputSettings;
	issues: Issue[];
}

/** A requested task, how it is to be delivered, and where it is. */
interface TaskRequest extends Omit<ItemInput, 'tasks'> {
	taskId: string;
	run: RunContext;
}

/** The same with the items that request it. */
interface Requested {
	request: Attempt<TaskRequest>;
	itemIndexes: number[];
}

/** @throws what an expression in a field throws */
function readItem(context: IExecuteFunctions, itemIndex: number): ItemInput {
	const read = readNodeOptions(readCollection(context, itemIndex), {
		...SCOPE,
		asTool: isTool(context),
	});
	return {
		...read,
		output: readOutputSettings(context, itemIndex, read.options),
		tasks: readTaskIds(context, itemIndex),
	};
}

/** The tasks that an item requests; a list of IDs, as a failed item carries it, requests each. */
function requestsOf(
	item: Attempt<ItemInput & { run: RunContext }>,
	itemIndex: number,
): Requested[] {
	if ('error' in item) return [{ request: item, itemIndexes: [itemIndex] }];
	const { tasks, issues, ...rest } = item.value;
	return tasks.map((task) => ({
		request: { value: { ...rest, taskId: task.taskId, issues: [...issues, ...task.issues] } },
		itemIndexes: [itemIndex],
	}));
}

/** Fetches each task once: the image items of a group all carry the same task ID. */
function mergeSame(requests: readonly Requested[]): Requested[] {
	const merged = new Map<unknown, Requested>();
	const clients: unknown[] = [];
	for (const { request, itemIndexes } of requests) {
		const key = 'value' in request ? keyOf(request.value, clients) : request;
		const known = merged.get(key)?.itemIndexes ?? [];
		merged.set(key, { request, itemIndexes: [...new Set([...known, ...itemIndexes])] });
	}
	return [...merged.values()];
}

/** What tells requests apart: of another account, a task with the same ID is another one. */
function keyOf({ taskId, options, output, issues, run }: TaskRequest, clients: unknown[]): string {
	if (!clients.includes(run.client)) clients.push(run.client);
	const { simplify } = output;
	return JSON.stringify([taskId, options, simplify, issues, clients.indexOf(run.client)]);
}

async function getTask(
	context: IExecuteFunctions,
	{ taskId, options, output, issues, run }: TaskRequest,
	itemIndexes: readonly number[],
	release: () => void,
): Promise<ItemOutcome> {
	if (issues.length > 0) throw new InvalidParametersError(issues);
	const outcome = await fetchTask(taskId, run, {
		options: toTaskOptions(options),
		imageStore: binaryStore(context, { ...options, modelId: 'vtrix' }),
		kind: 'file',
		release,
	});
	const itemsFor = (itemIndex: number) =>
		toItems(outcome, {
			...output,
			itemIndex,
			model: outcome.task.model ?? null,
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
		warnings: outcome.warnings,
		taskId,
	};
}
