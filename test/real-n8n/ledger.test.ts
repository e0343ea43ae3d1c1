/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, itemsOf, runsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { chosenVersions } from './versions';
import { load, manualStart, vtrix, workflow } from './vtrixWorkflows';

const PROMPT = { model: 'spark_dream_5_0', prompt: 'The same for all' };
const RETRIES = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
/** Ends a try: a poll that is refused cannot be repeated. */
const REFUSED = { type: 'status', code: 403, body: { message: 'no' } } as const;

const versions = chosenVersions();

// What n8n keeps of an execution is its own affair, so the newest and the oldest are asked.
describe.each([...new Set([versions[0], versions[versions.length - 1]])])('n8n %s', (version) => {
	let at: InstalledNode;

	beforeAll(async () => {
		at = await startInstalledNode({ version });
	});
	afterAll(async () => await at?.close());
	beforeEach(() => {
		at.standIn.reset();
		at.standIn.configure({ latencyMs: 300 });
	});

	const tenItems = async (settings: Record<string, unknown>) => {
		const { n8n, photos, credential } = at;
		const steps = [
			manualStart,
			load('Items', photos.listUrl(10), 'items'),
			vtrix(credential, PROMPT, settings),
		];
		return (await n8n.workflows.create(workflow('Ten items', steps))).id;
	};

	test.each(['poll', 'download'] as const)(
		'Retry On Fail pays ten items once though one %s breaks two tries',
		async (kind) => {
			const { n8n, standIn } = at;
			if (kind === 'poll') standIn.fault('poll', REFUSED, { times: 2, match: { taskIndex: 4 } });
			else {
				const gone = { type: 'status', code: 410 } as const;
				standIn.fault('download', gone, { times: 2, match: { taskIndex: 4 } });
			}
			const execution = await n8n.executions.run(await tenItems(RETRIES), 'Start');
			expect(errorOf(execution)).toBe('');
			await at.expectServedBytes(itemsOf(execution, 'Vtrix'));
			expect(itemsOf(execution, 'Vtrix')).toHaveLength(10);
			expect(standIn.creationsReceived).toBe(10);
		},
	);

	test('Retry On Fail creates only the task anew that failed at the provider', async () => {
		const { n8n, standIn } = at;
		standIn.fault('create', { type: 'failed', error: 'out of luck' }, { match: { taskIndex: 4 } });
		const execution = await n8n.executions.run(await tenItems(RETRIES), 'Start');
		expect(errorOf(execution)).toBe('');
		expect(itemsOf(execution, 'Vtrix')).toHaveLength(10);
		expect(standIn.creationsReceived).toBe(11);
	});

	test.each(['original', 'saved'] as const)(
		'Retry from the executions list with the %s workflow creates nothing anew',
		async (which) => {
			const { n8n, standIn } = at;
			standIn.fault('poll', REFUSED, { match: { taskIndex: 4 } });
			const failed = await n8n.executions.run(await tenItems({}), 'Start');
			expect(errorOf(failed)).toContain(standIn.tasks[4].id);
			expect(standIn.creationsReceived).toBe(10);
			standIn.clearFaults();
			const retried = await n8n.executions.retry(failed.id, which);
			expect(errorOf(retried)).toBe('');
			expect(itemsOf(retried, 'Vtrix')).toHaveLength(10);
			await at.expectServedBytes(itemsOf(retried, 'Vtrix'));
			expect(standIn.creationsReceived).toBe(10);
		},
	);

	/** Runs items through the node, one in each round of a loop. */
	const looped = async (items: number, parameters: Record<string, unknown>) => {
		const { n8n, photos, credential } = at;
		const loop = {
			name: 'Loop',
			type: 'n8n-nodes-base.splitInBatches',
			typeVersion: 3,
			parameters: { options: {} },
		};
		const steps = [
			manualStart,
			load('Items', photos.listUrl(items), 'items'),
			loop,
			vtrix(credential, parameters),
		];
		const { id } = await n8n.workflows.create(
			workflow('Loop', steps, [
				['Start', 'Items'],
				['Items', 'Loop'],
				['Loop', 'Vtrix', 1],
				['Vtrix', 'Loop'],
			]),
		);
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		expect(runsOf(execution, 'Vtrix')).toBe(items);
		return execution;
	};

	test('a loop with the same prompt creates one task a round', async () => {
		await looped(3, PROMPT);
		expect(at.standIn.creationsReceived).toBe(3);
	});

	test('the spending limit counts over the rounds of a loop', async () => {
		const execution = await looped(5, { ...PROMPT, options: { spendingLimit: 0.05 } });
		const [{ json }] = itemsOf(execution, 'Vtrix');
		expect(json.cost).toBe(0.035);
		expect(at.standIn.creationsReceived).toBe(2);
		expect(itemsOf(execution, 'Vtrix', { run: 4 })[0].json).toMatchObject({ skipped: true });
	});

	test('Retry On Fail pays once for fields that are random in each try', async () => {
		const { n8n, standIn, photos, credential } = at;
		standIn.fault('poll', REFUSED, { times: 2, match: { taskIndex: 1 } });
		const prompt = '={{ $now.toMillis() }} {{ Math.random() }} {{ $execution.id }}';
		const steps = [
			manualStart,
			load('Items', photos.listUrl(3), 'items'),
			vtrix(credential, { ...PROMPT, prompt }, RETRIES),
		];
		const { id } = await n8n.workflows.create(workflow('Random', steps));
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		expect(itemsOf(execution, 'Vtrix')).toHaveLength(3);
		expect(standIn.creationsReceived).toBe(3);
	});

	test('Stop ends the polling', async () => {
		const { n8n, standIn } = at;
		standIn.configure({ latencyMs: 60_000 });
		const executionId = await n8n.executions.start(await tenItems({}), 'Start');
		while (standIn.creationsReceived < 10) await sleep(100);
		await n8n.executions.stop(executionId);
		const stoppedAt = Date.now();
		await sleep(3000);
		const late = standIn.requests.filter(({ time }) => time > stoppedAt + 1000);
		expect(late).toEqual([]);
		expect((await n8n.executions.get(executionId)).status).toBe('canceled');
	});
});
