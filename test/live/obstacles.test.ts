/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type ServerResponse } from 'node:http';
import { startStandIn, type StandIn } from '../standin';
import { listen, type Listening } from '../support/listen';
import { runCommand } from './runCommand';
import { chooseModels } from '../../tools/live/plan/models';
import { Session } from '../../tools/live/session';

const KEY = ['key', 'of', 'somebody', '4711'].join('-');

/** What a whole session says that must not get as far as n8n. */
async function obstacleAt(url: string, apiKey = KEY): Promise<string | undefined> {
	const session = new Session({
		baseUrl: url,
		apiKey,
		shown: 'gateway.example',
		models: chooseModels([]).models,
		limit: 1,
		probe: false,
		folder: '/nonexistent/never-written',
		about: '',
		log: () => {},
		signal: new AbortController().signal,
	});
	const { obstacle, report } = await session.run(async () => {
		throw new Error('n8n was started');
	});
	expect(report).toBeUndefined();
	expect(obstacle).not.toContain(apiKey);
	return obstacle;
}

describe('before n8n is started it is said in a sentence', () => {
	let standIn: StandIn;
	beforeAll(async () => {
		standIn = await startStandIn({ apiKey: KEY });
	});
	afterAll(async () => await standIn.close());
	beforeEach(() => standIn.reset());

	test('that there is no gateway', async () => {
		const gone = await startStandIn();
		await gone.close();
		expect(await obstacleAt(gone.url)).toMatch(
			/^gateway\.example could not be reached \(ECONNREFUSED\)\. Check VTRIX_BASE_URL/,
		);
	});

	test('that the key is wrong', async () => {
		expect(await obstacleAt(standIn.url, 'another-key')).toMatch(
			/did not accept the key \(HTTP 401\).*the API key is not valid/,
		);
		expect(standIn.tasks).toEqual([]);
	});

	test.each<[string, number, unknown]>([
		['HTTP 402', 402, { message: 'Insufficient credits' }],
		['an envelope', 402, { status: { code: 402, message: 'no', error_code: 40201 }, data: null }],
		['an envelope inside HTTP 200', 200, { status: { code: 402, message: 'no' }, data: null }],
		['HTTP 403 and the word balance', 403, { error: { code: 'x', message: 'balance too low' } }],
		['HTTP 400 and the code of the balance', 400, { error: { code: 40203, message: 'no' } }],
	])('that the account has no credit, told by %s', async (_, code, body) => {
		const server = await answering((response, method) => {
			if (method === 'GET') json(response, 404, { error: 'task not found' });
			else json(response, code, body);
		});
		expect(await obstacleAt(`http://${server.host}`)).toMatch(/account has no credit left/);
		await server.close();
	});

	test('that the account has no credit, where the stand-in plays it', async () => {
		standIn.fault('create', { type: 'status', code: 402, body: { message: 'no credits' } });
		expect(await obstacleAt(standIn.url)).toMatch(/no credit left \(HTTP 402\).*no credits/);
		expect(standIn.tasks).toEqual([]);
	});

	test.each<[string, (response: ServerResponse) => void, RegExp]>([
		['a web page answers', (response) => response.end('<html>Hello</html>'), /not as Vtrix does/],
		[
			'it redirects',
			(response) => response.writeHead(301, { location: 'https://example.com' }).end(),
			/redirects elsewhere \(HTTP 301\)/,
		],
		['it has trouble', (response) => json(response, 503, { message: 'busy' }), /trouble.*503/],
		[
			'the key may do nothing',
			(response) => json(response, 403, { message: `not allowed: ${KEY}` }),
			/may not be used for this \(HTTP 403\).*\[API key\]/,
		],
		['it never answers', () => {}, /could not be reached in time/],
	])('that %s', async (_, answer, sentence) => {
		const server = await answering(answer);
		expect(await obstacleAt(`http://${server.host}`)).toMatch(sentence);
		await server.close();
	});
});

describe('the command', () => {
	test('explains itself without a key, and sends nothing', async () => {
		const { code, said } = await runCommand({});
		expect(code).toBe(0);
		expect(said).toMatch(/npm run live.*--models.*--limit.*--yes/s);
		expect(said).toContain(
			'VTRIX_API_KEY is not set, so nothing was sent and nothing was charged.',
		);
	});

	test('says what it will do and what it may cost, and does nothing unless it is told to go on', async () => {
		const standIn = await startStandIn();
		const { code, said } = await runCommand({
			VTRIX_API_KEY: standIn.apiKey,
			VTRIX_BASE_URL: standIn.url,
		});
		await standIn.close();
		expect(code).toBe(0);
		expect(said).toMatch(/paid {2}Text to image.*images at the most.*\$\d/s);
		expect(said).toContain('Nothing was sent');
		expect(standIn.requests).toEqual([]);
	});

	test('ends with 1 where there is no gateway', async () => {
		const gone = await startStandIn();
		await gone.close();
		const env = { VTRIX_API_KEY: KEY, VTRIX_BASE_URL: gone.url };
		const { code, said } = await runCommand(env, '--yes');
		expect(code).toBe(1);
		expect(said).toMatch(/could not be reached \(ECONNREFUSED\)/);
		expect(said).not.toContain('Building');
		expect(said).not.toContain(KEY);
	});
});

const answering = async (
	answer: (response: ServerResponse, method: string | undefined) => void,
): Promise<Listening> =>
	await listen(createServer((request, response) => answer(response, request.method)));

const json = (response: ServerResponse, status: number, body: unknown) =>
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
