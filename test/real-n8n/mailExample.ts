import type { InstalledNode } from './installedNode';
import type { MailServer } from './mailServer';
import { exampleWorkflows } from './trialWorkflow';
import type { WorkflowFile } from './workflows';

/**
 * An example that sends e-mail, as people import it, with an account at the test's mail server.
 *
 * @param fileName of the example
 * @param sender name of the node that sends
 */
export async function mailExample(
	{ credential, n8n }: InstalledNode,
	{ port }: MailServer,
	fileName: string,
	sender: string,
): Promise<WorkflowFile> {
	const example = exampleWorkflows(credential).get(fileName);
	if (!example) throw new Error(`There is no example ${fileName}`);
	const smtp = await n8n.credentials.create(
		'smtp',
		{ host: '127.0.0.1', port, secure: false, disableStartTls: true },
		'Mail',
	);
	const nodes = example.nodes.map((node) =>
		node.name === sender ? { ...node, credentials: { smtp } } : node,
	);
	return { ...example, nodes };
}
