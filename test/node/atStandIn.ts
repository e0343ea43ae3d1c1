import type { INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now, startTime } from '../faults/fakeTimeTransport';
import { startStandIn, type StandIn, type StandInOptions } from '../standin';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import type { TestCredential } from '../support/credentials';
import type { NodeRun } from '../support/runNode';
import { credentialFor, runVtrix, type vtrixOptions } from './runVtrix';

// A test that loads the node has to import this file first.
jest.mock('../../nodes/Vtrix/n8n/connection/transport', () => {
	const { inFakeTime, LARGE_ANSWER_MS } = jest.requireActual<typeof FakeTime>(
		'../faults/fakeTimeTransport',
	);
	return inFakeTime(
		jest.requireActual('../../nodes/Vtrix/n8n/connection/transport'),
		LARGE_ANSWER_MS,
	);
});

/** What a test file works with, once its first test runs. */
export interface AtStandIn {
	readonly standIn: StandIn;
	/** Its credential, with what a test changes in it. */
	credential(changed?: { apiKey?: string; baseUrl?: string }): TestCredential;
	/** The node, for further nodes of the same workflow. */
	readonly node: INodeType;
	/** Runs the node. */
	run(
		parameters: INodeParameters,
		items?: INodeExecutionData[],
		more?: Parameters<typeof vtrixOptions>[3],
	): Promise<NodeRun>;
	/** The `params` of a creation as the stand-in received them, the first one unless told. */
	sentParams(creation?: number): Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isCollection = (value: unknown): value is INodeParameters => isRecord(value);

/** The first entry of a creation's `input`. */
function paramsOf(body: unknown): Record<string, unknown> {
	const input = isRecord(body) ? body.input : undefined;
	const entry: unknown = Array.isArray(input) ? input[0] : undefined;
	if (!isRecord(entry) || !isRecord(entry.params)) throw new Error('No such creation was received');
	return entry.params;
}

/**
 * Gives a test file a stand-in with tiny images, and n8n's binary store, in a time that jumps over
 * whatever is only waited for. Before each test all is as new; after each one no key may have gone
 * where it does not belong.
 */
export function atStandIn(options: StandInOptions = {}): AtStandIn {
	let standIn: StandIn;
	let store: BinaryStore;
	beforeAll(async () => {
		store = await initBinaryData();
		standIn = await startStandIn({ now, latencyMs: 20, tinyImages: true, ...options });
	});
	afterAll(async () => {
		await standIn.close();
		store.cleanup();
	});
	beforeEach(() => {
		standIn.reset();
		startTime();
	});
	afterEach(() => expect(standIn.leaks).toEqual([]));
	return {
		node: new Vtrix(),
		credential: (changed) => credentialFor(standIn, changed),
		get standIn() {
			return standIn;
		},
		async run(parameters, items, more) {
			const { options: collection } = parameters;
			return await runVtrix(
				standIn,
				{
					...parameters,
					options: { pollInterval: 0.03, ...(isCollection(collection) && collection) },
				},
				items,
				more,
			);
		},
		sentParams(creation = 0) {
			const creations = standIn.requests.filter(({ kind }) => kind === 'create');
			return paramsOf(creations[creation]?.body);
		},
	};
}
