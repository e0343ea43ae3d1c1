import { Editor } from './editor';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { chosenVersions } from './versions';
import { load, manualStart, vtrix, workflow } from './vtrixWorkflows';

describe.each(chosenVersions())('the form of any model in the editor of n8n %s', (version) => {
	let at: InstalledNode;
	let editor: Editor;

	beforeAll(async () => {
		at = await startInstalledNode({ version });
		editor = await Editor.open(at.n8n);
	});
	afterAll(async () => {
		await editor?.close();
		await at?.close();
	});
	beforeEach(() => at.standIn.reset());

	/** Opens the node as Custom Model with a form, behind a node that loads a photo. */
	async function open(more: Record<string, unknown> = {}) {
		const { id } = await at.n8n.workflows.create(
			workflow('By form', [
				manualStart,
				load('Photo', at.photos.photoUrl, 'file'),
				vtrix(at.credential, { model: 'custom', parametersAs: 'form', ...more }),
			]),
		);
		await editor.openWorkflow(id);
		await editor.openNode('Vtrix');
	}

	async function pick(search: string, name: string) {
		await editor.field('describedModel').locator('input:visible').last().click();
		await editor.page.locator('[data-test-id="rlc-search"]:visible').first().fill(search);
		await editor.page
			.locator('[data-test-id="rlc-item"]')
			.filter({ hasText: name })
			.first()
			.click();
		await editor.panel.getByText('prompt (required').first().waitFor();
	}

	test('leads from a search in the list to a video of a photo', async () => {
		const inputFiles = { file: [{ parameter: 'image', fieldName: 'data' }] };
		await open({ inputFiles });
		await pick('image to video', 'Kirin Image to Video');
		expect(await editor.fieldLabels()).toEqual(
			expect.arrayContaining(['image (required)', 'prompt (required, at most 2,500 characters)']),
		);
		await editor.fill('prompt', 'Waves roll in');
		await editor.shot(`form-${version}-kirin`);
		await editor.runNode();
		const [creation] = at.standIn.requests.filter(({ kind }) => kind === 'create');
		expect(creation?.body).toMatchObject({
			model: 'kirin_i2v',
			input: [{ params: { prompt: 'Waves roll in', image: { dataUri: expect.any(String) } } }],
		});
		await editor.showOutputAs('Binary');
		await editor.output.getByText(/^kirin_i2v-.*\.mp4$/).waitFor();
		await editor.shot(`form-${version}-video`);
		expect(at.standIn.leaks).toEqual([]);
	});

	test('tells in a sentence that there is no description', async () => {
		at.standIn.fault('spec', { type: 'html' });
		await open({ describedModel: { __rl: true, mode: 'id', value: 'wan27_image_pro' } });
		await editor.shot(`form-${version}-none`);
		await editor.runNode();
		await editor.output
			.getByText(/What came as the description of the model 'wan27_image_pro' is none/)
			.first()
			.waitFor();
	});
});
