import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { describeParameters, searchModels } from './n8n/connection/descriptions';
import { vtrixApiTest } from './n8n/connection/credentialTest';
import { NODE_HINT } from './n8n/form/builderHints';
import { PROPERTIES, SUBTITLE } from './n8n/operations/properties';
import { runNode } from './n8n/operations/runNode';

/** Images from the Vtrix Spark models: items in, one item for each finished image out. */
export class Vtrix implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vtrix',
		name: 'vtrix',
		icon: { light: 'file:vtrix.svg', dark: 'file:vtrix.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Generate and edit images with the Vtrix Spark models',
		defaults: { name: 'Vtrix' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vtrixApi', required: true, testedBy: 'vtrixApiTest' }],
		properties: PROPERTIES,
		builderHint: NODE_HINT,
	};

	methods = {
		credentialTest: { vtrixApiTest },
		listSearch: { searchModels },
		resourceMapping: { describeParameters },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runNode(this)];
	}
}
