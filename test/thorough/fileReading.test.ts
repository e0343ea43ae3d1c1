/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { startS3Server, type S3Server } from '../support/s3Server';
import { sampleImage } from '../support/sampleImage';
import { runAlone } from './childProcess';

// large files on a busy machine
jest.setTimeout(30_000);

let standIn: StandIn;

beforeAll(async () => {
	standIn = await startStandIn({ latencyMs: 0, tinyImages: true, groupSize: 1 });
});
afterAll(async () => await standIn.close());
beforeEach(() => standIn.reset());

/** One opening of a file in n8n's store. */
interface Reading {
	fileName: string;
	/** As far as it was read. */
	bytes: number;
}

/** What was read of n8n's store, and the pieces as long as somebody holds them. */
function watchReads({ service }: BinaryStore) {
	const readings: Reading[] = [];
	const held: Array<WeakRef<Buffer>> = [];
	const original = service.getAsStream.bind(service);
	service.getAsStream = async (id, chunkSize) => {
		const { fileName = '' } = await service.getMetadata(id);
		const reading: Reading = { fileName, bytes: 0 };
		readings.push(reading);
		const stream = await original(id, chunkSize);
		const iterate = stream[Symbol.asyncIterator].bind(stream);
		// the stream itself is handed on, since a file's one can be read from any place
		return Object.assign(stream, {
			async *[Symbol.asyncIterator]() {
				for await (const chunk of { [Symbol.asyncIterator]: iterate }) {
					reading.bytes += chunk.length;
					held.push(new WeakRef(chunk));
					yield chunk;
				}
			},
		});
	};
	service.getAsBuffer = async () => {
		throw new Error('A whole file was taken into memory');
	};
	const collectGarbage = z.function().parse(runInNewContext('gc'));
	return {
		/** In their order. */
		readings,
		/** How many of the pieces are still held by anything. */
		async stillHeld(): Promise<number> {
			await new Promise((resolve) => setTimeout(resolve, 50));
			collectGarbage();
			return held.filter((reference) => reference.deref() !== undefined).length;
		},
	};
}

setFlagsFromString('--expose-gc');

const GROUP = { model: 'spark_dream_4_5', prompt: 'A lighthouse' };
const FIELDS = ['first', 'second', 'third'];

async function itemOf(size: number): Promise<INodeExecutionData> {
	const files = await Promise.all(
		FIELDS.map(async (field, index) => {
			const bytes = await sampleImage({ width: 64, height: 48 + index, bytes: size });
			return [field, { bytes, mimeType: 'image/png', fileName: `${field}.png` }] as const;
		}),
	);
	return await fileItem(Object.fromEntries(files));
}

const rows = (...fieldNames: string[]) => ({
	inputImages: { image: fieldNames.map((fieldName) => ({ fieldName })) },
});

describe.each(['filesystem', 'default'] as const)('with files in the store "%s"', (mode) => {
	let store: BinaryStore;
	let watch: ReturnType<typeof watchReads>;

	beforeEach(async () => {
		store = await initBinaryData(mode);
		watch = watchReads(store);
	});
	afterEach(() => store.cleanup());

	test('an image is not read at all when the store knows that it is too large', async () => {
		const { error } = await runVtrix(standIn, { ...GROUP, ...rows('first') }, [
			await itemOf(10_000_001),
		]);
		expect(error?.message).toBe(
			`Input Images: "first" is 10.01 MB large. The largest file allowed is 10 MB. Put an Edit Image node before this one: Operation 'Resize', Width and Height 3100, Option 'Only if Larger', and under Options the Format 'jpeg'.`,
		);
		expect(watch.readings).toEqual([]);
	});

	test('a file of exactly the largest size is taken', async () => {
		const { error } = await runVtrix(standIn, { ...GROUP, ...rows('first') }, [
			await itemOf(10_000_000),
		]);
		expect(error).toBeUndefined();
		expect(standIn.complaints).toEqual([]);
	});

	test('images are let go once they are sent, while the task still runs', async () => {
		standIn.configure({ latencyMs: 1500 });
		const item = await itemOf(3_000_000);
		const running = runVtrix(standIn, { ...GROUP, ...rows(...FIELDS) }, [item]);
		while (standIn.creationsAccepted === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		expect(await watch.stillHeld()).toBe(0);
		expect(standIn.stats.openTasks).toBe(1);
		standIn.configure({ latencyMs: 0 });
		await running;
	});

	test('each image is encoded once', async () => {
		const item = await itemOf(1_000_000);
		let encoded = 0;
		const original = Buffer.prototype.toString;
		const spy = jest.spyOn(Buffer.prototype, 'toString').mockImplementation(function (
			this: Buffer,
			...args
		) {
			if (args[0] === 'base64') encoded += this.length;
			return original.apply(this, args);
		});
		try {
			await runVtrix(standIn, { ...GROUP, ...rows(...FIELDS) }, [item], { executionId: mode });
		} finally {
			spy.mockRestore();
		}
		// the picture that comes back is stored as base64 by the store "default"
		expect(encoded).toBeGreaterThanOrEqual(3_000_000);
		expect(encoded).toBeLessThan(3_100_000);
	});
});

test('of a large file no more than its beginning and its end are read to check it, once', async () => {
	const store = await initBinaryData();
	const { readings } = watchReads(store);
	const parameters = { ...GROUP, ...rows('first', 'second, third', 'first') };
	const { items } = await runVtrix(standIn, { ...parameters, options: { dryRun: true } }, [
		await itemOf(5_000_000),
	]);
	store.cleanup();
	expect(items[0]).toHaveLength(1);
	expect(readings.map(({ fileName }) => fileName)).toEqual(
		FIELDS.flatMap((field) => [`${field}.png`, `${field}.png`]),
	);
	for (const { bytes } of readings) expect(bytes).toBeLessThanOrEqual(65_536);
});

const memorySchema = z.object({ images: z.number(), grown: z.number(), sent: z.number() });
/** What V8 has not cleared away yet, however large the files are; more where more pass at a time. */
const ALLOWANCE = { few: 100_000_000, many: 150_000_000 };

describe.each(['filesystem', 's3'] as const)('with files in the store "%s"', (mode) => {
	let s3: S3Server;
	beforeAll(async () => {
		s3 = await startS3Server();
	});
	afterAll(async () => await s3.close());

	test.each([
		[1, 'rows'],
		[3, 'rows'],
		[12, 'json'],
	] as const)(
		'%i requests with 14 files of 10 MB each, named by %s, need no more memory than a few files',
		async (count, way) => {
			const { host, bucket, accessKey } = s3;
			const where = mode === 's3' ? JSON.stringify({ host, bucket, accessKey }) : mode;
			const args = [standIn.url, standIn.apiKey, where, String(count), way];
			const { images, grown, sent } = memorySchema.parse(
				await runAlone('sendLargeImages.ts', args, 100_000),
			);
			expect(standIn.creationsAccepted).toBe(count);
			expect(images).toBe(count * 140_000_000);
			expect(sent).toBe(count);
			expect(grown).toBeLessThan(count > 10 ? ALLOWANCE.many : ALLOWANCE.few);
		},
		120_000,
	);
});
