import { errorInfoOf, readAnswer } from '../../nodes/Vtrix/core/exchange/answers/answer';
import { classifyPoll, type PollOutcome } from '../../nodes/Vtrix/core/exchange/pollOutcome';
import { TooLargeError } from '../../nodes/Vtrix/core/exchange/http/readBody';

/** What an answer to a poll about `task-1` comes to. */
function polled(body: unknown, status = 200): PollOutcome {
	const text = JSON.stringify(body);
	const same = (words: string) => words;
	const answer = readAnswer(status, text, same);
	const { info } = errorInfoOf(answer, text, undefined, same);
	return classifyPoll({ answered: true, answer, info }, 'task-1');
}

const output = [{ content: [{ type: 'image', url: 'https://images.example.com/cat.png' }] }];
const other = 'task-2';

describe('an answer about the task', () => {
	test.each(['in_progress', 'completed', 'failed', 'archived'])('is the task: %s', (status) => {
		expect(polled({ id: 'task-1', status, output })).toMatchObject({
			kind: 'task',
			task: { id: 'task-1', status },
		});
	});

	test('may name it beside another ID', () => {
		const body = { id: other, task_id: 'task-1', status: 'failed', error: 'no' };
		expect(polled(body)).toMatchObject({ kind: 'task', task: { state: 'failed' } });
	});
});

describe('an answer that names no task', () => {
	test.each([
		[{ status: 'completed', output }, 'completed'],
		[{ status: 'archived', output }, 'running'],
		[{ status: 'in_progress' }, 'running'],
		[{ status: 'starting' }, 'running'],
		[{ status: 'done' }, 'running'],
	])('is the task if it tells of a result, or that it goes on: %j', (body, state) => {
		expect(polled(body)).toMatchObject({ kind: 'task', task: { id: 'task-1', state } });
	});

	test('is the task, failed if that stays, where it tells of an end without a result', () => {
		expect(polled({ status: 'completed' })).toMatchObject({
			kind: 'task',
			task: { state: 'running', failure: { reason: 'it ended without a result' } },
		});
		expect(polled({ status: 'failed', error: 'too dark' })).toMatchObject({
			kind: 'task',
			task: { state: 'running', failure: { reason: 'too dark' } },
		});
	});

	test('is asked about again where it tells anything else', () => {
		const outcome = polled({ hello: 'world' });
		expect(outcome).toEqual({
			kind: 'retryable',
			poll: { reason: 'the answer named no task', details: {} },
		});
		expect(polled({ status: 'expired', message: 'gone' })).toMatchObject({
			kind: 'retryable',
			poll: { reason: expect.stringMatching(/^the answer named no task.*gone$/) },
		});
		expect(polled({ status: 'expired' })).not.toHaveProperty('poll.refusal');
	});
});

describe('an answer that names another task', () => {
	test.each([
		{ status: 'completed', output },
		{ status: 'in_progress' },
		{ status: 'archived', output },
		{ status: 'archived' },
	])('with a result, or with no end, is the task, which goes on: %j', (body) => {
		expect(polled({ id: other, ...body })).toMatchObject({
			kind: 'task',
			task: { id: 'task-1', state: 'running' },
		});
	});

	test.each([{ status: 'failed', error: 'no' }, { status: 'expired' }, { status: 'completed' }])(
		'with an end and no result is asked about again, then unclear: %j',
		(body) => {
			const outcome = polled({ id: other, ...body });
			if (outcome.kind !== 'retryable') throw new Error(`It is ${outcome.kind}`);
			const { reason, refusal } = outcome.poll;
			expect(reason).toMatch(/^the answer told of another task \(task-2\)/);
			expect(refusal?.message).toBe(`Vtrix does not tell what became of task task-1: ${reason}`);
			expect(refusal?.description).toMatch(/not lost.*'Get' and the task ID task-1\.$/);
			expect(refusal?.taskIds).toEqual(['task-1']);
		},
	);
});

test('an answer that is too large is told as such', () => {
	const error = new TooLargeError(1);
	expect(classifyPoll({ answered: false, error }, 'task-1')).toEqual({ kind: 'tooLarge' });
});

test('an answer without a word is told as such', () => {
	expect(polled('')).toEqual({
		kind: 'retryable',
		poll: { reason: 'the answer was not readable', details: {} },
	});
});

test.each([
	[204, 'retryable'],
	[300, 'refused'],
	[400, 'refused'],
	[503, 'retryable'],
])('HTTP %i without an answer that can be read is %s', (status, kind) => {
	expect(polled('', status).kind).toBe(kind);
});
