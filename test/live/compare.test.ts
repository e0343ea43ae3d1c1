/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';
import type { RecordedExchange, RecordedStep } from '../standin/playback/format';
import { isRecord } from '../standin/validation/checks';
import { compare, type Comparison } from '../../tools/live/beliefs/compare';
import { isCreation, jsonOf, polledId } from '../../tools/live/beliefs/world';
import { readRecording } from '../../tools/live/recording/folder';

const RECORDINGS = path.join(__dirname, '..', 'recordings');
const FOLDER = path.join(RECORDINGS, 'stand-in');

type Json = Record<string, unknown>;

const without = (body: Json, name: string): Json =>
	Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

/** What another gateway would have answered in the place of a body. */
type Change = (body: Json, exchange: RecordedExchange) => unknown;

/** The recording against the stand-in with other answers of the gateway. */
function changed(change: Change): RecordedStep[] {
	const steps = readRecording(FOLDER);
	for (const exchange of steps.flatMap(({ exchanges }) => exchanges)) {
		const body = exchange.answer?.body;
		const json = jsonOf(exchange.answer);
		if (exchange.to !== 'gateway' || body?.kind !== 'json' || !isRecord(json)) continue;
		body.value = change(json, exchange);
	}
	return steps;
}

/** The same where the answer is about a task. */
const ofTasks =
	(change: Change): Change =>
	(body, exchange) =>
		typeof body.status === 'string' ? change(body, exchange) : body;

const ofFinished = (change: Change): Change =>
	ofTasks((body, exchange) => (body.output === undefined ? body : change(body, exchange)));

const ofRunning = (change: Change): Change =>
	ofTasks((body, exchange) => (body.output === undefined ? change(body, exchange) : body));

const named = ({ different }: Comparison): string[] => different.map(({ belief }) => belief.id);

test('the recording of the stand-in is as believed', async () => {
	const { different, asBelieved, notSeen } = await compare(readRecording(FOLDER));
	expect(different).toEqual([]);
	expect(asBelieved.length).toBeGreaterThan(40);
	expect(notSeen.map(({ id }) => id)).toEqual(['field.error', 'task.failed']);
});

test('the recording of the gateway that differs in ten ways has those ten', async () => {
	const steps = readRecording(path.join(RECORDINGS, 'different-gateway'));
	expect(named(await compare(steps)).sort()).toEqual([
		'image.length',
		'image.redirect',
		'image.type',
		'other.request_id',
		'output.list',
		'poll.status',
		'refusal.form',
		'task.case',
		'task.completed',
		'usage.cost',
	]);
});

const entriesOf = (output: unknown): Json[] =>
	(Array.isArray(output) ? output : [output]).flatMap((group) =>
		isRecord(group) && Array.isArray(group.content) ? group.content.filter(isRecord) : [],
	);

/** Answers with the entries of their output changed. */
const withEntries = (change: (entry: Json) => Json): Change =>
	ofFinished((body) => {
		const swap = (group: unknown): unknown =>
			isRecord(group) ? { ...group, content: entriesOf(group).map(change) } : group;
		const { output } = body;
		return { ...body, output: Array.isArray(output) ? output.map(swap) : swap(output) };
	});

const withUsage = (change: (usage: Json) => Json): Change =>
	ofFinished((body) => ({ ...body, usage: change(isRecord(body.usage) ? body.usage : {}) }));

describe('a difference is named once, with what was seen, and nothing else is', () => {
	test.each<[string, Change, string, RegExp]>([
		[
			'task_id for id',
			ofTasks(({ id, ...rest }) => ({ task_id: id, ...rest })),
			'field.id',
			/`task_id`/,
		],
		[
			'a numeric id',
			ofTasks((body, exchange) => {
				const id = parseInt(String(body.id).slice(0, 8), 16);
				exchange.path = exchange.path.replace(String(body.id), String(id));
				return { ...body, id };
			}),
			'field.id',
			/number/,
		],
		[
			'the task inside data',
			ofTasks((body) => ({ code: 0, data: body })),
			'gateway.wrapper',
			/`data`/,
		],
		[
			'created_at in milliseconds',
			ofTasks((body) => ({ ...body, created_at: Number(body.created_at) * 1000 })),
			'field.created_at',
			/number/,
		],
		[
			'created_at as a date',
			ofTasks((body) => ({ ...body, created_at: '2030-01-01T00:00:00Z' })),
			'field.created_at',
			/2030/,
		],
		[
			'no created_at',
			ofTasks((body) => without(body, 'created_at')),
			'field.created_at',
			/missing/,
		],
		[
			'created for created_at',
			ofTasks(({ created_at: created, ...rest }) => ({ created, ...rest })),
			'field.created_at',
			/`created`/,
		],
		[
			'another model',
			ofTasks((body) => ({ ...body, model: 'volces_x' })),
			'field.model',
			/volces_x/,
		],
		[
			'null for what does not apply',
			ofRunning((body) => ({ ...body, output: null, error: null })),
			'task.null',
			/`output`, `error`/,
		],
		[
			'an empty output while running',
			ofRunning((body) => ({ ...body, output: [] })),
			'task.when',
			/`output` while running/,
		],
		['queued', ofRunning((body) => ({ ...body, status: 'queued' })), 'task.running', /queued/],
		[
			'succeeded',
			ofFinished((body) => ({ ...body, status: 'succeeded' })),
			'task.completed',
			/succeeded/,
		],
		[
			'Completed',
			ofFinished((body) => ({ ...body, status: 'Completed' })),
			'task.case',
			/Completed/,
		],
		[
			'progress in percent',
			ofRunning((body) =>
				typeof body.progress === 'number' ? { ...body, progress: 2 + body.progress } : body,
			),
			'field.progress',
			/number/,
		],
		[
			'progress as text',
			ofRunning((body) =>
				body.progress === undefined ? body : { ...body, progress: `${String(body.progress)}` },
			),
			'field.progress',
			/text/,
		],
		['no metadata', ofFinished((body) => without(body, 'metadata')), 'field.metadata', /missing/],
		['no usage', ofFinished((body) => without(body, 'usage')), 'field.usage', /missing/],
		['an empty cost', withUsage((usage) => ({ ...usage, cost: '' })), 'usage.cost', /""/],
		[
			'total_cost for cost',
			withUsage(({ cost, ...rest }) => ({ total_cost: cost, ...rest })),
			'usage.cost',
			/total_cost/,
		],
		[
			'a currency',
			withUsage((usage) => ({ ...usage, currency: 'USD' })),
			'other.usage.currency',
			/currency/,
		],
		['no type', withEntries((body) => without(body, 'type')), 'entry.type', /missing/],
		['a type of its own', withEntries((entry) => ({ ...entry, type: 'png' })), 'entry.type', /png/],
		[
			'a revised prompt',
			withEntries((entry) => ({ ...entry, revised_prompt: '[prompt]' })),
			'other.output.revised_prompt',
			/revised_prompt/,
		],
		[
			'one image more than was asked for',
			ofFinished((body) => {
				const { output } = body;
				const [group] = Array.isArray(output) ? output : [output];
				const content = [...entriesOf(output), entriesOf(output)[0], entriesOf(output)[0]];
				const more = { ...(isRecord(group) ? group : {}), content };
				return { ...body, output: Array.isArray(output) ? [more] : more };
			}),
			'output.count',
			/for up to/,
		],
		[
			'images without groups',
			ofFinished((body) =>
				Array.isArray(body.output) ? { ...body, output: entriesOf(body.output) } : body,
			),
			'output.list',
			/list/,
		],
		[
			'detail for error',
			(body) => (typeof body.error === 'string' ? { detail: body.error } : body),
			'refusal.form',
			/detail/,
		],
	])('%s', async (_, change, belief, seen) => {
		const comparison = await compare(changed(change));
		expect(named(comparison)).toEqual([belief]);
		expect(comparison.different[0]?.seen.map(({ what }) => what).join()).toMatch(seen);
	});

	test('refusals inside HTTP 200', async () => {
		const steps = changed((body, { answer }) => {
			if (!answer || answer.status < 400) return body;
			const code = answer.status;
			answer.status = 200;
			return { status: { code, message: 'no' }, data: null };
		});
		const comparison = await compare(steps);
		expect(named(comparison)).toEqual(['refusal.form']);
		expect(comparison.different[0]?.seen[0]?.what).toContain('inside HTTP 200');
	});

	test.each<[string, (exchange: RecordedExchange) => void, string]>([
		[
			'another type of answers',
			({ to, answer }) => {
				if (to === 'gateway' && answer)
					answer.headers['content-type'] = 'text/plain; charset=utf-8';
			},
			'gateway.type',
		],
		[
			'201 for a creation',
			(exchange) => {
				if (isCreation(exchange) && exchange.answer?.status === 200) exchange.answer.status = 201;
			},
			'creation.status',
		],
		[
			'422 for a wrong request',
			({ answer }) => {
				if (answer?.status === 400) answer.status = 422;
			},
			'refused.status',
		],
		[
			'403 for a wrong key',
			({ answer }) => {
				if (answer?.status === 401) answer.status = 403;
			},
			'key.status',
		],
		[
			'410 for a task that does not exist',
			({ answer }) => {
				if (answer?.status === 404) answer.status = 410;
			},
			'unknown.status',
		],
		[
			'a poll that is too much',
			(exchange) => {
				if (polledId(exchange) && exchange.answer?.status === 200 && exchange.atMs < 1000) {
					exchange.answer.status = 429;
				}
			},
			'gateway.limit',
		],
		[
			'a poll that knows nothing yet',
			(exchange) => {
				if (polledId(exchange) && exchange.answer?.status === 200 && exchange.atMs < 400) {
					exchange.answer.status = 404;
					exchange.answer.body = { kind: 'json', value: { error: 'task not found' } };
				}
			},
			'poll.known',
		],
		[
			'a slow creation',
			(exchange) => {
				if (isCreation(exchange)) exchange.tookMs = 130_000;
			},
			'creation.time',
		],
		[
			'WebP for PNG and JPEG',
			({ answer }) => {
				if (answer?.body.kind === 'image') answer.body.format = 'webp';
			},
			'image.format',
		],
		[
			'larger pictures than were asked for',
			({ answer }) => {
				if (answer?.body.kind === 'image') answer.body.width += 16;
			},
			'image.size',
		],
		[
			'pictures that are not there yet',
			({ to, answer }) => {
				if (to === 'images' && answer) answer.status = 404;
			},
			'image.there',
		],
		[
			"pictures on the gateway's own host",
			(exchange) => {
				if (exchange.to === 'images') exchange.host = 'host-1.localhost';
			},
			'image.host',
		],
	])('%s', async (_, change, belief) => {
		const steps = readRecording(FOLDER);
		for (const exchange of steps.flatMap(({ exchanges }) => exchanges)) change(exchange);
		expect(named(await compare(steps))).toEqual([belief]);
	});

	test('a task that fails, with its own words', async () => {
		const steps = changed(
			ofFinished((body) => {
				const { id, model, created_at } = body;
				if (model !== 'spark_i2i_3_0') return body;
				const error = { code: '003003095', error_message: 'sad' };
				return { id, model, created_at, status: 'failed', error };
			}),
		);
		const { different, asBelieved } = await compare(steps);
		expect(different.map(({ belief }) => belief.id)).toEqual(['task.success']);
		expect(different[0]?.seen[0]?.what).toBe('the task failed: 003003095, sad');
		expect(asBelieved.map(({ id }) => id)).toEqual(
			expect.arrayContaining(['field.error', 'task.failed']),
		);
	});
});
