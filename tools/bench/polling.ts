import type { Latency, RunningOptions } from '../../test/standin';
import type { Lab, Observed } from './lab';
import { median, metricsOf, type Metrics } from './metrics';
import { chosen, handmade, node, ONE_BY_ONE, type Rival } from './rivals';
import { megabytes, percent, seconds, time, times, type Table } from './table';

/** Tasks that all rivals work through, with and without progress. */
export interface PollingScenario {
	title: string;
	items: number;
	latencyMs: Exclude<Latency, (index: number) => number>;
	rivals: readonly Rival[];
}

const USUAL: PollingScenario['latencyMs'] = [3000, 12_000];

export const ITEMS20: PollingScenario = {
	title: '20 items, tasks of 3 to 12 s',
	items: 20,
	latencyMs: USUAL,
	rivals: [node(undefined), node(10), handmade(5), handmade(3), ONE_BY_ONE],
};

export const ITEMS100: PollingScenario = {
	title: '100 items, tasks of 3 to 12 s',
	items: 100,
	latencyMs: USUAL,
	rivals: [node(undefined), node(10), handmade(5), handmade(3)],
};

/** Far more items than the polls of the default follow at first. */
export const itemsAtOnce = (items: number): PollingScenario => ({
	title: `${items} items, tasks of 3 to 12 s`,
	items,
	latencyMs: USUAL,
	rivals: [node(undefined)],
});

export const SLOW: PollingScenario = {
	title: '10 items, tasks of 60 s',
	items: 10,
	latencyMs: 60_000,
	rivals: [node(undefined), handmade(5), handmade(3)],
};

type Measured = Metrics &
	Pick<Observed, 'busiestSecond' | 'peakMemory' | 'cpu' | 'longestAnswerMs'>;

/** Runs all rivals in turn, so that a disturbance of the machine hits all of them. */
export async function measurePolling(
	lab: Lab,
	scenario: PollingScenario,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const { title, items, latencyMs, rivals } = scenario;
	const cases = chosen(rivals).flatMap((rival) =>
		(rival.usesProgress ? [true, false] : [true]).map((progress) => ({
			progress,
			rival,
			measured: new Array<Measured>(),
		})),
	);
	for (let run = 1; run <= runs; run += 1) {
		for (const { progress, rival, measured } of cases) {
			const options: RunningOptions = { latencyMs, progress };
			const workflow = rival.workflow({ items, imagesPerItem: 1 }, lab.access);
			const observed = await lab.run(workflow, items, options);
			const metrics = metricsOf(observed.tasks, rival.concurrency ?? items);
			measured.push({ ...observed, ...metrics });
			log(
				`${title}, run ${run}: ${rival.name}, progress ${progress}: ${times(metrics.total / metrics.atOnce)}, ` +
					`idle ${time(median(metrics.idle))}, ${metrics.pollsPerTask.toFixed(1)} polls`,
			);
		}
	}
	return {
		title,
		header: [
			'',
			'progress',
			'total',
			'÷ all at once',
			'÷ its ideal',
			'idle',
			"of the task's time",
			'polls a task',
			'most polls in a second',
			'memory above idle',
			'processor time',
			'longest answer of n8n',
		],
		rows: cases.map(({ progress, rival, measured }) => {
			const of = (value: (one: Measured) => number) => median(measured.map(value));
			return [
				rival.name,
				rival.usesProgress ? (progress ? 'told' : 'not told') : '',
				seconds(of(({ total }) => total)),
				times(of(({ total, atOnce }) => total / atOnce)),
				times(of(({ total, ideal }) => total / ideal)),
				time(of(({ idle }) => median(idle))),
				percent(of(({ idleShare }) => median(idleShare))),
				of(({ pollsPerTask }) => pollsPerTask).toFixed(1),
				String(of(({ busiestSecond }) => busiestSecond)),
				megabytes(of(({ peakMemory }) => peakMemory)),
				seconds(of(({ cpu }) => cpu)),
				time(of(({ longestAnswerMs }) => longestAnswerMs)),
			];
		}),
	};
}
