/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { download, type Downloads } from '../../nodes/Vtrix/core/download/download';
import type { Content } from '../../nodes/Vtrix/core/download/imageStream';
import { DownloadError, StoppedError, VtrixError } from '../../nodes/Vtrix/core/shared/errors';
import { endWhenSilent } from '../../nodes/Vtrix/core/exchange/http/readBody';
import { runVtrix } from '../node/runVtrix';
import type { StandIn } from '../standin';
import { initBinaryData, readBinary } from '../support/binaryStore';
import { FakeClock } from '../support/fakeClock';
import { byteStream, plainFetch } from './plainHttp';
import type * as FakeTime from './fakeTimeTransport';
import { now } from './fakeTimeTransport';
import { startProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

let standIn: StandIn;
let image: { url: string; taskId: string; bytes: Buffer };
beforeAll(async () => {
	standIn = await startProvider({ now, imageBytesSize: 300_000 });
	const store = await initBinaryData();
	const run = await runVtrix(standIn, { model: 'spark_dream_5_0', prompt: 'a cat' });
	const [{ json }] = run.items[0];
	const taskId = String(json.taskId);
	image = { url: String(json.url), taskId, bytes: await standIn.imageBytes(taskId, 0) };
	store.cleanup();
});
afterAll(async () => await standIn.close());
afterEach(() => standIn.clearFaults());

const toBuffer = async (content: Content): Promise<Buffer> =>
	Buffer.isBuffer(content) ? content : await buffer(content);

/** Fetches the image by the core alone, into a store of the test's. */
async function fetchImage(
	store: (content: Content) => Promise<Buffer> = toBuffer,
	more: Partial<Downloads> = {},
): Promise<Buffer | VtrixError> {
	return await download(
		image.url,
		image.taskId,
		{
			http: { fetch: plainFetch },
			clock: new FakeClock(),
			baseUrl: standIn.url,
			redact: (text) => text,
			kind: 'image',
			maxBytes: 1_000_000,
			onSize: () => {},
			onTransferred: () => {},
			onFailedAttempt: () => {},
			timeoutMs: 600_000,
			random: () => 0.5,
			...more,
		},
		store,
	).then(
		({ stored }) => stored,
		(error: unknown) => (error instanceof VtrixError ? error : Promise.reject(error)),
	);
}

const expectWhole = (fetched: Buffer | VtrixError): void =>
	expect(Buffer.isBuffer(fetched) && fetched.equals(image.bytes)).toBe(true);

const never = new AbortController().signal;

const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

describe('a store', () => {
	test('that takes its time before it reads gets the whole image', async () => {
		const slow = async (content: Content) => {
			await real(50);
			return await toBuffer(content);
		};
		expectWhole(await fetchImage(slow));
	});

	test.each(['aborted', 'chunked', 'consistent'] as const)(
		'that takes its time before it reads hears of a break (%s), and gets another try',
		async (how) => {
			standIn.fault('download', { type: 'truncated', how }, { times: 1 });
			const slow = async (content: Content) => {
				await real(50);
				return await toBuffer(content);
			};
			expectWhole(await fetchImage(slow));
		},
	);

	test('that does not read yet when the connection breaks gets another try', async () => {
		let tries = 0;
		const breaking: Downloads['http']['fetch'] = async (...request) => {
			tries += 1;
			if (tries > 1) return await plainFetch(...request);
			const body = new Readable({ read: () => {} });
			body.push(image.bytes.subarray(0, 1000));
			setTimeout(() => body.destroy(new Error('aborted')), 10);
			return { status: 200, headers: {}, body: byteStream(body) };
		};
		const slow = async (content: Content) => {
			await real(50);
			return await toBuffer(content);
		};
		expectWhole(await fetchImage(slow, { http: { fetch: breaking } }));
	});

	test('that still has to end its file does not keep the next image waiting', async () => {
		let arrived = false;
		const ending = async (content: Content) => {
			expect(arrived).toBe(false);
			const bytes = await toBuffer(content);
			expect(arrived).toBe(true);
			return bytes;
		};
		const onTransferred = () => {
			arrived = true;
		};
		expectWhole(await fetchImage(ending, { onTransferred }));
	});

	test('without space is told, and nothing else breaks', async () => {
		const full = async () =>
			await Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' }));
		const error = await fetchImage(full);
		expect(error).toBeInstanceOf(DownloadError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/n8n has no space left to store it/),
			description: expect.stringContaining(image.url),
		});
	});

	test('inside the item gets images whole, and breaks like any other', async () => {
		const inline = await initBinaryData('default');
		standIn.fault('download', { type: 'truncated' }, { times: 1 });
		standIn.fault('download', { type: 'truncated', how: 'consistent' }, { times: 1 });
		const run = await runVtrix(standIn, { model: 'spark_dream_5_0', prompt: 'a dog' });
		const [item] = run.items[0];
		const whole = await standIn.imageBytes(String(item.json.taskId), 0);
		expect((await readBinary(item)).equals(whole)).toBe(true);
		inline.cleanup();
	});
});

describe('the time for an image', () => {
	test('is enough for one that drips within it', async () => {
		standIn.fault('download', { type: 'slowDrip', bytesPerSecond: 1_000_000 });
		expectWhole(await fetchImage(toBuffer, { timeoutMs: 30_000 }));
	});

	test.each([
		['that drips on', { type: 'slowDrip', bytesPerSecond: 1000 }],
		['that is not answered', { type: 'hang' }],
	] as const)('ends a download %s', async (_, fault) => {
		standIn.fault('download', fault);
		const start = performance.now();
		const error = await fetchImage(toBuffer, { timeoutMs: 300 });
		expect(performance.now() - start).toBeLessThan(5000);
		expect(error).toMatchObject({
			message: expect.stringMatching(/took longer than 0.3 seconds/),
			taskIds: [image.taskId],
		});
	});

	test('holds for all tries together', async () => {
		standIn.fault('download', { type: 'status', code: 503, retryAfterSeconds: 40 });
		const [{ images }] = standIn.tasks;
		const before = images[0].downloads;
		const error = await fetchImage(toBuffer, { timeoutMs: 100_000 });
		expect(error).toBeInstanceOf(DownloadError);
		expect(images[0].downloads - before).toBe(3);
	});

	test('is over when nothing comes any more', async () => {
		const stream = new Readable({ read: () => {} });
		stream.push('a beginning');
		const { heard, leave } = endWhenSilent(byteStream(stream), 100);
		await real(80);
		heard();
		await real(60);
		expect(stream.destroyed).toBe(false);
		const failed = buffer(stream).catch((error: unknown) => error);
		expect(await failed).toMatchObject({ code: 'ETIMEDOUT' });
		leave();
	});

	test('goes on for a stream that is left', async () => {
		const stream = new Readable({ read: () => {} });
		endWhenSilent(byteStream(stream), 20).leave();
		await real(100);
		expect(stream.destroyed).toBe(false);
	});
});

test.each([
	['that hears of it', plainFetch],
	['that hears nothing of it', async (url: string) => await plainFetch(url, never, 0)],
])('an image that nobody wants any more is left at once, by a way %s', async (_, fetch) => {
	standIn.fault('download', { type: 'endless' });
	const stop = new AbortController();
	const fetching = fetchImage(toBuffer, {
		signal: stop.signal,
		maxBytes: Infinity,
		http: { fetch },
	});
	await real(50);
	stop.abort();
	expect(await fetching).toBeInstanceOf(StoppedError);
});

test('an image that nobody wants any more by the time that its answer comes is left at once', async () => {
	standIn.fault('download', { type: 'endless' });
	const stop = new AbortController();
	const late: Downloads['http']['fetch'] = async (url) => {
		const response = await plainFetch(url, never, 0);
		stop.abort();
		return response;
	};
	const fetching = fetchImage(toBuffer, {
		signal: stop.signal,
		maxBytes: Infinity,
		http: { fetch: late },
	});
	expect(await fetching).toBeInstanceOf(StoppedError);
});
