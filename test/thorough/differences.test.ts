import type * as FakeTime from '../faults/fakeTimeTransport';
import { now } from '../faults/fakeTimeTransport';
import { startStandIn, type StandIn } from '../standin';
import { ALL_DIFFERENCES, playDifferences } from '../standin/faults/differences';
import { AGAINST } from '../live/against';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { proveAt } from '../../tools/live/atGateway';

// tasks take their seconds in a time that jumps
jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

let store: BinaryStore;
let standIn: StandIn;
beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: [3000, 12_000], now });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => {
	standIn.reset();
	standIn.configure({ refusals: 'documented' });
});
afterEach(() => expect(standIn.leaks).toEqual([]));

/** A model of each form of result, so that a proof is short. */
const FEW = ['spark_dream_5_0', 'spark_dreamo'];

describe('a gateway that differs', () => {
	test.each(ALL_DIFFERENCES)(
		'by %s: it is named once, nothing else is, and the node handles it',
		async (difference) => {
			await playDifferences(standIn, [difference]);
			const { report } = await proveAt(standIn, { modelIds: FEW });
			expect(report?.comparison.different.map(({ belief }) => belief.id)).toEqual([
				AGAINST[difference],
			]);
			expect(report?.steps?.filter(({ end }) => end !== 'handled')).toEqual([]);
		},
	);
});
