/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createServer } from 'node:http';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { buffersHeld, buffersHeldForGood } from '../support/buffersHeld';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { listen } from '../support/listen';
import type { NodeRun } from '../support/runNode';
import { startS3Server } from '../support/s3Server';
import { sampleImage } from '../support/sampleImage';
import type * as FakeTime from './fakeTimeTransport';
import { advance, startTime } from './fakeTimeTransport';
import { isIntact } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () => {
	const { inFakeTime, LARGE_ANSWER_MS } =
		jest.requireActual<typeof FakeTime>('./fakeTimeTransport');
	return inFakeTime(
		jest.requireActual('../../nodes/Vtrix/n8n/connection/transport'),
		LARGE_ANSWER_MS,
	);
});

const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

let standIn: StandIn;
let store: BinaryStore;
beforeAll(async () => {
	standIn = await startStandIn({ latencyMs: 0, tinyImages: true });
	store = await initBinaryData();
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => {
	standIn.reset();
	startTime();
});

const GROUP = {
	sequentialImageGeneration: 'auto',
	responseFormat: 'b64_json',
	pollInterval: 0.05,
};

/** Makes groups of images that come inside the answers. */
const generate = async (
	items: number,
	maxImages: number,
	more: Parameters<typeof runVtrix>[3] = {},
): Promise<NodeRun> =>
	await runVtrix(
		standIn,
		{ model: 'spark_dream_5_0', prompt: 'a story', options: { ...GROUP, maxImages } },
		Array.from({ length: items }, () => ({ json: {} })),
		more,
	);

/** All images of a run are there, as the API has them. */
async function expectAll({ items: [items] }: NodeRun, count: number): Promise<void> {
	expect(items).toHaveLength(count);
	const intact = await Promise.all(items.map(async (item) => await isIntact(standIn, item)));
	expect(intact).toEqual(items.map(() => true));
}

describe('images inside an answer', () => {
	test('come out whole and in their order, of many tasks at a time', async () => {
		standIn.configure({ imageBytesSize: 300_000 });
		const run = await generate(5, 6);
		await expectAll(run, 30);
		const names = run.items[0].map(({ binary }) => binary?.data.fileName?.match(/-(\d+)\./)?.[1]);
		expect(names).toEqual(Array.from({ length: 30 }, (_, index) => String((index % 6) + 1)));
		expect(standIn.creationsAccepted).toBe(5);
	});

	test('come out of the answer to the creation too', async () => {
		standIn.fault('create', { type: 'completeAtOnce' });
		await expectAll(await generate(2, 3), 6);
		expect(standIn.stats.requests.poll).toBe(0);
	});

	test('are fetched again when their answer is cut off, and none is lost or paid twice', async () => {
		standIn.configure({ imageBytesSize: 300_000 });
		standIn.fault('poll', { type: 'cutJson' }, { times: 3 });
		standIn.fault('poll', { type: 'halfJson' }, { times: 1 });
		await expectAll(await generate(2, 6), 12);
		expect(standIn.creationsAccepted).toBe(2);
	});

	test('keep their places beside one that failed', async () => {
		standIn.fault('create', { type: 'entryError', index: 1, error: { message: 'blurred' } });
		const run = await generate(1, 3);
		await expectAll(run, 2);
		expect(run.items[0].map(({ json, binary }) => [json.index, binary?.data.fileName])).toEqual([
			[1, expect.stringMatching(/-1\.jpg$/)],
			[3, expect.stringMatching(/-3\.jpg$/)],
		]);
		expect(run.hints).toEqual([
			expect.objectContaining({ message: expect.stringMatching(/blurred/) }),
		]);
	});

	test('come out of a task that is fetched by its id', async () => {
		const created = await runVtrix(standIn, {
			model: 'spark_dream_5_0',
			prompt: 'later',
			options: { ...GROUP, maxImages: 3, waitForCompletion: false },
		});
		const run = await runVtrix(standIn, {
			resource: 'task',
			operation: 'get',
			taskId: String(created.items[0][0].json.taskId),
		});
		await expectAll(run, 3);
	});

	test.each(['default', 's3'] as const)('are kept whole in the store "%s"', async (mode) => {
		const s3 = await startS3Server();
		const other = await initBinaryData(mode === 's3' ? s3 : mode);
		try {
			standIn.configure({ imageBytesSize: 1_000_000 });
			await expectAll(await generate(2, 3), 6);
		} finally {
			other.cleanup();
			await s3.close();
			store = await initBinaryData();
		}
	});

	test('are told one by one when the store does not take them', async () => {
		const s3 = await startS3Server();
		const other = await initBinaryData(s3);
		try {
			// n8n tries three times for each
			s3.refuseWrites(3);
			const run = await generate(1, 3);
			await expectAll(run, 2);
			expect(run.hints).toEqual([
				expect.objectContaining({
					message: expect.stringMatching(/could not be kept: n8n could not store it: .*SlowDown/),
				}),
			]);
		} finally {
			other.cleanup();
			await s3.close();
			store = await initBinaryData();
		}
	});
});

describe('an answer that is on its way', () => {
	const IMAGES = 15;
	const IMAGE_BYTES = 500_000;
	/** What a run may hold of them, bytes. */
	const MOST_HELD = 10_000_000;
	let image: Buffer;
	/** Answers that wait half-way, each behind so many bytes. */
	const waiting: Array<() => void> = [];
	let sent = 0;

	/** An API whose answers stop half-way, inside an image, until they are let go. */
	async function startStallingApi() {
		image = await sampleImage({ width: 64, height: 48, bytes: IMAGE_BYTES });
		const entry = `{"type":"image","b64_json":"${image.toString('base64')}"}`;
		const server = createServer((request, response) => {
			request.resume();
			response.setHeader('content-type', 'application/json');
			if (request.method === 'POST') {
				response.end(`{"id":"task-${(sent += 1)}","status":"in_progress"}`);
				return;
			}
			const rest = (count: number) => Array.from({ length: count }, () => `,${entry}`).join('');
			const id = request.url?.split('/').pop();
			response.write(`{"status":"completed","id":"${id}","output":[{"content":[`);
			response.write(entry + rest(6) + `,${entry}`.slice(0, 350_000));
			waiting.push(() => response.end(`,${entry}`.slice(350_000) + rest(IMAGES - 8) + ']}]}'));
		});
		const { host, close } = await listen(server);
		return { url: `http://${host}`, apiKey: 'a-key-of-the-tests', close };
	}

	const run = async (
		api: { url: string; apiKey: string },
		items: number,
		more: Parameters<typeof runVtrix>[3] = {},
	) =>
		await runVtrix(
			api,
			{ model: 'spark_dream_5_0', prompt: 'a story', options: { ...GROUP, maxImages: IMAGES } },
			Array.from({ length: items }, () => ({ json: {} })),
			more,
		);

	beforeEach(() => {
		waiting.length = 0;
	});

	test('holds next to nothing of its images', async () => {
		const api = await startStallingApi();
		const before = buffersHeld();
		const running = run(api, 5);
		while (waiting.length < 5) await advance(50).then(async () => await real(10));
		await real(500);
		const held = (await buffersHeldForGood(before + MOST_HELD)) - before;
		for (const go of waiting) go();
		const { items, error } = await running;
		await api.close();
		expect(error).toBeUndefined();
		expect(items[0]).toHaveLength(5 * IMAGES);
		for (const item of items[0]) expect((await readBinary(item)).equals(image)).toBe(true);
		// of 37 MB of images, 50 MB as text, half have come
		expect(held).toBeLessThan(MOST_HELD);
	});

	test('is left within a second when the run is stopped, and names the task', async () => {
		const api = await startStallingApi();
		const stopped = await run(api, 1, { cancelWhen: () => waiting.length > 0 });
		await api.close();
		expect(stopped.status).toBe('canceled');
		expect(stopped.stoppedAfterMs).toBeLessThan(1000);
		expect(stopped.error?.message).toMatch(/canceled while this task was still running .*task-/);
	});
});
