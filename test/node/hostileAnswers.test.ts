/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { stringify } from 'flatted';
import { growth, LINEAR } from '../support/growth';
import type { NodeRun } from '../support/runNode';
import { atSmallGateway } from '../support/smallGateway';

const at = atSmallGateway({ pollInterval: 0.03 });
const nested = (depth: number) => ({ body: '['.repeat(depth) + ']'.repeat(depth) });
const many = (count: number, entry: string) => `[${Array<string>(count).fill(entry).join()}]`;

/** All that a user or n8n's database gets of an error. */
const told = ({ error }: NodeRun): string =>
	JSON.stringify([error?.message, error?.description, error?.context]);

describe('an answer nested without end costs by its length, at the most, and', () => {
	test('is a refusal with its status', async () => {
		const refused = async (depth: number) => {
			at.create = () => ({ ...nested(depth), status: 400 });
			return told(await at.run());
		};
		const { results, factor } = await growth(refused, 50_000);
		expect(factor).toBeLessThan(LINEAR);
		expect(results[0]).toMatch(/did not accept the settings/);
		expect(results[1]).toBe(results[0]);
	});

	test('is waited for with its status', async () => {
		at.create = ({ count }) =>
			count === 0
				? { ...nested(100_000), status: 429 }
				: { body: { id: 'task-0', status: 'in_progress' } };
		expect((await at.run()).error).toBeUndefined();
	});

	test('leaves the rest as it is, and can be stored with the execution', async () => {
		const delivered = async (depth: number) => {
			const deep = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
			at.poll = ({ id }) => ({
				body: JSON.stringify(at.done(id)).replace(
					/"usage":.*/,
					`"usage":{"cost":"0.1","more":${deep}}}`,
				),
			});
			const run = await at.run({ simplify: false });
			const [[{ json }]] = run.items;
			expect(json).toMatchObject({ cost: 0.1, usage: { cost: '0.1' } });
			return stringify(json.usage).length;
		};
		const { results, factor } = await growth(delivered, 10_000);
		expect(factor).toBeLessThan(LINEAR);
		expect(results[1]).toBe(results[0]);
	});
});

describe('an answer with more images than a task can have costs by its length, at the most, and', () => {
	test('gives as many as any task may have, says so, and leaves the other items alone', async () => {
		let other = '';
		const delivered = async (count: number) => {
			let first = '';
			at.poll = ({ id }) => {
				first ||= id;
				const [group] = [{ content: 0 }];
				const done = JSON.stringify({ ...at.done(id), output: [group] });
				const entries = many(count, `{"type":"image","url":"${at.link}"}`);
				return {
					body: id === first ? done.replace('"content":0', `"content":${entries}`) : at.done(id),
				};
			};
			const run = await at.run(
				{ options: { downloadImages: false } },
				[{ json: {} }, { json: {} }],
				{ nodeOverrides: { onError: 'continueRegularOutput' } },
			);
			expect(run.error).toBeUndefined();
			expect(run.hints.map(({ message }) => message).join()).toContain(
				`told of ${count - 100} more results`,
			);
			other = run.items[0].map(({ json }) => String(json.taskId)).find((id) => id !== first) ?? '';
			return run.items[0].filter(({ json }) => json.taskId === first).length;
		};
		const { results, factor } = await growth(delivered, 2_500);
		expect(factor).toBeLessThan(LINEAR);
		expect(results).toEqual([100, 100]);
		expect(other).not.toBe('');
	});

	test('keeps as few of those that come inside it', async () => {
		const failed = async (count: number) => {
			const list = many(count, '{"b64_json":"aGVsbG8gd29ybGQ="}');
			at.poll = ({ id }) => ({
				body: `{"id":"${id}","status":"completed","output":[{"content":${list}}]}`,
			});
			const run = await at.run();
			expect(run.error?.message).toMatch(/could not be kept: what came was not an image/);
			return told(run).length;
		};
		const { results, factor } = await growth(failed, 1_500);
		expect(factor).toBeLessThan(LINEAR);
		// the numbers of the task and of the results have other lengths
		expect(Math.abs(results[1] - results[0])).toBeLessThan(20);
	});
});

test.each([
	['id', 'long ', (long: string) => ({ id: long, status: 'in_progress' })],
	['status', 'long ', (long: string) => ({ id: 't', status: long, error: 'x' })],
	['error', 'long ', (long: string) => ({ id: 't', status: 'failed', error: long })],
	['error', 'token', (long: string) => ({ id: 't', status: 'failed', error: long })],
	['code', 'long ', (long: string) => ({ error: { code: long, message: 'x' } })],
	['url', 'long ', (long: string) => ({ ...at.done('t'), output: [{ url: `/${long}` }] })],
])(
	'as its %s, a text of many "%s" costs by its length, at the most, and makes no longer message',
	async (_, word, bodyOf) => {
		const failed = async (count: number) => {
			const body = bodyOf(`?${word.repeat(count)}`);
			at.create = () => ({ body });
			at.poll = at.create;
			return told(await at.run({ options: { timeout: 1 } }));
		};
		const { results, factor } = await growth(failed, 5_000);
		expect(factor).toBeLessThan(LINEAR);
		expect(Math.abs(results[1].length - results[0].length)).toBeLessThan(20);
	},
);
