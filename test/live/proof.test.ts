import type * as FakeTime from '../faults/fakeTimeTransport';
import { now } from '../faults/fakeTimeTransport';
import { startStandIn, type StandIn } from '../standin';
import { playDifferences } from '../standin/faults/differences';
import { AGAINST } from './against';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { proveAt } from '../../tools/live/atGateway';

// tasks take their seconds in a time that jumps
jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

let store: BinaryStore;
let standIn: StandIn;
beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: [3000, 12_000], now });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => {
	standIn.reset();
	standIn.configure({ refusals: 'documented' });
});
afterEach(() => expect(standIn.leaks).toEqual([]));

const ids = (list: ReadonlyArray<{ belief: { id: string } }> = []) =>
	list.map(({ belief }) => belief.id);

test('against the stand-in everything is as believed, and the node handles it', async () => {
	const { report, obstacle, running, uncertain } = await proveAt(standIn);
	expect(obstacle).toBeUndefined();
	expect(report?.comparison.different).toEqual([]);
	expect(report?.comparison.notSeen.map(({ id }) => id)).toEqual(['field.error', 'task.failed']);
	expect(report?.steps?.filter(({ end }) => end !== 'handled')).toEqual([]);
	expect(report?.spec).toMatchObject({ differences: [], untold: [] });
	expect(report?.spec?.agreeing).toHaveLength(8);
	expect([running, uncertain]).toEqual([[], []]);
	const told = report?.tasks.reduce((sum, { cost = 0 }) => sum + cost, 0);
	expect(told).toBeCloseTo(standIn.stats.cost);
	expect(standIn.stats.cost).toBeGreaterThan(0);
});

describe('a gateway that differs', () => {
	test('in all ten ways at once: each is named once, nothing else is, and the node handles it', async () => {
		await playDifferences(standIn);
		const { report } = await proveAt(standIn);
		expect(ids(report?.comparison.different).sort()).toEqual(Object.values(AGAINST).sort());
		expect(report?.steps?.filter(({ end }) => end !== 'handled')).toEqual([]);
	});
});

describe('on the way', () => {
	const ends = (steps: ReadonlyArray<{ step: string; end: string }> = []) =>
		Object.fromEntries(steps.map(({ step, end }) => [step, end]));

	test('credit that runs out ends the creations, each of the rest is skipped and says so', async () => {
		standIn.fault(
			'create',
			{ type: 'status', code: 402, body: { message: 'no credits' } },
			{ match: { model: 'spark_dream_5_0' } },
		);
		const { report, obstacle } = await proveAt(standIn, { modelIds: ['spark_dream_5_0'] });
		expect(obstacle).toMatch(/no credit left/);
		expect(ends(report?.steps)).toMatchObject({ 'key-good': 'handled', 'task-get': 'skipped' });
		expect(standIn.tasks).toEqual([]);
	});

	test('what depends on a step that delivered nothing is skipped and says why', async () => {
		standIn.fault('create', { type: 'failed' }, { match: { model: 'spark_dream_5_0' } });
		const { report, obstacle } = await proveAt(standIn, {
			modelIds: ['spark_dream_5_0', 'spark_dreamo', 'spark_i2i_3_0'],
		});
		expect(obstacle).toBeUndefined();
		const skipped = report?.steps?.filter(({ end }) => end === 'skipped');
		expect(skipped?.map(({ step }) => step)).toEqual(['url-spark_dreamo', 'task-get']);
		expect(skipped?.[0]?.because).toContain('Text to image with Spark Dream 5.0');
		// the service failed, the node told it: that is no failure of the node
		expect(report?.steps?.filter(({ end }) => end === 'failed')).toEqual([]);
		expect(report?.comparison.different.map(({ belief }) => belief.id)).toEqual(['task.success']);
	});

	test('the spending limit skips what could go beyond it', async () => {
		const { report } = await proveAt(standIn, {
			modelIds: ['spark_dreamo', 'spark_i2i_3_0', 'spark_multi_dreamo'],
			imageUrl: 'https://example.com/a.png',
			limit: 0.1,
		});
		const skipped = report?.steps?.filter(({ because }) => because?.includes('limit of $0.10'));
		expect(skipped).toHaveLength(1);
		expect(standIn.stats.cost).toBeLessThanOrEqual(0.1);
	});

	test('a picture that the node does not bring home is its failure', async () => {
		standIn.fault('create', {
			type: 'moreFields',
			fields: { artifacts: ['https://example.com/a.png'] },
		});
		standIn.fault('create', { type: 'completedEmpty' });
		const { report } = await proveAt(standIn, {
			modelIds: ['spark_dreamo'],
			imageUrl: 'https://example.com/a.png',
		});
		const failed = report?.steps?.filter(({ end }) => end === 'failed');
		expect(failed?.map(({ step }) => step)).toEqual(['file-spark_dreamo', 'url-spark_dreamo']);
	});

	test('asks on other paths only when told to, and with nothing that could create a task', async () => {
		const { report } = await proveAt(standIn, { modelIds: ['spark_dreamo'], probe: true });
		const asked = standIn.requests.filter(({ kind }) => kind === 'other');
		expect(asked.map(({ method }) => method).sort()).toEqual(
			['GET', 'GET', 'GET', 'GET', 'OPTIONS', 'OPTIONS'].sort(),
		);
		expect(report?.probes).toHaveLength(6);
		standIn.reset();
		const without = await proveAt(standIn, { modelIds: ['spark_dreamo'] });
		expect(without.report?.probes).toBeUndefined();
		expect(standIn.stats.requests.other).toBe(0);
	});
});
