import {
	formatReferences,
	hasErrorInfo,
	isSuccessCode,
	readErrorInfo,
	readPageText,
} from '../../nodes/Vtrix/core/exchange/answers/errorInfo';
import { isUnknownTask } from '../../nodes/Vtrix/core/exchange/answers/unknownTask';
import { growth, LINEAR } from '../support/growth';

describe('the reason of a refusal', () => {
	test.each<[unknown, string]>([
		[{ message: 'model overloaded' }, 'model overloaded'],
		[{ msg: 'model overloaded', code: 1001 }, 'model overloaded'],
		[{ detail: 'model overloaded' }, 'model overloaded'],
		[{ error: 'model overloaded' }, 'model overloaded'],
		[{ error: { message: 'model overloaded', code: 77 } }, 'model overloaded'],
		[{ error: { error: { message: 'model overloaded' } } }, 'model overloaded'],
		[{ error_message: 'model overloaded' }, 'model overloaded'],
		[{ status: { code: 503, message: 'model overloaded' }, data: null }, 'model overloaded'],
		[{ errors: [{ message: 'model' }, { message: 'overloaded' }] }, 'model; overloaded'],
		[{ message: ['model', 'overloaded'] }, 'model; overloaded'],
		[{ error_type: 'overload' }, 'overload'],
		[{ success: false, errorMessage: 'model overloaded' }, 'model overloaded'],
		[{ status: 'failed', failure_reason: 'unsafe prompt' }, 'unsafe prompt'],
		[{ status: 'failed', fail_reason: 'unsafe prompt' }, 'unsafe prompt'],
		[{ status: 'failed', failure: { message: 'unsafe prompt' } }, 'unsafe prompt'],
		[{ status: 'failed', status_msg: 'unsafe prompt' }, 'unsafe prompt'],
		[{ err: 'model overloaded' }, 'model overloaded'],
		[{ provider_error: { code: 'P1', message: 'no capacity' } }, 'no capacity'],
		[{ logs: ['starting', 'loading', 'out of memory'] }, 'starting / loading / out of memory'],
		[{ logs: 'one\ntwo\nthree\nfour' }, 'two / three / four'],
		[{ logs: [{ level: 'error', message: 'out of memory' }] }, 'out of memory'],
		[
			{ title: 'Bad Request', detail: 'seed is no number', status: 400 },
			'seed is no number; Bad Request',
		],
		[
			{ detail: [{ loc: ['body', 'input', 0, 'params', 'size'], msg: 'field required' }] },
			'size: field required',
		],
		[{ detail: { code: 'E1', message: 'too large' } }, 'too large'],
		[
			{ errors: { size: ['is too large'], seed: 'is no number' } },
			'size: is too large; seed: is no number',
		],
		[{ error: 'Bad Request', message: 'seed is no number' }, 'Bad Request; seed is no number'],
		[{ error: 'the same', message: 'the same' }, 'the same'],
		[{ message: '404 not found' }, '404 not found'],
		[{ error: '003011004', message: ' no ' }, 'no'],
		[{ error: { type: 'invalid', size: ['is too large'] } }, 'size: is too large'],
		[{ detail: [{ loc: ['body', 'size', null], msg: 'field required' }] }, 'size: field required'],
		[{ logs: 'one\n \r\n\ntwo\n' }, 'one / two'],
		[{ error: { error: { error: { error: { message: 'deep' } } } } }, 'deep'],
		[{ message: [[[['deep']]]] }, 'deep'],
		[{ error: { a: { b: { c: { d: 'deep' } } } } }, 'a: b: c: d: deep'],
		[{ message: [null, 7, 'no'] }, 'no'],
		[{ message: 'x'.repeat(500) }, 'x'.repeat(500)],
		[{ message: 'x'.repeat(501) }, `${'x'.repeat(500)}…`],
		[{ message: `no${' '.repeat(5000)}more` }, 'no…'],
		[
			{ errors: Array.from({ length: 5 }, (_, n) => [`a${n}`, `b${n}`, `c${n}`]) },
			'a0; b0; c0; a1; b1; c1; a2; b2; c2; a3',
		],
	])('is read from %j', (body, reason) => {
		expect(readErrorInfo(body).reason).toBe(reason);
	});

	test.each([
		undefined,
		null,
		'text',
		[],
		{},
		{ error: {} },
		{ message: '' },
		{ data: null },
		{ error: { error: { error: { error: { error: { message: 'too deep' } } } } } },
		{ message: [[[[['too deep']]]]] },
		{ error: { a: { b: { c: { d: { e: 'too deep' } } } } } },
		{ errors: [...Array.from({ length: 10 }, () => null), 'far back'] },
		{ error: ['404'] },
	])('is not made up for %j', (body) => expect(readErrorInfo(body)).toEqual({}));

	test('is one line, and short', () => {
		const { reason } = readErrorInfo({ message: `two\n  lines ${'x'.repeat(2000)}` });
		expect(reason).toMatch(/^two lines x+…$/);
		expect(reason?.length).toBeLessThan(600);
	});

	test.each(['sig', 'token'])('keeps the signature of an address to itself: %s alone', (name) => {
		const { reason } = readErrorInfo({
			message: `no https://s3.example.com/in.png?${name}=abc123`,
		});
		expect(reason).toBe(`no https://s3.example.com/in.png?${name}=…`);
	});

	test('keeps the signatures of addresses to itself', () => {
		const url = 'https://s3.example.com/in.png?X-Amz-Date=2&X-Amz-Signature=abc123&x=1';
		const { reason } = readErrorInfo({ message: `could not open ${url}` });
		expect(reason).not.toContain('abc123');
		expect(reason).toContain('https://s3.example.com/in.png?X-Amz-Date=2&X-Amz-Signature=…&x=1');
	});
});

describe('the code of a refusal', () => {
	test.each<[unknown, string]>([
		[{ error: { code: 'quota_exceeded' } }, 'quota_exceeded'],
		[{ error: { error_code: 40201, code: 1 } }, '40201'],
		[{ error: { type: 'invalid_request', message: 'no' } }, 'invalid_request'],
		[{ status: { code: 402, error_code: 40201 } }, '40201'],
		[{ error: '003011004' }, '003011004'],
		[{ error_code: 'E7', message: 'no' }, 'E7'],
		[{ error: { code: ' ' }, code: 'E7' }, 'E7'],
		[{ code: 1001, msg: 'no' }, '1001'],
		[{ detail: { code: 'E1', message: 'no' } }, 'E1'],
	])('is read from %j', (body, code) => {
		expect(readErrorInfo(body).code).toBe(code);
	});
});

test.each([...['0', '000', '200', '202', 'success', 'Successful', 'succeeded', 'OK', 'none']])(
	'the code %s is of success',
	(code) => expect(isSuccessCode(code)).toBe(true),
);

test.each(['E0', '0E', '2000', '20', '404', 'no success', 'successor', 'okay'])(
	'the code %s is of none',
	(code) => expect(isSuccessCode(code)).toBe(false),
);

test.each<[unknown]>([
	[{ request_id: 'req-1' }],
	[{ requestId: 'req-1', message: 'no' }],
	[{ error: { message: 'no', request_id: 'req-1' } }],
	[{ status: { code: 500, request_id: 'req-1' } }],
])('the request ID is read from %j', (body) => {
	expect(readErrorInfo(body).requestId).toBe('req-1');
});

test.each<[Parameters<typeof formatReferences>, string]>([
	[[{ code: '40201', requestId: 'abc' }], 'code 40201, request ID abc'],
	[[{ code: '40201' }, 402], 'code 40201'],
	[[{ requestId: 'abc' }, 402], 'request ID abc'],
	[[{ code: '402', requestId: 'abc' }, 402], 'request ID abc'],
	[[{ reason: 'no' }, 402], ''],
])('code and request ID of %j are told to ask the service by: %s', (references, words) => {
	expect(formatReferences(...references)).toBe(words);
});

describe('an answer names a failure', () => {
	test.each([
		{ error: 'overloaded' },
		{ error: { code: 'E7' } },
		{ error: '404', id: 'x' },
		{ failure_reason: 'unsafe prompt' },
	])('in %j', (body) => expect(hasErrorInfo(body)).toBe(true));

	test.each([
		{},
		{ error: null },
		{ error: { code: '0' } },
		{ error: 200 },
		{ message: 'queued' },
		{ code: 'E7' },
	])('but not in %j', (body) => expect(hasErrorInfo(body)).toBe(false));
});

describe('a page in the place of an answer', () => {
	test.each([
		['<html><head><title>502 Bad Gateway</title></head><body>…</body></html>', '502 Bad Gateway'],
		['<html><body><h1>Sign in &amp; go on</h1><p>…</p></body></html>', 'Sign in & go on'],
		['<p>one</p><h1 class="a">It&#39;s &quot;down&quot; now</h1>', `It's "down" now`],
		['<p>one</p><title lang="en"> Down </title>', 'Down'],
		['<p>Down for repair</p><div cla', 'Down for repair'],
		['"model" overloaded', '"model" overloaded'],
		[
			'<html><script>alert(1)</script><style>a{}</style><p>Down for   repair</p></html>',
			'Down for repair',
		],
		[
			'upstream connect error or disconnect/reset before headers',
			'upstream connect error or disconnect/reset before headers',
		],
		['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'AccessDenied'],
		['"model overloaded"', 'model overloaded'],
		[' "model overloaded"\n', 'model overloaded'],
		['no such "model"', 'no such "model"'],
		['<script>alert(1)</script ><p>Down</p>', 'Down'],
		['Down\u0000for\u0001\u0002repair: 5 € = $6', 'Down for repair: 5 € = $6'],
	])('is told by its title or its words: %s', (page, words) => {
		expect(readPageText(page)).toBe(words);
	});

	test.each(['', '   ', '<html></html>', '<script>alert(1)', '{}', '\u0000\u0001'])(
		'without words tells nothing: %j',
		(page) => expect(readPageText(page)).toBeUndefined(),
	);

	test('is short', () => expect(readPageText('word '.repeat(1000))?.length).toBeLessThan(250));
});

describe("the API's own answer about a task that does not exist", () => {
	const NO_TASK = 'n8n-credential-test';
	test.each<[unknown]>([
		[{ error: 'task not found' }],
		[{ error: { code: 'TASK_NOT_FOUND', message: 'not found' } }],
		[{ message: 'Generation n8n-credential-test does not exist' }],
		[{ message: 'n8n-credential-test: not found' }],
		[{ status: { code: 404, message: 'record not found', error_code: 40400 }, data: null }],
		[{ message: '任务不存在' }],
		[{ detail: 'The task was not found or has expired.' }],
	])('names the task: %j', (body) =>
		expect(isUnknownTask(readErrorInfo(body), NO_TASK)).toBe(true),
	);

	test.each<[unknown]>([
		[{ message: 'no Route matched with those values' }],
		[{ detail: 'Not Found' }],
		[{ message: 'no route /task' }],
		[{ message: 'no route task/' }],
		[{ message: 'no route a/task/b' }],
		[{ error: 'Not Found' }],
		[
			{
				statusCode: 404,
				message: 'Cannot GET /model/v1/generation/task/n8n-credential-test',
				error: 'Not Found',
			},
		],
		[
			{
				timestamp: 1,
				status: 404,
				error: 'Not Found',
				path: '/model/v1/generation/task/n8n-credential-test',
			},
		],
		[
			{
				message:
					'The requested URL http://x.example/model/v1/generation/task/n8n-credential-test was not found',
			},
		],
		[{ error_msg: '404 Route Not Found' }],
		[{}],
	])('is not what a web server answers: %j', (body) =>
		expect(isUnknownTask(readErrorInfo(body), NO_TASK)).toBe(false),
	);
});

describe('an answer of any length', () => {
	test.each<[string, (size: number) => unknown]>([
		['a text like a signature', (size) => ({ error: `?${'sig'.repeat(size)}` })],
		['blanks', (size) => ({ error: `x${' '.repeat(size)}x` })],
		['a list', (size) => ({ errors: Array(size).fill('x') })],
		[
			'an object of fields',
			(size) => ({
				error: Object.fromEntries(Array.from({ length: size }, (_, n) => [`k${n}`, 'v'])),
			}),
		],
		['a log', (size) => ({ logs: 'line\n'.repeat(size) })],
	])('is read in no more than its share of time: %s', async (_, bodyOf) => {
		const bodies = [10_000, 100_000].map((size) => [size, bodyOf(size)] as const);
		const { factor } = await growth((size) => readErrorInfo(new Map(bodies).get(size)), 10_000);
		expect(factor).toBeLessThan(LINEAR);
	});
});
