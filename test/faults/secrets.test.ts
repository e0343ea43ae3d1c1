import { runVtrix } from '../node/runVtrix';
import type { Fault, FaultKind, StandIn } from '../standin';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import type { NodeRun } from '../support/runNode';
import type * as FakeTime from './fakeTimeTransport';
import { now } from './fakeTimeTransport';
import { leaksOf } from './leaks';
import { startProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

/** A key that every notation writes in another way. */
const KEY = 'vk/live+51H8"xQ2=e%Zv\\KYlo&2C';

let standIn: StandIn;
let store: BinaryStore;
beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startProvider({ apiKey: KEY, now });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());
afterEach(() => expect(standIn.leaks).toEqual([]));

const generate = async (more: Parameters<typeof runVtrix>[1] = {}): Promise<NodeRun> =>
	await runVtrix(standIn, {
		model: 'spark_dream_5_0',
		prompt: 'a cat',
		simplify: false,
		...more,
	});

/** Characters beyond letters and digits, and every third letter, as JSON may write them. */
const escaped = (key: string): string =>
	Array.from(key, (character, index) =>
		/\W/.test(character) || index % 3 === 0
			? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
			: character,
	).join('');

const notations: Array<[string, string]> = [
	['plainly', JSON.stringify(`bad key ${KEY}.`).slice(1, -1)],
	[
		'with its slashes escaped',
		JSON.stringify(`bad key ${KEY}.`).slice(1, -1).replaceAll('/', '\\/'),
	],
	['in character codes', `bad key ${escaped(KEY)}.`],
	['as in a URL', `see https://example.com/?key=${encodeURIComponent(KEY)}`],
];

describe.each(notations)('a key that the provider repeats %s', (_, text) => {
	const refusals: Array<[string, string]> = [
		['message', `{"message":"${text}"}`],
		['error', `{"error":"${text}"}`],
		['error object', `{"error":{"code":"${text}","message":"${text}"}}`],
		['envelope', `{"status":{"code":403,"message":"${text}"},"data":null}`],
	];

	test.each(
		refusals.flatMap(([form, body]) => [
			['create', form, body],
			['poll', form, body],
		]),
	)('in the refusal of a %s (%s) is told nowhere', async (kind, _form, body) => {
		const fault: Fault = {
			type: 'status',
			code: 403,
			body,
			headers: { 'x-request-id': encodeURIComponent(KEY) },
		};
		standIn.fault(kind === 'poll' ? 'poll' : 'create', fault);
		const run = await generate();
		expect(run.error?.description).toContain('[API key]');
		expect(leaksOf(run, KEY)).toEqual([]);
	});

	test('in every field of a task that failed is told nowhere', async () => {
		standIn.fault('poll', {
			type: 'status',
			code: 200,
			body: `{"request_id":"${text}","status":"failed","model":"${text}","error":{"code":"${text}","error_message":"${text}"}}`,
		});
		const run = await generate();
		expect(run.error?.description).toContain('[API key]');
		expect(leaksOf(run, KEY)).toEqual([]);
	});

	test('in every field of a finished task comes out nowhere', async () => {
		const url = '"url":"https://127.0.0.1:1/?signature=ok"';
		standIn.fault('poll', {
			type: 'status',
			code: 200,
			body: `{"request_id":"${text}","status":"completed","model":"${text}","output":{"content":[{${url}},{"error":"${text}"}]},"usage":{"cost":"0.1","note":"${text}"}}`,
		});
		const run = await generate({ options: { downloadImages: false } });
		expect(run.items[0][0].json.usage).toMatchObject({
			note: expect.stringContaining('[API key]'),
		});
		expect(run.hints[0].message).toContain('[API key]');
		expect(leaksOf(run, KEY)).toEqual([]);
	});

	test('in the id of a created task is neither told nor logged', async () => {
		standIn.fault('create', {
			type: 'status',
			code: 200,
			body: `{"id":"${text}","status":"in_progress"}`,
		});
		const run = await generate({ options: { timeout: 5 } });
		expect(run.error?.message).toContain('[API key]');
		expect(leaksOf(run, KEY)).toEqual([]);
	});
});

describe('the key goes to the gateway alone', () => {
	test.each([
		['create', 'cross-origin'],
		['poll', 'cross-origin'],
		['download', 'cross-origin'],
		['download', 'same-origin'],
	] as Array<[FaultKind, 'cross-origin' | 'same-origin']>)(
		'when a %s is redirected (%s)',
		async (kind, to) => {
			standIn.fault(kind, { type: 'redirect', to });
			const run = await generate();
			expect(leaksOf(run, KEY)).toEqual([]);
			const elsewhere = standIn.requests.filter(({ server }) => server !== 'gateway');
			expect(elsewhere.length > 0).toBe(kind === 'download');
			for (const { headers } of elsewhere) expect(headers).not.toHaveProperty('authorization');
		},
	);

	test("when an image's address is on the gateway itself", async () => {
		standIn.fault('poll', { type: 'outputUrl', url: `${standIn.url}/images/1.png` });
		await generate();
		const fetched = standIn.requests.filter(({ url }) => url === '/images/1.png');
		expect(fetched.length).toBeGreaterThan(0);
		for (const { headers } of fetched) expect(headers).not.toHaveProperty('authorization');
	});

	test('when the address of an input image is opened to check it', async () => {
		const first = await generate();
		const { url } = first.items[0][0].json;
		standIn.reset();
		const run = await generate({
			inputImages: { image: [{ source: 'url', url: String(url) }] },
			options: { checkImageUrls: true },
		});
		expect(run.status).toBe('error');
		const opened = standIn.requests.filter(({ server }) => server === 'cdn');
		expect(opened.length).toBeGreaterThan(0);
		for (const { headers } of opened) expect(headers).not.toHaveProperty('authorization');
	});
});

describe('the search for the key finds one', () => {
	const hide = (run: NodeRun, where: string): NodeRun => {
		const [[item]] = run.items;
		const hidden = { [Symbol('inner')]: new Map([['note', [`key ${KEY}.`]]]) };
		if (where === 'items') item.json.note = KEY;
		else if (where === 'hints') run.hints.push({ message: encodeURIComponent(KEY) });
		else if (where === 'the error') Object.assign(run, { error: new Error('', { cause: hidden }) });
		else run.logs.push({ level: 'info', message: '', metadata: hidden, via: 'logger' });
		return run;
	};

	test.each(['items', 'hints', 'the error', 'logs'])('in %s', async (where) => {
		expect(leaksOf(hide(await generate(), where), KEY)).toContain(where);
	});
});
