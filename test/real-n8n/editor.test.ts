import { Editor } from './editor';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { NEWEST } from './versions';
import { manualStart, vtrix, workflow } from './vtrixWorkflows';

let at: InstalledNode;
let editor: Editor;

beforeAll(async () => {
	at = await startInstalledNode({ version: NEWEST });
	editor = await Editor.open(at.n8n);
});
afterAll(async () => {
	await editor?.close();
	await at?.close();
});

const openNode = async (parameters: Record<string, unknown>) => {
	const { n8n, credential } = at;
	const { id } = await n8n.workflows.create(
		workflow('In the editor', [manualStart, vtrix(credential, parameters)]),
	);
	await editor.openWorkflow(id);
	await editor.openNode('Vtrix');
};

test.each(['vtrix', 'spark', 'seedream', 'dreamo', 'image generation'])(
	'the node is found in the panel by "%s", with its actions',
	async (query) => {
		const { id } = await at.n8n.workflows.create(workflow('Empty', [manualStart]));
		await editor.openWorkflow(id);
		expect(await editor.searchNodes(query)).toContain('Vtrix');
		expect(await editor.showActions('Vtrix')).toEqual(['Generate image', 'Get task']);
	},
);

test('the form shows what a model needs, and a run its picture as a file', async () => {
	await openNode({ model: 'spark_dream_5_0', prompt: 'A lighthouse' });
	expect(await editor.fieldLabels()).toEqual([
		'Resource',
		'Operation',
		'Model',
		'Prompt',
		'Input Images',
		'Size',
		'Simplify',
		'Options',
	]);
	await editor.panel.getByText('Execute step').first().click();
	await editor.output.getByText('Binary', { exact: true }).first().click();
	await editor.output.getByText(/^spark_dream_5_0-.*\.jpg$/).waitFor();
	expect(at.standIn.creationsAccepted).toBe(1);
	expect(editor.pageErrors).toEqual([]);
});

test('a model that edits has a row for its image from the start', async () => {
	await openNode({ model: 'spark_multi_dreamo', prompt: 'Both at a table' });
	const labels = await editor.fieldLabels();
	expect(labels).toContain('Input File Field');
	expect(labels).toContain('Reference Type');
});

test('a wrong setting is explained in the output panel, and nothing is sent', async () => {
	at.standIn.reset();
	await openNode({ model: 'spark_dream_5_0', prompt: 'A lighthouse', size: '9000x9000' });
	await editor.panel.getByText('Execute step').first().click();
	await editor.output
		.getByText(/Size: "9000x9000" has too many pixels/)
		.first()
		.waitFor();
	expect(at.standIn.requests).toEqual([]);
});

test('the next step offers the fields of the output before anything has run', async () => {
	const { n8n, credential } = at;
	const next = {
		...manualStart,
		id: 'next',
		name: 'Next',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {},
	};
	const image = vtrix(credential, { model: 'spark_dream_5_0', prompt: 'A lighthouse' });
	const { id } = await n8n.workflows.create(workflow('Mapped', [manualStart, image, next]));
	await editor.openWorkflow(id);
	await editor.openNode('Next');
	for (const field of ['taskId', 'url', 'expiresAt', 'cost']) {
		await editor.panel.getByText(field, { exact: true }).first().waitFor();
	}
});
