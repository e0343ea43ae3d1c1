/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { download } from '../../nodes/Vtrix/core/download/download';
import { Client } from '../../nodes/Vtrix/core/exchange/client';
import type { HttpClient } from '../../nodes/Vtrix/core/exchange/http/http';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { BinaryDataService, Container } from '../support/n8nCore';
import { listen } from '../support/listen';
import { FakeClock } from '../support/fakeClock';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { byteStream } from './plainHttp';
import { atProvider, isIntact } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });
beforeEach(startTime);

const HOSTILE_NAMES = [
	'../../../../etc/cron.d/evil',
	'..\\..\\evil.exe',
	'a\r\nSet-Cookie: evil=1',
	'"; filename="evil.html',
	'null\u0000byte.html',
	'\u202egnp.exe',
	'x'.repeat(500),
	'%2e%2e%2fevil',
];

describe("an image's address in a private network, from a public gateway", () => {
	const fetched: string[] = [];
	/** Downloads as if the gateway were public; each address redirects to the next one. */
	const downloadFrom = async (...addresses: string[]): Promise<Error> => {
		fetched.length = 0;
		const redirects = addresses.slice(1);
		const fetch: HttpClient['fetch'] = async (url) => {
			fetched.push(url);
			return {
				status: 302,
				headers: { location: redirects[fetched.length - 1] },
				body: byteStream(Readable.from([])),
			};
		};
		const error: unknown = await download(
			addresses[0],
			'task-1',
			{
				http: { fetch },
				clock: new FakeClock(),
				baseUrl: 'https://cloud.vtrix.ai',
				redact: (text) => text,
				kind: 'image',
				maxBytes: 1000,
				onSize: () => {},
				onTransferred: () => {},
				onFailedAttempt: () => {},
				timeoutMs: 60_000,
				random: () => 0.5,
			},
			async () => 'stored',
		).catch((reason: unknown) => reason);
		if (!(error instanceof Error)) throw new Error('The image was downloaded');
		return error;
	};

	const addresses = [
		'http://127.0.0.1/a.png',
		'http://localhost:5678/rest/settings',
		'http://169.254.169.254/latest/meta-data/',
		'http://10.0.0.1/',
		'http://192.168.1.1/',
		'http://[::1]/',
		'http://[::ffff:10.0.0.1]/',
		'http://2130706433/',
		'http://0x7f.1/',
		'http://redis:6379/',
		'http://metadata.google.internal/',
	];

	test.each(addresses)('is not asked: %s', async (address) => {
		const error = await downloadFrom(address);
		expect(error.message).toMatch(
			/task-1 could not be downloaded: it leads into a private network/,
		);
		expect(fetched).toEqual([]);
	});

	test.each([...addresses, 'file:///etc/passwd', 'ftp://example.com/a.png'])(
		'is not asked after a redirect either: %s',
		async (address) => {
			const first = 'https://cdn.example.com/a.png';
			const error = await downloadFrom(first, address);
			expect(error.message).toMatch(/private network|addresses are not fetched/);
			expect(fetched).toEqual([first]);
		},
	);
});

describe('the words of a refusal', () => {
	const refusedAt = async (last: 'other host' | 'own host', status: number): Promise<string> => {
		const page = '<html><title>Secret of an inner page</title>';
		const other = await listen(createServer((_, response) => response.writeHead(status).end(page)));
		const first = await listen(
			createServer(({ url }, response) => {
				if (url === '/page') return void response.writeHead(status).end(page);
				const to = last === 'own host' ? '/page' : `http://${other.host}/page`;
				response.writeHead(302, { location: to }).end();
			}),
		);
		at.standIn.fault('create', { type: 'outputUrl', url: `http://${first.host}/a.png` });
		const run = await at.generate(['a cat']);
		await Promise.all([first.close(), other.close()]);
		return `${run.error?.message}`;
	};

	test.each([403, 500, 200])('are told from the host that was asked (HTTP %i)', async (status) => {
		expect(await refusedAt('own host', status)).toContain('Secret of an inner page');
	});

	test.each([403, 500, 200])(
		'are not told from a host that it redirects to (HTTP %i)',
		async (status) => {
			const told = await refusedAt('other host', status);
			expect(told).toMatch(status === 200 ? /not an image, but a web page$/ : /HTTP \d+$/);
		},
	);
});

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:image/png;base64,AAAA', 'blob:x'])(
	"an image's address is not handed on as a link unless it is one of the web: %s",
	async (url) => {
		at.standIn.fault('create', { type: 'outputUrl', url });
		const run = await at.generate(['a cat'], {}, { options: { downloadImages: false } });
		expect(run.items[0] ?? []).toEqual([]);
		expect(run.error?.message).toContain(at.tasksOf('a cat')[0]);
		expect(run.error?.description).toContain(url);
	},
);

describe('a name that the provider chose', () => {
	const stored = (id: string | undefined): string =>
		Container.get(BinaryDataService).getPath(String(id));

	test.each(HOSTILE_NAMES)('makes a harmless file name: %j', async (id) => {
		at.standIn.fault('create', { type: 'id', id });
		const run = await at.generate(['a cat']);
		const [item] = run.items[0];
		const file = item.binary?.data;
		expect(file?.fileName).toMatch(/^spark_dream_5_0-[A-Za-z0-9._-]{1,100}-1\.jpg$/);
		expect(file?.directory).toBeUndefined();
		expect(path.normalize(stored(file?.id))).toMatch(
			/\/workflows\/[^/]+\/executions\/[^/]+\/binary_data\//,
		);
		expect(item.json.taskId).toBe(id);
	});

	test('that n8n takes for the name of a network error is told all the same', async () => {
		at.standIn.fault('create', { type: 'id', id: 'task-ECONNRESET-1' });
		at.standIn.fault('poll', { type: 'neverEnds' });
		const run = await at.generate(['a cat']);
		expect(run.error?.message).toMatch(/^Task task-ECONNRESET-1 was not finished/);
	});

	test.each(['.', '..', '\ud800'])('that is no id leads nowhere: %j', async (id) => {
		at.standIn.fault('create', { type: 'id', id });
		const run = await at.generate(['a cat']);
		expect(run.error?.message).toMatch(/is not a task ID/);
		expect(at.standIn.requests.map(({ kind }) => kind)).toEqual(['create']);
	});

	test.each(HOSTILE_NAMES.slice(0, 4))('by the user makes a harmless one too: %j', async (name) => {
		const run = await at.generate(
			['a cat'],
			{},
			{
				model: 'custom',
				customModelId: `custom_${name}`,
				customParameters: '{"prompt":"a cat"}',
			},
		);
		expect(run.items[0][0].binary?.data.fileName).toMatch(/^[A-Za-z0-9._-]{1,220}$/);
	});
});

describe('an answer', () => {
	const clientOf = (body: () => Iterable<Buffer>) => {
		const clock = new FakeClock();
		const limits = { maxTasks: 10, maxPollsPerSecond: 20 };
		const throttle = new RunThrottle(new Throttle(clock, () => 0.5), limits);
		const client = new Client({
			http: {
				api: async () => ({ status: 200, headers: {}, body: byteStream(Readable.from(body())) }),
				fetch: async () => await Promise.reject(new Error('Nothing is fetched')),
			},
			clock,
			throttle,
			redact: (text) => text,
			adviceFor: () => undefined,
			random: () => 0.5,
		});
		return { client, throttle };
	};
	const megabyte = Buffer.alloc(1_000_000, ' ');
	let read = 0;
	function* endless() {
		for (read = 0; ; read += 1) yield megabyte;
	}

	test('without an end is given up, with the id of the task that was asked about', async () => {
		const asked = clientOf(endless).client.getTask('task-1', Infinity, false);
		await expect(asked).rejects.toThrow('The answer about task task-1 is too large to be read');
		expect(read).toBeLessThan(500);
	});

	test('without an end to a creation leaves the outcome open', async () => {
		const { client, throttle } = clientOf(endless);
		const created = client.submit(Buffer.from('{}'), throttle.slot(), { deadline: Infinity });
		await expect(created).rejects.toThrow('may have been created and billed');
	});

	test('as large as 15 images inside it can be is read', async () => {
		at.standIn.configure({ imageBytesSize: 2_000_000 });
		const run = await at.generate(
			['a story'],
			{},
			{
				options: {
					sequentialImageGeneration: 'auto',
					maxImages: 15,
					responseFormat: 'b64_json',
				},
			},
		);
		expect(run.items[0]).toHaveLength(15);
		expect(await isIntact(at.standIn, run.items[0][14])).toBe(true);
		at.standIn.configure({ imageBytesSize: 1 });
	});

	test.each([
		[
			'nested deeply',
			`{"id":"x","status":"queued","usage":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
		],
		[
			'with reserved names',
			'{"id":"x","status":"queued","__proto__":{"state":"completed"},"usage":{"__proto__":{"cost":"9"}}}',
		],
		[
			'with numbers beyond all bounds',
			'{"id":"x","status":"queued","progress":1e999,"created_at":-1e300}',
		],
	])('%s harms nothing', async (_, body) => {
		at.standIn.fault('poll', { type: 'status', code: 200, body }, { times: 2 });
		const run = await at.generate(['a cat']);
		expect(run.items[0]).toHaveLength(1);
		expect(await isIntact(at.standIn, run.items[0][0])).toBe(true);
	});

	test('with thousands of characters as reason is told in short', async () => {
		const message = 'too dark '.repeat(10_000);
		at.standIn.fault('create', { type: 'failed', error: { code: message, message } });
		const run = await at.generate(['a cat']);
		expect(String(run.error?.message).length + String(run.error?.description).length).toBeLessThan(
			3000,
		);
	});
});
