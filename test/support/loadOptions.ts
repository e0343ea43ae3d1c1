import type { ILoadOptionsFunctions, INodeParameters, INodeType } from 'n8n-workflow';
import { additionalData } from './additionalData';
import type { TestCredential } from './credentials';
import { LoadOptionsContext } from './n8nCore';
import { workflowOf } from './runNode';

/** What n8n gives the functions of a node that fill its form, for a node with these parameters. */
export function loadOptions(
	node: INodeType,
	parameters: INodeParameters,
	credentials: TestCredential[],
): ILoadOptionsFunctions {
	const { workflow, base } = workflowOf({ node, parameters, credentials });
	const saved = Object.values(workflow.nodes).find(({ name }) => name === 'Vtrix');
	if (!saved) throw new Error('The workflow has no such node');
	const server = additionalData(
		{ mode: 'internal', executionId: '', workflowData: base },
		credentials,
	);
	return new LoadOptionsContext(workflow, saved, server, '') as ILoadOptionsFunctions;
}
