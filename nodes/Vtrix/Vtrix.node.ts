import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { vtrixApiTest } from './n8n/credentialTest';
import { toNodeError } from './n8n/errors';
import { generateImages } from './n8n/generateImages';
import { getTasks } from './n8n/getTasks';
import { PROPERTIES, SUBTITLE } from './n8n/properties';

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
		const work = this.getNodeParameter('resource', 0) === 'task' ? getTasks : generateImages;
		return [
			await work(this).catch((error: unknown) => {
				throw toNodeError(this.getNode(), error, 0);
			}),
		];
	}
}
