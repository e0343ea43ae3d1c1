import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { Container, ExecutionLifecycleHooks, ExternalSecretsProxy } from './n8nCore';
import { TestCredentialsHelper, type TestCredential } from './credentials';

const notInTests = async (): Promise<never> => {
	throw new Error('The test harness runs neither sub-workflows nor code');
};

// n8n-core parses some of them, so they have to be whole URLs; none is ever called.
const url = 'http://n8n.invalid/';

/** What n8n's server gives to an execution beside the workflow. */
export function additionalData(
	execution: Pick<ExecutionLifecycleHooks, 'mode' | 'executionId' | 'workflowData' | 'retryOf'>,
	credentials: TestCredential[],
): IWorkflowExecuteAdditionalData {
	const { mode, executionId, workflowData, retryOf } = execution;
	return {
		credentialsHelper: new TestCredentialsHelper(credentials),
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData, retryOf),
		executionId,
		workflowId: workflowData.id,
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		variables: {},
		currentNodeExecutionIndex: 0,
		restApiUrl: url,
		instanceBaseUrl: url,
		formBaseUrl: url,
		formWaitingBaseUrl: url,
		formTestBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		mcpBaseUrl: url,
		mcpTestBaseUrl: url,
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
		logAiEvent: () => {},
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: notInTests,
		startRunnerTask: notInTests,
	};
}
