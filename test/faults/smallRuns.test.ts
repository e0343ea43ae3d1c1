import type * as FakeTime from './fakeTimeTransport';
import { now, startTime } from './fakeTimeTransport';
import { atProvider } from './provider';
import { SHAPES } from './smallRuns';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('./fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const at = atProvider({ now, latencyMs: [2000, 9000] });
beforeEach(startTime);
afterEach(() => at.standIn.configure({ limits: {} }));

// each kind of fault by itself, twenty at a time: test/thorough/smallRuns.test.ts
test.each(Object.entries(SHAPES))(
	'%s bring every picture once at a service that is limited and ill',
	async (_, shape) => {
		at.standIn.configure({ limits: { concurrentTasks: 3 } });
		at.standIn.fault('create', { type: 'status', code: 429 }, { times: 3 });
		at.standIn.fault('poll', { type: 'status', code: 503 }, { match: { poll: 1 } });
		at.standIn.fault('download', { type: 'reset' }, { match: { download: 1 } });
		const prompts = Array.from({ length: 12 }, (__, index) => `picture ${index}`);
		const { delivered, failed } = await shape(at, prompts, {
			options: { fileName: '=file-{{ $execution.id }}-{{ Math.random() }}' },
		});
		expect([...failed]).toEqual([]);
		expect(delivered.size).toBe(prompts.length);
		for (const [prompt, taskId] of delivered) expect(at.tasksOf(prompt)).toEqual([taskId]);
		expect(at.standIn.creationsAccepted).toBe(prompts.length);
	},
);
