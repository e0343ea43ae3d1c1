import { NodeOperationError } from 'n8n-workflow';
import { probe } from './probe';
import { retryExecution } from './retryExecution';
import { runNode } from './runNode';

/** Fails on its first try and tells what it knew at each. */
const node = probe(async (self) => {
	const context = self.getContext('node');
	context.tries = Number(context.tries ?? 0) + 1;
	if (context.tries === 1) throw new NodeOperationError(self.getNode(), 'Broken');
	const { tries } = context;
	const [{ json }] = self.getInputData();
	return [
		[
			{
				json: {
					...json,
					tries,
					text: self.getNodeParameter('text', 0),
					execution: self.getExecutionId(),
					round: self.evaluateExpression('{{ $runIndex }}', 0),
				},
			},
		],
	];
});
const items = [{ json: { animal: 'cat' } }];

test('a retry goes on in a new execution with the same input and the context of the failed one', async () => {
	const failed = await runNode({ node, items, parameters: { text: 'old' } });
	expect(failed.status).toBe('error');
	const retried = await retryExecution(failed);
	expect(retried.status).toBe('success');
	expect(retried.items[0][0].json).toEqual({
		animal: 'cat',
		tries: 2,
		text: 'old',
		execution: 'execution-2',
		round: 0,
	});
	expect(retried.run.mode).toBe('retry');
});

test('with the original workflow, later changes of the node do not count', async () => {
	const failed = await runNode({ node, items, parameters: { text: 'old' } });
	const { items: out } = await retryExecution(failed, { parameters: { text: 'new' } });
	expect(out[0][0].json).toMatchObject({ text: 'old', tries: 2 });
});

test('with the saved workflow, later changes of the node count', async () => {
	const failed = await runNode({ node, items, parameters: { text: 'old' } });
	const { items: out } = await retryExecution(failed, {
		workflow: 'saved',
		parameters: { text: 'new' },
		executionId: '77',
	});
	expect(out[0][0].json).toMatchObject({ text: 'new', tries: 2, execution: '77' });
});

test('the failed execution stays as it was, so it can be retried twice', async () => {
	const failed = await runNode({ node, items });
	await retryExecution(failed);
	expect(failed.nodeContext).toEqual({ tries: 1 });
	expect((await retryExecution(failed)).items[0][0].json.tries).toBe(2);
});

test('a round that failed within a loop is the one that runs again', async () => {
	const failed = await runNode({
		node: probe(async (self) => {
			const context = self.getContext('node');
			context.tries = Number(context.tries ?? 0) + 1;
			if (context.tries === 2) throw new NodeOperationError(self.getNode(), 'Broken');
			const round = self.evaluateExpression('{{ $runIndex }}', 0);
			return [self.getInputData().map(({ json }) => ({ json: { ...json, round } }))];
		}),
		batchSize: 1,
		items: ['cat', 'dog'].map((animal) => ({ json: { animal } })),
	});
	expect(failed.status).toBe('error');
	const { status, rounds } = await retryExecution(failed);
	expect(status).toBe('success');
	expect(rounds.map(([out]) => out[0].json)).toEqual([
		{ animal: 'cat', round: 0 },
		{ animal: 'dog', round: 1 },
	]);
});

test('an execution that succeeded is refused, as in n8n', async () => {
	const fine = await runNode({ node: probe(async () => [[{ json: {} }]]) });
	await expect(retryExecution(fine)).rejects.toThrow('cannot be retried');
});

test('a stopped execution is refused: what n8n saved of it cannot be told here', async () => {
	const stopped = await runNode({
		node: probe(
			async (self) =>
				await new Promise((resolve) => {
					self.getExecutionCancelSignal()?.addEventListener('abort', () => resolve([[]]));
				}),
		),
		cancelAfterMs: 20,
	});
	await expect(retryExecution(stopped)).rejects.toThrow('Stop');
});
