import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { vtrixApiTest } from './n8n/connection/credentialTest';
import { toNodeError } from './n8n/output/errors';
import { findOperation } from './n8n/operations';
import { PROPERTIES, SUBTITLE } from './n8n/operations/properties';

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
	};

	methods = { credentialTest: { vtrixApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const run = async () =>
			await findOperation(
				this.getNodeParameter('resource', 0, ''),
				this.getNodeParameter('operation', 0, ''),
			).run(this);
		return [
			await run().catch((error: unknown) => {
				throw toNodeError(this.getNode(), error, 0);
			}),
		];
	}
}
