import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { cleanApiKey } from '../nodes/Vtrix/core/exchange/apiKey';

/** The bearer token of the Vtrix gateway, and the gateway's address. The node tests it. */
export class VtrixApi implements ICredentialType {
	name = 'vtrixApi';

	displayName = 'Vtrix API';

	icon: Icon = {
		light: 'file:../nodes/Vtrix/vtrix.svg',
		dark: 'file:../nodes/Vtrix/vtrix.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-vtrix/n8n-nodes-vtrix#get-a-key';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Make one on the API Key Management page of your Vtrix account',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://cloud.vtrix.ai',
			placeholder: 'e.g. https://cloud.vtrix.ai',
			description: 'Address of the gateway; keep it unless Vtrix gave you another one',
		},
		{
			displayName: 'Descriptions URL',
			name: 'descriptionsUrl',
			type: 'string',
			noDataExpression: true,
			default: 'https://cloud-model-spec.vtrix.ai',
			placeholder: 'e.g. https://cloud-model-spec.vtrix.ai',
			description:
				"Where Custom Model's form gets the list of models from; the key is not sent there, so keep it unless Vtrix gave you another one",
		},
	];

	// A function costs nothing, an expression would cost n8n a millisecond for every request.
	authenticate = async (
		{ apiKey }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${cleanApiKey(apiKey)}` },
	});
}
