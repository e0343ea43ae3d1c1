import type { Credential } from './credentials';
import type { WorkflowFile, WorkflowNode } from './workflows';

/** A node of a test workflow, placed and given an id by `workflow`. */
export type Step = Pick<WorkflowNode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
	Partial<WorkflowNode>;

export const manualStart: Step = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** A production webhook that answers with the first file of the last node. */
export const webhookStart = (path: string): Step => ({
	name: 'Start',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: {
		path,
		httpMethod: 'POST',
		responseMode: 'lastNode',
		responseData: 'firstEntryBinary',
		options: {},
	},
});

/** Loads a photo as a file, or a JSON list as items. */
export const load = (name: string, url: string, as: 'file' | 'items'): Step => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url,
		options: as === 'file' ? { response: { response: { responseFormat: 'file' } } } : {},
	},
});

/** Adds a field to each item. */
export const setField = (
	name: string,
	field: { name: string; value: string; type: 'string' },
): Step => ({
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: { assignments: { assignments: [{ id: 'field-1', ...field }] }, options: {} },
});

/** The node under test. */
export const vtrix = (
	credential: Credential,
	parameters: Record<string, unknown>,
	{ name = 'Vtrix', ...settings }: Record<string, unknown> & { name?: string } = {},
): Step => ({
	name,
	type: 'n8n-nodes-vtrix.vtrix',
	typeVersion: 1,
	parameters,
	credentials: { vtrixApi: { id: credential.id, name: credential.name } },
	...settings,
});

type Wires = Array<readonly [from: string, to: string, output?: number]>;

/** A workflow of steps; without wires each step follows the one before it. */
export function workflow(name: string, steps: Step[], wires?: Wires): WorkflowFile {
	const chain: Wires = steps.slice(1).map((step, index) => [steps[index].name, step.name]);
	const connections: WorkflowFile['connections'] = {};
	for (const [from, to, output = 0] of wires ?? chain) {
		const { main } = (connections[from] ??= { main: [] });
		while (main.length <= output) main.push([]);
		main[output].push({ node: to, type: 'main', index: 0 });
	}
	const nodes = steps.map(
		(step, index): WorkflowNode => ({
			id: `node-${index}`,
			position: [220 * index, 0],
			...step,
		}),
	);
	return { name, nodes, connections };
}
