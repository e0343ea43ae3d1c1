import {
	ICredentialsHelper,
	type IAuthenticateGeneric,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type ICredentialsExpressionResolveValues,
	type IDataObject,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type IWorkflowExecuteAdditionalData,
	type INodeCredentialsDetails,
	type INodeParameters,
	type NodeParameterValueType,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

/** A credential as the user saved it. */
export interface TestCredential {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
}

/** What n8n hands to a node: the saved values, with the type's defaults for the unset ones. */
export function decrypted({ type, data }: TestCredential): ICredentialDataDecryptedObject {
	const defaults: ICredentialDataDecryptedObject = {};
	for (const { name, default: value } of type.properties) {
		if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
			defaults[name] = value;
		}
	}
	const saved = Object.entries(structuredClone(data)).filter(([, value]) => value !== undefined);
	return { ...defaults, ...Object.fromEntries(saved) };
}

const notInTests = async (): Promise<never> => {
	throw new Error('The test credentials can neither be stored nor refreshed');
};

/** Reads and authenticates as n8n's own credentials helper does, with the credentials in memory. */
export class TestCredentialsHelper extends ICredentialsHelper {
	private readonly byType: Map<string, TestCredential>;

	constructor(credentials: TestCredential[]) {
		super();
		this.byType = new Map(credentials.map((credential) => [credential.type.name, credential]));
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	getCredentialsProperties(type: string) {
		return this.find(type).type.properties;
	}

	/** As n8n's server does it, expressions in the fields are evaluated for the item. */
	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		at?: ICredentialsExpressionResolveValues,
	) {
		const data = decrypted(this.find(type));
		if (!at) return data;
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = at;
		const saved: NodeParameterValueType = structuredClone(data) as INodeParameters;
		return workflow.expression.getParameterValue(
			saved,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{ $vars: {} },
			executeData,
			false,
			data,
		) as ICredentialDataDecryptedObject;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		options: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.find(typeName).type;
		if (authenticate === undefined) return options;
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		if (!workflow || !node) throw new Error('Declared authentication needs workflow and node');
		return addDeclared(authenticate, options, (text) =>
			text.startsWith('=')
				? String(
						workflow.expression.getSimpleParameterValue(
							node,
							text,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						) ?? '',
					)
				: text,
		);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	getCredentials = notInTests;
	updateCredentials = notInTests;
	updateCredentialsOauthTokenData = notInTests;

	private find(type: string): TestCredential {
		const credential = this.byType.get(type);
		if (!credential) throw new Error(`The test gave no credential of type '${type}'`);
		return credential;
	}
}

function addDeclared(
	{ properties }: IAuthenticateGeneric,
	options: IHttpRequestOptions,
	resolve: (text: string) => string,
): IHttpRequestOptions {
	const resolved = (declared: IDataObject = {}) =>
		Object.fromEntries(
			Object.entries(declared).map(([key, value]) => [resolve(key), resolve(String(value))]),
		);
	return {
		...options,
		headers: { ...options.headers, ...resolved(properties.headers) },
		qs: { ...options.qs, ...resolved(properties.qs) },
	};
}
