/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { startStandIn, type StandIn } from '../standin';
import type { RecordedStep } from '../standin/playback/format';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { engine } from '../../tools/live/node/engine';
import { runStep } from '../../tools/live/node/runStep';
import { RecordingProxy } from '../../tools/live/proxy/recordingProxy';
import { readRecording } from '../../tools/live/recording/folder';
import { FOLDER_VARIABLE } from '../../tools/live/replay';

// what took minutes is played in seconds
jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

const RECORDINGS = path.join(__dirname, '..', 'recordings');
const chosen = process.env[FOLDER_VARIABLE];
const folders = chosen
	? [chosen]
	: fs
			.readdirSync(RECORDINGS, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => path.join(RECORDINGS, name));

const KEYS = { good: 'key-of-the-playback', wrong: 'another-key' };

let store: BinaryStore;
beforeAll(async () => {
	store = await initBinaryData();
});
afterAll(() => store.cleanup());

/** One of descriptions alone has nothing for the node. */
const played = folders
	.map((folder) => [path.basename(folder), readRecording(folder)] as const)
	.filter(([, steps]) => steps.some(({ does }) => does.kind !== 'requests'));

describe.each(played)('the recording %s', (_, steps) => {
	let standIn: StandIn;
	let proxy: RecordingProxy;
	beforeAll(async () => {
		standIn = await startStandIn({ recording: steps, apiKey: KEYS.good });
		proxy = await RecordingProxy.start((step) => `${standIn.url}/${step}`);
	});
	afterAll(async () => {
		await proxy.close();
		await standIn.close();
	});

	const taken = steps.flatMap((step): Array<RecordedStep & { does: Taken }> => {
		const { does } = step;
		return does.kind === 'requests' ? [] : [{ ...step, does }];
	});
	test.each(taken.map((step) => [step.title, step] as const))(
		'is handled by the node: %s',
		async (title, { step, does }) => {
			const { verdict } = await runStep(engine, proxy, { step, title, does }, KEYS);
			expect(verdict).toEqual({ handled: true });
			expect([...standIn.complaints, ...standIn.leaks, ...proxy.leaks]).toEqual([]);
		},
	);
});

type Taken = Exclude<RecordedStep['does'], { kind: 'requests' }>;
