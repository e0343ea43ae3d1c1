/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { IDataDeduplicator } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { credentialFor } from '../node/runVtrix';
import { DataDeduplicationService } from '../support/n8nCore';
import { agentTool } from '../support/toolCalls';
import { atProvider } from './provider';

/** n8n's notes as its database has them: a row is read, changed and written as a whole. */
let notes: string[] = [];
const pause = async () => await new Promise((resolve) => setImmediate(resolve));
const notSupported = async (): Promise<never> => {
	throw new Error('Not in this test');
};
const database: IDataDeduplicator = {
	async checkProcessedAndRecord(items) {
		const read = [...notes];
		await pause();
		const [known, fresh] = [true, false].map((is) =>
			items.filter((item) => read.includes(String(item)) === is),
		);
		notes = [...read, ...(fresh ?? []).map(String)];
		return { new: fresh ?? [], processed: known ?? [] };
	},
	removeProcessed: notSupported,
	clearAllProcessedItems: notSupported,
	getProcessedDataCount: notSupported,
};

const at = atProvider();
beforeAll(async () => await DataDeduplicationService.init(database));
beforeEach(() => {
	notes = [];
});

const options = { options: { pollInterval: 0.03 } };
const REFUSED = { type: 'status', code: 403 } as const;

describe('an execution that n8n starts again from the beginning', () => {
	test.each([undefined, 'continueRegularOutput'] as const)(
		'creates nothing, and the error tells where its tasks are (%s)',
		async (onError) => {
			const prompts = ['a cat', 'a dog'];
			await at.generate(prompts, {}, options);
			const nodeOverrides = { retryOnFail: true, waitBetweenTries: 1, ...(onError && { onError }) };
			const again = await at.generate(prompts, { nodeOverrides, batchSize: 1 }, options);
			expect(at.standIn.creationsReceived).toBe(2);
			expect(again.error?.message ?? again.items[0][0].json.error).toMatch(
				/n8n started this execution a second time/,
			);
		},
	);

	test('creates its tasks in a retry from the executions list, as somebody decided so', async () => {
		await at.generate(['a cat'], {}, options);
		const again = await at.generate(['a cat'], {}, options);
		const retried = await at.retry(again, { executionId: 'execution-2' });
		expect(retried.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(2);
	});
});

describe('nothing is taken for a second start', () => {
	test('when a node is tried again, or runs again in a loop', async () => {
		at.standIn.fault('poll', REFUSED, { match: { taskIndex: 1 }, times: 2 });
		const nodeOverrides = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const run = await at.generate(['a', 'b', 'c'], { nodeOverrides, batchSize: 1 }, options);
		expect(run.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(3);
	});

	test('when twenty executions begin at once', async () => {
		const runs = await Promise.all(
			Array.from({ length: 20 }, async (_, index) =>
				at.generate([`picture ${index}`], { executionId: `execution-${index}` }, options),
			),
		);
		for (const run of runs) expect(run.error).toBeUndefined();
		expect(at.standIn.creationsReceived).toBe(20);
	});

	test('when an agent makes several calls at once', async () => {
		const { call } = agentTool({
			node: new Vtrix(),
			parameters: {
				resource: 'image',
				operation: 'generate',
				model: 'spark_t2i_3_0',
				prompt: "={{ $fromAI('prompt') }}",
				...options,
			},
			credentials: [credentialFor(at.standIn)],
		});
		await Promise.all(['a', 'b', 'c'].map(async (prompt) => await call({ prompt })));
		await call({ prompt: 'd' });
		expect(at.standIn.creationsReceived).toBe(4);
	});
});
