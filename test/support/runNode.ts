import {
	createRunExecutionData,
	type ExecutionError,
	type ExecutionStatus,
	type IContextObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRun,
	type IRunExecutionData,
	type ITaskData,
	type IWorkflowSettings,
	type NodeExecutionHint,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalData } from './additionalData';
import { watchForCancel, type CancelPlan } from './cancelling';
import type { TestCredential } from './credentials';
import { WorkflowExecute } from './n8nCore';
import { captureLogs, type LogLine } from './recordingLogger';
import { START, testWorkflow, type TestNode, type TestWorkflow } from './testWorkflow';

/** What to run, and how. */
export interface RunOptions extends CancelPlan {
	node: INodeType;
	/** As the editor saves them; expressions (`={{ $json.x }}`) included. */
	parameters?: INodeParameters;
	/** Items that reach the node; one empty item unless told. */
	items?: INodeExecutionData[];
	credentials?: TestCredential[];
	/** The node's settings tab: `onError`, `retryOnFail`, `maxTries`, `waitBetweenTries`, ... */
	nodeOverrides?: Partial<INode>;
	/** Puts the node into a loop that feeds it so many items a round. */
	batchSize?: number;
	/** Other nodes of the same workflow. They may use the same node type. */
	extraNodes?: TestNode[];
	/** Where the node under test gets its input from, if not from the start. */
	after?: TestNode['after'];
	/** Name of the node under test: `Vtrix` unless told. */
	name?: string;
	settings?: IWorkflowSettings & { id?: string };
	executionId?: string;
	/** `manual` unless told. */
	mode?: WorkflowExecuteMode;
}

/** What came of it. */
export interface NodeRun {
	/**
	 * As the executions list shows it: a stopped run is `canceled` even if the node threw because of
	 * it, since n8n's server lets no later status replace that one. `run.status` is the engine's own
	 * last word, `error` in such a case.
	 */
	status: ExecutionStatus;
	/** By output (0 success, 1 error branch), of the node's last round. */
	items: INodeExecutionData[][];
	/** Each round of the node, more than one in a loop. */
	rounds: INodeExecutionData[][][];
	/** What the execution, or else the node, failed with; as n8n stores it, no longer a class. */
	error: ExecutionError | undefined;
	/** Of the node's last round. */
	hints: NodeExecutionHint[];
	/** What was logged with `this.logger` while it ran. */
	logs: LogLine[];
	/** n8n's own lines, by `LoggerProxy`. */
	engineLogs: LogLine[];
	/** The node's context: what it keeps by `getContext('node')`. */
	nodeContext: IContextObject;
	/** n8n's whole record of the execution. */
	run: IRun;
	/** From start to end. */
	durationMs: number;
	/** From Stop to the end, if it was stopped. */
	stoppedAfterMs: number | undefined;
	/** Output items of any node of the workflow, last round, by output. */
	itemsOf(nodeName: string): INodeExecutionData[][];
	/** What it was run with. */
	options: RunOptions;
}

/** An execution about to start. */
export interface Execution {
	workflow: TestWorkflow;
	data: IRunExecutionData;
	mode: WorkflowExecuteMode;
	executionId: string;
	retryOf?: string;
}

/** Name of the node under test. */
export const nameOf = ({ name = 'Vtrix' }: RunOptions) => name;

/** The workflow that `runNode` makes of its options. */
export function workflowOf(options: RunOptions): TestWorkflow {
	const { node, parameters, credentials = [], nodeOverrides, extraNodes, settings } = options;
	const references = Object.fromEntries(
		credentials.map(({ type: { name } }) => [name, { id: `id of ${name}`, name }]),
	);
	const underTest: TestNode = {
		name: nameOf(options),
		type: node,
		parameters,
		overrides: { credentials: references, ...nodeOverrides },
		after: options.after ?? [{ node: START }],
	};
	const others = extraNodes?.map((extra) => ({
		...extra,
		overrides: { credentials: references, ...extra.overrides },
	}));
	return testWorkflow(underTest, others, settings, options.batchSize);
}

/** Runs a prepared execution to its end by n8n's engine. */
export async function execute(execution: Execution, options: RunOptions): Promise<NodeRun> {
	const { workflow, data, mode, executionId, retryOf } = execution;
	const server = additionalData(
		{ mode, executionId, retryOf, workflowData: workflow.base },
		options.credentials ?? [],
	);
	let canceled = false;
	server.hooks?.addHandler('workflowExecuteAfter', ({ status }) => {
		canceled ||= status === 'canceled';
	});
	const startedAt = performance.now();
	let stoppedAt: number | undefined;
	const { result: run, logs } = await captureLogs(async () => {
		const running = new WorkflowExecute(server, mode, data).processRunExecutionData(
			workflow.workflow,
		);
		const endWatch = watchForCancel(options, () => {
			stoppedAt ??= performance.now();
			running.cancel();
		});
		try {
			return await running;
		} finally {
			endWatch();
		}
	});
	const endedAt = performance.now();
	const { resultData, executionData } = run.data;
	const tasksOf = (name: string): ITaskData[] => resultData.runData[name] ?? [];
	const outputsOf = (task?: ITaskData) => (task?.data?.main ?? []).map((items) => items ?? []);
	const name = nameOf(options);
	const last = tasksOf(name).at(-1);
	return {
		status: canceled ? 'canceled' : run.status,
		items: outputsOf(last),
		rounds: tasksOf(name).map(outputsOf),
		error: resultData.error ?? last?.error,
		hints: last?.hints ?? [],
		logs: logs.filter(({ via }) => via === 'logger'),
		engineLogs: logs.filter(({ via }) => via === 'proxy'),
		nodeContext: executionData?.contextData[`node:${name}`] ?? {},
		run,
		durationMs: endedAt - startedAt,
		stoppedAfterMs: stoppedAt === undefined ? undefined : endedAt - stoppedAt,
		itemsOf: (nodeName) => outputsOf(tasksOf(nodeName).at(-1)),
		options,
	};
}

/**
 * Runs a node exactly as n8n does: in a workflow, after a trigger, by n8n's own engine.
 *
 * @throws n8n's WorkflowHasIssuesError when a required parameter is missing: n8n does not even
 * start such a workflow.
 */
export async function runNode(options: RunOptions): Promise<NodeRun> {
	const { items = [{ json: {} }], executionId = 'execution-1', mode = 'manual' } = options;
	const workflow = workflowOf(options);
	const start = workflow.workflow.nodes[START];
	if (!start) throw new Error('The test workflow has no start');
	const data = createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }] },
	});
	return await execute({ workflow, data, mode, executionId }, options);
}
