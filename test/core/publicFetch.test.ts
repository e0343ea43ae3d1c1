/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import {
	AttemptError,
	fetchPublic,
	type PublicFetch,
} from '../../nodes/Vtrix/core/exchange/publicFetch';
import { ProxyError } from '../../nodes/Vtrix/core/exchange/http/networkErrors';
import { readBody } from '../../nodes/Vtrix/core/exchange/http/readBody';
import { byteStream, plainFetch } from '../faults/plainHttp';
import { FakeClock } from '../support/fakeClock';
import { listen, type Listening } from '../support/listen';

const FILE = Buffer.from('the file');
const LOCAL = 'http://127.0.0.1';

const servers: Listening[] = [];
afterEach(async () => {
	await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

/** A server on a port of its own; its address. */
async function serve(answer: RequestListener): Promise<string> {
	const server = await listen(createServer(answer));
	servers.push(server);
	return `http://${server.host}`;
}

const parts = (more: Partial<PublicFetch> = {}): PublicFetch => ({
	http: { fetch: plainFetch },
	clock: new FakeClock(),
	baseUrl: LOCAL,
	redact: (text) => text.replaceAll('secret-key', '[API key]'),
	...more,
});

const fetchFrom = async (
	url: string,
	more?: Partial<PublicFetch>,
	signal = new AbortController().signal,
) => await fetchPublic(url, parts(more), signal);

const failureOf = async (work: Promise<unknown>): Promise<AttemptError> => {
	const error: unknown = await work.catch((reason: unknown) => reason);
	if (error instanceof AttemptError) return error;
	throw new Error(`It did not fail as expected: ${String(error)}`);
};

/** What comes of an answer with this status. */
const refusal = async (status: number, words = '', headers: Record<string, string> = {}) =>
	await failureOf(
		fetchFrom(await serve((_, response) => response.writeHead(status, headers).end(words))),
	);

describe('an answer', () => {
	const range = `bytes 0-${FILE.length - 1}/${FILE.length}`;
	test.each([
		[200, {}],
		[203, {}],
		[226, {}],
		[206, { 'content-range': range }],
		[206, { 'content-range': range.toUpperCase() }],
	])('with the whole file is read: HTTP %i %j', async (status, headers) => {
		const url = await serve((_, response) => response.writeHead(status, headers).end(FILE));
		const { body, isAskedHost } = await fetchFrom(url);
		expect(await readBody(body, 100, 5000)).toEqual(FILE);
		expect(isAskedHost).toBe(true);
	});

	test('with the whole of a longer file is read', async () => {
		const file = Buffer.alloc(12, 'x');
		const headers = { 'content-range': 'bytes 0-11/12' };
		const url = await serve((_, response) => response.writeHead(206, headers).end(file));
		expect(await readBody((await fetchFrom(url)).body, 100, 5000)).toEqual(file);
	});

	test('with a part of a longer file is none', async () => {
		const { retry } = await refusal(206, '', { 'content-range': 'bytes 0-9/12' });
		expect(retry.httpStatus).toBe(206);
	});

	test.each(['', 'bytes 0-6/8', 'bytes 1-7/8', 'bytes 0-7/*', 'x bytes 0-7/8', 'bytes 0-7/8 x'])(
		'with a part of it is none, though the whole may come: Content-Range %j',
		async (part) => {
			const { message, retry } = await refusal(206, '', { 'content-range': part });
			expect(message).toBe('its server answered with HTTP 206');
			expect(retry).toMatchObject({ retryable: true, httpStatus: 206 });
		},
	);

	test.each([
		[201, false],
		[304, false],
		[400, false],
		[403, true],
		[429, true],
		[503, true],
	])('of HTTP %i is none; whether it may become one: %s', async (status, retryable) => {
		expect((await refusal(status)).retry).toMatchObject({ retryable, httpStatus: status });
	});

	test('that asks for a pause is given it', async () => {
		const { retry } = await refusal(503, '', { 'retry-after': '7' });
		expect(retry.retryAfterMs).toBe(7000);
	});

	test.each([
		['<title>No secret-key here. </title>', ': No [API key] here'],
		['Denied ...\n', ': Denied'],
		['', ''],
		['x'.repeat(20_000), expect.stringMatching(/^: x+…$/)],
		['x'.repeat(20_001), ''],
	])('that refuses is told with its words, if they are few', async (words, told) => {
		const { message } = await refusal(404, words);
		expect(message.replace('its server answered with HTTP 404', '')).toEqual(told);
	});

	test('that says that the link has expired is final', async () => {
		expect((await refusal(403, 'Request has Expired.')).retry.retryable).toBe(false);
	});

	test('of a proxy is told as one, with its words', async () => {
		const url = await serve((_, response) => response.writeHead(407).end('sign in'));
		const fetch: PublicFetch['http']['fetch'] = async (...request) => ({
			...(await plainFetch(...request)),
			fromProxy: true,
		});
		const error: unknown = await fetchFrom(url, { http: { fetch } }).catch(
			(reason: unknown) => reason,
		);
		expect(error).toEqual(new ProxyError(407, 'sign in'));
	});
});

describe('a redirect', () => {
	const to = async (location: string, status = 302) =>
		await serve((_, response) => response.writeHead(status, { location }).end());

	test.each([300, 301, 308, 399])(
		'is followed to another host, which is told: HTTP %i',
		async (status) => {
			const there = await serve(({ url }, response) => response.end(url));
			const { body, isAskedHost } = await fetchFrom(await to(`${there}/a.png`, status));
			expect((await readBody(body, 100, 5000)).toString()).toBe('/a.png');
			expect(isAskedHost).toBe(false);
		},
	);

	test.each(['utf8', 'latin1'] as const)(
		'is followed to a name that its server sends in %s',
		async (encoding) => {
			const there = await serve(({ url }, response) => response.end(url));
			const sent = Buffer.from(`${there}/é.png`, encoding).toString('latin1');
			const { body } = await fetchFrom(await to(sent));
			expect((await readBody(body, 100, 5000)).toString()).toBe('/%C3%A9.png');
		},
	);

	test.each([299, 400])('is none with HTTP %i', async (status) => {
		const there = await serve((_, response) => response.end(FILE));
		expect((await failureOf(fetchFrom(await to(there, status)))).message).toMatch(`HTTP ${status}`);
	});

	test.each(['', 'http://['])('to no address is none: %j', async (location) => {
		expect((await failureOf(fetchFrom(await to(location)))).message).toMatch('HTTP 302');
	});

	test('to another host tells none of its words, since only this machine may reach it', async () => {
		const there = await serve((_, response) => response.writeHead(404).end('inner words'));
		expect((await failureOf(fetchFrom(await to(there)))).message).toBe(
			'its server answered with HTTP 404',
		);
	});

	test('into a private network is not followed where the API is public, nor tried again', async () => {
		const fetch: PublicFetch['http']['fetch'] = async (_, ...rest) =>
			await plainFetch(await to('http://10.0.0.1/a.png'), ...rest);
		const { message, retry } = await failureOf(
			fetchFrom('https://cdn.example.com/a.png', {
				http: { fetch },
				baseUrl: 'https://cloud.vtrix.ai',
			}),
		);
		expect(message).toBe('it leads into a private network');
		expect(retry).toEqual({ retryable: false });
	});

	test('in circles ends', async () => {
		let asked = 0;
		const { message, retry } = await failureOf(
			fetchFrom(
				await serve((_, response) => {
					asked += 1;
					response.writeHead(302, { location: '/' }).end();
				}),
			),
		);
		expect([message, retry, asked]).toEqual([
			'its address redirects in circles',
			{ retryable: false },
			11,
		]);
	});
});

describe('a file on its way', () => {
	test('that breaks off while nothing reads it ends no process', async () => {
		const stream = new Readable({ read: () => {} });
		const fetch: PublicFetch['http']['fetch'] = async () =>
			await Promise.resolve({ status: 200, headers: {}, body: byteStream(stream) });
		await fetchFrom(`${LOCAL}/a.png`, { http: { fetch } });
		expect(() => stream.emit('error', new Error('reset'))).not.toThrow();
	});

	test.each(['before', 'after'])('ends with its signal, aborted %s it began', async (when) => {
		const end = new AbortController();
		// the transport's own signal does not reach the body here
		const fetch: PublicFetch['http']['fetch'] = async (url, _, ms) => {
			const response = await plainFetch(url, new AbortController().signal, ms);
			if (when === 'before') end.abort();
			return response;
		};
		const url = await serve((_, response) => void response.write(FILE));
		const { body } = await fetchFrom(url, { http: { fetch } }, end.signal);
		end.abort();
		await expect(readBody(body, 100, 5000)).rejects.toThrow('ended');
	});
});
