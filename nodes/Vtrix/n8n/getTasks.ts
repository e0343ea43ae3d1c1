import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidParametersError } from '../core/errors';
import { fetchTask, type Run } from '../core/generate';
import { isUnset } from '../core/parameters';
import { runBatch, type ItemOutcome } from './batch';
import { Hints } from './hints';
import { binaryStore, toItems } from './items';
import { readNodeOptions } from './options';
import { readCollection } from './parameters';
import { openRun } from './run';

/** `task` → `get`: a task's state by its id, and its images when it is done. */
export async function getTasks(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { options } = readNodeOptions(readCollection(context, 0), 'get');
	const run = await openRun(context, options);
	const hints = new Hints();
	const result = await runBatch(
		context,
		options.maxConcurrency,
		run,
		async (itemIndex, release) => await getTask(context, itemIndex, run, release),
		(itemIndex) => ({ json: {}, pairedItem: { item: itemIndex } }),
	);
	for (const text of result.warnings) hints.add(text);
	hints.show(context, context.getInputData().length);
	return result.items;
}

async function getTask(
	context: IExecuteFunctions,
	itemIndex: number,
	run: Run,
	release: () => void,
): Promise<ItemOutcome> {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), 'get');
	const taskId: unknown = context.getNodeParameter('taskId', itemIndex, '');
	if (isUnset(taskId)) {
		issues.push({
			label: 'Task ID',
			message: 'is empty. Enter the ID that an earlier generation returned.',
		});
	}
	if (issues.length > 0) throw new InvalidParametersError(issues);
	const id = String(taskId).trim();
	const outcome = await fetchTask(id, run, options, binaryStore(context, 'vtrix'), release);
	const facts = {
		itemIndex,
		model: outcome.task.model ?? null,
		prompt: null,
		parameters: {},
		binaryPropertyName: options.binaryPropertyName,
		simplify: context.getNodeParameter('simplify', itemIndex, true) !== false,
	};
	return {
		items: toItems(outcome, facts),
		problems: outcome.results.flatMap(({ problem }) => (problem ? [problem] : [])),
		taskId: id,
	};
}
