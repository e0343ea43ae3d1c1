import {
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type IConnections,
	type INode,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWorkflowBase,
	type IWorkflowSettings,
} from 'n8n-workflow';
import { loop, trigger } from './builtInNodes';

/** A node of the test's workflow. */
export interface TestNode {
	name: string;
	type: INodeType;
	parameters?: INodeParameters;
	/** What the node's settings tab holds (`onError`, `retryOnFail`, ...), and credentials. */
	overrides?: Partial<INode>;
	/** Where its input comes from: an output of another node, 0 unless told. */
	after?: Array<{ node: string; output?: number }>;
}

/** A workflow twice: as n8n's server has it and as its engine does. */
export interface TestWorkflow {
	base: IWorkflowBase;
	workflow: Workflow;
}

/** Name of the node that starts every test workflow. */
export const START = 'Start';
const LOOP = 'Loop';

const typeName = (type: INodeType) => `test.${type.description.name}`;

function nodeOf({ name, type, parameters = {}, overrides }: TestNode, index: number): INode {
	const { version, defaultVersion } = type.description;
	return {
		id: `node-${index}`,
		name,
		type: typeName(type),
		typeVersion: defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version),
		position: [index * 200, 0],
		parameters: structuredClone(parameters),
		...overrides,
	};
}

function connectionsOf(nodes: TestNode[]): IConnections {
	const connections: IConnections = {};
	for (const { name, after = [] } of nodes) {
		for (const { node, output = 0 } of after) {
			const outputs = ((connections[node] ??= {}).main ??= []);
			while (outputs.length <= output) outputs.push([]);
			(outputs[output] ??= []).push({ node: name, type: NodeConnectionTypes.Main, index: 0 });
		}
	}
	return connections;
}

function nodeTypesOf(nodes: TestNode[]): INodeTypes {
	const types = new Map(nodes.map(({ type }) => [typeName(type), type]));
	const find = (name: string) => {
		const type = types.get(name);
		if (!type) throw new Error(`The test workflow has no node type '${name}'`);
		return type;
	};
	return {
		getByName: find,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(find(name), version),
		getKnownTypes: () => ({}),
	};
}

/**
 * Start → (Loop →) the node under test, and what the test adds.
 *
 * @param batchSize puts the node into a loop that feeds it so many items a round.
 */
export function testWorkflow(
	node: TestNode,
	extraNodes: TestNode[] = [],
	settings: IWorkflowSettings & { id?: string } = {},
	batchSize?: number,
): TestWorkflow {
	const { id = 'workflow-1', ...workflowSettings } = settings;
	const looped: TestNode[] =
		batchSize === undefined
			? [{ after: [{ node: START }], ...node }]
			: [
					{
						name: LOOP,
						type: loop,
						parameters: { batchSize },
						after: [{ node: START }, { node: node.name }],
					},
					{ ...node, after: [{ node: LOOP, output: 1 }] },
				];
	const all: TestNode[] = [{ name: START, type: trigger }, ...looped, ...extraNodes];
	const base: IWorkflowBase = {
		id,
		name: 'Test workflow',
		active: false,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
		nodes: all.map(nodeOf),
		connections: connectionsOf(all),
		settings: { executionOrder: 'v1', ...workflowSettings },
	};
	return { base, workflow: new Workflow({ ...base, nodeTypes: nodeTypesOf(all) }) };
}
