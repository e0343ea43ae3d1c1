import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { findErrorAdvice } from '../../nodes/Vtrix/models';
import { FACTS } from '../standin/facts';
import { readBinary } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };
const TO_ERROR_BRANCH = { nodeOverrides: { onError: 'continueErrorOutput' as const } };

const errorOf = async (parameters: INodeParameters = {}) => {
	const { error } = await at.run({ ...PROMPT, ...parameters });
	if (!error) throw new Error('The run worked');
	const { message, description, context } = error;
	return { message, description: String(description), context };
};

/** What an item of the error branch tells. */
const told = ({ json }: INodeExecutionData) => ({
	message: json.error,
	description: String(json.message),
});

describe('an HTTP status on creation', () => {
	const status = (code: number, body?: unknown) =>
		at.standIn.fault('create', {
			type: 'status',
			code,
			headers: { 'X-Request-Id': 'req-7' },
			...(body !== undefined && { body }),
		});

	test.each([
		[400, 'did not accept the settings', /Correct the setting/],
		[401, 'The API key was not accepted', /enter a key from the API Key Management/],
		[402, 'out of credit', /Top up/],
		[403, 'may not do this', /not expired.*credit/],
		[404, 'does not know this address', /Base URL/],
	])(
		'%i is told with what happened, what to do, and the request ID',
		async (code, message, advice) => {
			status(code, { message: 'because I say so' });
			const error = await errorOf();
			expect(error.message).toContain(message);
			expect(error.message).toContain(`(HTTP ${code})`);
			expect(error.description).toMatch(advice);
			expect(error.description).toContain('because I say so');
			expect(error.description).toContain('req-7');
			expect(error.context).toMatchObject({ itemIndex: 0 });
			expect(at.standIn.creationsReceived).toBe(1);
		},
	);

	test('the status is a detail that n8n shows beside the message', async () => {
		status(402);
		const { error } = await at.run(PROMPT);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '402',
			messages: ['The Vtrix account is out of credit (HTTP 402)'],
		});
	});

	test('429 until the time limit is told with the advice to wait, or to do less at once', async () => {
		status(429);
		const error = await errorOf({ options: { timeout: 1.5 } });
		expect(error.message).toMatch(/limits how many requests/);
		expect(error.description).toMatch(/'Max Concurrent Tasks'.*req-7/);
		expect(at.standIn.creationsReceived).toBeGreaterThan(1);
	});

	test.each([500, 502, 503, 504])(
		'%i is told as perhaps paid for, with the request ID',
		async (code) => {
			status(code, code === 502 ? '<html>Bad gateway</html>' : undefined);
			const error = await errorOf();
			expect(error.message).toMatch(/may have been created and billed/);
			expect(error.message).toContain(`HTTP ${code} (request ID req-7)`);
			expect(error.description).toMatch(/not sent again.*usage on your Vtrix account/);
			expect(at.standIn.creationsReceived).toBe(1);
		},
	);

	test.each([
		['{message}', { message: 'it is so' }],
		['{error} as text', { error: 'it is so' }],
		['{error} as object', { error: { code: 1001, message: 'it is so' } }],
		['{status}', { status: { code: 402, message: 'it is so', error_code: 40201 }, data: null }],
	])('the reason is read from %s', async (_, body) => {
		status(402, body);
		expect((await errorOf()).description).toContain('Vtrix says: it is so');
	});

	test('a refusal inside HTTP 200 counts as what it says', async () => {
		status(200, { status: { code: 402, message: 'it is so', error_code: 40201 }, data: null });
		const error = await errorOf();
		expect(error.message).toMatch(/out of credit \(HTTP 402\)/);
		expect(error.description).toMatch(/it is so, code 40201/);
	});

	test.each([401, 402, 403])(
		'%i with a web page is not told as one of the API about the key',
		async (code) => {
			status(code, '<html><title>Access denied</title><h1>Sorry</h1></html>');
			const { message, description } = await errorOf();
			expect(message).toBe(`Something other than Vtrix answered (HTTP ${code})`);
			expect(description).toMatch(/firewall or a proxy.*Base URL.*The answer says: Access denied/);
			expect(description).not.toMatch(/key|account|credit/);
		},
	);

	test('a page of a proxy is not shown as it is', async () => {
		status(403, '<html><script>alert(1)</script></html>');
		const error = await errorOf();
		expect(JSON.stringify(error)).not.toContain('<');
	});
});

describe('the documented error codes', () => {
	const codes = Object.values(FACTS).flatMap(({ errorCodes }) => Object.keys(errorCodes));
	const items = codes.map((code) => ({ json: { code } }));

	test.each([
		['as text', (code: string) => ({ code, error_message: 'it is so' })],
		['as numbers', (code: string) => ({ code: Number(code), message: 'it is so' })],
	])('%s give each its own advice, with the task ID', async (_, errorWith) => {
		for (const code of codes) {
			at.standIn.fault(
				'create',
				{ type: 'failed', error: errorWith(code) },
				{ match: ({ params }) => params?.prompt === code },
			);
		}
		const { items: output } = await at.run(
			{ ...PROMPT, prompt: '={{ $json.code }}', options: { maxConcurrency: 38 } },
			items,
			TO_ERROR_BRANCH,
		);
		expect(output[0]).toEqual([]);
		expect(output[1]).toHaveLength(38);
		for (const [index, item] of output[1].entries()) {
			const { message = '', advice = '' } = findErrorAdvice(codes[index]) ?? {};
			const task = at.standIn.tasks.find(({ prompt }) => prompt === codes[index]);
			expect(told(item).message).toBe(`${message} (task ${task?.id})`);
			expect(told(item).description).toContain(advice);
			expect(told(item).description).toContain('Vtrix says: it is so');
			expect(told(item).description).toContain(String(Number(codes[index])));
			expect(item.pairedItem).toEqual({ item: index });
		}
	});

	test('give their advice on a refused creation too', async () => {
		at.standIn.fault('create', {
			type: 'status',
			code: 400,
			body: { error: { code: '003025002', message: 'too many' } },
		});
		const error = await errorOf();
		expect(error.message).toBe('The service received too many images (HTTP 400)');
		expect(error.description).toMatch(/at most 14 images.*too many, code 003025002/);
	});
});

describe('a failed task', () => {
	test.each([
		['a bare text', { error: 'the moon is full' }, /the moon is full/],
		['an unknown code', { error: { code: 'E42', message: 'the moon is full' } }, /moon.*code E42/],
		['a bare code', { error: 3011004 }, /single subject.*3011004/],
		['nothing', { withoutError: true }, /Change the prompt/],
		[
			'its provider',
			{ withoutError: true, provider_error: { code: 'P1', message: 'the moon is full' } },
			/moon is full, code P1/,
		],
	])('is told with %s as reason', async (_, fault, reason) => {
		at.standIn.fault('create', { type: 'failed', ...fault });
		const error = await errorOf();
		expect(error.message).toContain(at.standIn.tasks[0].id);
		expect(error.description).toMatch(reason);
	});

	test('is also one that is called completed, but has an error and no image', async () => {
		at.standIn.fault('create', {
			type: 'completedWithError',
			error: { code: '003025095', message: 'no' },
		});
		const error = await errorOf();
		expect(error.message).toMatch(/could not generate the image \(task /);
	});

	test('is also one without any image', async () => {
		at.standIn.fault('create', { type: 'completedEmpty' });
		const { message, description, context } = await errorOf();
		const [{ id }] = at.standIn.tasks;
		expect(message).toBe(`Task ${id} ended without an image`);
		expect(description).toMatch(/^Vtrix reported it as completed.*run this item again\.$/);
		expect(context).toMatchObject({ taskIds: [id] });
	});
});

describe('the time limit', () => {
	test('tells the task ID, and how to fetch the images later', async () => {
		at.standIn.fault('create', { type: 'neverEnds' });
		const error = await errorOf({ options: { timeout: 1 } });
		const [{ id }] = at.standIn.tasks;
		expect(error.message).toContain(`Task ${id} was not finished`);
		expect(error.description).toMatch(new RegExp(`'Task', operation 'Get' and the task ID ${id}`));
		expect(error.context).toMatchObject({ taskIds: [id] });
	});
});

describe('with the error branch', () => {
	const prompts = ['one', 'two', 'three', 'four', ''];
	const items = prompts.map((prompt) => ({ json: { prompt } }));

	test('failed items come out of it, with their error and their task ID; the others as usual', async () => {
		const failing = {
			match: ({ params }: { params?: Record<string, unknown> }) => params?.prompt === 'two',
		};
		at.standIn.fault('create', { type: 'failed', error: { code: '003025095' } }, failing);
		at.standIn.fault(
			'create',
			{ type: 'status', code: 402 },
			{
				match: ({ params }) => params?.prompt === 'four',
			},
		);
		const {
			items: output,
			error,
			status,
		} = await at.run({ ...PROMPT, prompt: '={{ $json.prompt }}' }, items, TO_ERROR_BRANCH);
		expect(error).toBeUndefined();
		expect(status).toBe('success');
		expect(output[0].map(({ json }) => json.prompt)).toEqual(['one', 'three']);
		for (const item of output[0]) expect(await readBinary(item)).not.toHaveLength(0);
		const task = at.standIn.tasks.find(({ prompt }) => prompt === 'two');
		expect(output[1].map(told).map(({ message }) => message)).toEqual([
			`The service could not generate the image (task ${task?.id})`,
			'The Vtrix account is out of credit (HTTP 402)',
			'Prompt is empty. Fill it in.',
		]);
		expect(output[1].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 1 },
			{ item: 3 },
			{ item: 4 },
		]);
	});

	test('an image that is missing from a group comes out of it, the others as usual', async () => {
		at.standIn.fault('create', { type: 'entryError', index: 0, error: 'blurred' });
		const { items: output } = await at.run(
			{ ...PROMPT, options: { sequentialImageGeneration: 'auto', maxImages: 3 } },
			undefined,
			TO_ERROR_BRANCH,
		);
		expect(output[0].map(({ json }) => json.index)).toEqual([2, 3]);
		expect(output[1]).toHaveLength(1);
		const { message, description } = told(output[1][0]);
		const [{ id }] = at.standIn.tasks;
		expect(message).toBe(`One image of task ${id} was not generated`);
		expect(description).toMatch(/^Vtrix says: blurred.*for another try\.$/);
		expect(output[1][0].json.details).toMatchObject({ taskIds: [id] });
	});

	test('a task that cannot be fetched comes out of it too', async () => {
		const { items: output } = await at.run(
			{ resource: 'task', operation: 'get', taskId: 'no-such-task' },
			undefined,
			TO_ERROR_BRANCH,
		);
		expect(output[0]).toEqual([]);
		expect(told(output[1][0]).message).toContain('no-such-task');
	});
});

test('with "Continue" failed items stay in their places', async () => {
	const items = ['one', '', 'three'].map((prompt) => ({ json: { prompt } }));
	const { items: output, error } = await at.run(
		{ ...PROMPT, prompt: '={{ $json.prompt }}' },
		items,
		{ nodeOverrides: { onError: 'continueRegularOutput' } },
	);
	expect(error).toBeUndefined();
	expect(output[0].map(({ json }) => json.error ?? json.prompt)).toEqual([
		'one',
		'Prompt is empty. Fill it in.',
		'three',
	]);
});

describe('a mistake in the settings', () => {
	test('names the item and every field, before anything is sent', async () => {
		const { error } = await at.run(
			{
				model: 'spark_multi_dreamo',
				prompt: '={{ $json.prompt }}',
				inputImages: { image: [{ source: 'url', url: 'https://example.com/a.png' }] },
				options: { ddimSteps: '={{ $json.steps }}', guidanceScale1: '={{ $json.guidance }}' },
			},
			[{ json: { prompt: 'fine' } }, { json: { prompt: '', steps: 80, guidance: 'strong' } }],
		);
		expect(error?.message).toContain('3 settings need a correction');
		expect(error?.message).toContain('Prompt is empty');
		expect(error?.message).toContain('Steps: 80 is too high. The largest value is 50.');
		expect(error?.message).toContain('Prompt Strength: "strong" is not a number');
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(error?.description).toBe(
			'Nothing was sent and nothing was charged. Correct the fields and run again.',
		);
		expect(error).not.toHaveProperty('httpCode');
		expect(at.standIn.requests).toEqual([]);
	});

	test.each([
		['prompt', { prompt: "={{ $('Nowhere').item.json.text }}" }],
		['options', { options: { fileName: "={{ $('Nowhere').item.json.text }}" } }],
	])('names the field whose expression n8n cannot evaluate: %s', async (field, parameters) => {
		const { items: output } = await at.run({ ...PROMPT, ...parameters }, undefined, {
			nodeOverrides: { onError: 'continueRegularOutput' },
		});
		expect(output[0].map(told)).toEqual([
			{
				message: "Referenced node doesn't exist",
				description: `Correct the expression in '${field}'.`,
			},
		]);
	});

	test('leaves to n8n where an expression is wrong that n8n does not name', async () => {
		const { items: output } = await at.run({ ...PROMPT, prompt: '={{ $json.a( }}' }, undefined, {
			nodeOverrides: { onError: 'continueRegularOutput' },
		});
		expect(output[0].map(told)).toEqual([
			{
				message: 'invalid syntax',
				description: 'Correct what it names, then run this item again.',
			},
		]);
	});
});

test('a list of a thousand wrong entries is told in a few lines, each once', async () => {
	const { error } = await at.run(
		{
			model: 'spark_multi_dreamo',
			prompt: 'A lighthouse',
			inputImages: { image: [{ source: 'file', fieldName: '={{ $json.bytes }}' }] },
		},
		[{ json: { bytes: Array.from({ length: 1000 }, (_, index) => index % 250) } }],
	);
	const lines = error?.message.split('\n') ?? [];
	expect(lines[0]).toBe('251 settings need a correction:');
	expect(lines).toHaveLength(22);
	expect(lines[21]).toBe('• and 231 more');
});

describe('the API key', () => {
	test.each(['create', 'poll'] as const)(
		'is in no text although a %s answer echoes it',
		async (kind) => {
			at.standIn.fault(kind, { type: 'echoKey' });
			const run = await at.run(PROMPT);
			expect(run.error?.description).toContain('[API key]');
			expect(JSON.stringify([run.error, run.items, run.hints, run.logs])).not.toContain(
				at.standIn.apiKey,
			);
		},
	);

	test('is in no text although it was pasted with a line break at its end', async () => {
		at.standIn.fault('create', { type: 'echoKey' });
		const run = await at.run(PROMPT, undefined, {
			credentials: [at.credential({ apiKey: `${at.standIn.apiKey}\n` })],
		});
		expect(JSON.stringify([run.error, run.items, run.hints, run.logs])).not.toContain(
			at.standIn.apiKey,
		);
	});
});
