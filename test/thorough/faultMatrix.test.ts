import type * as FakeTime from '../faults/fakeTimeTransport';
import { testMatrix } from '../faults/faultMatrix';
import { FAULTS } from '../faults/rows';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

let store: BinaryStore;
beforeAll(async () => {
	store = await initBinaryData();
});
afterAll(() => store.cleanup());

describe.each(FAULTS)('alone, $what', ({ on, rows }) => testMatrix(on, rows, 1));
