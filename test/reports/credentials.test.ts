/*
 * Credentials by expression that count for the first item alone, so that others are billed to it:
 * - n8n-io/n8n#8502: helpers that look a credential up without the item
 * - n8n-io/n8n#24360: an address in a credential that stays that of the first tenant
 */
import { startStandIn, type StandIn } from '../standin';
import { atStandIn } from '../node/atStandIn';

const at = atStandIn();

let other: StandIn;
beforeAll(async () => {
	other = await startStandIn({
		apiKey: 'key-of-the-other-agency',
		latencyMs: 20,
		tinyImages: true,
	});
});
beforeEach(() => other.reset());
afterAll(async () => await other.close());

const MODEL = { model: 'spark_dream_5_0', prompt: '={{ $json.prompt }}' };
const BY_ITEM = { apiKey: '={{ $json.key }}', baseUrl: '={{ $json.host }}' };

const forClient = (standIn: StandIn, prompt: string) => ({
	json: { prompt, key: standIn.apiKey, host: standIn.url },
});

const promptsOf = (standIn: StandIn) => standIn.tasks.map(({ prompt }) => prompt).sort();

const continues = { nodeOverrides: { onError: 'continueErrorOutput' as const } };

test('each item goes out with its own key, to its own host', async () => {
	const items = [
		forClient(at.standIn, 'one'),
		forClient(other, 'two'),
		forClient(at.standIn, 'three'),
		forClient(other, 'four'),
	];
	const { items: out, error } = await at.run(MODEL, items, {
		credentials: [at.credential(BY_ITEM)],
	});
	expect(error).toBeUndefined();
	expect(out[0].map(({ json }) => json.prompt)).toEqual(['one', 'two', 'three', 'four']);
	expect(promptsOf(at.standIn)).toEqual(['one', 'three']);
	expect(promptsOf(other)).toEqual(['four', 'two']);
	expect(other.leaks).toEqual([]);
});

test('tasks with one ID of two accounts are fetched from each', async () => {
	const { items } = await at.run(
		{ resource: 'task', operation: 'get', taskId: 'task-of-both' },
		[forClient(at.standIn, ''), forClient(other, '')],
		{ credentials: [at.credential(BY_ITEM)], ...continues },
	);
	expect(items[1]).toHaveLength(2);
	expect(at.standIn.requests).not.toEqual([]);
	expect(other.requests).not.toEqual([]);
});

test('the key of an item is removed from what its host says', async () => {
	other.fault('create', {
		type: 'status',
		code: 400,
		body: { error: { message: `no such model for ${other.apiKey}` } },
	});
	const { items } = await at.run(MODEL, [forClient(at.standIn, 'one'), forClient(other, 'two')], {
		credentials: [at.credential(BY_ITEM)],
		...continues,
	});
	expect(items[0]).toHaveLength(1);
	expect(JSON.stringify(items[1][0].json.message)).toContain('no such model for [API key]');
	expect(JSON.stringify(items[1][0].json.message)).not.toContain(other.apiKey);
});

describe('a field of the credential that an expression leaves unusable is told in one sentence', () => {
	test.each([
		['apiKey', undefined, /^API Key of the credential: is empty\. /],
		['apiKey', null, /^API Key of the credential: is empty\. /],
		['apiKey', '  ', /^API Key of the credential: is empty\. /],
		['apiKey', 1234567890, /^API Key of the credential: is a number\. /],
		['apiKey', { key: 'k' }, /^API Key of the credential: is not text\. /],
		['baseUrl', undefined, /^Base URL of the credential: is empty\. /],
		['baseUrl', null, /^Base URL of the credential: is empty\. /],
		['baseUrl', 443, /^Base URL of the credential: is a number\. /],
	])('%s: %j', async (field, value, message) => {
		const credentials = [at.credential({ [field]: '={{ $json.value }}' })];
		const { items } = await at.run({ ...MODEL, prompt: 'a cat' }, [{ json: { value } }], {
			credentials,
			...continues,
		});
		expect(items[0]).toEqual([]);
		expect(items[1][0].json.error).toMatch(message);
		expect(items[1][0].json.error).not.toContain('1234567890');
		expect(at.standIn.creationsReceived).toBe(0);
	});
});
