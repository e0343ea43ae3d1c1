/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { Client } from '../../nodes/Vtrix/core/exchange/client';
import {
	RefusedError,
	StoppedError,
	TaskUnreachableError,
	UncertainCreationError,
	VtrixError,
} from '../../nodes/Vtrix/core/shared/errors';
import type {
	ByteStream,
	HttpClient,
	HttpResponse,
} from '../../nodes/Vtrix/core/exchange/http/http';
import { TooLargeError } from '../../nodes/Vtrix/core/exchange/http/readBody';
import type { RequestBody } from '../../nodes/Vtrix/core/exchange/http/sending';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { findErrorAdvice } from '../../nodes/Vtrix/models';
import { FakeClock } from '../support/fakeClock';

type Sent = Parameters<HttpClient['api']>[0];
type Answered = HttpResponse | Error;
type Reply = Answered | ((sent: Sent, clock: FakeClock) => Promise<Answered>);

const isByteStream = (value: unknown): value is ByteStream => value instanceof Readable;

function streamOf(text: string | Error): ByteStream {
	const stream: unknown = Readable.from(
		(function* () {
			if (text instanceof Error) throw text;
			yield Buffer.from(text);
		})(),
	);
	if (!isByteStream(stream)) throw new Error('Node.js made no stream');
	return stream;
}

const reply = (
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): HttpResponse => ({
	status,
	headers,
	body: streamOf(typeof body === 'string' || body instanceof Error ? body : JSON.stringify(body)),
});
const created = () => reply(200, { id: 'task-1', status: 'in_progress' });
const broken = (code: string) => Object.assign(new Error('broken'), { code });

/** A client whose API gives these answers in turn. */
function clientOf(replies: Reply[], signal?: AbortSignal) {
	const clock = new FakeClock();
	const sent: Sent[] = [];
	const throttle = new RunThrottle(new Throttle(clock, () => 0.5), {
		maxTasks: 10,
		maxPollsPerSecond: 20,
		...(signal && { signal }),
	});
	const client = new Client({
		http: {
			async api(request) {
				sent.push(request);
				const reply = replies.shift();
				const next = typeof reply === 'function' ? await reply(request, clock) : reply;
				if (!next || next instanceof Error) throw next ?? new Error('Nothing more was expected');
				return next;
			},
			fetch: async () => await Promise.reject(new Error('The API is not asked this way')),
		},
		clock,
		throttle,
		redact: (text) => text.replaceAll('secret-key', '[API key]'),
		adviceFor: findErrorAdvice,
		random: () => 0.5,
		...(signal && { signal }),
	});
	const deadline = clock.now() + 60_000;
	return {
		clock,
		sent,
		create: async (body: RequestBody = Buffer.from('{}')) =>
			await client.submit(body, throttle.slot(), { deadline }),
		ask: async (id = 'task-1') => await client.getTask(id, deadline, false),
		pollsPerSecond: () => throttle.pollsPerSecond,
	};
}

/** Answers after so many seconds. */
const after =
	(seconds: number, answer: Answered): Reply =>
	async (_, clock) => {
		await clock.sleep(seconds * 1000);
		return answer;
	};

/** Answers once the run is stopped. */
const stopped =
	(run: AbortController, answer: Answered): Reply =>
	async () => {
		run.abort();
		return await Promise.resolve(answer);
	};

/** A body of the size of all that may be sent at once. */
const large = {
	byteLength: 40_000_000,
	async *open() {
		yield* Array.from({ length: 40 }, () => Buffer.alloc(1_000_000));
		await Promise.resolve();
	},
};

/** Sends the body, or its first piece. */
async function send({ body }: Sent, isWhole = true): Promise<void> {
	if (!body || Buffer.isBuffer(body)) throw new Error('The body is to come in pieces');
	for await (const piece of body.open()) if (!isWhole && piece.length > 0) return;
}

const errorOf = async (work: Promise<unknown>): Promise<VtrixError> => {
	const error: unknown = await work.catch((reason: unknown) => reason);
	if (error instanceof VtrixError) return error;
	throw new Error(`It did not fail as expected: ${String(error)}`);
};

describe('creating a task', () => {
	test('posts the request as it is and gives the task', async () => {
		const { create, sent } = clientOf([created()]);
		expect(await create()).toMatchObject({ id: 'task-1', state: 'running' });
		expect(sent).toEqual([
			expect.objectContaining({
				method: 'POST',
				path: '/model/v1/generation',
				body: Buffer.from('{}'),
			}),
		]);
	});

	test.each([
		['seconds', '7', 7000],
		['a date', new Date(Date.UTC(2030, 0, 1, 0, 0, 9)).toUTCString(), 9000],
	])('after 429 waits as Retry-After says in %s, then sends again', async (_, header, waitMs) => {
		const { create, sent, clock } = clientOf([
			reply(429, { message: 'slow down' }, { 'retry-after': header }),
			created(),
		]);
		await create();
		expect(sent).toHaveLength(2);
		expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(waitMs);
	});

	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
		'sends again when there never was a connection: %s',
		async (code) => {
			const { create, sent } = clientOf([broken(code), created()]);
			expect((await create()).id).toBe('task-1');
			expect(sent).toHaveLength(2);
		},
	);

	test('gives up an address that stays unreachable, and says that nothing was sent', async () => {
		const { create, clock } = clientOf(Array.from({ length: 4 }, () => broken('ENOTFOUND')));
		const error = await errorOf(create());
		expect(error).toBeInstanceOf(RefusedError);
		expect(error.message).toBe('Vtrix could not be reached: its address was not found');
		expect(error.description).toMatch(/^Nothing was sent .* internet connection\.$/);
		expect(clock.sleeps).toEqual([500, 1000, 2000]);
	});

	test('gives up an address that is not reached within the time limit', async () => {
		const { create, sent } = clientOf([after(60, broken('ENOTFOUND')), created()]);
		expect((await errorOf(create())).message).toMatch(/could not be reached/);
		expect(sent).toHaveLength(1);
	});

	test.each([
		['has time left', 0, 3, 61_500],
		['has used its own time', 60, 2, 121_000],
	])('after another upload %s to connect', async (_, seconds, requests, ms) => {
		const first: Reply = async (request, clock) => {
			await clock.sleep(61_000);
			await send(request);
			return created();
		};
		const replies = [first, after(seconds, broken('ENOTFOUND')), created()];
		const { create, sent, clock } = clientOf(replies);
		const start = clock.now();
		await Promise.allSettled([create(large), create(large)]);
		expect(sent).toHaveLength(requests);
		expect(clock.now() - start).toBe(ms);
	});

	test('says until when no task is taken, where that is after the time limit', async () => {
		const { create } = clientOf([reply(429, { message: 'busy' }, { 'retry-after': '300' })]);
		const error = await errorOf(create());
		expect(error).toBeInstanceOf(RefusedError);
		expect(error.message).toMatch(/^Vtrix takes no further task before .*0:05.* \(HTTP 429\)$/);
		expect(error.description).toMatch(/^Nothing was charged\. .* in 5 minutes, .*says: busy/);
	});

	test('says what to do where no task was taken within the time limit', async () => {
		const { create } = clientOf(Array.from({ length: 100 }, () => reply(429, { message: 'busy' })));
		const error = await errorOf(create());
		expect(error).toBeInstanceOf(RefusedError);
		expect(error.message).not.toMatch(/before/);
		expect(error.description).toMatch(/Vtrix says: busy$/);
	});

	test.each([
		['after all was sent', true, UncertainCreationError, /canceled while it was being created/],
		['before all was sent', false, StoppedError, /canceled/],
	])('that is stopped %s is told as such', async (_, isWhole, kind, message) => {
		const run = new AbortController();
		const answer: Reply = async (request) => {
			await send(request, isWhole);
			run.abort();
			return broken('ERR_CANCELED');
		};
		const error = await errorOf(clientOf([answer], run.signal).create(large));
		expect(error).toBeInstanceOf(kind);
		expect(error.message).toMatch(message);
	});

	test('is in doubt where the connection breaks before all was sent', async () => {
		const answer: Reply = async (request) => {
			await send(request, false);
			return broken('ECONNRESET');
		};
		const error = await errorOf(clientOf([answer]).create(large));
		expect(error).toBeInstanceOf(UncertainCreationError);
	});

	test('fails as the file does that is sent', async () => {
		const gone = new Error('The file is gone');
		const body = { byteLength: 10, open: () => streamOf(gone) };
		const answer: Reply = async (request) => {
			await send(request).catch(() => {});
			return broken('ECONNRESET');
		};
		await expect(clientOf([answer]).create(body)).rejects.toThrow('The file is gone');
	});

	test.each([
		[413, RefusedError],
		[500, UncertainCreationError],
	])('that is answered with HTTP %i is told so, though it is stopped', async (status, kind) => {
		const run = new AbortController();
		const error = await errorOf(
			clientOf([stopped(run, reply(status, { message: 'no' }))], run.signal).create(large),
		);
		expect(error).toBeInstanceOf(kind);
		expect(error.httpStatus).toBe(status);
		expect(error.message + error.description).toMatch(/no/);
	});

	test.each([
		['a broken connection', broken('ECONNRESET'), 'the connection broke'],
		['a time-out', broken('ECONNABORTED'), 'did not answer in time'],
		['HTTP 500', reply(500, { message: 'oops' }, { 'x-request-id': 'r-1' }), 'request ID r-1'],
		[
			'HTTP 500 with a reason',
			reply(500, { error: { code: 77, message: 'internal error 77' }, request_id: 'r-2' }),
			'HTTP 500 (code 77, request ID r-2): internal error 77.',
		],
		['HTTP 503 with a detail', reply(503, { detail: 'model overloaded' }), ': model overloaded.'],
		['HTTP 502 with a page', reply(502, '<title>502 Bad Gateway</title>'), ': 502 Bad Gateway.'],
		['HTTP 503 with Retry-After', reply(503, '', { 'retry-after': '1' }), 'HTTP 503'],
		['HTTP 504 by a proxy', reply(504, '<html>timeout</html>'), 'HTTP 504'],
		['a web page', reply(200, '<html>hello</html>'), 'not a task'],
		['half an answer', reply(200, '{"id": "tas'), 'not a task'],
		['an empty answer', reply(200, ''), 'not a task'],
	])('never sends again after %s, since it may be paid for', async (_, answer, told) => {
		const { create, sent } = clientOf([answer, created()]);
		const error = await errorOf(create());
		expect(error).toBeInstanceOf(UncertainCreationError);
		expect(error.message).toContain('may have been created and billed');
		expect(error.message).toContain(told);
		expect(sent).toHaveLength(1);
	});

	test.each([
		[400, /Correct the setting/],
		[401, /API Key Management/],
		[402, /Top up/],
		[403, /expired/],
		[404, /Base URL/],
		[413, /smaller input images/],
		[418, /Base URL/],
	])('tells what to do about HTTP %i, with the request ID', async (status, advice) => {
		const answer = reply(status, { message: 'no, not this' }, { 'x-request-id': 'r-1' });
		const error = await errorOf(clientOf([answer]).create());
		expect(error).toBeInstanceOf(RefusedError);
		expect(error.httpStatus).toBe(status);
		expect(error.message).toContain(`(HTTP ${status})`);
		expect(error.description).toMatch(advice);
		expect(error.description).toContain('Vtrix says: no, not this');
		expect(error.description).toContain('request ID r-1');
	});

	test('tells what to do about a documented code', async () => {
		const answer = reply(400, { error: { code: '003003006', message: 'scale out of range' } });
		const error = await errorOf(clientOf([answer]).create());
		expect(error.message).toBe('The service did not accept the prompt influence (HTTP 400)');
		expect(error.description).toContain("Set 'Prompt Influence' to a number from 0 to 1.");
		expect(error.description).toContain('Vtrix says: scale out of range, code 003003006');
	});

	test.each([
		[{ status: { code: 402, message: 'no credit', error_code: 40201 }, data: null }, /credit/],
		[{ status: { code: 401, message: 'bad key' }, data: null }, /API key/],
		[{ status: 'failed', error: { code: '003011002' } }, /no image/],
		[{ error: 'no' }, /did not accept/],
	])('sees a refusal inside HTTP 200: %j', async (body, message) => {
		const error = await errorOf(clientOf([reply(200, body)]).create());
		expect(error).toBeInstanceOf(RefusedError);
		expect(error.message).toMatch(message);
	});

	test('names the task of a creation that broke off, where the answer does', async () => {
		const answer = reply(504, { task_id: 't-1', message: 'still starting' });
		const error = await errorOf(clientOf([answer]).create());
		expect(error.message).toMatch(/HTTP 504: still starting\. It names the task t-1\.$/);
		expect(error.details).toEqual({ taskIds: ['t-1'], httpStatus: 504 });
	});

	test('carries code, status and request ID of a refusal apart', async () => {
		const body = { error: { code: 'quota', message: 'nothing left' }, request_id: 'r-1' };
		const error = await errorOf(clientOf([reply(402, body)]).create());
		expect(error.details).toEqual({ code: 'quota', httpStatus: 402, requestId: 'r-1' });
	});

	test('tells the words of a page in front of the service', async () => {
		const error = await errorOf(clientOf([reply(403, '<title>Blocked by WAF</title>')]).create());
		expect(error.description).toContain('The answer says: Blocked by WAF');
	});

	test('repeats no secret that the API echoes', async () => {
		const answer = reply(403, { message: 'Bearer secret-key is not allowed' });
		const error = await errorOf(clientOf([answer]).create());
		expect(JSON.stringify([error.message, error.description, error])).not.toContain('secret-key');
		expect(error.description).toContain('[API key]');
	});

	test('sends nothing once the run is stopped', async () => {
		const { create, sent } = clientOf([created()], AbortSignal.abort());
		expect(await errorOf(create())).toBeInstanceOf(StoppedError);
		expect(sent).toEqual([]);
	});
});

describe('asking about a task', () => {
	test.each([
		['task-1', 'task-1'],
		['a/b', 'a%2Fb'],
		['../../v2/keys', '..%2F..%2Fv2%2Fkeys'],
		['a?b=c#d', 'a%3Fb%3Dc%23d'],
		['100% ünïcode 任务', '100%25%20%C3%BCn%C3%AFcode%20%E4%BB%BB%E5%8A%A1'],
		['a\r\nHost: evil', 'a%0D%0AHost%3A%20evil'],
	])('escapes the ID %j', async (id, escaped) => {
		const { ask, sent } = clientOf([created()]);
		expect(await ask(id)).toMatchObject({ id });
		expect(sent[0]).toMatchObject({
			method: 'GET',
			path: `/model/v1/generation/task/${escaped}`,
		});
	});

	test.each(['', '.', '..', '\ud800'])(
		'refuses the ID %j, which escaping leaves dangerous',
		async (id) => {
			const { ask, sent } = clientOf([]);
			const error = await errorOf(ask(id));
			expect(error.message).toContain('not a task ID');
			expect(error.description).toMatch(/^Use the task ID/);
			expect(sent).toEqual([]);
		},
	);

	test.each([
		['HTTP 404', reply(404, { error: 'task not found' }), { status: 404 }],
		['HTTP 500', reply(500, 'oops'), { status: 500 }],
		['HTTP 502 by a proxy', reply(502, '<html>bad gateway</html>'), { status: 502 }],
		['HTTP 429', reply(429, {}, { 'retry-after': '3' }), { status: 429, retryAfterMs: 3000 }],
		['a web page', reply(200, '<html>hello</html>'), {}],
		['half an answer', reply(200, '{"id": "tas'), {}],
		['a broken connection', broken('ECONNRESET'), { reason: 'the connection broke' }],
		['a broken answer', reply(200, broken('ECONNRESET')), { reason: 'the connection broke' }],
		[
			'a broken answer of HTTP 500',
			reply(500, broken('ECONNRESET')),
			{ reason: 'it answered with HTTP 500', status: 500 },
		],
	])('may be tried again after %s', async (_, answer, told) => {
		expect(await clientOf([answer]).ask()).toMatchObject({ reason: expect.any(String), ...told });
	});

	test.each([400, 401, 402, 403])(
		'is of no use after HTTP %i: told with the ID',
		async (status) => {
			const error = await errorOf(clientOf([reply(status, { message: 'no' })]).ask());
			expect(error).toBeInstanceOf(TaskUnreachableError);
			expect(error).toMatchObject({ taskIds: ['task-1'], httpStatus: status });
			expect(error.message).toContain('task-1');
			expect(error.description).toMatch(/not lost.*'Task'.*'Get'.*task-1/);
		},
	);

	test('may be tried again after a 401, once the same key was taken', async () => {
		const { create, ask } = clientOf([created(), reply(401, { message: 'no such key' })]);
		await create();
		expect(await ask()).toMatchObject({
			status: 401,
			reason: 'it answered with HTTP 401: no such key',
			refusal: expect.any(TaskUnreachableError),
		});
	});

	test.each([403, 300])(
		'is of no use after HTTP %i, also where the rest of it does not arrive',
		async (status) => {
			const error = await errorOf(clientOf([reply(status, broken('ECONNRESET'))]).ask());
			expect(error.httpStatus).toBe(status);
		},
	);

	test.each([
		[400, { message: 'no' }],
		[402, { message: 'no' }],
		[403, { message: 'no' }],
		[403, { error_code: 'E1' }],
	])(
		'is of no use after HTTP %i in its own words, whatever was taken before: %j',
		async (status, words) => {
			const { create, ask } = clientOf([created(), reply(status, words)]);
			await create();
			const error = await errorOf(ask());
			expect(error).toBeInstanceOf(TaskUnreachableError);
			expect(error.httpStatus).toBe(status);
		},
	);

	test('may be tried again after a 403 of whatever else, once the key was taken', async () => {
		const { create, ask } = clientOf([created(), reply(403, '<title>Blocked</title>')]);
		await create();
		expect(await ask()).toMatchObject({ status: 403, reason: expect.stringMatching(/Blocked/) });
	});

	test('that has an answer too large to be read says what to do, with the ID', async () => {
		const error = await errorOf(clientOf([reply(200, new TooLargeError(1))]).ask());
		expect(error).toBeInstanceOf(TaskUnreachableError);
		expect(error.message).toBe('The answer about task task-1 is too large to be read');
		expect(error.description).toMatch(/fewer images/);
		expect(error.taskIds).toEqual(['task-1']);
	});

	test('is told though the run is stopped, if it was answered', async () => {
		const run = new AbortController();
		const { ask } = clientOf([stopped(run, created())], run.signal);
		expect(await ask()).toMatchObject({ id: 'task-1' });
	});

	test('that is stopped names the task', async () => {
		const run = new AbortController();
		const { ask } = clientOf([stopped(run, broken('ERR_CANCELED'))], run.signal);
		const error = await errorOf(ask());
		expect(error).toBeInstanceOf(StoppedError);
		expect(error.taskIds).toEqual(['task-1']);
	});

	test('leaves out the images inside the answer where nobody keeps them', async () => {
		const output = [{ b64_json: 'A'.repeat(100) }];
		const answer = reply(200, { id: 'task-1', status: 'completed', output });
		expect(await clientOf([answer]).ask()).toMatchObject({ images: [{ inline: -1 }] });
	});

	test.each([
		['completed', 23],
		['failed', 23],
		['in_progress', 20],
	])('that is %s lets %i polls a second go', async (status, perSecond) => {
		const { ask, pollsPerSecond } = clientOf([reply(200, { id: 'task-1', status })]);
		await ask();
		expect(pollsPerSecond()).toBeCloseTo(perSecond);
	});

	test('does not count for the polls that go where nothing is answered', async () => {
		const ended = reply(200, { id: 'task-1', status: 'failed' });
		const { ask, pollsPerSecond } = clientOf([broken('ECONNRESET'), ended]);
		await ask();
		await ask();
		expect(pollsPerSecond()).toBeCloseTo(23);
	});

	const failed = { id: 'task-1', status: 'failed', error: { code: 'E1', message: 'no' } };

	test.each([
		['of its header', failed, 'r-1'],
		['that the task itself tells, if it does', { data: { ...failed, request_id: 'r-2' } }, 'r-2'],
	])('tells why it failed, with the request ID %s', async (_, body, requestId) => {
		expect(await clientOf([reply(200, body, { 'x-request-id': 'r-1' })]).ask()).toMatchObject({
			failure: { code: 'E1', reason: 'no', requestId },
		});
	});

	test.each([
		[
			reply(503, { detail: 'overloaded' }, { 'x-request-id': 'r-1' }),
			'it answered with HTTP 503 (request ID r-1): overloaded',
		],
		[reply(404, { error: 'task not found' }), 'it answered with HTTP 404: task not found'],
		[reply(200, '<title>Sign in</title>'), 'the answer was not readable: Sign in'],
	])('tells why it may be tried again', async (answer, reason) => {
		expect(await clientOf([answer]).ask()).toMatchObject({ reason });
	});

	test.each([
		[429, 3000],
		[503, 0],
	])('after HTTP %i holds back the other tasks of the run for %i ms', async (status, ms) => {
		const { ask, clock } = clientOf([reply(status, {}, { 'retry-after': '3' }), created()]);
		const start = clock.now();
		await ask('task-1');
		await ask('task-2');
		expect(clock.now() - start).toBe(ms);
	});

	test('is not sent where the service takes none within the time limit', async () => {
		const { ask, sent } = clientOf([reply(429, {}, { 'retry-after': '300' })]);
		await ask('task-1');
		expect(await ask('task-2')).toEqual({
			reason: 'it takes no further requests',
			status: 429,
			details: { httpStatus: 429 },
			retryAfterMs: 300_000,
		});
		expect(sent).toHaveLength(1);
	});
});
