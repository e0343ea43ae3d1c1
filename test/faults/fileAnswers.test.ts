/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod/v3';
import { readBinary } from '../support/binaryStore';
import { growth, LINEAR } from '../support/growth';
import { listen, type Listening } from '../support/listen';
import { sampleImage } from '../support/sampleImage';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { atProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const details = z.object({ links: z.array(z.string()) });
const at = atProvider({ now });
let file: Buffer;
let server: Listening;
let asked: string[];
let answer: (response: ServerResponse, path: string) => void;
beforeAll(async () => {
	file = await sampleImage({ format: 'png', width: 40, height: 30 });
	server = await listen(
		createServer(({ url = '' }, response) => {
			asked.push(url);
			answer(response, url);
		}),
	);
});
afterAll(async () => await server.close());
beforeEach(() => {
	startTime();
	asked = [];
	at.standIn.fault('create', { type: 'outputUrl', url: `http://${server.host}/a.png` });
});

const send = (response: ServerResponse, status: number, headers: Record<string, string> = {}) =>
	response.writeHead(status, { 'content-type': 'image/png', ...headers }).end(file);

async function expectDelivered(): Promise<void> {
	const { items, error, hints } = await at.generate(['a cat']);
	expect([error, hints]).toEqual([undefined, []]);
	expect(file.equals(await readBinary(items[0][0]))).toBe(true);
}

test.each([200, 203, 226])('a file under HTTP %i is the file', async (status) => {
	answer = (response) => send(response, status);
	await expectDelivered();
});

test('a file under HTTP 206 is the file if it is all of it', async () => {
	const range = `bytes 0-${file.length - 1}/${file.length}`;
	answer = (response) => send(response, 206, { 'content-range': range });
	await expectDelivered();
});

test.each(['bytes 0-9/9999999', 'bytes 10-19/20', 'bytes 0-9/*', ''])(
	'a part of a file is none (Content-Range: %j)',
	async (range) => {
		answer = (response) => send(response, 206, range ? { 'content-range': range } : {});
		const { error } = await at.generate(['a cat']);
		expect(error?.message).toMatch(/could not be downloaded: its server answered with HTTP 206/);
	},
);

test.each([
	['as bytes of UTF-8', Buffer.from('/bilder/grün 世.png').toString('latin1')],
	['as escapes', encodeURI('/bilder/grün 世.png')],
])('an address that a redirect gives %s is followed', async (_, location) => {
	answer = (response, path) =>
		path === '/a.png' ? response.writeHead(302, { location }).end() : send(response, 200);
	await expectDelivered();
	expect(asked.map(decodeURI)).toEqual(['/a.png', '/bilder/grün 世.png']);
});

test('an address that a redirect gives in Latin-1 is followed', async () => {
	answer = (response, path) =>
		path === '/a.png'
			? response.writeHead(302, { location: '/gr\u00fcn.png' }).end()
			: send(response, 200);
	await expectDelivered();
});

/** Redirects so many times before the file comes. */
const redirecting =
	(times: number): typeof answer =>
	(response, path) => {
		const hop = Number(/\d+/.exec(path)?.[0] ?? 0);
		if (hop >= times) send(response, 200);
		else response.writeHead(302, { location: `/${hop + 1}.png` }).end();
	};

test('ten redirects are followed, not eleven', async () => {
	answer = redirecting(10);
	await expectDelivered();
	answer = redirecting(11);
	const { error } = await at.generate(['a cat']);
	expect(error?.message).toMatch(/circles/);
});

test.each([1, 3])(
	'a fresh link that is refused (HTTP 403) %i times is asked again',
	async (times) => {
		answer = (response) =>
			asked.length <= times
				? response.writeHead(403).end('<h1>Forbidden</h1>')
				: send(response, 200);
		await expectDelivered();
	},
);

test.each([
	['nested lists', (size: number) => '['.repeat(size)],
	['nested lists that end', (size: number) => '['.repeat(size) + ']'.repeat(size)],
	['nested objects', (size: number) => '{"error":'.repeat(size) + '1' + '}'.repeat(size)],
	['one long word', (size: number) => `<title>${'word'.repeat(size)}</title>`],
	['a page without an end', (size: number) => `<script>${'<'.repeat(10 * size)}`],
])('a refusal with %s is told in short, in time by its length at the most', async (_, pageOf) => {
	const told = async (size: number) => {
		const page = pageOf(size);
		answer = (response) => response.writeHead(410).end(page);
		asked = [];
		const { error } = await at.generate(['a cat']);
		expect(error?.message).toMatch(/could not be downloaded: its server answered with HTTP 410/);
		expect(asked).toHaveLength(1);
		return error?.message.length ?? 0;
	};
	const { results, factor } = await growth(told, 3000);
	expect(factor).toBeLessThan(LINEAR);
	expect(results[1]).toBeLessThan(results[0] + 100);
});

test('a link of any length is told in full where it can be opened, and in short in the message', async () => {
	const url = `http://${server.host}/a.png?signature=${'x'.repeat(12_000)}`;
	at.standIn.reset();
	at.standIn.fault('create', { type: 'outputUrl', url });
	answer = (response) => response.writeHead(410).end();
	const run = await at.generate(['a cat'], { nodeOverrides: { onError: 'continueErrorOutput' } });
	const { json } = run.items[1][0];
	const { links } = details.parse(json.details);
	expect(links[0] === url).toBe(true);
	expect(String(json.message).length).toBeLessThan(3000);
});

test('a link that has expired is not asked again', async () => {
	answer = (response) => response.writeHead(403).end('<Message>Request has expired</Message>');
	const { error } = await at.generate(['a cat']);
	expect(error?.message).toMatch(/HTTP 403: Request has expired$/);
	expect(asked).toHaveLength(1);
});
