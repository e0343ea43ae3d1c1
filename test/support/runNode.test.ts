/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { Readable } from 'node:stream';
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { fileItem, initBinaryData, readBinary, type BinaryStore } from './binaryStore';
import { passThrough } from './builtInNodes';
import { probe } from './probe';
import { runNode } from './runNode';
import { sampleFile, sampleImage } from './sampleImage';

const writesFile = probe(async (node) => {
	const picture = Readable.from([await sampleImage()]);
	const data = await node.helpers.prepareBinaryData(picture, 'made.png', 'image/png');
	return [[{ json: {}, binary: { data }, pairedItem: 0 }]];
});

const readsFile = probe(async (node) => {
	const { fileName } = node.helpers.assertBinaryData(0, 'photo');
	const { length } = await node.helpers.getBinaryDataBuffer(0, 'photo');
	return [[{ json: { fileName, length } }]];
});

describe('files', () => {
	let store: BinaryStore;
	afterEach(() => store.cleanup());

	test('a streamed file is kept on disk, not in the item', async () => {
		store = await initBinaryData();
		const { status, items } = await runNode({ node: writesFile });
		expect(status).toBe('success');
		const { length } = await sampleImage();
		expect(items[0][0].binary?.data).toMatchObject({
			data: 'filesystem-v2',
			bytes: length,
			mimeType: 'image/png',
			fileName: 'made.png',
		});
		expect(store.storedFiles().some((file) => file.includes('executions/execution-1'))).toBe(true);
		expect(await readBinary(items[0][0])).toEqual(await sampleImage());
	});

	test('in the inline mode of n8n 1 the file is in the item itself', async () => {
		store = await initBinaryData('default');
		const { items } = await runNode({ node: writesFile });
		expect(store.storedFiles()).toEqual([]);
		expect(items[0][0].binary?.data.id).toBeUndefined();
		expect(Buffer.from(items[0][0].binary?.data.data ?? '', 'base64')).toEqual(await sampleImage());
		expect(await readBinary(items[0][0])).toEqual(await sampleImage());
	});

	test.each(['filesystem', 'default'] as const)('a node reads an input file (%s)', async (mode) => {
		store = await initBinaryData(mode);
		const photo = await sampleFile({ format: 'jpeg', name: 'cat' });
		const { items } = await runNode({ node: readsFile, items: [await fileItem({ photo })] });
		expect(items[0][0].json).toEqual({ fileName: 'cat.jpg', length: photo.bytes.length });
	});

	test('asking an item for a file it lacks says which files it has', async () => {
		store = await initBinaryData();
		const item = await fileItem({ photo: await sampleFile() });
		await expect(readBinary(item, 'data')).rejects.toThrow("no file in 'data' (files: photo)");
	});
});

test('expressions in parameters see the item that they are for', async () => {
	const node = probe(async (self) => [
		self
			.getInputData()
			.map((_, index) => ({ json: { text: self.getNodeParameter('text', index) } })),
	]);
	const { items } = await runNode({
		node,
		parameters: { text: '={{ $json.animal.toUpperCase() }}' },
		items: [{ json: { animal: 'cat' } }, { json: { animal: 'dog' } }],
	});
	expect(items[0].map(({ json }) => json.text)).toEqual(['CAT', 'DOG']);
});

test('a parameter that was left alone has its default', async () => {
	const node = probe(async (self) => [[{ json: { text: self.getNodeParameter('text', 0) } }]]);
	const { items } = await runNode({ node });
	expect(items[0][0].json.text).toBe('unset');
});

test('with the error output on, an item with an error leaves by the error branch', async () => {
	const node = probe(async (self) => [
		self
			.getInputData()
			.map(({ json }, item) =>
				json.bad
					? { json: {}, error: new NodeOperationError(self.getNode(), 'Bad'), pairedItem: { item } }
					: { json, pairedItem: { item } },
			),
	]);
	const run = await runNode({
		node,
		nodeOverrides: { onError: 'continueErrorOutput' },
		items: [{ json: { id: 1 } }, { json: { id: 2, bad: true } }, { json: { id: 3 } }],
		extraNodes: [
			{ name: 'Good', type: passThrough, after: [{ node: 'Vtrix' }] },
			{ name: 'Bad', type: passThrough, after: [{ node: 'Vtrix', output: 1 }] },
		],
	});
	expect(run.status).toBe('success');
	expect(run.items.map((items) => items.map(({ json }) => json))).toEqual([
		[{ id: 1 }, { id: 3 }],
		// n8n replaces the JSON of such an item
		[{ error: 'Bad' }],
	]);
	expect(run.itemsOf('Good')[0]).toHaveLength(2);
	expect(run.itemsOf('Bad')[0]).toHaveLength(1);
});

test('without the error output, an error ends the execution and is told', async () => {
	const node = probe(async (self) => {
		throw new NodeOperationError(self.getNode(), 'No picture', { description: 'Try again' });
	});
	const { status, error, items } = await runNode({ node });
	expect(status).toBe('error');
	expect(error).toMatchObject({ message: 'No picture', description: 'Try again' });
	expect(items).toEqual([]);
});

test('a workflow that lacks a required value does not start, as in n8n', async () => {
	const node = probe(async () => [[]], {
		properties: [
			{ displayName: 'Prompt', name: 'prompt', type: 'string', default: '', required: true },
		],
	});
	await expect(runNode({ node })).rejects.toThrow('issues');
});

test('Retry On Fail runs the node again and its context is still there', async () => {
	const node = probe(async (self) => {
		const context = self.getContext('node');
		context.tries = Number(context.tries ?? 0) + 1;
		if (context.tries < 3) throw new NodeOperationError(self.getNode(), 'Not yet');
		return [[{ json: { tries: context.tries } }]];
	});
	const run = await runNode({
		node,
		nodeOverrides: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	});
	expect(run.status).toBe('success');
	expect(run.items[0][0].json.tries).toBe(3);
	expect(run.nodeContext).toEqual({ tries: 3 });
});

describe('Stop', () => {
	const untilStopped = async (self: IExecuteFunctions) =>
		await new Promise<INodeExecutionData[][]>((resolve) => {
			self.getExecutionCancelSignal()?.addEventListener('abort', () => resolve([[]]));
		});
	const waits = probe(untilStopped);

	test('ends a run after a time', async () => {
		const { status, stoppedAfterMs } = await runNode({ node: waits, cancelAfterMs: 20 });
		expect(status).toBe('canceled');
		expect(stoppedAfterMs).toBeGreaterThanOrEqual(0);
	});

	test('ends a run when a promise is fulfilled', async () => {
		let tell = () => {};
		const reached = new Promise<void>((resolve) => (tell = resolve));
		const node = probe(async (self) => {
			tell();
			return await untilStopped(self);
		});
		expect((await runNode({ node, cancelWhen: () => reached })).status).toBe('canceled');
	});

	test('ends a run when a condition comes true', async () => {
		let asked = 0;
		const { status } = await runNode({ node: waits, cancelWhen: () => ++asked === 3 });
		expect(status).toBe('canceled');
		expect(asked).toBe(3);
	});

	test('ends a run when a condition comes true that takes time to find out', async () => {
		let asked = 0;
		const { status } = await runNode({ node: waits, cancelWhen: async () => ++asked === 3 });
		expect(status).toBe('canceled');
		expect(asked).toBe(3);
	});

	test('gives a canceled execution even if the node throws because of it', async () => {
		const node = probe(async (self) => {
			await untilStopped(self);
			throw new NodeOperationError(self.getNode(), 'Task abc goes on');
		});
		const { status, error, run } = await runNode({ node, cancelAfterMs: 20 });
		expect([status, run.status]).toEqual(['canceled', 'error']);
		expect(error?.message).toBe('Task abc goes on');
	});

	test('has no effect on a run that is over', async () => {
		const { status, stoppedAfterMs } = await runNode({ node: passThrough, cancelAfterMs: 10_000 });
		expect(status).toBe('success');
		expect(stoppedAfterMs).toBeUndefined();
	});
});

test('hints of the node arrive with the run', async () => {
	const node = probe(async (self) => {
		self.addExecutionHints({ message: 'The prompt is long', location: 'outputPane' });
		return [[{ json: {} }]];
	});
	expect((await runNode({ node })).hints).toEqual([
		{ message: 'The prompt is long', location: 'outputPane' },
	]);
});

test('log lines arrive with their metadata, and each run has its own', async () => {
	const node = probe(async (self) => {
		const id = self.getNodeParameter('text', 0);
		await new Promise((resolve) => setTimeout(resolve, 5));
		self.logger.info('Task created', { id });
		return [[{ json: {} }]];
	});
	const runs = await Promise.all(
		['a', 'b'].map(async (text) => await runNode({ node, parameters: { text } })),
	);
	expect(runs.map(({ logs }) => logs)).toEqual(
		['a', 'b'].map((id) => [
			{ level: 'info', message: 'Task created', metadata: { id }, via: 'logger' },
		]),
	);
	expect(runs[0].engineLogs.length).toBeGreaterThan(0);
});

test('in a loop each round has its run index and the context lasts', async () => {
	const node = probe(async (self) => {
		const context = self.getContext('node');
		context.rounds = Number(context.rounds ?? 0) + 1;
		const round = self.evaluateExpression('{{ $runIndex }}', 0);
		return [self.getInputData().map(({ json }) => ({ json: { ...json, round } }))];
	});
	const run = await runNode({
		node,
		batchSize: 2,
		items: [1, 2, 3].map((id) => ({ json: { id } })),
		extraNodes: [{ name: 'End', type: passThrough, after: [{ node: 'Loop' }] }],
	});
	expect(run.rounds.map(([items]) => items.map(({ json }) => json))).toEqual([
		[
			{ id: 1, round: 0 },
			{ id: 2, round: 0 },
		],
		[{ id: 3, round: 1 }],
	]);
	expect(run.nodeContext).toEqual({ rounds: 2 });
	expect(run.itemsOf('End')[0]).toHaveLength(3);
});

test('the same node twice in a workflow keeps two contexts', async () => {
	const node = probe(async (self) => {
		self.getContext('node').name = self.getNode().name;
		return [[{ json: {} }]];
	});
	const { run, nodeContext } = await runNode({
		node,
		extraNodes: [{ name: 'Second', type: node, after: [{ node: 'Vtrix' }] }],
	});
	expect(nodeContext).toEqual({ name: 'Vtrix' });
	expect(run.data.executionData?.contextData['node:Second']).toEqual({ name: 'Second' });
});
