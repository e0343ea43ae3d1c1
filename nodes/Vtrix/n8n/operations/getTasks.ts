import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidParametersError } from '../../core/errors';
import { fetchTask } from '../../core/generate';
import type { RunContext } from '../../core/runContext';
import { isUnset } from '../../core/definition/parameters';
import { runBatch, type ItemOutcome } from '../batch';
import { Warnings } from '../warnings';
import { binaryStore } from '../binaryStore';
import { readOutputSettings, toItems } from '../output';
import { mostAtATime, readNodeOptions, toTaskOptions } from '../options';
import { readCollection } from '../input';
import { createRunContext } from '../createRunContext';
import { OBJECT_AS_TEXT } from '../expressions';

const SCOPE = { creates: false };

/** `task` → `get`: a task's state by its id, and its images when it is done. */
export async function getTasks(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { options } = readNodeOptions(readCollection(context, 0), SCOPE);
	const run = await createRunContext(context, options);
	const warnings = new Warnings();
	const result = await runBatch({
		context,
		// Nothing is created here, so there is no limit to find.
		concurrency: { allowed: mostAtATime(options), onChange: () => {} },
		progress: run.progress,
		work: async (itemIndex, release) => await getTask(context, itemIndex, run, release),
	});
	for (const text of result.warnings) warnings.add(text);
	warnings.show(context, context.getInputData().length);
	return result.items;
}

async function getTask(
	context: IExecuteFunctions,
	itemIndex: number,
	run: RunContext,
	release: () => void,
): Promise<ItemOutcome> {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), SCOPE);
	const taskId: unknown = context.getNodeParameter('taskId', itemIndex, '');
	if (isUnset(taskId)) {
		issues.push({
			label: 'Task ID',
			message: 'is empty. Enter the ID that an earlier generation returned.',
		});
	} else if (String(taskId).includes(OBJECT_AS_TEXT)) {
		issues.push({
			label: 'Task ID',
			value: taskId,
			message: 'is an object, not an ID. Choose its field with the ID, such as {{ $json.taskId }}.',
		});
	}
	if (issues.length > 0) throw new InvalidParametersError(issues);
	const id = String(taskId).trim();
	const outcome = await fetchTask(id, run, {
		options: toTaskOptions(options),
		imageStore: binaryStore(context, { ...options, modelId: 'vtrix' }),
		release,
	});
	const facts = {
		...readOutputSettings(context, itemIndex, options),
		model: outcome.task.model ?? null,
		prompt: null,
		parameters: {},
	};
	return {
		items: toItems(outcome, facts),
		problems: outcome.images.flatMap(({ problem }) => (problem ? [problem] : [])),
		taskId: id,
	};
}
