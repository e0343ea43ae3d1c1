/*
 * Errors that leave by the output of success, so that rows are marked as done:
 * - n8n-io/n8n#25581: the credential's domain is none, and the success output goes on
 * - n8n-io/n8n#28095: a refusal by the API, and the success output gets the input of the node
 * - n8n-io/n8n#23224: an expression that names a node which is not there
 * - n8n-io/n8n#8744: the success output goes on without data
 */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { atStandIn } from '../node/atStandIn';

const at = atStandIn();

const THROWS = "{{ $json.text ?? $('Nowhere').item.json.text }}";
const MODEL = { model: 'spark_dream_5_0', prompt: 'a cat' };
const GET = { resource: 'task', operation: 'get' };
const OUTPUTS = [
	['Continue (using error output)', 'continueErrorOutput', 1],
	['Continue', 'continueRegularOutput', 0],
] as const;

/** Three rows, the second of which has nothing in its column `text`. */
const rows = (text: string): INodeExecutionData[] =>
	[text, undefined, text].map((value, row) => ({ json: { row, ...(value && { text: value }) } }));

const isError = ({ json }: INodeExecutionData) => json.error !== undefined;

describe.each(OUTPUTS)('with "%s"', (_, onError, door) => {
	const run = async (parameters: INodeParameters, items: INodeExecutionData[], more = {}) => {
		const done = await at.run(parameters, items, { nodeOverrides: { onError }, ...more });
		expect(done.error).toBeUndefined();
		return {
			failed: done.items[door].filter(isError),
			worked: done.items[0].filter((item) => !isError(item)),
		};
	};

	describe('an item whose expression throws leaves by the door of errors, the others work', () => {
		test.each<[field: string, text: string, parameters: INodeParameters]>([
			['the prompt', 'a dog', { prompt: `=${THROWS}` }],
			['the size', '2K', { size: `=${THROWS}` }],
			['Simplify', 'true', { simplify: `=${THROWS}` }],
			['a parameter among the options', 'png', { options: { outputFormat: `=${THROWS}` } }],
			['an option of the node', 'a name', { options: { fileName: `=${THROWS}` } }],
			['a number among them', '600', { options: { timeout: `=${THROWS}` } }],
			['the spending limit', '5', { options: { spendingLimit: `=${THROWS}` } }],
			['the tasks at a time', '5', { options: { maxConcurrency: `=${THROWS}` } }],
		])('in %s', async (_field, text, parameters) => {
			const { worked, failed } = await run({ ...MODEL, ...parameters }, rows(text));
			expect(worked.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
			expect(failed).toHaveLength(1);
			expect(failed[0]).toMatchObject({ json: { row: 1 }, pairedItem: { item: 1 } });
			expect(failed[0].json.error).toMatch(/Nowhere|node/i);
			expect(at.standIn.creationsReceived).toBe(2);
		});

		test('in the first of the items', async () => {
			const { worked, failed } = await run(
				{ ...MODEL, prompt: `=${THROWS}` },
				rows('a dog').slice(1),
			);
			expect(worked).toHaveLength(1);
			expect(failed[0]).toMatchObject({ json: { row: 1 }, pairedItem: { item: 0 } });
		});

		test('in a row of input images', async () => {
			const { worked, failed } = await run(
				{
					model: 'spark_dreamo',
					prompt: 'a cat',
					images: { image: [{ source: 'url', url: `=${THROWS}` }] },
				},
				rows('https://pictures.example/cat.png'),
			);
			expect(failed.map(({ pairedItem }) => pairedItem)).toContainEqual({ item: 1 });
			expect(worked.map(({ pairedItem }) => pairedItem)).not.toContainEqual({ item: 1 });
		});

		test('in the ID of a task to get', async () => {
			await at.run(MODEL);
			const [{ id }] = at.standIn.tasks;
			const { worked, failed } = await run({ ...GET, taskId: `=${THROWS}` }, rows(id));
			expect(worked).toHaveLength(1);
			expect(failed).toMatchObject([{ json: { row: 1 }, pairedItem: { item: 1 } }]);
		});

		test('in the options of a task to get', async () => {
			await at.run(MODEL);
			const [{ id }] = at.standIn.tasks;
			const { worked, failed } = await run(
				{ ...GET, taskId: id, options: { fileName: `=${THROWS}` } },
				rows('name'),
			);
			expect(worked).toHaveLength(1);
			expect(failed).toMatchObject([{ json: { row: 1 }, pairedItem: { item: 1 } }]);
		});
	});

	describe('what is wrong for the whole run makes every item an error item', () => {
		const expectAllFailed = ({ failed, worked }: Awaited<ReturnType<typeof run>>) => {
			expect(worked).toEqual([]);
			expect(failed).toMatchObject([0, 1, 2].map((row) => ({ json: { row } })));
			expect(failed.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2].map((item) => ({ item })),
			);
			for (const { json } of failed) expect(json.message).toEqual(expect.any(String));
			expect(at.standIn.creationsReceived).toBe(0);
		};

		test.each([
			['image', 'generate'],
			['task', 'get'],
		])('a credential that is gone: %s, %s', async (resource, operation) => {
			const parameters = { ...MODEL, resource, operation, taskId: 'task-1' };
			expectAllFailed(await run(parameters, rows('a'), { credentials: [] }));
		});

		test.each([
			['image', 'generate'],
			['task', 'get'],
		])('a Base URL that is none: %s, %s', async (resource, operation) => {
			const credentials = [at.credential({ baseUrl: 'ftp://vtrix.example' })];
			const parameters = { ...MODEL, resource, operation, taskId: 'task-1' };
			const all = await run(parameters, rows('a'), { credentials });
			expectAllFailed(all);
			expect(all.failed[0].json.error).toMatch(/^Base URL of the credential: is not usable/);
		});

		test('an API key that is empty', async () => {
			const credentials = [at.credential({ apiKey: '' })];
			const all = await run(MODEL, rows('a'), { credentials });
			expectAllFailed(all);
			expect(all.failed[0].json.error).toMatch(/^API Key of the credential: is empty/);
		});

		test('an operation that is not there', async () => {
			expectAllFailed(await run({ ...MODEL, operation: 'cancel' }, rows('a')));
		});

		test('an expression for the operation that throws', async () => {
			expectAllFailed(
				await run({ ...MODEL, operation: "={{ $('Nowhere').item.json.op }}" }, rows('a')),
			);
		});

		test('a key that the service does not accept', async () => {
			const credentials = [at.credential({ apiKey: 'another-key-than-that' })];
			const all = await run(MODEL, rows('a'), { credentials });
			expect(all.worked).toEqual([]);
			expect(all.failed).toHaveLength(3);
		});
	});
});

describe('without the error branch', () => {
	test('an expression that throws ends the run before anything is paid', async () => {
		const { error, items } = await at.run({ ...MODEL, prompt: `=${THROWS}` }, rows('a dog'));
		expect(error).toMatchObject({ message: expect.stringMatching(/Nowhere|node/i) });
		expect(items).toEqual([]);
		expect(at.standIn.creationsReceived).toBe(0);
	});

	test('its message names the field and the item', async () => {
		const { error } = await at.run({ ...MODEL, prompt: `=${THROWS}` }, rows('a dog'));
		expect(error).toMatchObject({
			description: expect.stringContaining("'prompt'"),
			context: { itemIndex: 1 },
		});
	});

	test('a credential that fails for the last item ends it before the first is paid', async () => {
		const credentials = [at.credential({ apiKey: '={{ $json.text }}' })];
		const items = rows(at.standIn.apiKey).slice(0, 2);
		const { error } = await at.run(MODEL, items, { credentials });
		expect(error?.message).toMatch(/^API Key of the credential: is empty/);
		expect(at.standIn.creationsReceived).toBe(0);
	});
});
