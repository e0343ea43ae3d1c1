import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { chosenVersions, NEWEST } from './versions';
import { load, manualStart, vtrix, webhookStart, workflow } from './vtrixWorkflows';

const PHOTO = { image: [{ source: 'file', fieldName: 'data' }] };
const MODELS = ['DreamO', 'DreamO Multi', 'I2I', 'Dream 4.5', 'Dream 5.0', 'Dream 5.0 Inline'];
const FROM_TEXT = {
	'Image 3.1': 'spark_image_3_1',
	'Text to Image 3.0': 'spark_t2i_3_0',
	'Dream 3.0': 'spark_dream_3_0',
};
const ALL = [...MODELS, ...Object.keys(FROM_TEXT)];

/** One workflow with a step for each model; the models that edit get a photo. */
function allModels({ credential, photos }: InstalledNode) {
	const step = (name: string, parameters: Record<string, unknown>) =>
		vtrix(credential, { prompt: `A mug on a table, by ${name}`, ...parameters }, { name });
	const [dreamO, multi, i2i, dream45, dream50, inline] = MODELS;
	const edits = [dreamO, multi, i2i];
	return workflow(
		'All models',
		[
			manualStart,
			load('Photo', photos.photoUrl, 'file'),
			step(dreamO, {
				model: 'spark_dreamo',
				inputImage: { __rl: true, mode: 'file', value: 'data' },
			}),
			step(multi, {
				model: 'spark_multi_dreamo',
				inputImages: {
					image: [
						{ source: 'file', fieldName: 'data', refType: 'ID' },
						{ source: 'file', fieldName: 'data', refType: 'STYLE' },
					],
				},
				options: { ddimSteps: 20, useRephraser: false },
			}),
			step(i2i, {
				model: 'spark_i2i_3_0',
				inputImages: { image: [{ source: 'url', url: 'https://example.com/photo.jpg' }] },
				size: 'custom',
				width: 1024,
				height: 768,
			}),
			step(dream45, {
				model: 'spark_dream_4_5',
				size: '1440x2560',
				inputImages: PHOTO,
				options: { sequentialImageGeneration: 'auto', maxImages: 3, watermark: false },
			}),
			step(dream50, { model: 'spark_dream_5_0', size: '3K', options: { outputFormat: 'png' } }),
			step(inline, { model: 'spark_dream_5_0', options: { responseFormat: 'b64_json' } }),
			...Object.entries(FROM_TEXT).map(([name, model]) =>
				step(name, { model, size: '936x1664', options: { usePreLlm: false, seed: 7 } }),
			),
		],
		[
			['Start', 'Photo'],
			...[...edits, dream45].map((name) => ['Photo', name] as const),
			['Start', dream50],
			['Start', inline],
			...Object.keys(FROM_TEXT).map((name) => ['Start', name] as const),
		],
	);
}

describe.each(chosenVersions())('n8n %s', (version) => {
	let at: InstalledNode;

	beforeAll(async () => {
		at = await startInstalledNode({ version });
	});
	afterAll(async () => await at?.close());
	beforeEach(() => at.standIn.reset());

	/** Every model's pictures, as the API served them. */
	async function expectAllModels(execution: Parameters<typeof itemsOf>[0]) {
		for (const name of ALL) await at.expectServedBytes(itemsOf(execution, name));
		expect(itemsOf(execution, 'Dream 4.5')).toHaveLength(3);
		expect(itemsOf(execution, 'Dream 5.0')[0].binary?.data.mimeType).toBe('image/png');
		expect(at.standIn.complaints).toEqual([]);
		expect(at.standIn.leaks).toEqual([]);
		expect(at.standIn.creationsAccepted).toBe(ALL.length);
	}

	test('lists the node as an installed community package', async () => {
		const names = (await at.n8n.packages.list()).map((installed) => JSON.stringify(installed));
		expect(names.join()).toContain('n8n-nodes-vtrix');
	});

	test('tells a good key from a bad one and from a server that is not there', async () => {
		const { n8n, standIn, credential } = at;
		const data = { apiKey: standIn.apiKey, baseUrl: standIn.url };
		expect(await n8n.credentials.test(credential, data)).toMatchObject({ status: 'OK' });
		const bad = await n8n.credentials.test(credential, { ...data, apiKey: 'wrong-key' });
		expect(bad.status).toBe('Error');
		expect(bad.message).toMatch(/API key/);
		expect(bad.message).not.toContain('wrong-key');
		const nowhere = await n8n.credentials.test(credential, {
			...data,
			baseUrl: 'http://127.0.0.1:9',
		});
		expect(nowhere.status).toBe('Error');
		expect(nowhere.message).toMatch(/could not be reached/);
	});

	test("makes the pictures of all models by the editor's run", async () => {
		const { id } = await at.n8n.workflows.create(allModels(at));
		const execution = await at.n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		await expectAllModels(execution);
	});

	test('hands failed items to the error branch and the others on', async () => {
		const { n8n, standIn, photos, credential } = at;
		standIn.fault(
			'create',
			{ type: 'failed', error: { code: '003025095', error_message: 'x' } },
			{
				match: { taskIndex: 1 },
			},
		);
		const steps = [
			manualStart,
			load('Items', photos.listUrl(3), 'items'),
			vtrix(
				credential,
				{ model: 'spark_dream_4_5', prompt: 'A mug', options: { maxConcurrency: 1 } },
				{ onError: 'continueErrorOutput' },
			),
		];
		const { id } = await n8n.workflows.create(workflow('Error branch', steps));
		const execution = await n8n.executions.run(id, 'Start');
		await at.expectServedBytes(itemsOf(execution, 'Vtrix'));
		expect(itemsOf(execution, 'Vtrix')).toHaveLength(2);
		const failed = itemsOf(execution, 'Vtrix', { output: 1 });
		expect(failed).toHaveLength(1);
		expect(JSON.stringify(failed[0].json)).toContain(standIn.tasks[1].id);
	});

	test('makes them by n8n execute, and again after a restart of n8n', async () => {
		const { id } = await at.n8n.workflows.create(allModels(at));
		const cli = await at.n8n.executeCli(id);
		expect(cli.code).toBe(0);
		await expectAllModels(cli);
		at.standIn.reset();
		await at.n8n.restart();
		await expectAllModels(await at.n8n.executions.run(id, 'Start'));
	});

	test('answers a production webhook with the picture', async () => {
		const { n8n, standIn, credential } = at;
		const path = `picture-${version}`;
		const { id } = await n8n.workflows.create(
			workflow('Webhook', [
				webhookStart(path),
				vtrix(credential, { model: 'spark_dream_5_0', prompt: 'A mug' }),
			]),
		);
		await n8n.workflows.activate(id);
		const response = await n8n.callWebhook(path);
		expect(response.status).toBe(200);
		const bytes = Buffer.from(await response.arrayBuffer());
		const served = await standIn.imageBytes(standIn.tasks[0].id, 0);
		// n8n 1 keeps files inside the items by default and then answers with their JSON form.
		const inline = bytes[0] === '{'.charCodeAt(0) || bytes[0] === '['.charCodeAt(0);
		if (version === NEWEST) expect(inline).toBe(false);
		if (!inline) expect(bytes.equals(served)).toBe(true);
		const [execution] = await n8n.executions.list(id);
		await at.expectServedBytes(itemsOf(await n8n.executions.wait(execution), 'Vtrix'));
	});
});
