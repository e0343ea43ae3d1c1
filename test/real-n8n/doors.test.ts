import { errorOf, itemsOf, type Execution } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { chosenVersions } from './versions';
import { load, manualStart, vtrix, workflow } from './vtrixWorkflows';
import type { Credential } from './credentials';

const NOT_FOR_TWO = "={{ $json.number === 1 ? $('Nowhere').item.json.text : 'A mug' }}";

describe.each(chosenVersions())('n8n %s, with the error branch', (version) => {
	let at: InstalledNode;
	beforeAll(async () => {
		at = await startInstalledNode({ version });
	});
	afterAll(async () => await at?.close());
	beforeEach(() => at.standIn.reset());

	/** Runs three items, numbered 0 to 2, through the node. */
	async function run(
		credential: Credential,
		parameters: Record<string, unknown>,
		beforeRun = async () => {},
	): Promise<Execution> {
		const { n8n, photos } = at;
		const steps = [
			manualStart,
			load('Items', photos.numbersUrl(3), 'items'),
			vtrix(credential, parameters, { onError: 'continueErrorOutput' }),
		];
		const { id } = await n8n.workflows.create(workflow('Doors', steps));
		await beforeRun();
		return await n8n.executions.run(id, 'Start');
	}

	const outputs = (execution: Execution) => ({
		worked: itemsOf(execution, 'Vtrix'),
		failed: itemsOf(execution, 'Vtrix', { output: 1 }),
	});

	test('one item whose expression fails leaves by it, the other two work', async () => {
		const model = { model: 'spark_dream_5_0', prompt: NOT_FOR_TWO };
		const execution = await run(at.credential, model);
		expect(errorOf(execution)).toBe('');
		const { worked, failed } = outputs(execution);
		await at.expectServedBytes(worked);
		expect(worked).toHaveLength(2);
		expect(failed).toHaveLength(1);
		expect(failed[0].json).toMatchObject({
			number: 1,
			error: expect.any(String),
			message: expect.stringContaining("'prompt'"),
		});
		expect(at.standIn.creationsReceived).toBe(2);
	});

	test.each([
		['image', 'generate'],
		['task', 'get'],
	])('with a credential that is gone nothing leaves as success: %s, %s', async (...chosen) => {
		const [resource, operation] = chosen;
		const { n8n } = at;
		const gone = await n8n.credentials.create('vtrixApi', { apiKey: 'key-1', baseUrl: 'x' });
		const parameters = { resource, operation, prompt: 'A mug', taskId: 'task-1' };
		const execution = await run(gone, { model: 'spark_dream_5_0', ...parameters }, async () => {
			await n8n.credentials.remove(gone);
		});
		const { worked, failed } = outputs(execution);
		expect(worked).toEqual([]);
		expect(failed.map(({ json }) => json.number)).toEqual([0, 1, 2]);
		expect(failed[0].json.error).toMatch(/credential/i);
	});

	test('with a Base URL that is none nothing leaves as success', async () => {
		const data = { apiKey: at.standIn.apiKey, baseUrl: 'ftp://vtrix.example' };
		const wrong = await at.n8n.credentials.create('vtrixApi', data);
		const { worked, failed } = outputs(await run(wrong, { prompt: 'A mug' }));
		expect(worked).toEqual([]);
		expect(failed.map(({ json }) => json.number)).toEqual([0, 1, 2]);
		expect(failed[0].json.error).toMatch(/^Base URL of the credential: is not usable/);
	});

	test('a credential of expressions is read for each item', async () => {
		const data = {
			apiKey: `={{ $json.number === 1 ? '' : '${at.standIn.apiKey}' }}`,
			baseUrl: at.standIn.url,
		};
		const byItem = await at.n8n.credentials.create('vtrixApi', data);
		const { worked, failed } = outputs(await run(byItem, { prompt: 'A mug' }));
		await at.expectServedBytes(worked);
		expect(worked).toHaveLength(2);
		expect(failed).toHaveLength(1);
		expect(failed[0].json.error).toMatch(/^API Key of the credential: is empty/);
	});
});
