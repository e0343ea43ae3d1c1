/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MEDIA_KINDS, mediaSample, mediaType } from '../standin/media/mediaSamples';
import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { exampleWorkflows } from './trialWorkflow';
import { chosenVersions } from './versions';
import { load, manualStart, vtrix, workflow } from './vtrixWorkflows';
import type { WorkflowFile } from './workflows';

const PICTURE = { model: 'spark_dream_4_5', prompt: 'A mug', options: { maxConcurrency: 1 } };
/** A page is no result, whatever model it comes from. */
const FILES = MEDIA_KINDS.filter((kind) => kind !== 'html');

describe.each(chosenVersions())('n8n %s', (version) => {
	let at: InstalledNode;
	let target: string;

	beforeAll(async () => {
		target = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-service-'));
		at = await startInstalledNode({ version, env: { N8N_RESTRICT_FILE_ACCESS_TO: target } });
	});
	afterAll(async () => {
		await at?.close();
		fs.rmSync(target, { recursive: true, force: true });
	});
	beforeEach(() => at.standIn.reset());

	test.each([
		['Continue (using error output)', 'continueErrorOutput', 1],
		['Continue', 'continueRegularOutput', 0],
	])('with "%s" a failed item keeps its fields and tells its task', async (_, onError, output) => {
		const { n8n, standIn, photos, credential } = at;
		const failure = { code: '003025095', error_message: 'too dark' };
		standIn.fault('create', { type: 'failed', error: failure }, { match: { taskIndex: 1 } });
		const { id } = await n8n.workflows.create(
			workflow(onError, [
				manualStart,
				load('Items', photos.listUrl(3), 'items'),
				vtrix(credential, PICTURE, { onError }),
			]),
		);
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		const items = itemsOf(execution, 'Vtrix', { output });
		const failed = items.filter(({ json }) => json.error !== undefined);
		const taskId = standIn.tasks[1].id;
		expect(failed.map(({ json }) => json)).toEqual([
			{
				same: true,
				error: `The service could not generate the image (task ${taskId})`,
				message: expect.stringContaining('Vtrix says: too dark, code 003025095'),
				details: { taskIds: [taskId], code: '003025095' },
			},
		]);
		expect(itemsOf(execution, 'Vtrix').filter(({ binary }) => binary)).toHaveLength(2);
		expect(items).toHaveLength(output === 1 ? 1 : 3);
	});

	test('with the error branch Retry On Fail runs the node again, and pays nothing twice', async () => {
		const { n8n, standIn, credential } = at;
		standIn.fault('poll', { type: 'status', code: 403 }, { times: 1 });
		const settings = {
			onError: 'continueErrorOutput',
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 100,
		};
		const { id } = await n8n.workflows.create(
			workflow('Retry', [manualStart, vtrix(credential, PICTURE, settings)]),
		);
		const execution = await n8n.executions.run(id, 'Start');
		await at.expectServedBytes(itemsOf(execution, 'Vtrix'));
		expect(itemsOf(execution, 'Vtrix', { output: 1 })).toEqual([]);
		expect(standIn.creationsReceived).toBe(1);
	});

	test('whatever file a custom model makes comes out as it is', async () => {
		const { n8n, credential } = at;
		const step = (kind: string) =>
			vtrix(
				credential,
				{
					model: 'custom',
					customModelId: ` custom_${kind} `,
					customParameters: '{"prompt": "A mug"}',
				},
				{ name: kind },
			);
		const { id } = await n8n.workflows.create(
			workflow(
				'Files',
				[manualStart, ...FILES.map(step)],
				FILES.map((kind) => ['Start', kind] as const),
			),
		);
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		for (const kind of FILES) {
			const file = itemsOf(execution, kind)[0]?.binary?.data;
			expect(file).toMatchObject({
				fileName: expect.stringMatching(new RegExp(`^custom_${kind}-.*\\.${kind}$`)),
				mimeType: mediaType(kind).split(';')[0],
			});
			if (file)
				expect((await n8n.binaries.download(file)).equals(await mediaSample(kind))).toBe(true);
		}
		expect(at.standIn.stats.requests.download).toBe(FILES.length);
	});

	test('the example fetches what failed by its task ID, and marks what was never paid for', async () => {
		const { n8n, standIn, credential } = at;
		standIn.fault('create', { type: 'status', code: 402 }, { times: 1, match: { taskIndex: 0 } });
		standIn.fault('download', { type: 'expired' }, { times: 1 });
		const example = exampleWorkflows(credential).get('fetch-what-failed.json');
		const text = JSON.stringify(example)
			.replaceAll('/home/node/.n8n-files', target)
			.replaceAll('"amount":1,"unit":"minutes"', '"amount":1,"unit":"seconds"');
		const { id } = await n8n.workflows.create(JSON.parse(text) as WorkflowFile);
		const execution = await n8n.executions.run(id, 'When clicking ‘Execute workflow’');
		expect(errorOf(execution)).toBe('');
		expect(standIn.creationsAccepted).toBe(2);
		await at.expectServedBytes(itemsOf(execution, 'Fetch the Image'));
		const [marked, ...others] = itemsOf(execution, 'Mark the Order');
		expect(others).toEqual([]);
		expect(marked.json).toMatchObject({
			order: expect.any(Number),
			reason: expect.stringContaining('out of credit'),
			what_helps: expect.stringContaining('Top up'),
		});
		const orders = fs.readdirSync(target).map((name) => Number(name.split('-')[0]));
		expect([...orders, marked.json.order].sort()).toEqual([101, 102, 103]);
	});
});
