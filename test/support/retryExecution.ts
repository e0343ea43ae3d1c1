/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { parse, stringify } from 'flatted';
import type { IRunExecutionData } from 'n8n-workflow';
import { execute, workflowOf, type NodeRun, type RunOptions } from './runNode';

/** What may differ on the second try. */
export interface RetryChanges extends Partial<RunOptions> {
	/**
	 * `original` (n8n's "Retry with original workflow") keeps the node's parameters and settings as
	 * they were; `saved` takes those of the changes. `original` unless told.
	 */
	workflow?: 'original' | 'saved';
}

/**
 * Retry from the executions list, as n8n's server does it: a new execution goes on from the failed
 * one's stored data, at the node that failed.
 *
 * @throws when the earlier execution succeeded: n8n refuses that too; or when it was stopped: what
 * n8n saves of it is a race between its writers, and only a real n8n can show the outcome.
 */
export async function retryExecution(
	earlier: NodeRun,
	{ workflow: which = 'original', ...changes }: RetryChanges = {},
): Promise<NodeRun> {
	if (earlier.run.finished) throw new Error('The execution succeeded, so it cannot be retried');
	if (earlier.status === 'canceled') throw new Error('What n8n saves at Stop is not known here');
	const options: RunOptions = {
		...earlier.options,
		executionId: 'execution-2',
		// a Stop belongs to one execution
		cancelAfterMs: undefined,
		cancelWhen: undefined,
		...changes,
	};
	// n8n keeps executions as flatted text: classes, functions and undefined don't survive
	const data: IRunExecutionData = parse(stringify(earlier.run.data));
	const { resultData, executionData } = data;
	delete resultData.error;
	const tasks = resultData.runData[resultData.lastNodeExecuted ?? ''] ?? [];
	if (tasks.at(-1)?.error !== undefined) tasks.pop();

	const workflow = workflowOf(
		which === 'saved' ? options : { ...earlier.options, node: options.node },
	);
	for (const entry of executionData?.nodeExecutionStack ?? []) {
		const saved = workflow.workflow.getNode(entry.node.name);
		if (which === 'saved' && saved) entry.node = saved;
	}
	return await execute(
		{
			workflow,
			data,
			mode: 'retry',
			executionId: options.executionId ?? 'execution-2',
			retryOf: earlier.options.executionId ?? 'execution-1',
		},
		options,
	);
}
