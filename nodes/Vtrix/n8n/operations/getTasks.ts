import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidParametersError } from '../../core/shared/errors';
import { fetchTask } from '../../core/pipeline/generate';
import type { Issue } from '../../core/shared/issues';
import type { RunContext } from '../../core/pipeline/runContext';
import { runBatch, type ItemOutcome } from './batch';
import { Warnings } from '../output/warnings';
import { binaryStore } from '../connection/binaryStore';
import { readOutputSettings, toItems } from '../output/items';
import type { NodeOptions } from '../form/options';
import { mostAtATime, readNodeOptions, toTaskOptions } from '../input/readOptions';
import { readCollection } from '../input/readParameters';
import { createRunContext } from '../connection/createRunContext';
import type { FieldEntry } from '../input/fieldEntries';
import { readTaskIds } from '../input/taskIdEntries';

const SCOPE = { creates: false };

/** A requested task, how it is to be delivered, and the items that request it. */
interface Question {
	taskId: string;
	options: NodeOptions;
	simplify: boolean;
	issues: Issue[];
	itemIndexes: number[];
}

/** `task` → `get`: a task's state by its id, and its images when it is done. */
export async function getTasks(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { options } = readNodeOptions(readCollection(context, 0), SCOPE);
	const run = await createRunContext(context, options);
	const questions = mergeSame(
		context.getInputData().flatMap((_, itemIndex) => readQuestions(context, itemIndex)),
	);
	const warnings = new Warnings();
	const result = await runBatch({
		context,
		// Nothing is created here, so there is no limit to find.
		concurrency: { allowed: mostAtATime(options), onChange: () => {} },
		progress: run.progress,
		groups: questions.map(({ itemIndexes }) => itemIndexes),
		work: async (index, release) => {
			const question = questions[index];
			return question ? await getTask(context, question, run, release) : NOTHING;
		},
	});
	for (const text of result.warnings) warnings.add(text);
	warnings.show(context, context.getInputData().length);
	return result.items;
}

const NOTHING: ItemOutcome = { items: [], problems: [], warnings: [] };

/** The tasks that an item requests; a list of IDs, as a failed item carries it, requests each. */
function readQuestions(context: IExecuteFunctions, itemIndex: number): Question[] {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), SCOPE);
	const simplify = context.getNodeParameter('simplify', itemIndex, true) !== false;
	const entries = readTaskIds(context.getNodeParameter('taskId', itemIndex, null));
	return (entries.length > 0 ? entries : [NO_ID]).map((entry) => ({
		taskId: entry.kind === 'named' ? entry.named : '',
		options,
		simplify,
		issues: [...issues, ...issuesOf(entry)],
		itemIndexes: [itemIndex],
	}));
}

const NO_ID: FieldEntry<string> = { kind: 'none' };

function issuesOf(entry: FieldEntry<string>): Issue[] {
	const label = 'Task ID';
	switch (entry.kind) {
		case 'named':
			return [];
		case 'wrong':
			return [{ label, value: entry.value, message: entry.message }];
		default:
			return [{ label, message: 'is empty. Enter the ID that an earlier generation returned.' }];
	}
}

/** Fetches each task once: the image items of a group all carry the same task ID. */
function mergeSame(questions: readonly Question[]): Question[] {
	const merged = new Map<string, Question>();
	for (const { itemIndexes, ...question } of questions) {
		const key = JSON.stringify(question);
		const known = merged.get(key)?.itemIndexes ?? [];
		merged.set(key, { ...question, itemIndexes: [...new Set([...known, ...itemIndexes])] });
	}
	return [...merged.values()];
}

async function getTask(
	context: IExecuteFunctions,
	{ taskId, options, issues, itemIndexes }: Question,
	run: RunContext,
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
			...readOutputSettings(context, itemIndex, options),
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
