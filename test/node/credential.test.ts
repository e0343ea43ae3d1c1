/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type ServerResponse } from 'node:http';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { startRefusingProxy } from '../support/refusingProxy';
import { testCredential } from '../support/credentialTest';
import { listen, type Listening } from '../support/listen';
import { atStandIn } from './atStandIn';

const at = atStandIn({ basePath: '/proxy/v9' });

const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };

/** What the credential dialog says. */
const verdict = async (changed: object = {}) => {
	const { status, message } = await testCredential(at.node, at.credential(changed));
	return { status, message };
};

test('a new credential points to the gateway, its key hidden', () => {
	const [apiKey, baseUrl] = new VtrixApi().properties;
	expect(apiKey).toMatchObject({ required: true, default: '', typeOptions: { password: true } });
	expect(baseUrl.default).toBe('https://cloud.vtrix.ai');
});

describe('the test in the credential dialog', () => {
	test.each(['', '/'])('accepts a good key (base URL with a path and %j)', async (end) => {
		expect(await verdict({ baseUrl: at.standIn.url + end })).toEqual({
			status: 'OK',
			message: expect.any(String),
		});
		expect(at.standIn.requests).toHaveLength(1);
		expect(at.standIn.requests[0]).toMatchObject({ kind: 'poll', method: 'GET', status: 404 });
	});

	/** A key as people paste it. */
	const pasted = (key: string): Array<[string, string]> => [
		['a line break', `${key}\n`],
		['no-break spaces', `\u00a0${key}\u00a0`],
		['zero-width characters', `\u200b${key}\ufeff`],
		['the word Bearer', `Bearer ${key}`],
		['quotes', `"${key}"`],
		['typographic quotes and the word', `“bearer ${key}”`],
		['the whole header', `Authorization: Bearer ${key}`],
	];

	test.each(pasted('stand-in-key'))(
		'takes a key with %s around it, as the run does, and keeps it out of texts',
		async (_, apiKey) => {
			expect(await verdict({ apiKey })).toMatchObject({ status: 'OK' });
			const credentials = [at.credential({ apiKey })];
			const good = await at.run(PROMPT, undefined, { credentials });
			expect(good.error).toBeUndefined();
			at.standIn.fault('create', { type: 'echoKey' });
			const { error } = await at.run(PROMPT, undefined, { credentials });
			expect(error?.description).toContain('not allowed for Bearer [API key]');
			const keys = at.standIn.requests.map(({ headers }) => headers.authorization);
			expect(new Set(keys)).toEqual(new Set(['Bearer ***', undefined]));
		},
	);

	test.each(['two words', 'ключ-ключ'])(
		'refuses %j, which no request can carry',
		async (apiKey) => {
			expect((await verdict({ apiKey })).message).toMatch(
				/API key holds characters that no key has/,
			);
			expect(at.standIn.requests).toEqual([]);
		},
	);

	test.each(['/model/v1', '/model/v1/generation', '/model/v1/generation/task/abc/'])(
		'takes a base URL that ends in %s, as the run does',
		async (end) => {
			const baseUrl = at.standIn.url + end;
			expect(await verdict({ baseUrl })).toMatchObject({ status: 'OK' });
			const { error } = await at.run(PROMPT, undefined, {
				credentials: [at.credential({ baseUrl })],
			});
			expect(error).toBeUndefined();
			expect(at.standIn.complaints).toEqual([]);
		},
	);

	test('tells what the service says of a refusal, without the key', async () => {
		at.standIn.fault('poll', {
			type: 'status',
			code: 403,
			body: { detail: `${at.standIn.apiKey} has expired` },
			headers: { 'x-request-id': 'req-3' },
		});
		expect((await verdict()).message).toMatch(
			/may not do this \(HTTP 403\).*It says: \[API key\] has expired, request ID req-3/,
		);
	});

	test('refuses a wrong key, and says where to get one', async () => {
		const { status, message } = await verdict({ apiKey: 'wrong-key' });
		expect(status).toBe('Error');
		expect(message).toMatch(/API key was not accepted.*API Key Management/);
		expect(message).not.toContain('wrong-key');
	});

	test('asks for a key that is missing', async () => {
		expect(await verdict({ apiKey: ' ' })).toEqual({
			status: 'Error',
			message: 'Enter an API key',
		});
		expect(at.standIn.requests).toEqual([]);
	});

	test.each<[string, object, RegExp]>([
		['nothing', { apiKey: null }, /^The API Key is empty: its expression gives nothing here/],
		['a number', { apiKey: 7 }, /^The API Key must be text, its expression gives a value of type/],
		['nothing', { baseUrl: null }, /^The Base URL is empty/],
		['a list', { baseUrl: ['https://cloud.vtrix.ai'] }, /^The Base URL must be text.* a list$/],
	])('names the field whose expression gives %s (%j)', async (_, changed, says) => {
		expect(await verdict(changed)).toEqual({
			status: 'Error',
			message: expect.stringMatching(says),
		});
		expect(at.standIn.requests).toEqual([]);
	});

	test('tells a key that may not be used from a wrong one', async () => {
		at.standIn.fault('poll', { type: 'status', code: 403 });
		expect((await verdict()).message).toMatch(/may not do this.*expired/);
	});

	test('sees a refusal inside HTTP 200', async () => {
		const body = { status: { code: 401, message: 'bad key' }, data: null };
		at.standIn.fault('poll', { type: 'status', code: 200, body });
		expect(await verdict()).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/API key was not accepted/),
		});
	});

	test('says that the platform has trouble', async () => {
		at.standIn.fault('poll', { type: 'status', code: 503 });
		expect(await verdict()).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/trouble at the moment/),
		});
	});

	test('says that there is no server', async () => {
		const { status, message } = await verdict({ baseUrl: await unusedAddress() });
		expect(status).toBe('Error');
		expect(message).toMatch(/could not be reached: it refused the connection.*Base URL/);
	});

	test('says that the address does not exist', async () => {
		const { message } = await verdict({ baseUrl: 'https://gateway.invalid' });
		expect(message).toMatch(/^gateway\.invalid could not be reached: its address was not found/);
	});

	test.each([
		['http://cloud.vtrix.ai', /https:\/\//],
		['http://192.168.1.7:8080', /https:\/\//],
		['cloud vtrix ai', /not a complete URL/],
		['', /not a complete URL/],
		['https://user:secret@cloud.vtrix.ai', /user name or password/],
	])('refuses %j as base URL, without asking it', async (baseUrl, problem) => {
		const { status, message } = await verdict({ baseUrl });
		expect(status).toBe('Error');
		expect(message).toMatch(/^The Base URL is not usable/);
		expect(message).toMatch(problem);
		expect(message).not.toContain('secret');
	});

	test('tells a proxy that refuses the connection as such', async () => {
		const proxy = await startRefusingProxy(403);
		const { message } = await verdict({ baseUrl: 'https://cloud.vtrix.ai' }).finally(proxy.close);
		expect(message).toMatch(
			/^cloud\.vtrix\.ai could not be reached: the proxy .*\(HTTP 403\): Blocked by policy\. .*HTTPS_PROXY/,
		);
	});

	describe('at a server that is not the API', () => {
		let server: Listening;
		let baseUrl: string;
		let answer: (response: ServerResponse) => void;
		let seen: Array<string | undefined>;
		beforeAll(async () => {
			server = await listen(
				createServer(({ headers }, response) => {
					seen.push(headers.authorization);
					answer(response);
				}),
			);
			baseUrl = `http://${server.host}`;
		});
		beforeEach(() => {
			seen = [];
		});
		afterAll(async () => await server.close());

		test.each([200, 404])('sees that a web page is not it (HTTP %i)', async (status) => {
			answer = (response) =>
				response
					.writeHead(status, { 'content-type': 'text/html' })
					.end('<!doctype html><title>Hello</title>');
			expect(await verdict({ baseUrl })).toMatchObject({
				status: 'Error',
				message: expect.stringMatching(/not as Vtrix does.*Base URL/),
			});
		});

		test('tells a page that refuses as one of something else, not as about the key', async () => {
			answer = (response) =>
				response
					.writeHead(403, { 'content-type': 'text/html' })
					.end('<html><title>Access denied</title></html>');
			const { message } = await verdict({ baseUrl });
			expect(message).toMatch(/^Something other than Vtrix answered.*It says: Access denied/);
			expect(message).not.toMatch(/key/);
		});

		test.each([
			['a gateway without the route', { message: 'no Route matched with those values' }],
			['a framework', { detail: 'Not Found' }],
			[
				'one that repeats the path',
				{ message: 'Cannot GET /model/v1/generation/task/n8n-credential-test', statusCode: 404 },
			],
			['one without words', {}],
		])('sees that a 404 of %s is not it', async (_, body) => {
			answer = (response) =>
				response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
			expect(await verdict({ baseUrl })).toMatchObject({
				status: 'Error',
				message: expect.stringMatching(/not as Vtrix does.*HTTP 404.*Base URL/),
			});
		});

		test.each([
			[404, { error: { code: 'TASK_NOT_FOUND' } }],
			[404, { status: { code: 404, message: 'generation not found' }, data: null }],
			[200, { status: { code: 404, message: 'no such task' }, data: null }],
		])(
			'sees that it is when it says that there is no such task (HTTP %i, %j)',
			async (status, body) => {
				answer = (response) =>
					response
						.writeHead(status, { 'content-type': 'application/json' })
						.end(JSON.stringify(body));
				expect(await verdict({ baseUrl })).toMatchObject({ status: 'OK' });
			},
		);

		test.each([{}, { ok: true }, []])('sees that HTTP 200 with %j is not it', async (body) => {
			answer = (response) =>
				response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
			expect(await verdict({ baseUrl })).toMatchObject({ status: 'Error' });
		});

		test('follows no redirect, so the key goes nowhere else', async () => {
			answer = (response) => response.writeHead(302, { location: `${baseUrl}/elsewhere` }).end();
			expect(await verdict({ baseUrl })).toMatchObject({
				status: 'Error',
				message: expect.stringMatching(/redirects elsewhere/),
			});
			expect(seen).toHaveLength(1);
		});
	});

	test('writes no key into the log', async () => {
		const { logs } = await testCredential(at.node, at.credential());
		expect(JSON.stringify(logs)).not.toContain(at.standIn.apiKey);
	});
});

describe('a run', () => {
	test('signs its requests to the gateway with the key, and those to other hosts not', async () => {
		const { items } = await at.run(PROMPT);
		expect(items[0]).toHaveLength(1);
		const keys = at.standIn.requests.map(({ server, headers }) => [server, headers.authorization]);
		expect(new Set(keys.map((key) => key.join(' ')))).toEqual(
			new Set(['gateway Bearer ***', 'cdn ']),
		);
	});

	test.each(['', '/', '//'])('uses a base URL with a path, %j at its end', async (end) => {
		const { items, error } = await at.run(PROMPT, undefined, {
			credentials: [at.credential({ baseUrl: at.standIn.url + end })],
		});
		expect(error).toBeUndefined();
		expect(items[0]).toHaveLength(1);
		expect(at.standIn.complaints).toEqual([]);
		expect(at.standIn.requests[0].url).toBe('/proxy/v9/model/v1/generation');
	});

	test.each(['http://cloud.vtrix.ai', 'http://10.0.0.1', 'cloud vtrix ai'])(
		'refuses %j as base URL, and sends nothing',
		async (baseUrl) => {
			const { error } = await at.run(PROMPT, undefined, {
				credentials: [at.credential({ baseUrl })],
			});
			expect(error?.message).toMatch(/^Base URL of the credential: is not usable\. /);
			expect(at.standIn.requests).toEqual([]);
		},
	);

	test('says that the server is not there, and that nothing was sent', async () => {
		const { error } = await at.run({ ...PROMPT, options: { timeout: 1 } }, undefined, {
			credentials: [at.credential({ baseUrl: await unusedAddress() })],
		});
		expect(error?.message).toBe('Vtrix could not be reached: it refused the connection');
		expect(error?.description).toMatch(/Nothing was sent.*Base URL/);
	});
});

/** An address of this machine on which nobody listens. */
async function unusedAddress(): Promise<string> {
	const { host, close } = await listen(createServer());
	await close();
	return `http://${host}`;
}
