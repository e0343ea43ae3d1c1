import { startStandIn, type StandIn } from '../standin';
import { fileItem, initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { sampleImage } from '../support/sampleImage';
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
	const { items, error } = await runVtrix(standIn, { model: 'spark_dream_5_0', prompt: 'A lighthouse' });
	expect(error).toBeUndefined();
	const [item, ...others] = items[0];
	expect(others).toEqual([]);
	console.log(item);
	expect(await readBinary(item, 'data')).toEqual(await standIn.imageBytes(standIn.tasks[0].id, 0));
});

test('i2i', async () => {
	const photo = await sampleImage({ format: 'jpeg', width: 640, height: 480 });
	const item = await fileItem({ data: { bytes: photo, fileName: 'a.jpg', mimeType: 'image/jpeg' } });
	const { items, error } = await runVtrix(standIn, { model: 'spark_i2i_3_0', prompt: 'A lighthouse', inputImages: {image: [{}]} , simplify: false}, [item, item]);
	console.log(error, standIn.complaints, JSON.stringify(standIn.requests.slice(0,1)));
	console.log(items[0][1].json);
	expect(items[0].length).toBe(2);
});
