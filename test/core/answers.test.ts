import { readAnswer, errorInfoOf } from '../../nodes/Vtrix/core/exchange/answers/answer';
import { classifyCreation } from '../../nodes/Vtrix/core/exchange/creationOutcome';
import type { Exchange } from '../../nodes/Vtrix/core/exchange/exchange';
import { classifyPoll } from '../../nodes/Vtrix/core/exchange/pollOutcome';
import type { Task } from '../../nodes/Vtrix/core/exchange/answers/task';

const read = (body: unknown, status = 200) => readAnswer(status, JSON.stringify(body));

const exchangeOf = (body: unknown, status: number): Exchange => {
	const answer = read(body, status);
	const { info } = errorInfoOf(answer, JSON.stringify(body), undefined, (same) => same);
	return { answered: true, answer, info };
};

/** What an answer to a creation means. */
const created = (body: unknown, status = 200) => classifyCreation(exchangeOf(body, status));

/** The task that an answer tells of. */
function taskOf(body: Record<string, unknown>): Task {
	const outcome = classifyPoll(exchangeOf({ id: 'task-1', ...body }, 200), 'task-1');
	if (outcome.kind !== 'task') throw new Error(`Read as ${outcome.kind}`);
	return outcome.task;
}

const URL_1 = 'https://cdn.example.com/1.png?sig=a%2Fb';
const URL_2 = 'https://cdn.example.com/2.png';
const image = (url: string) => ({ type: 'image', url, size: 123456, jobId: 'job' });

describe('a task', () => {
	test('is told with all that the API says of it', () => {
		expect(
			taskOf({
				status: 'in_progress',
				progress: 0.4,
				model: 'spark_dreamo',
				created_at: 1775803925,
			}),
		).toEqual({
			id: 'task-1',
			state: 'running',
			status: 'in_progress',
			progress: 0.4,
			model: 'spark_dreamo',
			createdAt: 1775803925000,
			images: [],
		});
	});

	test.each([
		'in_progress',
		'pending',
		'processing',
		'queued',
		'IN_PROGRESS',
		'warming_up',
		'',
		null,
		undefined,
	])('with the status %p is still running', (status) => {
		expect(taskOf({ status }).state).toBe('running');
	});

	test.each(['completed', 'COMPLETED', 'Completed'])(
		'with the status %s is completed',
		(status) => {
			const task = taskOf({ status, output: { content: [image(URL_1)] } });
			expect(task).toMatchObject({ state: 'completed', status: 'completed' });
		},
	);

	test.each(['done', 'success', 'succeeded', 'Done', 'SUCCEEDED'])(
		'with the status %s and an output is completed',
		(status) => {
			expect(taskOf({ status, output: { content: [image(URL_1)] } }).state).toBe('completed');
			expect(taskOf({ status }).state).toBe('running');
			expect(taskOf({ status, output: [] }).state).toBe('running');
			expect(taskOf({ status, error: 'no luck' }).state).toBe('failed');
		},
	);

	test.each(['archived', 'running', 'finalizing', ''])(
		'with the status %j goes on, also with an output',
		(status) => {
			expect(taskOf({ status, output: { content: [image(URL_1)] } })).toMatchObject({
				state: 'running',
				images: [{ url: URL_1 }],
			});
		},
	);

	test.each(['failed', 'FAILED'])('with the status %s has failed', (status) => {
		expect(taskOf({ status, error: { code: '003011004' } }).state).toBe('failed');
	});

	test('has its id as text, even if it came as a number', () => {
		const outcome = created({ id: 9007199254740991, status: 'queued' });
		expect(outcome).toMatchObject({ kind: 'created', task: { id: '9007199254740991' } });
	});

	test('may have a long id', () => {
		const id = 'x'.repeat(500);
		expect(created({ id })).toMatchObject({ kind: 'created', task: { id } });
	});

	test('is first called by the id beside its state, then by those of its envelope', () => {
		const ids = [
			{ key: 'id', id: 'task-1' },
			{ key: 'id', id: 'r-1' },
		];
		expect(read({ id: 'r-1', data: { id: 'task-1', status: 'queued' } })).toMatchObject({ ids });
	});

	test.each([
		[{ status: 'success', data: { id: 'task-1', progress: 0.4 } }, { progress: 0.4 }],
		[{ data: { status: 'in_progress' } }, { status: 'in_progress' }],
		[{ status: 'success', data: { task: { state: 'queued' } } }, { status: 'queued' }],
		[
			{ status: 'in_progress', output: { url: URL_1, status: 'ok' } },
			{ status: 'in_progress', images: [{ url: URL_1 }] },
		],
	])('has the state of the part of an answer that is the task: %j', (body, task) => {
		const answer = read(body);
		expect(answer).toEqual({ ...answer, task: { state: 'running', images: [], ...task } });
	});

	test.each(['output', 'outputs', 'result', 'results'])(
		'is not called by the ids of what it made, in %s',
		(key) => {
			const idsOf = (result: unknown) => read({ [key]: result });
			for (const name of ['b64_json', 'base64', 'content', 'image', 'text', 'type', 'url']) {
				expect(idsOf({ [name]: 'x', id: 'file-1', jobId: 'job' })).toMatchObject({ ids: [] });
			}
			const own = [{ key: 'task_id', id: 'task-1' }];
			expect(idsOf({ url: URL_1, task_id: 'task-1', id: 'file-1' })).toMatchObject({ ids: own });
			const ids = [{ key: 'id', id: 'task-1' }];
			expect(idsOf({ url: URL_1, id: 'task-1', status: 'done' })).toMatchObject({ ids });
		},
	);

	test('keeps every digit of an id that is a long number', () => {
		const answer = readAnswer(200, '{"id": 1234567890123456789, "status": "queued"}');
		expect(answer).toMatchObject({ ids: [{ key: 'id', id: '1234567890123456789' }] });
	});

	test.each([
		[{ id: 'task-1', task_id: 'x', request_id: 'r-1' }],
		[{ taskId: 'task-1' }],
		[{ generation_id: 'task-1', status: 'in_progress' }],
		[{ generationId: 'task-1' }],
		[{ job_id: 'task-1' }],
		[{ jobId: 'task-1' }],
		[{ task: 'task-1' }],
		[{ result: 'task-1' }],
		[{ output: 'task-1' }],
		[{ id: 'r-1', data: { id: 'task-1', status: 'queued' } }],
		[{ code: 0, data: { id: 'task-1' }, request_id: 'r-1' }],
		[{ code: 0, data: { task_id: 'task-1' }, request_id: 'r-1' }],
		[{ code: 200, message: 'success', data: { id: 'task-1', status: 'in_progress' } }],
		[{ status: { code: 200, message: 'ok' }, data: { id: 'task-1', status: 'in_progress' } }],
		[{ status: 'success', data: { task_id: 'task-1' } }],
		[{ result: { id: 'task-1', status: 'queued' } }],
		[{ result: { id: 'task-1' } }],
		[{ output: { task_id: 'task-1', task_status: 'PENDING' }, request_id: 'r-1' }],
		[{ task: { id: 'task-1' } }],
		[{ data: { task: { id: 'task-1' } } }],
		[{ data: [{ id: 'task-1' }] }],
		[[{ id: 'task-1' }]],
		[{ code: 0, data: 'task-1' }],
		[{ id: 'task-1', status: 'failed', code: 40201, message: 'no credit' }],
		[{ id: 'task-1', code: '', message: 'hello' }],
		[{ message: 'success', error: null, errors: [], id: 'task-1' }],
	])('is found by its ID, also in an envelope: %j', (body) => {
		expect(created(body)).toMatchObject({ kind: 'created', task: { id: 'task-1' } });
	});

	test('is in doubt by a task_id, and by a request_id where there is no other', () => {
		expect(created({ task_id: 77 })).toMatchObject({ task: { id: '77', idFrom: 'task_id' } });
		expect(created({ message: 'Task submitted', request_id: 'r-1' })).toMatchObject({
			kind: 'created',
			task: { id: 'r-1', idFrom: 'request_id' },
		});
		expect(created({ request_id: 'r-1' })).toMatchObject({ kind: 'created' });
	});

	test('is in no doubt, and has not failed, for a request_id beside its ID', () => {
		expect(created({ id: 't-1', status: 'queued', request_id: 'r-1' })).toEqual({
			kind: 'created',
			task: { id: 't-1', state: 'running', status: 'queued', images: [] },
		});
	});

	test('that has failed at once is a task all the same', () => {
		expect(created({ id: 't-1', status: 'failed', error: 'no' })).toMatchObject({
			kind: 'created',
			task: { id: 't-1', state: 'failed', failure: { reason: 'no' } },
		});
	});

	test.each([
		[{ error: 'no', request_id: 'r-1' }, /^no$/],
		[{ error: { code: 'E1' }, request_id: 'r-1' }, undefined],
		[{ status: { code: 402, message: 'no' }, data: null, request_id: 'r-1' }, /^no$/],
		[{ code: 1102, message: 'Account balance not enough', request_id: 'r-1', data: null }, /bal/],
		[{ code: 40201, message: 'Insufficient balance', request_id: 'r-1' }, /balance/],
		[{ code: 'E7', msg: 'request not accepted', request_id: 'r-1' }, /accepted/],
		[{ success: false, message: 'busy', request_id: 'r-1' }, /busy/],
		[{ ok: false, message: 'busy', request_id: 'r-1' }, /busy/],
		[{ code: 'E7', msg: 'no task created', request_id: 'r-1' }, /no task/],
		[{ status: { code: 1102, message: 'balance too low' }, request_id: 'r-1' }, /balance/],
		[{ status: 'failed', message: 'bad size', request_id: 'r-1' }, /bad size/],
		[{ status: 'rejected', request_id: 'r-1' }, undefined],
	])('is none in a refusal, whose words are told: %j', (body, reason) => {
		const outcome = created(body);
		expect(outcome).toMatchObject({ kind: 'refused', requestId: 'r-1' });
		if (reason) expect(outcome).toMatchObject({ reason: expect.stringMatching(reason) });
	});

	test.each([
		[{ message: 'success' }, /names no task/],
		[{ success: true }, /names no task/],
		[{ status: 'in_progress' }, /names no task/],
		[{}, /names no task/],
		[{ data: 'pending', message: 'success' }, /names no task/],
		[{ data: 'took 1234 ms', message: 'success' }, /names no task/],
		[{ data: 'time 1234', message: 'success' }, /names no task/],
		[{ data: { task: { more: { id: 't-1' } } }, message: 'success' }, /names no task/],
		[{ id: 'x'.repeat(501), message: 'success' }, /names no task/],
		[{ video: 'v-1', message: 'success' }, /names no task/],
		[{ trace_id: 'x-1', message: 'success' }, /names trace_id x-1/],
		[{ request_id: 'r-1', message: 'model overloaded' }, /r-1.*model overloaded/],
		[{ request_id: 'r-1', detail: 'bad size' }, /r-1.*bad size/],
		[{ code: 1102, message: 'balance too low', task_id: 't-1' }, /balance too low.*t-1/],
		[{ error: 'upstream timeout', id: 't-1' }, /upstream timeout.*t-1/],
	])('is of unknown outcome in an answer that says neither: %j', (body, reason) => {
		expect(created(body)).toMatchObject({
			kind: 'uncertain',
			reason: expect.stringMatching(reason),
		});
	});

	test.each([
		[200, { message: 'success' }, { httpStatus: 200 }],
		[
			200,
			{ code: 1102, message: 'balance too low', task_id: 't-1' },
			{ code: '1102', httpStatus: 200, taskIds: ['t-1'] },
		],
		[503, { code: 503, request_id: 'r-1' }, { httpStatus: 503, requestId: 'r-1' }],
	])('of unknown outcome can be told by what an HTTP %i names: %j', (status, body, details) => {
		const outcome = created(body, status);
		expect(outcome).toEqual({ kind: 'uncertain', reason: expect.any(String), details });
	});

	test.each([408, 500, 504])('is of unknown outcome after HTTP %i, without a word', (status) => {
		const reason = `Vtrix answered with HTTP ${status}.`;
		expect(created({}, status)).toMatchObject({ kind: 'uncertain', reason });
		expect(created({ code: status }, status)).toMatchObject({ kind: 'uncertain', reason });
	});

	test.each([1775803925, 1775803925000])('was created at a time in s or in ms: %i', (time) => {
		expect(taskOf({ created_at: time }).createdAt).toBe(1775803925000);
	});

	test('is called by words that are short', () => {
		const model = 'spark_'.repeat(100);
		expect(taskOf({ model }).model).toBe(model.slice(0, 100));
	});

	test.each(['in_progress', 'retrying'])(
		'that says %s goes on in spite of an error, which is told',
		(status) => {
			const task = taskOf({ status, error: 'a worker was lost' });
			expect(task).toMatchObject({ state: 'running', trouble: 'a worker was lost' });
			expect(task.failure).toBeUndefined();
		},
	);

	test.each(['archived', undefined])('that says %s may have failed by its error', (status) => {
		const task = taskOf({ status, error: 'a worker was lost' });
		expect(task).toMatchObject({ state: 'running', failure: { reason: 'a worker was lost' } });
		expect(task.trouble).toBeUndefined();
	});

	test.each(['archived', 'expired'])(
		'that says %s has not failed where there is an image',
		(status) => {
			const output = [{ content: [image(URL_1)] }];
			const task = taskOf({ status, error: 'a worker was lost', output });
			expect(task).toMatchObject({ state: 'running', trouble: 'a worker was lost' });
			expect(task.failure).toBeUndefined();
		},
	);

	test.each(['timed out', 'Timed-Out', 'timed - out'])(
		'may have failed by the word %j, however it is written',
		(status) => expect(taskOf({ status }).failure).toBeDefined(),
	);

	test('that failed after its image or text was made is completed, since that is paid for', () => {
		const task = taskOf({ status: 'failed', error: 'late', output: [image(URL_1)] });
		expect(task).toMatchObject({ state: 'completed', images: [{ url: URL_1 }] });
		const told = taskOf({ status: 'failed', error: 'late', output: [{ text: 'a cat' }] });
		expect(told).toMatchObject({ state: 'completed', texts: ['a cat'] });
	});

	test.each([
		[[{ type: 'text', text: 'a cat' }], []],
		[[{ type: 'text', text: 'a cat' }, image(URL_1)], [{ url: URL_1 }]],
	])('may be made of text: %j', (content, images) => {
		const task = taskOf({ status: 'done', output: [{ content }] });
		expect(task).toEqual({
			id: 'task-1',
			state: 'completed',
			status: 'done',
			images,
			texts: ['a cat'],
		});
	});

	test('tells how many of its results are too many', () => {
		const output = Array.from({ length: 60 }, () => [URL_1, { text: 'a cat' }]);
		expect(taskOf({ status: 'completed', output })).toMatchObject({ leftOut: 20 });
	});

	test.each([{ progress: 'half' }, { model: 7 }, { created_at: 'yesterday' }, { usage: 'free' }])(
		'is not lost for a field of another kind: %j',
		(strange) => {
			expect(taskOf({ status: 'in_progress', ...strange })).toEqual({
				id: 'task-1',
				state: 'running',
				status: 'in_progress',
				images: [],
			});
		},
	);
});

describe('images', () => {
	const imagesOf = (output: unknown) => taskOf({ status: 'completed', output }).images;

	test.each([
		['an array of groups', [{ content: [image(URL_1), image(URL_2)] }]],
		['an array of several groups', [{ content: [image(URL_1)] }, { content: [image(URL_2)] }]],
		['one object', { content: [image(URL_1), image(URL_2)] }],
		['an array without groups', [image(URL_1), image(URL_2)]],
		['an array of links', [URL_1, URL_2]],
		['groups of links', [{ content: [URL_1, URL_2] }]],
	])('are read from %s, in their order', (_, output) => {
		expect(imagesOf(output)).toEqual([{ url: URL_1 }, { url: URL_2 }]);
	});

	test.each([
		['one entry', image(URL_1)],
		['one link', URL_1],
	])('are read from %s alone', (_, output) => {
		expect(imagesOf(output)).toEqual([{ url: URL_1 }]);
	});

	test.each([
		{ b64_json: 'inline:12' },
		{ base64: 'inline:12' },
		{ url: URL_1, image: 'inline:12' },
		'inline:12',
	])('are read from the answer itself where it carries them: %j', (entry) => {
		expect(imagesOf({ content: [entry] })).toEqual([{ inline: 12 }]);
	});

	test.each(['outputs', 'result', 'results', 'content', 'images'])(
		'are read from %s where there is no output',
		(key) => {
			for (const output of [null, undefined]) {
				const task = taskOf({ status: 'completed', output, [key]: [URL_1] });
				expect(task.images).toEqual([{ url: URL_1 }]);
			}
		},
	);

	test.each(['url', 'image', 'image_url', 'video_url', 'audio_url'])('may stand in %s', (key) => {
		expect(imagesOf([{ [key]: URL_1 }])).toEqual([{ url: URL_1 }]);
	});

	test.each(['http://cdn.example.com/1.png', 'https://cdn.example.com/inline:1'])(
		'are links: %s',
		(url) => expect(imagesOf([url])).toEqual([{ url }]),
	);

	test.each(['files/1.png', 'inline:1.png'])(
		'may be a link of no use, which is told: %s',
		(url) => {
			expect(imagesOf([{ url }])).toEqual([{ url }]);
		},
	);

	test.each(['error', 'errors', 'input', 'logs', 'metadata', 'params', 'usage'])(
		'are not taken from %s',
		(key) => {
			const output = { [key]: { url: URL_2 }, content: [image(URL_1)] };
			expect(imagesOf(output)).toEqual([{ url: URL_1 }]);
		},
	);

	test.each([{ status_url: URL_2 }, { error: 'one was blurred' }])(
		'are all that there is of an output with %j',
		(more) => {
			expect(imagesOf({ ...more, content: [image(URL_1)] })).toEqual([{ url: URL_1 }]);
		},
	);

	test.each([
		[{ type: 'image' }, 'no reason was given'],
		[{ type: 'image', url: ' ' }, 'no reason was given'],
		[{ type: 'image', status: 'moderated' }, 'moderated'],
		[{ type: 'image', finish_reason: 'safety_'.repeat(100) }, 'safety_'.repeat(100).slice(0, 100)],
		[{ type: 'image', error: { code: 'E1' } }, 'E1'],
		[{ error: 'blurred' }, 'blurred'],
	])('may be missing: %j', (entry, missing) => {
		expect(imagesOf([image(URL_1), entry])).toEqual([{ url: URL_1 }, { missing }]);
	});

	test.each([
		...[null, 7, 'none', ['x'], `see ${URL_2}`, { error: null }, { seed: 7 }],
		{ type: 'text', text: ' ' },
	])('are kept beside an entry that is none: %j', (entry) => {
		const output = [{ content: [image(URL_1), entry, image(URL_2)] }];
		expect(taskOf({ status: 'completed', output })).toEqual({
			id: 'task-1',
			state: 'completed',
			status: 'completed',
			images: [{ url: URL_1 }, { url: URL_2 }],
		});
	});

	test('that failed keep their place beside the good ones, with the reason', () => {
		const content = [
			image(URL_1),
			{ type: 'image', error: { code: 'x', message: 'blurred' } },
			{ type: 'image', url: null, error: 'no luck' },
			image(URL_2),
		];
		expect(imagesOf([{ content }])).toEqual([
			{ url: URL_1 },
			{ missing: 'blurred' },
			{ missing: 'no luck' },
			{ url: URL_2 },
		]);
	});

	test.each([undefined, null, [], {}, 'none', [{ content: [] }]])(
		'may be none, as in %j',
		(output) => {
			expect(imagesOf(output)).toEqual([]);
		},
	);
});

describe('a failure', () => {
	const failureOf = (body: Record<string, unknown>) =>
		taskOf({ status: 'failed', ...body }).failure;

	test.each([
		['as the pages have it', { code: '003011004', error_message: 'bad size' }],
		['with message', { code: '003011004', message: 'bad size' }],
		['with error_code', { error_code: '003011004', message: 'bad size' }],
	])('is read %s', (_, error) => {
		expect(failureOf({ error })).toEqual({ code: '003011004', reason: 'bad size' });
	});

	test('may have a code that is a number', () => {
		const error = { code: 3011004, error_message: 'bad size' };
		expect(failureOf({ error })).toEqual({ code: '3011004', reason: 'bad size' });
	});

	test('may be a bare text', () => {
		expect(failureOf({ error: 'bad size' })).toEqual({ reason: 'bad size' });
	});

	test.each(['003011004', 3011004])('may be a bare code: %p', (error) => {
		expect(failureOf({ error })).toMatchObject({ code: String(error) });
	});

	test('may stand in provider_error or error_type', () => {
		const provider_error = { code: 'E7', message: 'refused' };
		expect(failureOf({ provider_error })).toEqual({ code: 'E7', reason: 'refused' });
		expect(failureOf({ error_type: 'moderation' })).toEqual({ reason: 'moderation' });
	});

	test.each([undefined, null, {}, [], ''])('may be without a reason: %j', (error) => {
		expect(failureOf({ error })?.reason).toMatch(/\w/);
		expect(failureOf({ error })).not.toHaveProperty('code');
	});

	test('is told in all the words that the answer has for it', () => {
		expect(
			failureOf({
				error: { code: 'E1', message: 'failed' },
				provider_error: { code: 'P1', message: 'no capacity' },
				error_type: 'upstream',
				logs: ['loading', 'out of memory'],
				request_id: 'r-1',
			}),
		).toEqual({
			code: 'E1',
			reason: 'failed; no capacity; upstream; loading / out of memory',
			requestId: 'r-1',
		});
	});

	test('is also what is called completed, but carries an error and no image', () => {
		const task = taskOf({ status: 'COMPLETED', error: { code: '003011095', message: 'sorry' } });
		expect(task).toMatchObject({
			state: 'failed',
			failure: { code: '003011095', reason: 'sorry' },
		});
	});

	test.each(['completed', 'done'])('is what is called %s without any image', (status) => {
		const output = [{ content: [{ type: 'image', error: 'blurred' }] }];
		expect(taskOf({ status, output })).toMatchObject({
			state: 'failed',
			failure: { reason: 'blurred' },
		});
	});

	test('is not what carries an error beside its images', () => {
		const task = taskOf({
			status: 'completed',
			error: 'one is missing',
			output: [{ content: [image(URL_1)] }],
		});
		expect(task.state).toBe('completed');
	});
});

describe('usage', () => {
	const usage = { cost: '0.0625', discount: 0, generated_images: 2 };
	const costOf = (cost: unknown) => taskOf({ status: 'completed', usage: { cost } }).cost;

	test('is kept as it came, its cost as a number of USD', () => {
		expect(taskOf({ status: 'completed', usage })).toMatchObject({ usage, cost: 0.0625 });
	});

	test.each([0.05, 0])('may have a cost that is a number: %d', (cost) =>
		expect(costOf(cost)).toBe(cost),
	);

	test.each([
		...['0.05', ' 0.05 ', '$0.05', 'US$ 0.05', '0.05 USD', ' $0.05 ', '0.05$ '],
		...['5e-2', '0.005e1', '500e-04'],
	])('may have a cost that is text: %j', (cost) => expect(costOf(cost)).toBe(0.05));

	test.each(['', ' ', 'free', '1.2.3', '0x10', null, undefined, -1, '-1', 'Infinity', {}, []])(
		'has no cost in %j',
		(cost) => expect(costOf(cost)).toBeUndefined(),
	);
});

describe('a refusal', () => {
	test.each([
		[{ message: 'wrong key' }, { reason: 'wrong key' }],
		[{ error: 'wrong key' }, { reason: 'wrong key' }],
		[{ error: { code: 'E1', message: 'wrong key' } }, { reason: 'wrong key', code: 'E1' }],
		[{ error: { code: 1001, message: 'wrong key' } }, { reason: 'wrong key', code: '1001' }],
		['<html>Bad gateway</html>', {}],
		[null, {}],
	])('is read from %j', (body, told) => {
		expect(read(body, 403)).toEqual({ kind: 'refused', status: 403, ...told });
	});

	const envelope = (status: Record<string, unknown>) => ({ status, data: null });

	test('in an envelope tells its own code', () => {
		const body = envelope({ code: 402, message: 'no credit', error_code: 40201 });
		const told = { kind: 'refused', status: 402, code: '40201', reason: 'no credit' };
		expect(read(body, 402)).toEqual(told);
		expect(read(body, 200)).toEqual(told);
	});

	test.each([401, 403, 404, 429, 503])('inside HTTP 200 counts as HTTP %i', (code) => {
		const body = envelope({ code, message: 'no' });
		expect(read(body)).toMatchObject({ kind: 'refused', status: code, reason: 'no' });
	});

	test('is a failure without an id', () => {
		expect(created({ id: '', status: 'failed', error: { code: '003011002' } })).toEqual({
			kind: 'refused',
			status: 200,
			code: '003011002',
		});
	});

	test.each([
		[{ code: 40201, message: 'no' }, 402],
		[{ id: 'r-1', code: 402, message: 'no' }, 402],
		[{ status: 'failed', statusCode: 403, message: 'no' }, 403],
		[{ code: 1402, message: 'no' }, 200],
		[{ code: '4020123', message: 'no' }, 200],
	])('by its code is one by an HTTP status only in a known form: %j', (body, status) => {
		expect(created(body)).toMatchObject({ kind: 'refused', status });
	});

	test('is any other HTTP status, even with an id', () => {
		expect(read({ id: 'task-1', status: 'in_progress' }, 500)).toEqual({
			kind: 'refused',
			status: 500,
			taskId: 'task-1',
		});
	});

	test('names no task by an id that may be of the request', () => {
		expect(read({ id: 'r-1', message: 'busy' }, 503)).toEqual({
			kind: 'refused',
			status: 503,
			reason: 'busy',
		});
	});
});

describe('the words of an answer', () => {
	const redact = (said: string) => said.replaceAll('secret', '[API key]');
	const wordsOf = (status: number, text: string, header?: string) =>
		errorInfoOf(readAnswer(status, text, redact), text, header, redact);

	test.each([
		['{"message": "overloaded", "request_id": "r-1"}', { reason: 'overloaded', requestId: 'r-1' }],
		[
			'{"error": {"code": 77, "message": "overloaded"}}',
			{ code: '77', reason: 'overloaded', requestId: 'h-1' },
		],
		['{"error_code": 77}', { code: '77', requestId: 'h-1' }],
		['\uFEFF{"message": "overloaded"}', { reason: 'overloaded', requestId: 'h-1' }],
		[
			String.raw`{"message": "bad key secr\u0065t", "code": 77}`,
			{ code: '77', reason: 'bad key [API key]', requestId: 'h-1' },
		],
	])('are those of its body, and the request ID of its header: %s', (text, info) => {
		expect(wordsOf(500, text, 'h-1')).toEqual({ info });
	});

	test.each([
		['<title>502 Bad Gateway</title>', '502 Bad Gateway'],
		['upstream timed out', 'upstream timed out'],
		['no route {id}', 'no route {id}'],
		[
			'{"fault": {"faultstring": "Quota violation"}}',
			'{"fault": {"faultstring": "Quota violation"}}',
		],
		['bad key secret', 'bad key [API key]'],
		[String.raw`"bad key \"secret\""`, 'bad key "[API key]"'],
	])('are told whatever form they have: %s', (text, page) => {
		expect(wordsOf(502, text)).toEqual({ info: {}, page });
	});

	test.each(['', '{}', 'null', 'true', '7', '{"id": "tas', '\n{"id": "tas'])(
		'may be none: %j',
		(text) => {
			expect(wordsOf(502, text)).toEqual({ info: {} });
		},
	);

	test('are none where a task is told', () => {
		expect(wordsOf(200, '{"id": "task-1", "hello": "world"}')).toEqual({ info: {} });
	});

	test('are short, as is the request ID of a header', () => {
		const { info, page } = wordsOf(502, 'word '.repeat(10_000), 'r'.repeat(1000));
		expect(info.requestId).toHaveLength(100);
		expect(page?.length).toBeLessThan(250);
	});
});

test.each(['', 'OK', '<!doctype html>', '{"id": "tas', '"text"', '7', 'null'])(
	'an answer of HTTP 200 that is no JSON object is unreadable: %s',
	(text) => {
		expect(readAnswer(200, text)).toEqual({ kind: 'unreadable' });
	},
);
