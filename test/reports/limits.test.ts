/*
 * Limits of a service that clients take for something else:
 * - langchain-ai/langchainjs#1929, QwenLM/qwen-code#7841: an empty account answers 429, and is asked
 *   again for minutes before anybody hears of it
 * - openclaw/clawhub#407: Retry-After as a moment since 1970, which is 56 years of waiting
 * - n8n-io/n8n#25014, n8n-io/n8n#25091: one-item executions of webhooks and schedules that end at the
 *   first 429
 */
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now, startTime } from '../faults/fakeTimeTransport';
import { atProvider } from '../faults/provider';
import { SHAPES } from '../faults/smallRuns';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now });
beforeEach(startTime);
afterEach(() => at.standIn.configure({ limits: {} }));

test('a quota that is used up is told at once, though it comes as 429', async () => {
	const body = { error: { code: 'insufficient_quota', message: 'You exceeded your quota' } };
	at.standIn.fault('create', { type: 'status', code: 429, body });
	const startedAt = now();
	const { error } = await at.generate(['a cat']);
	expect(error?.message).toMatch(/no balance or quota left/);
	expect(error?.description).toMatch(/You exceeded your quota/);
	expect([now() - startedAt, at.standIn.creationsReceived]).toEqual([0, 1]);
});

test('Retry-After as a moment is waited for as long as it is away', async () => {
	const moment = String(Math.floor(now() / 1000) + 30);
	const headers = { 'retry-after': moment, date: new Date(now()).toUTCString() };
	at.standIn.fault('create', { type: 'status', code: 429, headers }, { times: 1 });
	const { items } = await at.generate(['a cat']);
	expect(items[0]).toHaveLength(1);
	const [first, second] = at.standIn.requests.filter(({ kind }) => kind === 'create');
	expect(second.time - first.time).toBeGreaterThanOrEqual(29_000);
	expect(second.time - first.time).toBeLessThan(33_000);
});

test.each(['webhooks at once', 'schedules that overlap'] as const)(
	'%s are not ended by 429, but come one after the other',
	async (name) => {
		at.standIn.configure({ limits: { concurrentTasks: 1 } });
		const prompts = Array.from({ length: 6 }, (_, index) => `photo ${index}`);
		const { delivered, failed } = await SHAPES[name](at, prompts, {});
		expect([...failed]).toEqual([]);
		expect(delivered.size).toBe(6);
		expect(at.standIn.stats.statuses['create 429']).toBeGreaterThan(0);
	},
);
