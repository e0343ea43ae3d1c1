/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import { credentialFor } from '../node/runVtrix';
import type { TestCredential } from '../support/credentials';
import { listen } from '../support/listen';
import type { NodeRun } from '../support/runNode';
import { sampleImage } from '../support/sampleImage';
import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { atProvider } from './provider';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });
beforeEach(startTime);

const DOORS = [undefined, 'continueRegularOutput', 'continueErrorOutput'] as const;
const five = Array.from({ length: 5 }, (_, index) => `picture ${index}`);
const refusedPoll = { type: 'status', code: 403 } as const;

/** The node's settings for a run that is tried again. */
const tries = (onError: (typeof DOORS)[number], maxTries = 3) => ({
	nodeOverrides: { retryOnFail: true, maxTries, waitBetweenTries: 1, ...(onError && { onError }) },
});

/** All that a user and a workflow can read of a run. */
const told = ({ error, items }: NodeRun): string =>
	JSON.stringify([
		error?.message,
		error && 'description' in error ? error.description : undefined,
		error?.context,
		items,
	]);

/** Polls are refused, and from the first of them on the credential has another address. */
function credentialUntilPolled(baseUrl: string): TestCredential {
	const { type, data } = credentialFor(at.standIn);
	let isPolled = false;
	const match = () => (isPolled = true);
	at.standIn.fault('poll', refusedPoll, { match });
	return {
		type,
		get data() {
			return { ...data, ...(isPolled && { baseUrl }) };
		},
	};
}

describe('after Retry On Fail', () => {
	const overloaded = {
		type: 'status',
		code: 503,
		body: { task_id: 't-9', message: 'overloaded' },
		headers: { 'X-Request-Id': 'req-77' },
	} as const;

	test.each(DOORS)(
		'an unknown outcome is told with all that was answered (%s)',
		async (onError) => {
			at.fault('create', 'a cat', { ...overloaded, created: false });
			const run = await at.generate(['a cat'], tries(onError));
			expect(at.creationsOf('a cat')).toBe(1);
			for (const words of ['may have been created and billed', 'overloaded', 'req-77', 't-9']) {
				expect(told(run)).toContain(words);
			}
		},
	);

	test.each(DOORS)(
		'an unknown outcome is told where nothing was answered (%s)',
		async (onError) => {
			at.fault('create', 'a cat', { type: 'reset', created: true });
			const run = await at.generate(['a cat'], tries(onError));
			expect(at.creationsOf('a cat')).toBe(1);
			expect(told(run)).toMatch(/may have been created and billed: Vtrix was reached, then/);
		},
	);

	test.each(DOORS)('a stop during a creation tells that it may be billed (%s)', async (onError) => {
		at.fault('create', 'a cat', { type: 'hang', created: true });
		const run = await at.generate(['a cat'], {
			...tries(onError),
			cancelWhen: () => at.creationsOf('a cat') > 0,
		});
		expect(run.status).toBe('canceled');
		expect(told(run)).toMatch(/may have been created and billed/);
		expect(told(run)).not.toMatch(/No task is running/);
	});

	test.each(DOORS)(
		'a task of an earlier try is named whatever the next one meets (%s)',
		async (onError) => {
			at.fault('poll', 'a cat', refusedPoll);
			const run = await at.generate(['a cat'], tries(onError));
			const [taskId] = at.tasksOf('a cat');
			expect(told(run)).toContain(taskId);
			expect(told(run)).not.toMatch(/nothing was charged/i);
		},
	);

	test.each(DOORS)(
		'a task is named whose credential cannot be read any more (%s)',
		async (onError) => {
			const run = await at.generate(['a cat'], {
				...tries(onError, 2),
				credentials: [credentialUntilPolled('nowhere')],
			});
			expect(told(run)).toContain('Base URL');
			expect(told(run)).toContain(at.tasksOf('a cat')[0]);
			expect(told(run)).not.toMatch(/nothing was charged/i);
		},
	);

	test('the tasks of all items are named beside an error that is n8n’s own', async () => {
		const run = await at.generate(
			five,
			{
				...tries(undefined, 2),
				credentials: [credentialUntilPolled("={{ $('Nobody').item.json.url }}")],
			},
			{ options: { maxConcurrency: 5 } },
		);
		expect(run.error?.message).toBe("Referenced node doesn't exist");
		expect(at.standIn.tasks.length).toBeGreaterThan(1);
		for (const { id } of at.standIn.tasks) {
			expect(told(run)).toContain(id);
			expect(run.error?.context?.taskIds).toContain(id);
		}
	});

	test.each(DOORS)('a task that was charged and failed is named (%s)', async (onError) => {
		at.fault('create', 'a cat', { type: 'failed', error: 'too dark' }, { times: 1 });
		at.fault('poll', 'a cat', { type: 'moreFields', fields: { usage: { cost: '0.2' } } });
		at.standIn.fault(
			'create',
			{ type: 'status', code: 402 },
			{ match: () => at.tasksOf('a cat').length > 0 },
		);
		const run = await at.generate(['a cat'], tries(onError));
		expect(told(run)).toContain(at.tasksOf('a cat')[0]);
	});

	test('the tasks of items are named that the next try does not come to', async () => {
		at.standIn.fault('poll', refusedPoll, { match: { taskIndex: 4 }, times: 1 });
		at.standIn.fault('poll', refusedPoll, { match: () => at.standIn.tasks.length >= 5 });
		const run = await at.generate(five, tries(undefined, 2), { options: { maxConcurrency: 1 } });
		expect(at.standIn.creationsReceived).toBe(5);
		for (const { id } of at.standIn.tasks) {
			expect(told(run)).toContain(id);
			expect(run.error?.context?.taskIds).toContain(id);
		}
		expect(told(run)).not.toMatch(/not started/);
	});
});

test('a hint names the task that was charged and failed before it worked', async () => {
	at.fault('create', 'a cat', { type: 'entryError', index: 0 }, { times: 1 });
	const run = await at.generate(['a cat'], tries(undefined));
	expect(run.error).toBeUndefined();
	expect(run.hints.map(({ message }) => message).join()).toContain(at.tasksOf('a cat')[0]);
});

test('a creation that names its task is asked about it, and its image delivered', async () => {
	at.standIn.fault('create', { type: 'id', id: 't-9' });
	at.fault('create', 'a cat', {
		type: 'status',
		code: 503,
		body: { task_id: 't-9', message: 'overloaded' },
		created: true,
	});
	const run = await at.generate(['a cat']);
	expect(run.error).toBeUndefined();
	expect(run.items[0][0].json.taskId).toBe('t-9');
	expect(at.creationsOf('a cat')).toBe(1);
});

test('an image that is wrong in the next try does not say that nothing was charged', async () => {
	const picture = await sampleImage({ format: 'png', width: 600, height: 600 });
	let checks = 0;
	const server = createServer((_, response) => {
		checks += 1;
		response.writeHead(checks === 1 ? 200 : 404, { 'content-type': 'image/png' }).end(picture);
	});
	const { host, close } = await listen(server);
	at.fault('poll', 'a cat', refusedPoll);
	const run = await at.generate(['a cat'], tries(undefined), {
		inputImages: { image: [{ source: 'url', url: `http://${host}/in.png` }] },
		options: { checkImageUrls: true },
	});
	await close();
	expect(told(run)).toContain(at.tasksOf('a cat')[0]);
	expect(told(run)).not.toMatch(/nothing was charged/i);
});
