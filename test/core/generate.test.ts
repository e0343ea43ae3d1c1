/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { Client } from '../../nodes/Vtrix/core/exchange/client';
import { DownloadLimit } from '../../nodes/Vtrix/core/download/downloadLimit';
import type {
	ByteStream,
	HttpClient,
	HttpResponse,
} from '../../nodes/Vtrix/core/exchange/http/http';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { fetchTask, generate } from '../../nodes/Vtrix/core/pipeline/generate';
import { Ledger } from '../../nodes/Vtrix/core/pipeline/ledger';
import type {
	CreationContext,
	LogDetails,
	TaskOptions,
} from '../../nodes/Vtrix/core/pipeline/runContext';
import { RunLedger } from '../../nodes/Vtrix/core/pipeline/runLedger';
import { Spending, SpendingLimit } from '../../nodes/Vtrix/core/pipeline/spending';
import { ObservedTasks, TaskDurations } from '../../nodes/Vtrix/core/polling/taskDurations';
import { LinkChecks } from '../../nodes/Vtrix/core/request/checkImageUrl';
import type { GenerationRequest } from '../../nodes/Vtrix/core/request/parseRequest';
import { ByteLimit, MEMORY_BYTES } from '../../nodes/Vtrix/core/shared/byteLimit';
import {
	NotStartedError,
	RefusedError,
	StoppedError,
	TaskFailedError,
	TaskTimedOutError,
	TaskUnreachableError,
	UncertainCreationError,
	VtrixError,
} from '../../nodes/Vtrix/core/shared/errors';
import { findErrorAdvice } from '../../nodes/Vtrix/models';
import { FakeClock } from '../support/fakeClock';

type Answer = { status?: number; body: unknown; headers?: Record<string, string> } | Error;
/** An answer, or what gives it once it is asked for. */
type Reply = Answer | (() => Answer);

const isByteStream = (value: unknown): value is ByteStream => value instanceof Readable;

function streamOf(text: string): ByteStream {
	const stream: unknown = Readable.from([Buffer.from(text)]);
	if (!isByteStream(stream)) throw new Error('Node.js made no stream');
	return stream;
}

const LINK = 'https://images.example.com/cat.png';
const MODEL = 'spark_t2i_3_0';
const running = (id = 'task-1') => ({ body: { id, status: 'in_progress' } });
const ended = (more: object = {}) => ({
	body: {
		id: 'task-1',
		status: 'completed',
		output: [{ content: [{ type: 'image', url: LINK }] }],
		...more,
	},
});
const failed = (more: object = {}) => ({
	body: { id: 'task-1', status: 'failed', error: { code: 'E1', message: 'too dark' }, ...more },
});
const broken = () => Object.assign(new Error('broken'), { code: 'ECONNRESET' });
const request = (prompt = 'a cat'): GenerationRequest => ({ model: MODEL, params: { prompt } });

interface Play {
	creations?: Reply[];
	/** Answers to polls in turn, the last one for ever. */
	polls?: Reply[];
	ledger?: Ledger;
	executionId?: string;
	/** USD */
	limit?: number;
	signal?: AbortSignal;
	options?: Partial<TaskOptions>;
}

/** A run of one item and more, whose service gives these answers. */
function runOf({
	creations = [],
	polls = [],
	ledger = new Ledger({}),
	executionId = 'execution-1',
	limit = 0,
	signal,
	options,
}: Play) {
	const clock = new FakeClock();
	const created: unknown[] = [];
	const asked: string[] = [];
	const prepared: string[] = [];
	const logs: Array<[string, LogDetails]> = [];
	const answered = (given: Reply | undefined): HttpResponse => {
		const reply = typeof given === 'function' ? given() : given;
		if (!reply || reply instanceof Error) throw reply ?? new Error('Nothing more was expected');
		const { status = 200, body, headers = {} } = reply;
		return { status, headers, body: streamOf(JSON.stringify(body)) };
	};
	const http: HttpClient = {
		async api({ method, path, body }) {
			if (method === 'POST') {
				created.push(JSON.parse(String(body)));
				return answered(creations.shift());
			}
			asked.push(path.split('/').at(-1) ?? '');
			return answered(polls.length > 1 ? polls.shift() : polls[0]);
		},
		fetch: async () => await Promise.reject(new Error('No file is fetched here')),
	};
	const shared = { clock, random: () => 0.5, ...(signal && { signal }) };
	const key = new Throttle(clock, shared.random);
	const throttle = new RunThrottle(key, {
		maxTasks: 100,
		maxPollsPerSecond: 20,
		...(signal && { signal }),
	});
	const progress = { stopCreating: false, itemsNotStarted: 0 };
	const observed = new ObservedTasks();
	const redact = (text: string) => text;
	const spending = new Spending(ledger);
	const sources = ['source 0', 'source 1', 'source 2', 'source 3'];
	const context: CreationContext = {
		...shared,
		client: new Client({ ...shared, http, throttle, redact, adviceFor: findErrorAdvice }),
		throttle,
		durations: new TaskDurations(throttle, progress, observed),
		publicFetch: { ...shared, http, baseUrl: 'https://cloud.vtrix.ai', redact },
		progress,
		downloadLimit: new DownloadLimit(),
		adviceFor: findErrorAdvice,
		log: (message, details) => logs.push([message, details]),
		debug: () => {},
		ledger: new RunLedger(ledger, {
			runIndex: 0,
			executionId,
			isToolCall: false,
			sourceOf: (itemIndex) => sources[itemIndex],
		}),
		spendingLimit: new SpendingLimit(spending, limit, clock),
		assertFirstStart: async () => {},
		fileReading: new ByteLimit(MEMORY_BYTES),
		linkChecks: new LinkChecks(),
	};
	const handling = {
		options: {
			wait: true,
			timeoutMs: 60_000,
			downloadImages: false,
			maxBytes: 1e6,
			...options,
		},
		kind: 'image',
		imageStore: {
			storeFor: () => async () => await Promise.reject(new Error('No file is stored here')),
			rename: () => {
				throw new Error('No file is stored here');
			},
		},
		release: () => {},
	} as const;
	return {
		created,
		asked,
		prepared,
		logs,
		ledger,
		spending,
		progress,
		context,
		observed,
		clock,
		/** Whether the service's places are all given back. */
		isIdle: () => key.isIdle,
		item: async (prompt = 'a cat', itemIndex = 0) =>
			await generate(
				context.ledger.claim(itemIndex),
				async () => {
					prepared.push(prompt);
					return await Promise.resolve(request(prompt));
				},
				context,
				handling,
			),
		fetch: async (taskId: string) => await fetchTask(taskId, context, handling),
	};
}

/** What is left of a ledger in the execution's data. */
const again = ({ stored, costs }: Ledger): Ledger => {
	const kept: { stored: Record<string, unknown>; costs: unknown } = JSON.parse(
		JSON.stringify({ stored, costs }),
	);
	return new Ledger(kept.stored, kept.costs);
};

const errorOf = async (work: Promise<unknown>): Promise<VtrixError> => {
	const error: unknown = await work.catch((reason: unknown) => reason);
	if (error instanceof VtrixError) return error;
	throw new Error(`It did not fail as expected: ${String(error)}`);
};

describe('an item', () => {
	test('becomes a task that is waited for, and its images', async () => {
		const run = runOf({ creations: [running()], polls: [running(), ended()] });
		const start = run.clock.now();
		const outcome = await run.item();
		expect(run.created).toEqual([{ model: MODEL, input: [{ params: { prompt: 'a cat' } }] }]);
		expect(outcome).toMatchObject({
			task: { id: 'task-1', state: 'completed' },
			submittedAt: start,
			images: [{ url: LINK }],
			params: { prompt: 'a cat' },
			warnings: [],
		});
		expect(run.isIdle()).toBe(true);
		// An image that is not downloaded in this try is fetched in the next one.
		expect(run.context.ledger.paid.taskIds).toEqual(['task-1']);
	});

	test("has its task's ID in the log as soon as it is created", async () => {
		const run = runOf({ creations: [running('task-7')], polls: [ended({ id: 'task-7' })] });
		await run.item('a cat', 3);
		expect(run.logs).toEqual([
			['Vtrix task created: task-7', { taskId: 'task-7', model: MODEL, itemIndex: 3 }],
		]);
	});

	test('that is not waited for comes out as it was created, and is asked about by nobody', async () => {
		const run = runOf({ creations: [running()], options: { wait: false } });
		const outcome = await run.item();
		expect(outcome).toMatchObject({ task: { id: 'task-1', state: 'running' }, images: [] });
		expect(outcome.warnings).toEqual([]);
		expect(run.asked).toEqual([]);
	});

	test('that is not waited for comes out with its images if they are there at once', async () => {
		const creations = [ended({ usage: { cost: 0.5 } })];
		const run = runOf({ creations, options: { wait: false } });
		expect((await run.item()).images).toEqual([{ url: LINK }]);
		expect(run.asked).toEqual([]);
		expect(run.ledger.costs.spent).toBe(0.5);
	});

	test('whose task failed tells why, with all that a support needs', async () => {
		const answer = { ...failed(), headers: { 'x-request-id': 'r-1' } };
		const run = runOf({ creations: [running()], polls: [answer] });
		const error = await errorOf(run.item());
		expect(error).toBeInstanceOf(TaskFailedError);
		expect(error.message).toBe('Vtrix could not make the image (task task-1)');
		expect(error.description).toBe(
			'Change the prompt or the input images, or try again in a few minutes. Vtrix says: too dark, code E1, request ID r-1',
		);
		expect(error.details).toEqual({ taskIds: ['task-1'], code: 'E1', requestId: 'r-1' });
		expect(run.isIdle()).toBe(true);
	});

	test.each([
		[{ message: 'too dark' }, 'too dark'],
		[undefined, 'no reason was given'],
	])('whose task failed with less to tell tells that: %j', async (error, reason) => {
		const run = runOf({ creations: [running()], polls: [failed({ error })] });
		const { description, details } = await errorOf(run.item());
		expect(description).toBe(
			`Change the prompt or the input images, or try again in a few minutes. Vtrix says: ${reason}`,
		);
		expect(details).toEqual({ taskIds: ['task-1'] });
	});

	test('whose task failed for a documented reason tells what helps', async () => {
		const error = { code: '003011002', message: '' };
		const run = runOf({ creations: [running()], polls: [failed({ error })] });
		const { message, description } = await errorOf(run.item());
		expect(message).toMatch(/no image.* \(task task-1\)$/);
		expect(description).toMatch(/code 003011002$/);
		expect(description).not.toMatch(/Change the prompt or the input images, or try/);
	});

	test('whose task is given up leaves its place to others', async () => {
		const run = runOf({ creations: [running()], polls: [running()] });
		expect(await errorOf(run.item())).toBeInstanceOf(TaskTimedOutError);
		expect(run.isIdle()).toBe(true);
	});

	test('that is refused leaves its place to others', async () => {
		const run = runOf({ creations: [{ status: 400, body: { message: 'no' } }] });
		expect(await errorOf(run.item())).toBeInstanceOf(RefusedError);
		expect(run.isIdle()).toBe(true);
		expect(run.ledger.entries).toEqual([]);
	});

	test('that is not wanted any more is not created', async () => {
		const run = runOf({});
		run.progress.stopCreating = true;
		expect(await errorOf(run.item())).toBeInstanceOf(NotStartedError);
		expect(run.created).toEqual([]);
		expect(run.progress.itemsNotStarted).toBe(0);
		expect(run.spending.underWay).toBe(0);
	});

	test('of a stopped run is not created', async () => {
		const run = runOf({ signal: AbortSignal.abort() });
		const error = await errorOf(run.item());
		expect(error).toBeInstanceOf(StoppedError);
		expect(error.taskIds).toEqual([]);
		expect(run.created).toEqual([]);
	});

	test('of a run that is stopped while it waits for the cost of others is not created', async () => {
		const stop = new AbortController();
		const run = runOf({
			creations: [running('a'), running('b')],
			polls: [() => (stop.abort(), running('a'))],
			limit: 1,
			signal: stop.signal,
		});
		const errors = [0, 1, 2].map(async (item) => await errorOf(run.item('a cat', item)));
		for (const error of await Promise.all(errors)) expect(error).toBeInstanceOf(StoppedError);
		expect(run.created).toHaveLength(2);
	});

	test('of an execution that n8n has started twice is not created', async () => {
		const run = runOf({ creations: [running()] });
		const restarted = new Error('restarted');
		run.context.assertFirstStart = async () => await Promise.reject(restarted);
		await expect(run.item()).rejects.toBe(restarted);
		expect(run.created).toEqual([]);
	});

	test('that waits for the cost of others counts as not started', async () => {
		const run = runOf({
			creations: [running('a'), running('b'), running('c')],
			polls: [running('a')],
			limit: 1,
			options: { timeoutMs: 5000 },
		});
		const work = [0, 1, 2].map(async (item) => await errorOf(run.item('a cat', item)));
		while (run.created.length < 2) await Promise.resolve();
		expect(run.progress.itemsNotStarted).toBe(1);
		await Promise.all(work);
		expect(run.progress.itemsNotStarted).toBe(0);
	});
});

describe('a later try', () => {
	/** An item whose task could not be asked about, and what the execution keeps of it. */
	async function firstTry(creation: Reply = running(), prompt = 'a cat'): Promise<Ledger> {
		const polls = [{ status: 403, body: { message: 'no' } }];
		const run = runOf({ creations: [creation], polls });
		const error = await errorOf(run.item(prompt));
		expect(error.message).toContain('task-1');
		return again(run.ledger);
	}

	test('fetches the task that is paid for, and says so in the log', async () => {
		const ledger = await firstTry();
		const run = runOf({ ledger, polls: [ended()] });
		const outcome = await run.item();
		expect(outcome.images).toEqual([{ url: LINK }]);
		expect(outcome.params).toEqual({ prompt: 'a cat' });
		expect(outcome.submittedAt).toBe(Date.UTC(2030, 0, 1));
		expect(run.created).toEqual([]);
		expect(run.prepared).toEqual([]);
		expect(run.logs).toEqual([
			[
				'Vtrix task of an earlier try found, it is not created again: task-1',
				{ taskId: 'task-1', itemIndex: 0 },
			],
		]);
		expect(run.isIdle()).toBe(true);
	});

	test('takes a place for the task that is paid for while it goes on', async () => {
		const ledger = await firstTry();
		const allowed: number[] = [];
		const note = () => (allowed.push(run.context.throttle.allowed), ended());
		const run = runOf({ ledger, polls: [note] });
		const before = run.context.throttle.allowed;
		await run.item();
		expect(allowed[0]).toBeGreaterThan(before);
	});

	test('hands on the task that is paid for if it is not to wait', async () => {
		const ledger = await firstTry();
		const run = runOf({ ledger, options: { wait: false } });
		const outcome = await run.item();
		expect(outcome.task).toEqual({ id: 'task-1', state: 'running', images: [] });
		expect(outcome.images).toEqual([]);
		expect(run.created).toEqual([]);
	});

	test('finds the task of the same request, whose fields are saved anew', async () => {
		const ledger = await firstTry();
		for (const entry of ledger.entries) entry.source = 'another source';
		const run = runOf({ ledger, executionId: 'execution-2', polls: [ended()] });
		expect((await run.item()).images).toEqual([{ url: LINK }]);
		expect(run.created).toEqual([]);
	});

	test('creates the task of another request', async () => {
		const ledger = await firstTry();
		for (const entry of ledger.entries) entry.source = 'another source';
		const run = runOf({
			ledger,
			executionId: 'execution-2',
			creations: [running('task-2')],
			polls: [ended({ id: 'task-2' })],
		});
		expect((await run.item('a dog')).task.id).toBe('task-2');
	});

	test.each([
		['short ones', 'a cat', { prompt: 'a cat' }],
		// `{"prompt":""}` are 13 characters
		['the longest that are kept', 'x'.repeat(10_000 - 13), { prompt: 'x'.repeat(10_000 - 13) }],
		['longer ones', 'x'.repeat(10_000 - 12), undefined],
	])('knows what was sent: %s', async (_, prompt, params) => {
		const ledger = await firstTry(running(), prompt);
		const run = runOf({ ledger, polls: [ended()] });
		expect((await run.item(prompt)).params).toEqual(params);
	});

	test('counts the task as under way for the spending limit, once', async () => {
		const ledger = await firstTry();
		const run = runOf({ ledger, limit: 1, polls: [ended({ usage: { cost: 0.4 } })] });
		await run.item();
		expect(run.spending.underWay).toBe(0);
		expect(run.ledger.costs.spent).toBe(0.4);
	});
});

describe('a creation answered by a request ID alone', () => {
	const byRequestId = { body: { request_id: 'r-1' } };
	const unknown = { status: 404, body: { message: 'no such task' } };

	test('is polled by it', async () => {
		const run = runOf({ creations: [byRequestId], polls: [ended({ id: 'r-1' })] });
		expect((await run.item()).images).toEqual([{ url: LINK }]);
		expect(run.asked).toEqual(['r-1']);
	});

	test('is told where it is not waited for', async () => {
		const run = runOf({ creations: [byRequestId], options: { wait: false } });
		const { warnings } = await run.item();
		expect(warnings).toEqual([expect.stringMatching(/a request ID \(r-1\) instead of a task ID/)]);
	});

	test('has an unknown outcome if no task is known by it, and is not sent again', async () => {
		const first = runOf({ creations: [byRequestId], polls: [unknown] });
		const error = await errorOf(first.item());
		expect(error).toBeInstanceOf(UncertainCreationError);
		expect(error.message).toMatch(
			/with a request_id \(r-1\) instead of a task ID\. Asked about it/,
		);
		expect(error.taskIds).toEqual(['r-1']);
		const second = runOf({ ledger: again(first.ledger) });
		expect((await errorOf(second.item())).message).toBe(error.message);
		expect(second.created).toEqual([]);
	});

	test('is known to be one in the next try', async () => {
		const first = runOf({
			creations: [byRequestId],
			polls: [{ status: 403, body: { message: 'no' } }],
		});
		await errorOf(first.item());
		const second = runOf({ ledger: again(first.ledger), polls: [unknown] });
		expect((await errorOf(second.item())).message).toMatch(/with a request_id \(r-1\)/);
		expect(second.created).toEqual([]);
	});
});

describe('a creation of unknown outcome', () => {
	test('is not sent again, by no try', async () => {
		const first = runOf({ creations: [broken()] });
		const error = await errorOf(first.item());
		expect(error).toBeInstanceOf(UncertainCreationError);
		const second = runOf({ ledger: again(first.ledger) });
		expect((await errorOf(second.item())).message).toBe(error.message);
		expect(second.created).toEqual([]);
	});

	const named = { status: 503, body: { task_id: 'task-1', message: 'overloaded' } };

	test('that names its task is asked about it', async () => {
		const run = runOf({ creations: [named], polls: [ended()] });
		const start = run.clock.now();
		const outcome = await run.item();
		expect(outcome).toMatchObject({ images: [{ url: LINK }], submittedAt: start });
		expect(run.logs).toEqual([
			[
				'Vtrix may have created this task, it is asked about: task-1',
				{ taskId: 'task-1', itemIndex: 0 },
			],
		]);
	});

	test.each([true, false])(
		'that names no known task tells both answers (wait: %s)',
		async (wait) => {
			const unknown = { status: 404, body: { message: 'no such task' } };
			const run = runOf({ creations: [named], polls: [unknown], options: { wait } });
			const error = await errorOf(run.item());
			expect(error).toBeInstanceOf(UncertainCreationError);
			expect(error.message).toContain('overloaded');
			expect(error.message).toMatch(/Asked about task task-1, .*no such task/);
			expect(error.details).toMatchObject({ httpStatus: 503, taskIds: ['task-1'] });
		},
	);

	describe.each([
		['it refuses', { status: 403, body: { message: 'no access to this task' } }],
		['it is overloaded', { status: 503, body: 'overloaded' }],
		['it wants to be left alone', { status: 429, body: '', headers: { 'retry-after': '90000' } }],
		['another page comes', { status: 200, body: '<html>Sign in</html>' }],
		['no answer comes', broken()],
	])('whose task cannot be asked about, since %s,', (_, failing: Answer) => {
		test.each([true, false])(
			'is fetched by a retry by hand, not paid again (wait: %s)',
			async (wait) => {
				const first = runOf({ creations: [named], polls: [failing], options: { wait } });
				expect((await errorOf(first.item())).details).toMatchObject({ taskIds: ['task-1'] });
				const second = runOf({
					ledger: again(first.ledger),
					executionId: 'execution-2',
					polls: [ended()],
					options: { wait },
				});
				expect(await second.item()).toMatchObject({ images: [{ url: LINK }] });
				expect(second.created).toEqual([]);
			},
		);
	});

	test('is told as stopped if the run is, while it is asked about', async () => {
		const stop = new AbortController();
		const run = runOf({
			creations: [named],
			polls: [() => (stop.abort(), { status: 500, body: '' })],
			signal: stop.signal,
			options: { wait: false },
		});
		expect(await errorOf(run.item())).toBeInstanceOf(StoppedError);
	});
});

describe('what a task has cost', () => {
	test.each([
		['is counted where it is told', ended({ usage: { cost: 0.3 } }), [0.3, 1, 0]],
		['is missed where it is not told', ended(), [0, 0, 1]],
		['is counted of a failed one, too', failed({ usage: { cost: 0.2 } }), [0.2, 1, 0]],
		['is nothing for a failed one otherwise', failed(), [0, 0, 0]],
	])('%s', async (_, answer, [spent, charged, unreported]) => {
		const run = runOf({ creations: [running()], polls: [answer] });
		await run.item().catch(() => {});
		expect(run.ledger.costs).toEqual({ spent, charged, unreported, unsettled: 0 });
		expect(run.spending.underWay).toBe(0);
	});

	test.each([
		['was charged', 0.2, ['task-1']],
		['cost nothing', 0, []],
	])('decides whether a failed one is still named: it %s', async (_, cost, lost) => {
		const run = runOf({ creations: [running()], polls: [failed({ usage: { cost } })] });
		await run.item().catch(() => {});
		expect(run.context.ledger.paid).toEqual({ taskIds: [], lost, unknown: [] });
	});

	test('stays open while its end was not seen', async () => {
		const run = runOf({ creations: [running()], polls: [running()] });
		await run.item().catch(() => {});
		expect(run.spending.underWay).toBe(1);
	});
});

describe('how long a task took', () => {
	test('is learned if it was seen running', async () => {
		const run = runOf({ creations: [running()], polls: [running(), ended()] });
		const start = run.clock.now();
		await run.item();
		expect(run.observed.endsOf(MODEL)).toHaveLength(1);
		expect(run.observed.endsOf(MODEL)[0]).toBeGreaterThan(0);
		expect(run.observed.endsOf(MODEL)[0]).toBeLessThanOrEqual(run.clock.now() - start);
		expect(run.observed.watched).toBe(0);
	});

	test('is not learned from one that was done at once, or before an earlier try', async () => {
		const run = runOf({ creations: [ended()] });
		await run.item();
		expect(run.observed.endsOf(MODEL)).toEqual([]);
		const { context, fetch, observed } = runOf({ polls: [running(), ended()] });
		await fetch('task-1');
		expect(observed.endsOf(undefined)).toEqual([]);
		expect(context.progress.itemsNotStarted).toBe(0);
	});
});

describe('a doubt about the end of a task is told', () => {
	test('where it has results and is called failed', async () => {
		const run = runOf({ creations: [running()], polls: [ended({ status: 'failed' })] });
		expect((await run.item()).warnings).toEqual([
			"Task task-1 has results, which are delivered, though Vtrix calls its status 'failed'.",
		]);
	});

	test('where it has no status', async () => {
		const run = runOf({ creations: [running()], polls: [ended({ status: undefined })] });
		expect((await run.item()).warnings).toEqual([
			expect.stringMatching(/^Task task-1 was taken .* though Vtrix calls its status 'none'\./),
		]);
	});

	test('where it tells of more results than a task makes', async () => {
		const content = Array.from({ length: 2000 }, (_, n) => ({
			type: 'image',
			url: `${LINK}?${n}`,
		}));
		const run = runOf({ creations: [running()], polls: [ended({ output: [{ content }] })] });
		const { warnings, images } = await run.item();
		expect(warnings).toEqual([
			`Task task-1 told of ${2000 - images.length} more results, which were left out: no task makes so many.`,
		]);
	});

	test('where its status is not known', async () => {
		const run = runOf({ creations: [running()], polls: [ended({ status: 'archived' })] });
		expect((await run.item()).warnings).toEqual([
			expect.stringMatching(
				/^Task task-1 was taken as completed: its output did not change any more, though Vtrix calls its status 'archived'\. If images are missing/,
			),
		]);
	});

	test('where the answers name another task', async () => {
		const run = runOf({ creations: [running()], polls: [ended({ id: 'task-2' })] });
		expect((await run.item()).warnings).toEqual([
			expect.stringMatching(/^Task task-1 was taken .* though the answers named another task\./),
		]);
	});
});

describe('a task that is fetched by its ID', () => {
	test('comes with its images', async () => {
		const run = runOf({ polls: [ended()] });
		expect(await run.fetch('task-1')).toEqual({
			task: expect.objectContaining({ id: 'task-1', state: 'completed' }),
			submittedAt: undefined,
			images: [{ url: LINK }],
			warnings: [],
		});
	});

	test('is not known', async () => {
		const run = runOf({ polls: [{ status: 404, body: { message: 'no such task' } }] });
		const error = await errorOf(run.fetch('task-1'));
		expect(error).toBeInstanceOf(TaskUnreachableError);
		expect(error.message).toContain('task-1');
	});

	test('is not known where nobody waits', async () => {
		const polls = [{ status: 404, body: { message: 'no such task' } }];
		const run = runOf({ polls, options: { wait: false } });
		expect(await errorOf(run.fetch('task-1'))).toBeInstanceOf(TaskUnreachableError);
	});

	test('is as it is where nobody waits', async () => {
		const run = runOf({ polls: [running()], options: { wait: false } });
		expect(await run.fetch('task-1')).toMatchObject({ task: { state: 'running' }, images: [] });
	});
});
