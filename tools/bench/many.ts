import type { Lab, Observed } from './lab';
import { median, metricsOf, type Metrics } from './metrics';
import { chosen, handmade, node } from './rivals';
import { seconds, times, type Table } from './table';

const LATENCY_MS = 200;
const CONCURRENCY = 50;
/** So many that the budget of polls does not count. */
const POLLS_PER_SECOND = 1000;
const COUNTS = [100, 1000];

/** Short tasks in great number: what each item costs n8n. */
export async function measureMany(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const options = { maxPollsPerSecond: POLLS_PER_SECOND };
	const rivals = [node(undefined, options), node(CONCURRENCY, options), handmade(3)];
	const cases = chosen(rivals).flatMap((rival) =>
		COUNTS.map((items) => ({ rival, items, measured: new Array<Metrics & Observed>() })),
	);
	for (let run = 1; run <= runs; run += 1) {
		for (const { rival, items, measured } of cases) {
			const workflow = rival.workflow({ items, imagesPerItem: 1 }, lab.access);
			const observed = await lab.run(workflow, items, {
				latencyMs: LATENCY_MS,
				progress: true,
				tinyImages: true,
			});
			const metrics = metricsOf(observed.tasks, rival.concurrency ?? items);
			measured.push({ ...observed, ...metrics });
			log(
				`${items} short tasks, run ${run}: ${rival.name}: ${seconds(metrics.total)}, ` +
					`${times(metrics.total / metrics.atOnce)}, processor ${seconds(observed.cpu)}`,
			);
		}
	}
	return {
		title: `Tasks of ${LATENCY_MS} ms`,
		note: 'The handmade workflow creates all of its tasks at the same time.',
		header: ['', 'items', 'total', '÷ all at once', '÷ its ideal', 'per item', 'processor time'],
		rows: cases.map(({ rival, items, measured }) => {
			const of = (value: (one: Metrics & Observed) => number) => median(measured.map(value));
			return [
				rival.name,
				String(items),
				seconds(of(({ total }) => total)),
				times(of(({ total, atOnce }) => total / atOnce)),
				times(of(({ total, ideal }) => total / ideal)),
				`${(of(({ total }) => total) / items).toFixed(1)} ms`,
				seconds(of(({ cpu }) => cpu)),
			];
		}),
	};
}
