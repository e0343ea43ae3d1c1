/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';
import { listen, type Listening } from '../support/listen';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };

/** All that a person reads of what went wrong. */
async function toldOf(parameters: INodeParameters = {}) {
	const { error } = await at.run({ ...PROMPT, ...parameters });
	if (!error) throw new Error('The run worked');
	return `${error.message} ${String(error.description)}`;
}

/** One refusal in every known form, and what of it has to reach the person. */
const FORMS: Array<[form: string, body: unknown, told: RegExp[]]> = [
	['message', { message: 'internal error 77' }, [/internal error 77/]],
	['detail', { detail: 'internal error 77' }, [/internal error 77/]],
	[
		'detail as a list',
		{ detail: [{ loc: ['body', 'size'], msg: 'field required', type: 'missing' }] },
		[/size: field required/],
	],
	['error as text', { error: 'internal error 77' }, [/internal error 77/]],
	[
		'error as an object, with a request ID',
		{ error: { code: 'overloaded', message: 'model overloaded' }, request_id: 'req-5' },
		[/model overloaded/, /code overloaded/, /request ID req-5/],
	],
	[
		'the status envelope',
		{ status: { code: 503, message: 'model overloaded', error_code: 50301 }, data: null },
		[/model overloaded/, /code 50301/],
	],
	['a page', '<html><title>502 Bad Gateway</title><hr>nginx</html>', [/502 Bad Gateway/]],
	['plain text', 'upstream timed out', [/upstream timed out/]],
];

describe.each([400, 402, 422, 500, 503])('a creation answered with %i', (code) => {
	test.each(FORMS)('tells its reason, given as %s', async (_, body, told) => {
		at.standIn.fault('create', {
			type: 'status',
			code,
			body,
			headers: { 'x-request-id': 'req-9' },
		});
		const text = await toldOf();
		for (const words of told) expect(text).toMatch(words);
		expect(text).toMatch(/request ID req-[59]/);
		expect(text).toContain(`HTTP ${code}`);
	});
});

test.each(FORMS)(
	'a poll that is answered 503 to the end tells its reason, given as %s',
	async (_, body, told) => {
		at.standIn.fault('poll', { type: 'status', code: 503, body });
		const text = await toldOf({ options: { timeout: 1 } });
		for (const words of told) expect(text).toMatch(words);
		expect(text).toContain(at.standIn.tasks[0].id);
	},
);

test.each(FORMS)(
	'a poll that is answered 403 tells its reason, given as %s',
	async (_, body, told) => {
		at.standIn.fault('poll', { type: 'status', code: 403, body });
		const text = await toldOf();
		for (const words of told) expect(text).toMatch(words);
	},
);

test('a task that nobody knows is told with the words of the service', async () => {
	const { error } = await at.run({ resource: 'task', operation: 'get', taskId: 'no-such-task' });
	expect(error?.description).toContain('HTTP 404: task not found');
});

test.each([
	['logs', { withoutError: true, logs: ['loading', 'out of memory'] }, /loading \/ out of memory/],
	['error_type', { withoutError: true, error_type: 'moderation' }, /moderation/],
	[
		'all at once',
		{ error: { code: 'E1', message: 'failed' }, provider_error: { message: 'no capacity' } },
		/failed; no capacity, code E1/,
	],
])('a failed task tells its reason, given as %s', async (_, fault, told) => {
	at.standIn.fault('create', { type: 'failed', ...fault });
	expect(await toldOf()).toMatch(told);
});

test('a file host that refuses tells its reason', async () => {
	at.standIn.fault('download', { type: 'expired' });
	expect(await toldOf()).toContain('HTTP 403: AccessDenied Request has expired');
});

describe('a creation that is answered without an id', () => {
	test.each(['task_id', 'request_id'] as const)('is polled by its %s', async (name) => {
		at.standIn.fault('create', { type: 'idName', name });
		const { items, error } = await at.run(PROMPT);
		expect(error).toBeUndefined();
		expect(items[0][0].json.taskId).toBe(at.standIn.tasks[0].id);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('is told as both, when nobody knows a task by what it gave', async () => {
		at.standIn.fault('create', { type: 'idName', name: 'request_id', known: false });
		const run = await at.run({ ...PROMPT, options: { timeout: 1 } });
		const [{ id }] = at.standIn.tasks;
		expect(run.error?.message).toMatch(/may have been created and billed/);
		expect(run.error?.message).toContain(`a request_id (${id}) instead of a task ID`);
		expect(run.error?.message).toContain('HTTP 404: task not found');
		expect(run.error?.description).toMatch(/not sent again/);
		expect(run.error?.context).toMatchObject({ taskIds: [id] });
	});

	test('is not sent again by Retry On Fail', async () => {
		at.standIn.fault('create', { type: 'idName', name: 'request_id', known: false });
		const { error } = await at.run({ ...PROMPT, options: { timeout: 1 } }, undefined, {
			nodeOverrides: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
		});
		expect(error?.message).toMatch(/may have been created and billed/);
		expect(at.standIn.creationsReceived).toBe(1);
	});

	test('is a refusal when it carries an error', async () => {
		at.standIn.fault('create', {
			type: 'status',
			code: 200,
			body: { error: { message: 'too dark' }, request_id: 'req-1' },
		});
		expect(await toldOf()).toMatch(/did not accept.*too dark, request ID req-1/);
		expect(at.standIn.stats.requests.poll).toBe(0);
	});
});

describe('long numbers', () => {
	const ID = '12345678901234567890';
	let server: Listening;
	let bodies: string[];
	let asked: string[];
	beforeAll(async () => {
		server = await listen(
			createServer((request, response) => {
				const body: Buffer[] = [];
				request.on('data', (chunk: Buffer) => body.push(chunk));
				request.on('end', () => {
					const isPoll = request.method === 'GET';
					if (isPoll) asked.push(request.url ?? '');
					else bodies.push(Buffer.concat(body).toString());
					response.end(`{"id":${ID},"status":"${isPoll ? 'failed' : 'queued'}"}`);
				});
			}),
		);
	});
	beforeEach(() => {
		bodies = [];
		asked = [];
	});
	afterAll(async () => await server.close());

	test('go out digit for digit, and a task is asked about by every digit of its ID', async () => {
		const params = `{"seed": ${ID}, "list": [-9007199254740993, 1.5], "text": "${ID}"}`;
		const { error } = await at.run(
			{ model: 'custom', customModelId: 'custom_painter', customParameters: params },
			undefined,
			{ credentials: [at.credential({ baseUrl: `http://${server.host}` })] },
		);
		expect(error?.message).toContain(`(task ${ID})`);
		expect(bodies).toEqual([
			`{"model":"custom_painter","input":[{"params":{"seed":${ID},"list":[-9007199254740993,1.5],"text":"${ID}"}}]}`,
		]);
		expect(asked).toEqual([`/model/v1/generation/task/${ID}`]);
	});
});
