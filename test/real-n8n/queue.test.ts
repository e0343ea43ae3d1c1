/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import { setTimeout as sleep } from 'node:timers/promises';
import { startStandIn, type StandIn } from '../standin';
import type { Credential } from './credentials';
import { errorOf, itemsOf, type Item } from './execution';
import { packedNode } from './installedNode';
import { descendantsOf, stillRunning } from './processTree';
import { QueueN8n } from './queueN8n';
import { missingServices } from './services';
import { manualStart, vtrix, webhookStart, workflow } from './vtrixWorkflows';

const MODEL = { model: 'spark_dream_5_0' };
/** Ends a try: a poll that is refused cannot be repeated. */
const REFUSED = { type: 'status', code: 403, body: { message: 'no' } } as const;
const SAME = { ...MODEL, prompt: 'The same for all' };

const code = (name: string, jsCode: string) => ({
	name,
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode },
});

async function until(what: string, check: () => boolean) {
	for (let tries = 0; !check(); tries++) {
		if (tries > 600) throw new Error(`Waited a minute for ${what} in vain`);
		await sleep(100);
	}
}

const missing = missingServices();
if (missing.length > 0) {
	console.warn(`Queue mode is not tested: install ${missing.join(' and ')} from Debian.`);
}
const suite = missing.length > 0 ? describe.skip : describe;

suite('n8n with two workers', () => {
	let queue: QueueN8n;
	let standIn: StandIn;
	let credential: Credential;
	let before: number[];

	beforeAll(async () => {
		before = descendantsOf(process.pid);
		const tarball = await packedNode();
		standIn = await startStandIn({ drawing: 'scene', tinyImages: true });
		const log = (line: string) => console.info(line);
		queue = await QueueN8n.start({ noticeSoon: true, log });
		await queue.install(tarball);
		credential = await queue.main.credentials.create('vtrixApi', {
			apiKey: standIn.apiKey,
			baseUrl: standIn.url,
		});
	});
	afterAll(async () => {
		const started = descendantsOf(process.pid).filter((pid) => !before.includes(pid));
		await queue?.dispose();
		await standIn?.close();
		// a process that was asked to end may take a moment to be gone
		for (let tries = 0; stillRunning(started).length > 0 && tries < 50; tries++) await sleep(100);
		expect(stillRunning(started)).toEqual([]);
	});
	beforeEach(() => {
		standIn.reset();
		standIn.configure({ latencyMs: 1000, limits: {} });
	});
	afterEach(() => {
		expect(standIn.complaints).toEqual([]);
		expect(standIn.leaks).toEqual([]);
	});

	/** The pictures of items, byte for byte as the API served them. */
	async function expectServedBytes(items: Item[]) {
		for (const { json, binary } of items) {
			const served = await standIn.imageBytes(String(json.taskId), Number(json.index) - 1);
			if (!binary) throw new Error(`The item of task ${String(json.taskId)} carries no file`);
			const bytes = await queue.main.binaries.download(binary.data);
			expect(bytes.equals(served)).toBe(true);
		}
	}

	const create = async (name: string, steps: Parameters<typeof workflow>[1]) =>
		(await queue.main.workflows.create(workflow(name, steps))).id;

	const tasksOf = (items: Item[]) => items.map(({ json }) => String(json.taskId));

	/** Calls a webhook for each prompt at once, and checks that each answer is the prompt's own picture. */
	async function callForEach(path: string, prompts: readonly string[]): Promise<string[]> {
		const { main } = queue;
		const prompt = '={{ $json.body.prompt }}';
		const options = { fileName: '=mug-{{ $execution.id }}-{{ Math.random() }}' };
		const steps = [webhookStart(path), vtrix(credential, { ...MODEL, prompt, options })];
		const id = await create(path, steps);
		await main.workflows.activate(id);
		const headers = { 'content-type': 'application/json' };
		const answers = await Promise.all(
			prompts.map(async (text) => {
				const body = JSON.stringify({ prompt: text });
				const response = await main.callWebhook(path, { method: 'POST', headers, body });
				expect([text, response.status]).toEqual([text, 200]);
				return Buffer.from(await response.arrayBuffer());
			}),
		);
		for (const [index, text] of prompts.entries()) {
			const tasks = standIn.tasks.filter((candidate) => candidate.prompt === text);
			expect(tasks).toHaveLength(1);
			const served = await standIn.imageBytes(String(tasks[0]?.id), 0);
			expect(answers[index].equals(served)).toBe(true);
		}
		const executions = await main.executions.list(id);
		expect(executions).toHaveLength(prompts.length);
		return executions;
	}

	const mugs = (count: number) =>
		Array.from({ length: count }, (_, index) => `Mug number ${index}`);

	async function expectBothWorked(executions: readonly string[]) {
		const workers = new Set<number>();
		for (const executionId of executions) {
			const items = itemsOf(await queue.main.executions.wait(executionId), 'Vtrix');
			expect(items).toHaveLength(1);
			await expectServedBytes(items);
			workers.add((await queue.workerOf(executionId)).number);
		}
		expect([...workers].sort()).toEqual([1, 2]);
	}

	test('both make the pictures of many webhook calls at once, none mixed up or lost', async () => {
		standIn.configure({ latencyMs: 2000 });
		const executions = await callForEach('many', mugs(12));
		expect(standIn.creationsReceived).toBe(12);
		await expectBothWorked(executions);
	});

	test('both share a service that is limited and ill, and every webhook call gets its picture', async () => {
		standIn.configure({ latencyMs: 1000, limits: { concurrentTasks: 4 } });
		standIn.fault('create', { type: 'status', code: 429 }, { times: 4 });
		standIn.fault('poll', { type: 'status', code: 503 }, { match: { poll: 1 } });
		standIn.fault('download', { type: 'reset' }, { match: { download: 1 } });
		const executions = await callForEach('limited', mugs(20));
		expect(standIn.creationsAccepted).toBe(20);
		expect(standIn.stats.statuses['create 429']).toBeGreaterThan(4);
		await expectBothWorked(executions);
	});

	test('two executions of one workflow at once each find their own task again in a retry', async () => {
		standIn.configure({ latencyMs: 3000 });
		for (const taskIndex of [0, 1]) {
			standIn.fault('poll', REFUSED, { times: 1, match: { taskIndex } });
		}
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 500 };
		const id = await create('Twice', [manualStart, vtrix(credential, SAME, settings)]);
		const { executions } = queue.main;
		const run = async () => await executions.wait(await executions.start(id, 'Start'));
		const both = await Promise.all([run(), run()]);
		for (const execution of both) {
			expect(errorOf(execution)).toBe('');
			await expectServedBytes(itemsOf(execution, 'Vtrix'));
		}
		const tasks = both.flatMap((execution) => tasksOf(itemsOf(execution, 'Vtrix')));
		expect([...tasks].sort()).toEqual(standIn.tasks.map((task) => task.id).sort());
		expect(standIn.creationsReceived).toBe(2);
		expect(standIn.stats.faults).toEqual({ status: 2 });
	});

	test('the second of two equal nodes does not take over the task of the first', async () => {
		standIn.fault('poll', REFUSED, { match: { taskIndex: 0 } });
		const id = await create('Two nodes', [
			manualStart,
			vtrix(credential, SAME, { name: 'First', onError: 'continueRegularOutput' }),
			vtrix(credential, SAME, { name: 'Second' }),
		]);
		const execution = await queue.main.executions.run(id, 'Start');
		const [first, second] = standIn.tasks;
		expect(JSON.stringify(itemsOf(execution, 'First')[0].json)).toContain(first.id);
		expect(tasksOf(itemsOf(execution, 'Second'))).toEqual([second.id]);
		await expectServedBytes(itemsOf(execution, 'Second'));
		expect(standIn.creationsReceived).toBe(2);
	});

	test('Stop ends the polling of a worker within a second', async () => {
		standIn.configure({ latencyMs: 60_000 });
		const { executions } = queue.main;
		const id = await create('Stop', [manualStart, vtrix(credential, SAME)]);
		const executionId = await executions.start(id, 'Start');
		await queue.workerOf(executionId);
		await until('two polls', () => standIn.stats.requests.poll >= 2);
		await executions.stop(executionId);
		const stoppedAt = Date.now();
		await sleep(6000);
		expect(standIn.requests.filter(({ time }) => time > stoppedAt + 1000)).toEqual([]);
		expect((await executions.get(executionId)).status).toBe('canceled');
	});

	test("a killed worker's paid tasks stand in its log and are had by Task → Get", async () => {
		standIn.configure({ latencyMs: 3000 });
		const { executions } = queue.main;
		const jsCode = 'return [1, 2, 3].map((number) => ({ json: { number } }));';
		const id = await create('Killed', [
			manualStart,
			code('Three', jsCode),
			vtrix(credential, { ...MODEL, prompt: '=Mug number {{ $json.number }}' }),
		]);
		const executionId = await executions.start(id, 'Start');
		const worker = await queue.workerOf(executionId);
		const paid = () => standIn.tasks.map((task) => task.id).sort();
		const logged = () => {
			const text = queue.logOf(worker).split(`started execution ${executionId} `)[1];
			return [...text.matchAll(/Vtrix task created: (\S+)/g)].map(([, taskId]) => taskId).sort();
		};
		await until('three tasks', () => logged().length === 3);
		await queue.kill(worker);
		expect(logged()).toEqual(paid());

		const ids = JSON.stringify(logged());
		const fetchId = await create('Fetch', [
			manualStart,
			code('Ids', `return ${ids}.map((taskId) => ({ json: { taskId } }));`),
			vtrix(credential, {
				resource: 'task',
				operation: 'get',
				taskId: '={{ $json.taskId }}',
				options: { waitForCompletion: true },
			}),
		]);
		const fetched = await executions.run(fetchId, 'Start');
		expect(errorOf(fetched)).toBe('');
		const items = itemsOf(fetched, 'Vtrix');
		expect(tasksOf(items).sort()).toEqual(paid());
		await expectServedBytes(items);

		await queue.startWorker(worker.number);
		// n8n gives it up, instead of having it run, and paid, a second time
		const lost = await executions.wait(executionId);
		expect(['crashed', 'error']).toContain(lost.status);
		// n8n may write the crash down as a run, when its recovery reads the worker's event log in time
		const runs = lost.data?.resultData.runData.Vtrix ?? [];
		expect(runs.filter(({ executionStatus }) => executionStatus !== 'crashed')).toEqual([]);
		expect(standIn.creationsReceived).toBe(3);

		const again = await Promise.all(
			Array.from({ length: 8 }, async () => await executions.run(id, 'Start')),
		);
		for (const execution of again) expect(itemsOf(execution, 'Vtrix')).toHaveLength(3);
		const workers = again.map(async (execution) => (await queue.workerOf(execution.id)).number);
		expect(await Promise.all(workers)).toContain(worker.number);
	});
});

/**
 * n8n 1 has another worker run a lost job a second time; n8n 2 gives it up, as the variable tells
 * n8n 1 to.
 */
suite.each([
	['1.123.5', {}, /n8n started this execution a second time/],
	// by whom n8n hears of it first decides whether it calls this crashed or an error
	['1.123.5', { QUEUE_WORKER_MAX_STALLED_COUNT: '0' }, /^(?!.*a second time)/s],
] as const)('a worker of n8n %s that is killed, with %j', (version, env, message) => {
	const isGivenUp = Object.keys(env).length > 0;
	let queue: QueueN8n;
	let standIn: StandIn;

	beforeAll(async () => {
		const tarball = await packedNode();
		standIn = await startStandIn({ drawing: 'scene', tinyImages: true, latencyMs: 60_000 });
		const log = (line: string) => console.info(line);
		queue = await QueueN8n.start({ version, env, noticeSoon: true, log });
		await queue.install(tarball);
	});
	afterAll(async () => {
		await queue?.dispose();
		await standIn?.close();
	});

	test('leaves an execution that pays for nothing a second time', async () => {
		const { main } = queue;
		const credential = await main.credentials.create('vtrixApi', {
			apiKey: standIn.apiKey,
			baseUrl: standIn.url,
		});
		const jsCode = 'return [1, 2, 3].map((number) => ({ json: { number } }));';
		const prompt = '=Mug number {{ $json.number }} {{ Math.random() }}';
		const { id } = await main.workflows.create(
			workflow('Killed', [
				webhookStart('killed'),
				code('Three', jsCode),
				vtrix(credential, { ...MODEL, prompt }),
			]),
		);
		await main.workflows.activate(id);
		const called = main.callWebhook('killed', { method: 'POST' }).catch(() => undefined);
		await until('three tasks', () => standIn.creationsReceived === 3);
		const [executionId = ''] = await main.executions.list(id);
		const worker = await queue.workerOf(executionId);
		await queue.kill(worker);
		if (isGivenUp) await queue.startWorker(worker.number);
		const lost = await main.executions.wait(executionId);
		expect(isGivenUp ? ['crashed', 'error'] : ['error']).toContain(lost.status);
		expect(errorOf(lost)).toMatch(message);
		expect(standIn.creationsReceived).toBe(3);
		void called;
	});
});
