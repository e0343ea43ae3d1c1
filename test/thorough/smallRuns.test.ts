import type { Conditions, Fault, FaultKind, Limits } from '../standin';
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
const PROMPTS = Array.from({ length: 20 }, (_, index) => `picture ${index}`);
const COMPUTED = { options: { fileName: '=file-{{ $execution.id }}-{{ Math.random() }}' } };

beforeEach(() => {
	startTime();
	at.standIn.configure({ limits: {}, latencyMs: [2000, 9000] });
});

/** What holds in any case: no prompt is paid twice, no picture goes to another's item. */
function expectPaidOnce(delivered: ReadonlyMap<string, string>) {
	for (const prompt of PROMPTS) expect(at.tasksOf(prompt).length).toBeLessThanOrEqual(1);
	for (const [prompt, taskId] of delivered) expect(at.tasksOf(prompt)).toEqual([taskId]);
}

const often = (times: number) => ({ times });
const EACH_FIRST: Record<'poll' | 'download', Conditions> = {
	poll: { match: { poll: 1 } },
	download: { match: { download: 1 } },
};

describe.each(Object.entries(SHAPES))('%s', (name, shape) => {
	/** No file reaches an agent. */
	const isDownloaded = name !== 'calls of an agent at once';

	test.each<[string, Limits, Array<[FaultKind, Fault, Conditions]>]>([
		['a service without faults', {}, []],
		['creations answered with 429', {}, [['create', { type: 'status', code: 429 }, often(8)]]],
		['polls answered with 429', {}, [['poll', { type: 'status', code: 429 }, often(8)]]],
		['polls answered with 503', {}, [['poll', { type: 'status', code: 503 }, EACH_FIRST.poll]]],
		['polls cut off', {}, [['poll', { type: 'reset' }, often(5)]]],
		[
			'downloads that come slowly',
			{},
			[['download', { type: 'slowDrip', bytesPerSecond: 4000 }, often(3)]],
		],
		[
			'downloads answered with 503',
			{},
			[['download', { type: 'status', code: 503 }, EACH_FIRST.download]],
		],
		['three tasks at a time', { concurrentTasks: 3 }, []],
		['two creations and five polls a second', { creationsPerSecond: 2, pollsPerSecond: 5 }, []],
	])('bring every picture once, each to its own item: %s', async (__, limits, faults) => {
		at.standIn.configure({ limits });
		for (const [kind, fault, conditions] of faults) at.standIn.fault(kind, fault, conditions);
		const { delivered, failed } = await shape(at, PROMPTS, COMPUTED);
		expect([...failed]).toEqual([]);
		expect([...delivered.keys()].sort()).toEqual([...PROMPTS].sort());
		expectPaidOnce(delivered);
		expect(at.standIn.creationsAccepted).toBe(PROMPTS.length);
		for (const [kind, fault] of faults) {
			const isMet = kind !== 'download' || isDownloaded;
			expect(at.standIn.stats.faults[fault.type] ?? 0).toBeGreaterThan(isMet ? 2 : -1);
		}
	});

	test.each<[string, Fault]>([
		['503 after they were made', { type: 'status', code: 503, created: true }],
		['503 before they were made', { type: 'status', code: 503, created: false }],
		['a connection cut off', { type: 'reset', created: true }],
	])('tell of creations of unknown outcome, and send none again: %s', async (__, fault) => {
		at.standIn.fault('create', fault, often(3));
		const { delivered, failed } = await shape(at, PROMPTS, COMPUTED);
		expect(failed.size).toBe(3);
		for (const message of failed.values()) expect(message).toMatch(/may have been created/);
		expectPaidOnce(delivered);
		expect(at.standIn.creationsReceived).toBe(PROMPTS.length);
	});

	test('tell the task of a picture that could not be had', async () => {
		at.fault('download', 'picture 4', { type: 'status', code: 404 });
		const { delivered, failed } = await shape(at, PROMPTS, COMPUTED);
		expectPaidOnce(delivered);
		expect([...failed.keys()]).toEqual(isDownloaded ? ['picture 4'] : []);
		for (const [prompt, message] of failed) {
			expect(message).toContain(at.tasksOf(prompt)[0]);
		}
		expect(delivered.size + failed.size).toBe(PROMPTS.length);
	});
});
