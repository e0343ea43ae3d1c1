import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { noise } from '../images/corpus';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { fileItem, initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { retryExecution } from '../support/retryExecution';
import { startS3Server, type S3Server } from '../support/s3Server';
import { sampleImage } from '../support/sampleImage';
import type * as FakeTime from './fakeTimeTransport';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

/** More writes than n8n's S3 client and the node try together. */
const FOR_GOOD = 1000;

let standIn: StandIn;
let s3: S3Server;
let store: BinaryStore;
beforeAll(async () => {
	standIn = await startStandIn({ latencyMs: 20, tinyImages: true });
	s3 = await startS3Server();
	store = await initBinaryData(s3);
});
afterAll(async () => {
	store.cleanup();
	await s3.close();
	await standIn.close();
});
beforeEach(() => {
	standIn.reset();
	s3.refuseWrites(0);
});

/** The object behind a file of an item. */
const objectOf = ({ id = '' }: IBinaryData) => s3.objects.get(id.replace(/^s3:/, ''));

async function expectServed(items: INodeExecutionData[]): Promise<void> {
	for (const item of items) {
		const { taskId, index } = item.json;
		const served = await standIn.imageBytes(String(taskId), Number(index) - 1);
		expect((await readBinary(item)).equals(served)).toBe(true);
	}
}

describe('n8n with its files in S3', () => {
	test('gives photos from the bucket, and keeps every image there with its name and type', async () => {
		const photo = {
			bytes: await sampleImage(),
			fileName: 'Foto für März.png',
			mimeType: 'image/png',
		};
		const input = await fileItem({ data: photo });
		expect(input.binary?.data.id).toMatch(/^s3:/);
		const run = await runVtrix(
			standIn,
			{
				model: 'spark_dream_4_5',
				prompt: 'Three mugs',
				inputImages: { image: [{ source: 'file', fieldName: 'data' }] },
				options: { sequentialImageGeneration: 'auto', maxImages: 3, fileName: 'Tasse €' },
			},
			[input],
		);
		expect(run.error).toBeUndefined();
		const [items] = run.items;
		expect(items).toHaveLength(3);
		await expectServed(items);
		for (const { binary } of items) {
			const { data } = binary ?? {};
			const object = data && objectOf(data);
			expect(object?.mimeType).toBe(data?.mimeType);
			expect(decodeURIComponent(object?.fileName ?? '')).toBe(data?.fileName);
		}
		expect(items.map(({ binary }) => binary?.data.fileName)).toEqual(
			[1, 2, 3].map((n) => `Tasse €-${n}.jpg`),
		);
		expect(standIn.complaints).toEqual([]);
	});

	test('keeps images that come in many pieces whole', async () => {
		standIn.configure({ imageBytesSize: 5_000_000 });
		const run = await runVtrix(standIn, { model: 'spark_dream_5_0', prompt: 'a cat' });
		expect(run.error).toBeUndefined();
		await expectServed(run.items[0]);
		expect(
			objectOf(run.items[0][0].binary?.data ?? { data: '', mimeType: '' })?.bytes,
		).toHaveLength(5_000_000);
	});

	describe('and large input files in it', () => {
		const parameters = {
			model: 'spark_dream_4_5',
			prompt: 'A mug',
			inputImages: { image: [{ source: 'file', fieldName: 'data' }] },
		};
		const inBucket = async (bytes: Buffer) =>
			await fileItem({ data: { bytes, fileName: 'photo.jpg', mimeType: 'image/jpeg' } });
		let photo: Buffer;
		beforeAll(async () => {
			photo = await noise(1500, 1300).jpeg({ quality: 100 }).toBuffer();
		});

		test('looks at the beginning of many, and lets each connection go', async () => {
			const item = await inBucket(photo);
			const run = await runVtrix(
				standIn,
				{ ...parameters, options: { dryRun: true } },
				// more than n8n's S3 client opens connections at a time
				Array.from({ length: 120 }, () => ({ ...item })),
			);
			expect(run.error).toBeUndefined();
			expect(run.items[0]).toHaveLength(120);
		});

		test('sends one as it is', async () => {
			const run = await runVtrix(standIn, parameters, [await inBucket(photo)]);
			expect(run.error).toBeUndefined();
			expect(standIn.complaints).toEqual([]);
			expect(standIn.creationsReceived).toBe(1);
		});

		test('refuses one that is cut off before anything is sent', async () => {
			const cutOff = await inBucket(photo.subarray(0, photo.length * 0.8));
			const run = await runVtrix(standIn, parameters, [cutOff]);
			expect(run.error?.message).toMatch(/^Input Images: "data" is cut off/);
			expect(run.error?.description).toMatch(/^Nothing was sent and nothing was charged/);
			expect(standIn.requests).toEqual([]);
		});

		test('tells of one that is not there any more', async () => {
			const item = await inBucket(photo);
			const gone = { ...item.binary?.data, data: 's3', mimeType: 'image/jpeg', id: 's3:nowhere' };
			const run = await runVtrix(standIn, parameters, [{ ...item, binary: { data: gone } }]);
			expect(run.error?.message).toMatch(/^Input Images: "data" is no longer in n8n's file store/);
			expect(standIn.requests).toEqual([]);
		});
	});

	test('gets an image into a bucket that refuses for a while', async () => {
		s3.refuseWrites(4);
		const run = await runVtrix(standIn, { model: 'spark_dream_5_0', prompt: 'a dog' });
		expect(run.error).toBeUndefined();
		await expectServed(run.items[0]);
		expect(standIn.creationsReceived).toBe(1);
	});

	test.each(['url', 'b64_json'])(
		'tells of a bucket that refuses for good (%s), and a retry fetches what is paid for',
		async (responseFormat) => {
			store = await initBinaryData({ ...s3, maxAttempts: 1 });
			s3.refuseWrites(FOR_GOOD);
			const run = await runVtrix(standIn, {
				model: 'spark_dream_5_0',
				prompt: 'a fox',
				options: { responseFormat },
			});
			const [{ id }] = standIn.tasks;
			expect(run.error?.message).toContain(id);
			expect(run.error?.message).toMatch(/n8n could not store it: .*SlowDown/);
			expect(run.error?.description).toMatch(/finished and paid for/);
			s3.refuseWrites(0);
			const again = await retryExecution(run);
			expect(again.error).toBeUndefined();
			await expectServed(again.items[0]);
			expect(standIn.creationsReceived).toBe(1);
		},
	);
});
