import 'reflect-metadata';
import './n8nCore';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	type IContextObject,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeType,
	type IRunExecutionData,
} from 'n8n-workflow';
import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data';
import { z } from 'zod';
import { additionalData } from './additionalData';
import type { TestCredential } from './credentials';
import { testWorkflow } from './testWorkflow';

/** A node as the tool of an agent, in one execution. */
export interface AgentTool {
	/** A call with the agent's words; gives the JSON of the items, as the agent reads them. */
	call(words: IDataObject): Promise<Array<Record<string, unknown>>>;
	/** The same for another item of the agent: n8n counts the runs of each from the same number. */
	ofAnotherItem(): AgentTool['call'];
	/** What the node keeps with the execution. */
	readonly nodeContext: IContextObject;
	/** What n8n stores of the execution. */
	readonly data: IRunExecutionData;
}

/** How the tool is set up. */
export interface ToolOptions {
	node: INodeType;
	parameters: INodeParameters;
	credentials: TestCredential[];
	/** The node's settings tab. */
	nodeOverrides?: Partial<INode>;
	/** An execution to go on from, as a retry of it does. */
	data?: IRunExecutionData;
	executionId?: string;
}

const answerSchema = z.array(z.record(z.unknown()));

/** Sets a node up as n8n does for agents that call their tools themselves (V1, V2, MCP trigger). */
export function agentTool(options: ToolOptions): AgentTool {
	const { node, parameters, credentials, nodeOverrides, executionId = 'execution-1' } = options;
	const references = Object.fromEntries(
		credentials.map(({ type: { name } }) => [name, { id: `id of ${name}`, name }]),
	);
	const { workflow, base } = testWorkflow({
		name: 'Vtrix',
		type: node,
		parameters,
		overrides: { credentials: references, ...nodeOverrides },
	});
	const data =
		options.data ?? createRunExecutionData({ executionData: { nodeExecutionStack: [] } });
	const server = additionalData(
		{ mode: 'manual', executionId, workflowData: base, retryOf: undefined },
		credentials,
	);
	const tool = workflow.getNode('Vtrix');
	if (!tool) throw new Error('The test workflow has no such node');
	const contextFor = (runIndex: number) =>
		new SupplyDataContext(
			workflow,
			tool,
			server,
			'manual',
			data,
			runIndex,
			[],
			{},
			NodeConnectionTypes.AiTool,
			{ node: tool, data: { main: [[{ json: {} }]] }, source: null },
			[],
			undefined,
			tool,
		);
	const handler = (): AgentTool['call'] => {
		const handle = makeHandleToolInvocation(contextFor, tool, node, data);
		return async (words) => {
			const answer = await handle(words);
			return answerSchema.parse(JSON.parse(answer));
		};
	};
	return {
		call: handler(),
		ofAnotherItem: handler,
		data,
		get nodeContext() {
			return data.executionData?.contextData['node:Vtrix'] ?? {};
		},
	};
}
