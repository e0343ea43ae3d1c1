/**
 * The one door to n8n-core. Its decorators need reflect-metadata, and its settings their folder,
 * before the first line of it runs, hence the order.
 */
import 'reflect-metadata';
import './nativeErrors';
import './n8nHome';

export { Logger } from '@n8n/backend-common';
export { GlobalConfig, InstanceSettingsConfig } from '@n8n/config';
export { Container } from '@n8n/di';
export { S3ByteStore } from '@n8n/blob-storage';
export {
	BinaryDataBlobManager,
	BinaryDataService,
	CredentialTestContext,
	DataDeduplicationService,
	ErrorReporter,
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
export type { BinaryDataConfig } from 'n8n-core';
