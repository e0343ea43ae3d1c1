import type { INodeCredentialTestResult, INodeType } from 'n8n-workflow';
import { additionalData } from './additionalData';
import { decrypted, type TestCredential } from './credentials';
import { CredentialTestContext } from './n8nCore';
import { captureLogs, type LogLine } from './recordingLogger';

/** What the user sees in the credential's dialog, and what was logged meanwhile. */
export interface CredentialTestRun extends INodeCredentialTestResult {
	logs: LogLine[];
}

/**
 * Tests a credential as n8n's credential dialog does: by the function that the node names in
 * `testedBy`, with n8n's real request helper.
 *
 * @throws when the node has no such function, so that n8n would not test at all.
 */
export async function testCredential(
	node: INodeType,
	credential: TestCredential,
): Promise<CredentialTestRun> {
	const { name } = credential.type;
	const testedBy = node.description.credentials?.find((entry) => entry.name === name)?.testedBy;
	const test = typeof testedBy === 'string' && node.methods?.credentialTest?.[testedBy];
	if (!test) throw new Error(`The node has no function that tests '${name}'`);

	const server = additionalData(
		{
			mode: 'internal',
			executionId: '',
			workflowData: {
				id: '',
				name: '',
				active: false,
				isArchived: false,
				createdAt: new Date(0),
				updatedAt: new Date(0),
				activeVersionId: null,
				nodes: [],
				connections: {},
			},
		},
		[credential],
	);
	const { result, logs } = await captureLogs(
		async () =>
			await test.call(new CredentialTestContext(server), {
				id: `id of ${name}`,
				name,
				type: name,
				data: decrypted(credential),
			}),
	);
	return { ...result, logs };
}
