/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { stringify } from 'flatted';
import { atSmallGateway } from '../support/smallGateway';

const at = atSmallGateway({ pollInterval: 0.03 });
const nested = (depth: number) => ({ body: '['.repeat(depth) + ']'.repeat(depth) });
const links = (count: number) =>
	JSON.stringify(at.done('task-0')).replace(
		/"content":\[(.*?)\]/,
		(_, entry: string) => `"content":[${Array<string>(count).fill(entry).join()}]`,
	);

describe('an answer nested without end', () => {
	test('is a refusal with its status', async () => {
		at.create = () => ({ ...nested(100_000), status: 400 });
		const { error } = await at.run();
		expect(error?.message).toMatch(/did not accept the settings/);
	});

	test('is waited for with its status', async () => {
		at.create = ({ count }) =>
			count === 0
				? { ...nested(100_000), status: 429 }
				: { body: { id: 'task-0', status: 'in_progress' } };
		expect((await at.run()).error).toBeUndefined();
	});

	test('leaves the rest as it is, and can be stored with the execution', async () => {
		const deep = '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000);
		at.poll = ({ id }) => ({
			body: JSON.stringify(at.done(id)).replace(
				/"usage":.*/,
				`"usage":{"cost":"0.1","more":${deep}}}`,
			),
		});
		const run = await at.run({ simplify: false });
		expect(run.items[0][0].json).toMatchObject({ cost: 0.1, usage: { cost: '0.1' } });
		expect(() => stringify(run.items)).not.toThrow();
	});
});

describe('an answer with more images than a task can have', () => {
	test('gives as many as any task may have, says so, and leaves the other items alone', async () => {
		at.poll = ({ id }) => ({ body: id === 'task-0' ? links(150_000) : at.done(id) });
		const { items, hints, error } = await at.run(
			{ options: { downloadImages: false } },
			[{ json: {} }, { json: {} }],
			{ nodeOverrides: { onError: 'continueRegularOutput' } },
		);
		expect(error).toBeUndefined();
		const from = (taskId: string) => items[0].filter(({ json }) => json.taskId === taskId);
		expect(from('task-0')).toHaveLength(100);
		expect(from('task-1')).toHaveLength(1);
		expect(hints.map(({ message }) => message).join()).toMatch(/told of 149900 more results/);
	});

	test('keeps as few of those that come inside it', async () => {
		const entry = '{"b64_json":"aGVsbG8gd29ybGQ="}';
		const list = Array<string>(3000).fill(entry).join();
		at.poll = ({ id }) => ({
			body: `{"id":"${id}","status":"completed","output":[{"content":[${list}]}]}`,
		});
		const { error } = await at.run();
		expect(error?.message).toMatch(/could not be kept: what came was not an image/);
	});
});

test.each([
	['id', (long: string) => ({ id: long, status: 'in_progress' })],
	['status', (long: string) => ({ id: 't', status: long, error: 'x' })],
	['error', (long: string) => ({ id: 't', status: 'failed', error: long })],
	['code', (long: string) => ({ error: { code: long, message: 'x' } })],
	['url', (long: string) => ({ ...at.done('t'), output: [{ url: `/${long}` }] })],
])('a text without end as %s makes no long message', async (_, bodyOf) => {
	const body = bodyOf('long '.repeat(200_000));
	at.create = () => ({ body });
	at.poll = at.create;
	const { error } = await at.run({ options: { timeout: 1 } });
	expect(JSON.stringify([error?.message, error?.description, error?.context]).length).toBeLessThan(
		4000,
	);
});
