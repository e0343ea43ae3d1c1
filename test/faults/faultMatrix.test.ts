import type * as FakeTime from './fakeTimeTransport';
import { testMatrix, type Row } from './faultMatrix';
import { FAULTS } from './rows';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

let store: BinaryStore;
beforeAll(async () => {
	store = await initBinaryData();
});
afterAll(() => store.cleanup());

describe.each(FAULTS)('among three items, $what', ({ on, rows }) => testMatrix(on, rows, 3));

/** One that the image comes after all the same, and one that is told; thorough/ tries all of them. */
const oneOfEach = (rows: Row[]): Row[] =>
	[rows.find(({ error }) => !error), rows.find(({ error }) => error)].filter(
		(row) => row !== undefined,
	);

describe.each(FAULTS)('alone, $what', ({ on, rows }) => testMatrix(on, oneOfEach(rows), 1));
