import type { RecordedStep } from '../../../test/standin/playback/format';
import type { FinishedStep } from '../recording/record';
import type { RecordingProxy } from '../proxy/recordingProxy';
import { judgeRun, judgeTest, outcomeOf, type Verdict } from './judge';
import type { Workbench } from './workbench';

const SETTLE_MS = 3000;

/** A step that the node takes. */
export interface StepToRun {
	step: string;
	title: string;
	does: Exclude<RecordedStep['does'], { kind: 'requests' }>;
}

/** The key, and one that cannot be right. */
export interface Keys {
	good: string;
	wrong: string;
}

/** What came of a step, and whether the node did right. */
export interface StepResult {
	finished: FinishedStep;
	verdict: Verdict;
	/** JSON of the items that came out. */
	items: Array<Record<string, unknown>>;
}

/** Lets the node take a step through the recording proxy. */
export async function runStep(
	bench: Workbench,
	proxy: RecordingProxy,
	{ step, title, does }: StepToRun,
	keys: Keys,
): Promise<StepResult> {
	const baseUrl = proxy.baseUrlOf(step);
	if (does.kind === 'credential test') {
		const { passed, message } = await bench.testCredential({ apiKey: keys[does.key], baseUrl });
		const error = { message, description: '' };
		const outcome = { items: 0, images: [], ...(!passed && { error }) };
		return {
			finished: { step, title, does, outcome, exchanges: proxy.exchangesOf(step) },
			verdict: judgeTest(does.key, passed, message),
			items: [],
		};
	}
	const result = await bench.run({
		title,
		credential: { apiKey: keys.good, baseUrl },
		parameters: does.parameters,
		withFile: does.withFile,
	});
	// the node can be through with an answer before its last event has come by here
	await proxy.settle(SETTLE_MS, step);
	const exchanges = proxy.exchangesOf(step);
	const outcome = outcomeOf(result, exchanges);
	return {
		finished: { step, title, does, outcome, exchanges },
		verdict: judgeRun(outcome, exchanges),
		items: result.items.map(({ json }) => json),
	};
}
