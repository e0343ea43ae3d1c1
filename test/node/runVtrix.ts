import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import type { StandIn } from '../standin';
import { runNode, type NodeRun, type RunOptions } from '../support/runNode';

/** The credential of a stand-in. */
export const credentialFor = (
	{ url, apiKey }: Pick<StandIn, 'url' | 'apiKey'>,
	changed: Partial<{ apiKey: string; baseUrl: string }> = {},
) => ({ type: new VtrixApi(), data: { apiKey, baseUrl: url, ...changed } });

/** Options of a run of the node against a stand-in, as the editor would save them. */
export const vtrixOptions = (
	standIn: Pick<StandIn, 'url' | 'apiKey'>,
	parameters: INodeParameters,
	items?: INodeExecutionData[],
	more: Partial<RunOptions> & { nodeOverrides?: Partial<INode> } = {},
): RunOptions => ({
	node: new Vtrix(),
	parameters: { resource: 'image', operation: 'generate', ...parameters },
	credentials: [credentialFor(standIn)],
	...(items && { items }),
	...more,
});

/** Runs the node in n8n's engine against a stand-in. */
export const runVtrix = async (...args: Parameters<typeof vtrixOptions>): Promise<NodeRun> =>
	await runNode(vtrixOptions(...args));
