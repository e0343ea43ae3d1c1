/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { z } from 'zod';
import { noise } from '../images/corpus';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { retryExecution } from '../support/retryExecution';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const PARAMETERS: INodeParameters = {
	model: 'spark_dreamo',
	prompt: '={{ $json.prompt ?? "A lighthouse" }}',
	inputImages: { image: [{ source: 'file', fieldName: 'photo' }] },
};
const TO_ERROR_BRANCH = { nodeOverrides: { onError: 'continueErrorOutput' as const } };

let store: BinaryStore;
beforeEach(async () => {
	store = await initBinaryData();
});
afterEach(() => store.cleanup());

const good = async (json = {}) => await fileItem({ photo: await sampleFile() }, json);
const goodItems = async (count: number) =>
	await Promise.all(Array.from({ length: count }, async () => await good()));
const withBytes = async (bytes: Buffer) =>
	await fileItem({ photo: { bytes, fileName: 'photo.png', mimeType: 'image/png' } });

/** An item whose file was in n8n's store once. */
async function lost(): Promise<INodeExecutionData> {
	const item = await good();
	await store.service.deleteMany([
		{ type: 'execution', workflowId: 'input', executionId: 'input' },
	]);
	return item;
}

const FAULTS: Array<[string, () => Promise<INodeExecutionData>, RegExp]> = [
	['lacks its file', async () => ({ json: {} }), /"photo" is not there/],
	[
		'names a field that it does not have',
		async () => await fileItem({ data: await sampleFile() }),
		/"photo" is not a file field of this item\. It has 'data'/,
	],
	[
		'has a PDF',
		async () => await withBytes(Buffer.from('%PDF-1.7\n')),
		/"photo" is a PDF document/,
	],
	['has an empty file', async () => await withBytes(Buffer.alloc(0)), /"photo" is an empty file/],
	[
		'has another format than the model takes',
		async () => await withBytes(await sampleImage({ format: 'gif', width: 64, height: 64 })),
		/"photo" is in the GIF format/,
	],
	[
		'has a file that is too large',
		async () => await withBytes(await sampleImage({ bytes: 4_700_001 })),
		/"photo" is 4\.71 MB large/,
	],
	[
		'has too many pixels',
		async () => await withBytes(await sampleImage({ width: 4097, height: 10 })),
		/"photo" is 4097 × 10 pixels/,
	],
	[
		'has a large photo that is cut off',
		async () => {
			const photo = await noise(1100, 900).jpeg({ quality: 100 }).toBuffer();
			expect(photo.length).toBeGreaterThan(700_000);
			return await withBytes(photo.subarray(0, photo.length * 0.9));
		},
		/"photo" is cut off/,
	],
	['has no prompt', async () => await good({ prompt: ' ' }), /^Prompt is empty/],
];

describe.each(FAULTS)('of twelve items one %s', (_, faulty, message) => {
	test.each([0, 11])('(item %i), so nothing is sent for any of them', async (place) => {
		const wrong = await faulty();
		const items = await goodItems(11);
		const { error } = await at.run(PARAMETERS, [
			...items.slice(0, place),
			wrong,
			...items.slice(place),
		]);
		expect(error?.message).toMatch(message);
		expect(error?.message).not.toMatch(/settings need/);
		expect(error?.context).toMatchObject({ itemIndex: place });
		expect(error?.description).toBe(
			'Nothing was sent and nothing was charged. Correct the fields and run again.',
		);
		expect(at.standIn.requests).toEqual([]);
	});
});

test('a file that was deleted from the store keeps all others from being paid', async () => {
	const gone = await lost();
	const { error } = await at.run(PARAMETERS, [...(await goodItems(2)), gone]);
	expect(error?.message).toMatch(/"photo" is no longer in n8n's file store/);
	expect(error?.context).toMatchObject({ itemIndex: 2 });
	expect(at.standIn.requests).toEqual([]);
});

test('a file whose record is there and whose content is not is told to be gone', async () => {
	jest.spyOn(store.service, 'getAsStream').mockRejectedValue(new Error('ENOENT: no such file'));
	const { error } = await at.run(PARAMETERS, [await good()]);
	expect(error?.message).toMatch(/^Input Image: "photo" is no longer in n8n's file store/);
	expect(at.standIn.requests).toEqual([]);
});

test('a file that is too large is not even opened', async () => {
	const opened = jest.spyOn(store.service, 'getAsStream');
	const { error } = await at.run(PARAMETERS, [
		await withBytes(await sampleImage({ bytes: 4_700_001 })),
	]);
	expect(error?.message).toMatch(/"photo" is 4\.71 MB large/);
	expect(opened).not.toHaveBeenCalled();
});

test('a file that is named several times is looked at once', async () => {
	const opened = jest.spyOn(store.service, 'getAsStream');
	const rows = [{ fieldName: 'photo' }, { fieldName: 'photo, photo' }];
	const { error } = await at.run(
		{
			model: 'spark_multi_dreamo',
			prompt: 'A lighthouse',
			inputImages: { image: rows },
			options: { dryRun: true },
		},
		[await good()],
	);
	expect(error).toBeUndefined();
	expect(opened).toHaveBeenCalledTimes(1);
});

describe('a file that changes between the look at it and its sending', () => {
	/** What the store gives from the second reading on, and whether it was let go. */
	async function changed(later: (bytes: Buffer) => Buffer[]) {
		const bytes = await noise(300, 200).jpeg().toBuffer();
		const { getAsStream } = store.service;
		const streams: Readable[] = [];
		jest.spyOn(store.service, 'getAsStream').mockImplementation(async (...args) => {
			const stream =
				streams.length === 0
					? await getAsStream.apply(store.service, args)
					: Readable.from(later(bytes), { highWaterMark: 1 });
			streams.push(stream);
			return stream;
		});
		const { error } = await at.run(PARAMETERS, [await withBytes(bytes)]);
		expect(streams.length).toBeGreaterThan(1);
		expect(streams.filter(({ destroyed }) => !destroyed)).toEqual([]);
		return error?.message;
	}

	test.each<[string, (bytes: Buffer) => Buffer[], RegExp]>([
		['grows', (bytes) => [bytes, Buffer.alloc(10), Buffer.alloc(10)], /it changed while it was/],
		['shrinks', (bytes) => [bytes.subarray(0, -10)], /it changed while it was read/],
		[
			'loses its end to zeros',
			(bytes) => [bytes.subarray(0, bytes.length / 2), Buffer.alloc(Math.ceil(bytes.length / 2))],
			/^Input Image: "photo" is cut off/,
		],
	])('is not paid for: it %s', async (_, later, message) => {
		expect(await changed(later)).toMatch(message);
		expect(at.standIn.requests).toEqual([]);
	});
});

test('the first wrong item is told of, and how many others there are', async () => {
	const items = [await good(), { json: {} }, await good(), { json: {} }];
	const { error } = await at.run(PARAMETERS, items);
	expect(error?.context).toMatchObject({ itemIndex: 1 });
	expect(error?.description).toBe(
		'Nothing was sent and nothing was charged. Correct the fields and run again. 1 other item needs a correction too (item 3).',
	);
	expect(error?.context).not.toHaveProperty('taskIds');
	const { error: ofMany } = await at.run(
		PARAMETERS,
		Array.from({ length: 9 }, () => ({ json: {} })),
	);
	expect(ofMany?.description).toMatch(
		/ 8 other items need a correction too \(item 1, 2, 3, 4, 5 and others\)\.$/,
	);
	expect(at.standIn.requests).toEqual([]);
});

test('with an error branch each item stands for itself', async () => {
	const pdf = await withBytes(Buffer.from('%PDF-1.7\n'));
	const { items } = await at.run(
		PARAMETERS,
		[await good(), { json: {} }, pdf, await good()],
		TO_ERROR_BRANCH,
	);
	expect(items[0]).toHaveLength(2);
	expect(items[1]?.map(({ json }) => json.error)).toEqual([
		expect.stringContaining('is not there'),
		expect.stringContaining('is a PDF document'),
	]);
	expect(items[1]?.map(({ json }) => json.message)).toEqual([
		expect.stringMatching(/^Nothing was sent and nothing was charged for this item\./),
		expect.stringMatching(/^Nothing was sent and nothing was charged for this item\./),
	]);
	expect(at.standIn.creationsReceived).toBe(2);
});

test('a file that is lost once others are paid does not make the message contradict itself', async () => {
	at.standIn.configure({ latencyMs: 300 });
	const { getAsStream } = store.service;
	jest.spyOn(store.service, 'getAsStream').mockImplementation(async (...args) => {
		if (at.standIn.creationsReceived > 0) throw new Error('File not found');
		return await getAsStream.apply(store.service, args);
	});
	const { error } = await at.run(
		{ ...PARAMETERS, options: { maxConcurrency: 1 } },
		await goodItems(2),
	);
	at.standIn.configure({ latencyMs: 20 });
	expect(at.standIn.creationsReceived).toBe(1);
	expect(error?.message).toMatch(/"photo" is no longer in n8n's file store/);
	expect(error?.description).toMatch(
		/^Nothing was sent and nothing was charged for this item\. .*Of the other items 1 is created and paid for/,
	);
});

test('what an earlier try has paid for is told, and fetched once the item is corrected', async () => {
	at.standIn.fault(
		'create',
		{ type: 'status', code: 400 },
		{ match: ({ params }) => params?.prompt === 'second' },
	);
	const items = [await good({ prompt: 'first' }), await good({ prompt: 'second' })];
	const parameters = { ...PARAMETERS, options: { maxConcurrency: 1 } };
	const failed = await at.run(parameters, items);
	expect(at.standIn.tasks).toHaveLength(1);
	const [{ id }] = at.standIn.tasks;

	const unread = jest
		.spyOn(store.service, 'getMetadata')
		.mockRejectedValue(new Error('File not found'));
	const streams = jest
		.spyOn(store.service, 'getAsStream')
		.mockRejectedValue(new Error('File not found'));
	const refused = await retryExecution(failed);
	unread.mockRestore();
	streams.mockRestore();
	expect(refused.error?.description).toMatch(
		new RegExp(`paid for stays, and a retry fetches it at no further cost \\(tasks ${id}\\)`),
	);
	// The first item's file is not needed any more.
	expect(refused.error?.context).toMatchObject({ itemIndex: 1, taskIds: [id] });
	expect(refused.error?.description).not.toContain('other item');

	at.standIn.clearFaults();
	const run = await retryExecution(refused);
	expect(run.error).toBeUndefined();
	expect(run.items[0]).toHaveLength(2);
	expect(at.standIn.tasks.map(({ prompt }) => prompt)).toEqual(['first', 'second']);
});

test('a few files are open at a time, however many items there are', async () => {
	const items = await goodItems(60);
	const { getAsStream } = store.service;
	let open = 0;
	let most = 0;
	jest.spyOn(store.service, 'getAsStream').mockImplementation(async (...args) => {
		open += 1;
		most = Math.max(most, open);
		const stream = await getAsStream.apply(store.service, args);
		stream.on('close', () => (open -= 1));
		return stream;
	});
	await at.run({ ...PARAMETERS, options: { dryRun: true, maxConcurrency: 1 } }, items);
	expect(most).toBeLessThanOrEqual(8);
	expect(open).toBe(0);
});

test('a stop ends the look at the files of all items', async () => {
	const items = await goodItems(60);
	const { getAsStream } = store.service;
	let opened = 0;
	jest.spyOn(store.service, 'getAsStream').mockImplementation(async (...args) => {
		opened += 1;
		await setTimeout(20);
		return await getAsStream.apply(store.service, args);
	});
	const { error } = await at.run(PARAMETERS, items, { cancelWhen: () => opened > 0 });
	expect(error?.message).toBe('The run was canceled');
	expect(error?.description).toBe('No task is running at Vtrix because of it.');
	expect(opened).toBeLessThan(60);
	expect(at.standIn.requests).toEqual([]);
});

test('of two hundred files of 5 MB less than 200 kB each is read before the first is sent', async () => {
	const large = await withBytes(await sampleImage({ bytes: 4_700_000 }));
	const { getAsStream } = store.service;
	let bytes = 0;
	jest.spyOn(store.service, 'getAsStream').mockImplementation(async (...args) => {
		const stream = await getAsStream.apply(store.service, args);
		stream.on('close', () => {
			bytes += z.object({ bytesRead: z.number() }).parse(stream).bytesRead;
		});
		return stream;
	});
	at.standIn.fault('create', { type: 'status', code: 402 });
	const { error } = await at.run(
		{ ...PARAMETERS, options: { maxConcurrency: 1 } },
		Array.from({ length: 200 }, () => ({ ...large })),
	);
	expect(error?.message).toMatch(/out of credit/);
	expect(at.standIn.creationsReceived).toBe(1);
	const readToSend = 2 * 4_700_000;
	expect((bytes - readToSend) / 200).toBeLessThan(200_000);
});

describe('with Check Image URLs', () => {
	let server: Server;
	let origin: string;
	beforeAll(async () => {
		server = createServer((request, response) => {
			void (async () => {
				response.end(request.url === '/page.png' ? '<html>' : await sampleImage());
			})();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = z.object({ port: z.number() }).parse(server.address());
		origin = `http://127.0.0.1:${port}`;
	});
	afterAll(async () => await new Promise((resolve) => server.close(resolve)));

	test('the links of all items are opened before the first is paid', async () => {
		const parameters = {
			...PARAMETERS,
			inputImages: { image: [{ source: 'url', url: '={{ $json.link }}' }] },
			options: { checkImageUrls: true },
		};
		const items = ['/a.png', '/b.png', '/page.png'].map((path) => ({
			json: { link: origin + path },
		}));
		const { error } = await at.run(parameters, items);
		expect(error?.message).toMatch(/page\.png" is a web page/);
		expect(error?.context).toMatchObject({ itemIndex: 2 });
		expect(at.standIn.creationsReceived).toBe(0);
	});
});
