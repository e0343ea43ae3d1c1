/* eslint-disable @n8n/community-nodes/no-restricted-imports */
/*
 * Tries that pay again:
 * - n8n-io/n8n#24205: all items of an OpenAI node worked, and Retry On Fail called for all again
 * - n8n-io/n8n#12096: predictions at Replicate made as often as Max Tries allows
 * - n8n-io/n8n#14423: rows written five times
 */
import { createServer } from 'node:http';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { z } from 'zod/v3';
import { itemsOf, atProvider } from '../faults/provider';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now } from '../faults/fakeTimeTransport';
import { listen } from '../support/listen';
import type { NodeRun } from '../support/runNode';
import { sampleImage } from '../support/sampleImage';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const five = Array.from({ length: 5 }, (_, index) => `picture ${index}`);
const refusedPoll = { type: 'status', code: 403 } as const;
const SEED = '={{ Math.floor(Math.random() * 1e9) + 1 }}';
const withSeed = (seed: string, options: IDataObject = {}): INodeParameters => ({
	model: 'spark_t2i_3_0',
	options: { seed, ...options } as INodeParameters,
});

const hintsOf = ({ hints }: NodeRun) => hints.map(({ message }) => message).join('\n');
const sentSeeds = () =>
	at.standIn.requests.flatMap(({ kind, body }) =>
		kind === 'create' ? [/"seed":(\d+)/.exec(JSON.stringify(body))?.[1]] : [],
	);
const parametersOf = ({ items }: NodeRun) =>
	items[0].map(({ json }) => z.record(z.unknown()).parse(json.parameters));

test('Retry On Fail does nothing more where everything worked', async () => {
	const run = await at.generate(five, { nodeOverrides: RETRY });
	expect(run.items[0]).toHaveLength(5);
	expect(run.rounds).toHaveLength(1);
	expect(at.standIn.creationsReceived).toBe(5);
	expect(at.standIn.stats.requests.download).toBe(5);
	for (const { json } of run.items[0]) expect(Object.keys(json)).not.toContain('error');
});

describe('Retry On Fail pays once for an item with', () => {
	test.each([
		['a random seed', withSeed(SEED)],
		['the time in a field', withSeed('={{ $now.toMillis() }}')],
		[
			'a random word in its prompt',
			{ model: 'spark_t2i_3_0', prompt: '={{ $json.prompt }} {{ Math.random() }}' },
		],
		['the execution in a field', withSeed('={{ Number($execution.id.length) + Date.now() }}')],
	])('%s', async (_, parameters) => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 3 }, times: 2 });
		const run = await at.generate(five, { nodeOverrides: RETRY }, parameters);
		expect(run.error).toBeUndefined();
		expect(run.items[0]).toHaveLength(5);
		expect(at.standIn.creationsReceived).toBe(5);
	});

	test.each([
		['the first item on Continue', 'picture 0', 'continueRegularOutput'],
		['the first item on the error branch', 'picture 0', 'continueErrorOutput'],
	] as const)('a random seed, when the failing one is %s', async (_, prompt, onError) => {
		at.fault('poll', prompt, refusedPoll, { times: 2 });
		const run = await at.generate(five, { nodeOverrides: { ...RETRY, onError } }, withSeed(SEED));
		expect(run.items[0].map(({ json }) => json.prompt)).toEqual(five);
		expect(at.standIn.creationsReceived).toBe(5);
	});

	test('a random seed in each round of a loop', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 1 }, times: 2 });
		const run = await at.generate(
			['same', 'same', 'same'],
			{ nodeOverrides: RETRY, batchSize: 1 },
			withSeed(SEED),
		);
		expect(run.rounds).toHaveLength(3);
		expect(new Set(run.rounds.map(([[{ json }]]) => json.taskId)).size).toBe(3);
		expect(at.standIn.creationsReceived).toBe(3);
	});

	test('a random seed, without waiting for the end', async () => {
		at.fault('create', 'two', { type: 'status', code: 402 }, { times: 1 });
		const run = await at.generate(
			['one', 'two', 'three'],
			{ nodeOverrides: RETRY },
			withSeed(SEED, { waitForCompletion: false }),
		);
		expect(run.items[0]).toHaveLength(3);
		expect(['one', 'two', 'three'].map(at.creationsOf)).toEqual([1, 2, 1]);
	});

	test('an image URL that is gone in the next try', async () => {
		const picture = await sampleImage({ format: 'png', width: 600, height: 600 });
		let checks = 0;
		const server = createServer((_, response) => {
			checks += 1;
			response.writeHead(checks === 1 ? 200 : 404, { 'content-type': 'image/png' }).end(picture);
		});
		const { host, close } = await listen(server);
		at.fault('poll', 'a cat', refusedPoll, { times: 1 });
		const run = await at.generate(
			['a cat'],
			{ nodeOverrides: RETRY },
			{
				inputImages: { image: [{ source: 'url', url: `http://${host}/in.png` }] },
				options: { checkImageUrls: true },
			},
		);
		await close();
		expect(run.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('a size that is another one in the next try, as a hint tells', async () => {
		at.fault('poll', 'a cat', refusedPoll, { times: 1 });
		const side = '={{ 1000 + Math.floor(Math.random() * 500) }}';
		const size = { model: 'spark_t2i_3_0', size: 'custom', width: side, height: side };
		const run = await at.generate(['a cat'], { nodeOverrides: RETRY }, size);
		expect(run.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(1);
		expect(hintsOf(run)).toMatch(/not created again\. 'Size' would be different now/);
	});

	test('an unknown outcome, which is not sent again', async () => {
		at.fault('create', 'a cat', { type: 'reset', created: true }, { times: 1 });
		const run = await at.generate(['a cat'], { nodeOverrides: RETRY }, withSeed(SEED));
		expect(at.creationsOf('a cat')).toBe(1);
		expect(run.error?.message).toMatch(/may have been created and billed/);
	});
});

describe('Retry from the executions list', () => {
	test.each(['original', 'saved'] as const)(
		'with the %s workflow pays once for items with a random seed',
		async (workflow) => {
			at.fault('poll', 'picture 3', refusedPoll);
			const failed = await at.generate(five, {}, withSeed(SEED));
			at.standIn.clearFaults();
			const run = await at.retry(failed, { workflow });
			expect(run.error).toBeUndefined();
			expect(five.map(at.creationsOf)).toEqual([1, 1, 1, 1, 1]);
		},
	);

	test('pays once when only how images are delivered is changed', async () => {
		at.fault('poll', 'picture 3', refusedPoll);
		const failed = await at.generate(five, {}, withSeed(SEED, { timeout: 60 }));
		at.standIn.clearFaults();
		const run = await at.retry(failed, {
			workflow: 'saved',
			parameters: {
				...failed.options.parameters,
				simplify: false,
				options: { fileName: '={{ $now }}', timeout: 900, seed: SEED },
			},
		});
		expect(run.error).toBeUndefined();
		expect(five.map(at.creationsOf)).toEqual([1, 1, 1, 1, 1]);
	});

	test('creates anew when a saved field is changed, though all of them are random', async () => {
		at.fault('poll', 'a cat', refusedPoll);
		const failed = await at.generate(['a cat'], {}, withSeed(SEED));
		at.standIn.clearFaults();
		const run = await at.retry(failed, {
			workflow: 'saved',
			parameters: { ...failed.options.parameters, prompt: '=Draw {{ $json.prompt }}' },
		});
		expect(run.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(2);
	});

	test('creates anew only what has another input', async () => {
		at.fault('poll', 'a dog', refusedPoll);
		const failed = await at.generate(['a cat', 'a dog'], {}, withSeed(SEED));
		at.standIn.clearFaults();
		for (const { data } of failed.run.data.executionData?.nodeExecutionStack ?? []) {
			data.main = [itemsOf(['a cat', 'a wolf'])];
		}
		const run = await at.retry(failed);
		expect(run.error).toBeUndefined();
		expect(['a cat', 'a dog', 'a wolf'].map(at.creationsOf)).toEqual([1, 1, 1]);
	});

	test('pays once when the items come in another order', async () => {
		at.fault('poll', 'picture 3', refusedPoll);
		const failed = await at.generate(five, {}, withSeed(SEED));
		const created = five.map(at.creationsOf);
		at.standIn.clearFaults();
		const turned = [...five].reverse();
		for (const { data } of failed.run.data.executionData?.nodeExecutionStack ?? []) {
			data.main = [itemsOf(turned)];
		}
		const run = await at.retry(failed);
		expect(run.items[0].map(({ json }) => json.taskId)).toEqual(turned.flatMap(at.tasksOf));
		expect(created).toContain(1);
		expect(five.map(at.creationsOf)).toEqual([1, 1, 1, 1, 1]);
	});

	test('of an execution that an older version of the node ran finds its tasks', async () => {
		at.fault('poll', 'picture 3', refusedPoll);
		const failed = await at.generate(five);
		at.standIn.clearFaults();
		const kept = failed.run.data.executionData?.contextData['node:Vtrix'] ?? {};
		const entries = z
			.record(z.object({ place: z.string(), request: z.string(), taskId: z.string() }))
			.parse(kept.vtrixTasks);
		kept.vtrixTasks = Object.fromEntries(
			Object.values(entries).map(({ place, request, taskId }) => [
				`${place}:${request}`,
				{ taskId, createdAt: now() },
			]),
		);
		const run = await at.retry(failed);
		expect(run.error).toBeUndefined();
		expect(five.map(at.creationsOf)).toEqual([1, 1, 1, 1, 1]);
	});
});

describe('the output of a later try', () => {
	test('shows the parameters that were sent, and a hint names those that would differ now', async () => {
		at.fault('poll', 'a cat', refusedPoll, { times: 1 });
		const parameters = { ...withSeed(SEED), simplify: false };
		const run = await at.generate(['a cat'], { nodeOverrides: RETRY }, parameters);
		expect(parametersOf(run).map(({ seed }) => String(seed))).toEqual(sentSeeds());
		expect(hintsOf(run)).toMatch(/An earlier try has paid for this task.*'Seed'/);
	});

	test('has no such hint where the request reads the same', async () => {
		at.fault('poll', 'a cat', refusedPoll, { times: 1 });
		const run = await at.generate(['a cat'], { nodeOverrides: RETRY }, withSeed('7'));
		expect(run.error).toBeUndefined();
		expect(hintsOf(run)).not.toContain('earlier try');
	});
});
