import { Editor } from './editor';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { chosenVersions } from './versions';
import { load, manualStart, vtrix, workflow, type Step } from './vtrixWorkflows';

const FROM_TEXT = ['Spark Image 3.1', 'Spark Text to Image 3.0', 'Spark Dream 3.0'];

describe.each(chosenVersions())('the form in the editor of n8n %s', (version) => {
	let at: InstalledNode;
	let editor: Editor;

	beforeAll(async () => {
		at = await startInstalledNode({ version });
		editor = await Editor.open(at.n8n);
	});
	afterAll(async () => {
		expect(editor?.pageErrors).toEqual([]);
		await editor?.close();
		await at?.close();
	});
	beforeEach(() => at.standIn.reset());

	async function open(parameters: Record<string, unknown>, before: Step[] = [manualStart]) {
		const steps = [...before, vtrix(at.credential, parameters)];
		const { id } = await at.n8n.workflows.create(workflow('In the form', steps));
		await editor.openWorkflow(id);
		await editor.openNode('Vtrix');
	}

	/** The parameters of the only creation. */
	const sent = () => {
		const creations = at.standIn.requests.filter(({ kind }) => kind === 'create');
		expect(creations).toHaveLength(1);
		return JSON.stringify(creations[0].body);
	};

	test.each(FROM_TEXT)('leads from %s in the dropdown to the file', async (model) => {
		await open({ model: 'spark_i2i_3_0' });
		await editor.choose('model', model);
		await editor.fill('prompt', 'A lighthouse at dawn');
		expect(await editor.fieldLabels()).toEqual([
			'Resource',
			'Operation',
			'Model',
			'Prompt',
			'Size',
			'Simplify',
			'Options',
		]);
		await editor.runNode();
		const [task] = at.standIn.tasks;
		expect(sent()).toContain(`"model":"${task.model}","input":[{"params":{"prompt"`);
		await editor.showOutputAs('Binary');
		await editor.output.getByText(`${task.model}-${task.id}-1.png`).waitFor();
		expect(at.standIn.complaints).toEqual([]);
	});

	describe('for a model that takes exactly one image', () => {
		const addImage = () => editor.panel.getByText('Add Image').filter({ visible: true });

		test('has one field for it and no button for another', async () => {
			const photo = [manualStart, load('Photo', at.photos.photoUrl, 'file')];
			await open({ model: 'spark_i2i_3_0', prompt: 'Add a rainbow' }, photo);
			expect(await editor.fieldLabels()).toEqual([
				'Resource',
				'Operation',
				'Model',
				'Prompt',
				'Input Image',
				'Size',
				'Simplify',
				'Options',
			]);
			expect(await addImage().count()).toBe(0);
			await editor.runNode();
			expect(sent()).toContain('"binary_data_base64"');
		});

		test('shows the row of a workflow that was saved with one, and sends it', async () => {
			const saved = 'https://example.com/saved.jpg';
			const inputImages = { image: [{ source: 'url', url: saved }] };
			await open({ model: 'spark_i2i_3_0', prompt: 'Add a rainbow', inputImages });
			const labels = await editor.fieldLabels();
			expect(labels).toEqual(expect.arrayContaining(['Input Image', 'Source', 'URL']));
			await editor.runNode();
			expect(sent()).toContain(`"image_urls":["${saved}"]`);
		});

		test('outlives a change to other models and back in the same form', async () => {
			const url = 'https://example.com/photo.jpg';
			const inputImage = { __rl: true, mode: 'url', value: url };
			await open({ model: 'spark_i2i_3_0', prompt: 'Add a rainbow', inputImage });
			const reference = editor.panel.getByText('Reference Type').filter({ visible: true }).first();
			await editor.choose('model', 'Spark DreamO Multi');
			await reference.waitFor();
			await editor.choose('model', 'Spark Dream 4.5');
			await reference.waitFor({ state: 'hidden' });
			await editor.choose('model', 'Spark I2I 3.0');
			// the row of the model in between stays
			expect(await editor.fieldLabels()).toContain('Input Image');
		});
	});
});
