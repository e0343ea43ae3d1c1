import { startStandIn, type StandIn } from '../standin';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { runVtrix } from './runVtrix';

let standIn: StandIn;
let store: BinaryStore;

beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: 30 });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());

test('a prompt alone gives one finished image as a file', async () => {
	const { items, error } = await runVtrix(standIn, {
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
	});
	expect(error).toBeUndefined();
	expect(items[0]).toHaveLength(1);
	expect(await readBinary(items[0][0], 'data')).toEqual(
		await standIn.imageBytes(standIn.tasks[0].id, 0),
	);
});
