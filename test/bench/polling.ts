import type { Latency, RunningOptions } from '../standin';
import type { Lab } from './lab';
import { median, metricsOf, type Metrics } from './metrics';
import { chosen, handmade, node, ONE_BY_ONE, type Rival } from './rivals';
import { percent, seconds, time, times, type Table } from './table';

/** Tasks that all rivals work through, with and without progress. */
export interface PollingScenario {
	title: string;
	items: number;
	/** Tasks at the same time, in the ideal and for this node. */
	concurrency: number;
	latencyMs: Exclude<Latency, (index: number) => number>;
	rivals: readonly Rival[];
}

const USUAL: PollingScenario['latencyMs'] = [3000, 12_000];
const DEFAULT_CONCURRENCY = 10;

export const POLLING20: PollingScenario = {
	title: '20 items at the same time, tasks of 3 to 12 s',
	items: 20,
	concurrency: 20,
	latencyMs: USUAL,
	rivals: [node(20), handmade(5), handmade(3), ONE_BY_ONE],
};

export const POLLING100: PollingScenario = {
	title: '100 items at the same time, tasks of 3 to 12 s',
	items: 100,
	concurrency: 100,
	latencyMs: USUAL,
	rivals: [node(100), handmade(5), handmade(3)],
};

export const DEFAULT20: PollingScenario = {
	title: '20 items, 10 at a time (the default), tasks of 3 to 12 s',
	items: 20,
	concurrency: DEFAULT_CONCURRENCY,
	latencyMs: USUAL,
	rivals: [node(undefined)],
};

export const DEFAULT100: PollingScenario = {
	...DEFAULT20,
	title: '100 items, 10 at a time (the default), tasks of 3 to 12 s',
	items: 100,
};

export const SLOW: PollingScenario = {
	title: '20 items, 10 at a time, tasks of 60 s',
	items: 20,
	concurrency: DEFAULT_CONCURRENCY,
	latencyMs: 60_000,
	rivals: [node(undefined)],
};

type Measured = Metrics & { busiestSecond: number };

/** Runs all rivals in turn, so that a disturbance of the machine hits all of them. */
export async function measurePolling(
	lab: Lab,
	scenario: PollingScenario,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const { title, items, concurrency, latencyMs, rivals } = scenario;
	const cases = [true, false].flatMap((progress) =>
		chosen(rivals).map((rival) => ({ progress, rival, measured: new Array<Measured>() })),
	);
	for (let run = 1; run <= runs; run += 1) {
		for (const { progress, rival, measured } of cases) {
			const options: RunningOptions = { latencyMs, progress };
			const workflow = rival.workflow({ items, imagesPerItem: 1 }, lab.access);
			const { tasks, busiestSecond } = await lab.run(workflow, items, options);
			const metrics = metricsOf(tasks, concurrency);
			measured.push({ ...metrics, busiestSecond });
			log(
				`${title}, run ${run}: ${rival.name}, progress ${progress}: ${times(metrics.total / metrics.ideal)}, ` +
					`idle ${time(median(metrics.idle))}, ${metrics.pollsPerTask.toFixed(1)} polls`,
			);
		}
	}
	const ideal = cases[0]?.measured[0]?.ideal ?? NaN;
	return {
		title,
		note: `Ideal: ${seconds(ideal)}.`,
		header: [
			'',
			'progress',
			'total ÷ ideal',
			'idle (median)',
			"of the task's time",
			'polls a task',
			'most polls in a second',
		],
		rows: cases.map(({ progress, rival, measured }) => {
			const of = (value: (one: Measured) => number) => median(measured.map(value));
			return [
				rival.name,
				progress ? 'yes' : 'no',
				times(of(({ total }) => total / ideal)),
				time(of(({ idle }) => median(idle))),
				percent(of(({ idleShare }) => median(idleShare))),
				of(({ pollsPerTask }) => pollsPerTask).toFixed(1),
				String(of(({ busiestSecond }) => busiestSecond)),
			];
		}),
	};
}
