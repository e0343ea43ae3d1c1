/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import { runVtrix } from '../node/runVtrix';
import { startStandIn } from '../standin';
import { buffersHeld, buffersHeldForGood } from '../support/buffersHeld';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { retryExecution } from '../support/retryExecution';
import type { NodeRun } from '../support/runNode';
import { sampleImage } from '../support/sampleImage';
import { startS3Server } from '../support/s3Server';
import { filesSent } from '../node/filesSent';
import { startCreationServer, type CreationServer, type Meeting } from '../faults/creationServer';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { advance, hold, startTime } from '../faults/fakeTimeTransport';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () => {
	const { inFakeTime, LARGE_ANSWER_MS } = jest.requireActual<typeof FakeTime>(
		'../faults/fakeTimeTransport',
	);
	return inFakeTime(
		jest.requireActual('../../nodes/Vtrix/n8n/connection/transport'),
		LARGE_ANSWER_MS,
	);
});

const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition: () => boolean) => {
	while (!condition()) await real(5);
};

/** The streams that n8n's store has given out. */
function watchStore({ service }: BinaryStore) {
	const streams: Array<Awaited<ReturnType<typeof service.getAsStream>>> = [];
	const original = service.getAsStream.bind(service);
	let isBroken = () => false;
	service.getAsStream = async (...file) => {
		const stream = await original(...file);
		streams.push(stream);
		if (isBroken()) {
			stream.once('data', () => stream.destroy(new Error('The disk is gone\nat a place')));
			stream.pause();
		}
		return stream;
	};
	return {
		get opened() {
			return streams.length;
		},
		get stillOpen() {
			return streams.filter(({ closed }) => !closed).length;
		},
		/** Lets streams break that are opened as long as this is true. */
		breakWhile(condition: () => boolean) {
			isBroken = condition;
		},
	};
}

let store: BinaryStore;
let watch: ReturnType<typeof watchStore>;
let server: CreationServer | undefined;
beforeEach(async () => {
	startTime();
	store = await initBinaryData();
	watch = watchStore(store);
});
afterEach(async () => {
	await server?.close();
	server = undefined;
	store.cleanup();
});

const FIELDS = Array.from({ length: 14 }, (_, index) => `photo${index}`);

/** An item with so many files of this size. */
async function itemOf(count: number, bytes: number): Promise<INodeExecutionData> {
	const files = await Promise.all(
		FIELDS.slice(0, count).map(async (field, index) => {
			const content = await sampleImage({ width: 64, height: 48 + index, bytes });
			return [field, { bytes: content, mimeType: 'image/png', fileName: `${field}.png` }] as const;
		}),
	);
	return await fileItem(Object.fromEntries(files));
}

const parameters = (count: number) => ({
	model: 'spark_dream_4_5',
	prompt: 'A lighthouse',
	inputImages: { image: [{ source: 'file', fieldName: FIELDS.slice(0, count).join() }] },
	options: { waitForCompletion: false },
});

/** Sends items with large files to an API as a test has it. */
async function send(
	meet: (meeting: Meeting, number: number) => void | Promise<void>,
	{ items = 1, files = 4, bytes = 2_500_000 } = {},
	more: Parameters<typeof runVtrix>[3] = {},
): Promise<NodeRun> {
	server = await startCreationServer(meet);
	const item = await itemOf(files, bytes);
	return await runVtrix(
		server,
		parameters(files),
		Array.from({ length: items }, () => item),
		more,
	);
}

/** What a run may hold of its files, bytes. */
const MOST_HELD = 10_000_000;

const creations = () => server?.creations ?? [];

/** Nothing is left of a run: no file is open, and no connection. */
async function expectNothingOpen(): Promise<void> {
	server?.readOn();
	const isOver = () =>
		watch.stillOpen === 0 && creations().every(({ isGone, isWhole }) => isGone || isWhole);
	for (let waited = 0; waited < 1000 && !isOver(); waited += 10) await real(10);
	expect({ files: watch.stillOpen, creations: creations() }).toMatchObject({
		files: 0,
		creations: creations().map(({ isWhole }) => (isWhole ? {} : { isGone: true })),
	});
}

/** Reads a creation and takes it. */
const take = async ({ read, accept }: Meeting) => {
	await read();
	accept();
};

describe('a request with large files', () => {
	test('announces its length, and is the files byte for byte', async () => {
		let body: Buffer = Buffer.alloc(0);
		const { error } = await send(async ({ read, accept }) => {
			body = await read();
			accept();
		});
		expect(error).toBeUndefined();
		const [{ announced, received }] = creations();
		expect(received).toBe(announced);
		const { image }: { image: string[] } = JSON.parse(body.toString()).input[0].params;
		const files = await Promise.all(
			image.map(
				async (_, index) => await sampleImage({ width: 64, height: 48 + index, bytes: 2_500_000 }),
			),
		);
		expect(image).toHaveLength(4);
		for (const [index, uri] of image.entries()) {
			expect(uri === `data:image/png;base64,${files[index].toString('base64')}`).toBe(true);
		}
		await expectNothingOpen();
	});

	test('is sent again after a 429 as it was, read anew', async () => {
		const bodies: Buffer[] = [];
		const { error } = await send(async ({ read, accept, response }, number) => {
			bodies.push(await read());
			if (number > 0) return accept();
			response.writeHead(429, { 'retry-after': '0' }).end('{"message":"slow down"}');
		});
		expect(error).toBeUndefined();
		expect(bodies).toHaveLength(2);
		expect(bodies[0].equals(bodies[1])).toBe(true);
		await expectNothingOpen();
	});

	test('is sent once there is a connection', async () => {
		const first = await startCreationServer(() => {});
		const port = Number(new URL(first.url).port);
		await first.close();
		const item = await itemOf(4, 2_500_000);
		const running = runVtrix(first, parameters(4), [item]);
		const there = await hold(real(200).then(async () => await startCreationServer(take, port)));
		server = there;
		expect((await running).error).toBeUndefined();
		expect(server.accepted).toBe(1);
		await expectNothingOpen();
	});
});

describe('an answer before the body was read', () => {
	/** What a server does with the rest of a body that it does not want. */
	const manners: Array<[string, (meeting: Meeting) => void]> = [
		['reads the rest', ({ request }) => request.resume()],
		['leaves the rest', () => {}],
		[
			'ends the connection after a while',
			({ request }) => void setTimeout(() => request.socket.destroy(), 200),
		],
		['ends the connection at once', ({ request }) => request.socket.destroySoon()],
	];
	const refuse =
		(status: number, manner: (meeting: Meeting) => void, afterBytes: number) =>
		async (meeting: Meeting, number: number) => {
			if (number > 0) return await take(meeting);
			if (afterBytes > 0) await meeting.readSome(afterBytes);
			meeting.response.writeHead(status, { 'retry-after': '0' });
			meeting.response.end('{"message":"no, not this"}', () => manner(meeting));
		};

	describe.each([0, 4_000_000])('after %i bytes of it', (afterBytes) => {
		test.each(manners)('is heard: 401, and the server %s', async (_, manner) => {
			const { error } = await send(refuse(401, manner, afterBytes));
			expect(error?.message).toMatch(/API key was not accepted/);
			expect(creations()).toHaveLength(1);
			await expectNothingOpen();
		});

		test.each(manners)('is heard: 429, and the server %s', async (_, manner) => {
			const { error } = await send(refuse(429, manner, afterBytes));
			expect(error).toBeUndefined();
			expect(creations()).toHaveLength(2);
			expect(server?.accepted).toBe(1);
			await expectNothingOpen();
		});

		test.each(manners)('is heard: 503, and the server %s', async (_, manner) => {
			const { error } = await send(refuse(503, manner, afterBytes));
			expect(error?.message).toMatch(/may have been created and billed: .* HTTP 503/);
			expect(creations()).toHaveLength(1);
			await expectNothingOpen();
		});
	});
});

describe('a request that does not come to its end', () => {
	test('because the connection breaks may be paid for, and is not sent again', async () => {
		const { error } = await send(async ({ readSome, request }) => {
			await readSome(5_000_000);
			request.socket.destroy();
		});
		expect(error?.message).toMatch(/may have been created and billed: .* the connection broke/);
		expect(creations()).toEqual([expect.objectContaining({ isWhole: false })]);
		await expectNothingOpen();
	});

	test('because n8n loses a file is no creation: the message says so, and a retry sends it', async () => {
		watch.breakWhile(() => (creations()[0]?.received ?? 0) > 0);
		const run = await send(take);
		expect(run.error?.message).toMatch(
			/^The request was broken off while it was sent: .*"photo\d" could not be read from n8n's file store: The disk is gone/,
		);
		expect(run.error?.description).toMatch(/no task was created and nothing was charged/);
		expect(creations()).toEqual([expect.objectContaining({ isWhole: false })]);
		expect(server?.accepted).toBe(0);
		await expectNothingOpen();

		watch.breakWhile(() => false);
		expect((await retryExecution(run)).error).toBeUndefined();
		expect(server?.accepted).toBe(1);
	});

	test('because a file is deleted meanwhile is no creation', async () => {
		const { error } = await send(async ({ readSome, request }) => {
			await readSome(2_000_000);
			for (const file of store.storedFiles()) rmSync(path.join(store.dir, file));
			request.resume();
		});
		expect(error?.message).toMatch(
			/broken off while it was sent: .*"photo\d" is no longer in n8n's file store/,
		);
		expect(server?.accepted).toBe(0);
		await expectNothingOpen();
	});

	test('because the run is stopped is no creation, and leaves nothing open within a second', async () => {
		const run = await send(
			async ({ readSome }) => await readSome(5_000_000),
			{},
			{ cancelWhen: () => (creations()[0]?.received ?? 0) >= 5_000_000 },
		);
		expect(run.status).toBe('canceled');
		expect(run.stoppedAfterMs).toBeLessThan(1000);
		expect(run.error?.message).toMatch(/The run was canceled/);
		expect(run.error?.description).toMatch(/No task is running at Vtrix because of it/);
		await expectNothingOpen();
	});

	test('because the run is stopped is one that others need not wait for', async () => {
		const run = await send(
			async ({ readSome }) => await readSome(5_000_000),
			{ items: 3, files: 14, bytes: 3_000_000 },
			{ cancelWhen: () => (creations()[0]?.received ?? 0) >= 5_000_000 },
		);
		expect(run.status).toBe('canceled');
		expect(run.stoppedAfterMs).toBeLessThan(1000);
		expect(creations()).toHaveLength(1);
		await expectNothingOpen();
	});
});

describe('a run', () => {
	test('holds next to nothing of its files while the API takes none of them', async () => {
		const item = await itemOf(14, 1_000_000);
		let release = () => {};
		const stalled = new Promise<void>((resolve) => {
			release = resolve;
		});
		server = await startCreationServer(async ({ readSome, read, accept }) => {
			await readSome(1_000_000);
			await stalled;
			await read();
			accept();
		});
		const before = buffersHeld();
		const running = runVtrix(
			server,
			parameters(14),
			Array.from({ length: 5 }, () => item),
		);
		await until(() => (creations()[0]?.received ?? 0) > 0);
		await real(500);
		const held = (await buffersHeldForGood(before + MOST_HELD)) - before;
		release();
		const { error } = await running;
		expect(error).toBeUndefined();
		expect(server.accepted).toBe(5);
		// the files of all items have 70 MB, those of one have 14
		expect(held).toBeLessThan(MOST_HELD);
	});

	test('sends large requests one after the other, and the next as soon as one is sent', async () => {
		const answers: Array<() => void> = [];
		server = await startCreationServer(async ({ read, accept }) => {
			await read();
			answers.push(accept);
		});
		const item = await itemOf(14, 3_000_000);
		const running = runVtrix(server, parameters(14), [item, item, item]);
		let most = 0;
		while (answers.length < 3) {
			const onTheirWay = creations().filter(({ received, announced }) => received < announced);
			most = Math.max(most, onTheirWay.length);
			await advance(50);
			await real(1);
		}
		for (const answer of answers) answer();
		expect((await running).error).toBeUndefined();
		expect(most).toBe(1);
	});

	test('sends small requests side by side', async () => {
		const answers: Array<() => void> = [];
		server = await startCreationServer(({ accept }) => void answers.push(accept));
		const item = await itemOf(1, 200_000);
		const running = runVtrix(
			server,
			parameters(1),
			Array.from({ length: 40 }, () => item),
		);
		const untilSent = async (count: number) => {
			while (answers.length < count) await advance(250).then(async () => await real(5));
		};
		await untilSent(10);
		for (let answered = 0; answered < 40; answered += 1) {
			await untilSent(answered + 1);
			answers[answered]();
		}
		expect((await running).error).toBeUndefined();
	});

	test('sends a request without files while large ones are on their way', async () => {
		server = await startCreationServer(async (meeting) => {
			if (meeting.creation.announced < 1_000_000) return await take(meeting);
			await meeting.readSome(1_000_000);
			await until(() => (server?.accepted ?? 0) === 1);
			await take(meeting);
		});
		const { error } = await runVtrix(
			server,
			{
				...parameters(14),
				inputImages: {
					image: [{ source: 'file', fieldName: '={{ Object.keys($binary ?? {}).join() }}' }],
				},
			},
			[await itemOf(14, 3_000_000), { json: {} }],
		);
		expect(error).toBeUndefined();
		expect(server.accepted).toBe(2);
	});
});

describe.each(['filesystem', 'default', 's3'] as const)('files in the store "%s"', (mode) => {
	test('arrive byte for byte, from many items at a time', async () => {
		const s3 = await startS3Server();
		const other = await initBinaryData(mode === 's3' ? s3 : mode);
		const standIn = await startStandIn({ latencyMs: 0, tinyImages: true });
		try {
			const items = await Promise.all([
				itemOf(3, 2_000_003),
				itemOf(1, 9_000_001),
				itemOf(2, 20_002),
			]);
			const { error } = await runVtrix(
				standIn,
				{
					...parameters(0),
					inputImages: {
						image: [{ source: 'file', fieldName: '={{ Object.keys($binary).join() }}' }],
					},
				},
				items,
			);
			expect(error).toBeUndefined();
			expect(standIn.complaints).toEqual([]);
			const sent = standIn.requests.map(({ body }) => body);
			for (const [count, bytes] of [
				[3, 2_000_003],
				[1, 9_000_001],
				[2, 20_002],
			]) {
				const files = await Promise.all(
					Array.from(
						{ length: count },
						async (_, index) => await sampleImage({ width: 64, height: 48 + index, bytes }),
					),
				);
				expect(sent).toContainEqual(
					expect.objectContaining({
						input: [{ params: expect.objectContaining(filesSent('mixed', files)) }],
					}),
				);
			}
		} finally {
			await standIn.close();
			await s3.close();
			other.cleanup();
		}
	});
});
