import type { Limits, RunningOptions, TaskRecord } from '../../test/standin';
import type { Lab, Observed } from './lab';
import { idealTotal, median, metricsOf } from './metrics';
import { chosen, node } from './rivals';
import { percent, seconds, times, type Table } from './table';

const ITEMS = 20;

/** A service with a limit, and how long the tasks take at best where it is known beforehand. */
export interface Service {
	name: string;
	latencyMs: NonNullable<RunningOptions['latencyMs']>;
	limits: Limits;
}

const SHORT = 2000;
const USUAL: [number, number] = [3000, 12_000];

export const SERVICES: readonly Service[] = [
	{ name: 'all', latencyMs: USUAL, limits: {} },
	{ name: '3 tasks at a time', latencyMs: SHORT, limits: { concurrentTasks: 3 } },
	{
		name: '3 tasks at a time, Retry-After 1',
		latencyMs: SHORT,
		limits: { concurrentTasks: 3, retryAfterSeconds: 1 },
	},
	{ name: '2 creations a second', latencyMs: USUAL, limits: { creationsPerSecond: 2 } },
	{ name: '5 polls a second', latencyMs: USUAL, limits: { pollsPerSecond: 5 } },
];

/**
 * The same tasks where each is created the moment that the service takes it and asked about once, the
 * moment that it ends and the service takes the poll, without any delay.
 */
export function idealOf(tasks: readonly TaskRecord[], limits: Limits): number {
	const latencies = tasks.map(({ createdAt, finishedAt = NaN }) => finishedAt - createdAt);
	const { concurrentTasks = Infinity, creationsPerSecond = Infinity, pollsPerSecond } = limits;
	const ends = latencies
		.map((latency, index) => Math.floor(index / creationsPerSecond) * 1000 + latency)
		.sort((a, b) => a - b);
	if (pollsPerSecond !== undefined) {
		for (let index = pollsPerSecond; index < ends.length; index += 1) {
			ends[index] = Math.max(ends[index], ends[index - pollsPerSecond] + 1000);
		}
	}
	return Math.max(idealTotal(latencies, concurrentTasks), ...ends);
}

type Measured = Observed & { total: number; ideal: number };

/** What limits cost that nobody documents: refused requests and time. */
export async function measureLimits(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const rivals = chosen([node(undefined), node(ITEMS)]);
	const cases = SERVICES.flatMap((service) =>
		rivals.map((rival) => ({ service, rival, measured: new Array<Measured>() })),
	);
	for (let run = 1; run <= runs; run += 1) {
		for (const { service, rival, measured } of cases) {
			const { latencyMs, limits, name } = service;
			// What n8n's process has learned of a service is not this one's.
			await lab.freshN8n();
			const workflow = rival.workflow({ items: ITEMS, imagesPerItem: 1 }, lab.access);
			const observed = await lab.run(workflow, ITEMS, { latencyMs, limits, progress: true });
			const { total } = metricsOf(observed.tasks, ITEMS);
			const ideal = idealOf(observed.tasks, limits);
			measured.push({ ...observed, total, ideal });
			log(
				`${name}, run ${run}: ${rival.name}: ${seconds(total)}, ${times(total / ideal)}, ` +
					`${refused(observed, 'create')} creations and ${refused(observed, 'poll')} of ` +
					`${asked(observed, 'poll')} polls refused`,
			);
		}
	}
	return {
		title: `Limits that nobody documents, ${ITEMS} items`,
		note: 'Tasks take 2 s where the service takes 3 at a time, else 3 to 12 s.',
		header: ['the service takes', '', 'creations refused', 'polls refused', 'total', '÷ ideal'],
		rows: cases.map(({ service, rival, measured }) => {
			const of = (value: (one: Measured) => number) => median(measured.map(value));
			return [
				service.name,
				rival.name,
				String(of((one) => refused(one, 'create'))),
				percent(of((one) => refused(one, 'poll') / asked(one, 'poll'))),
				seconds(of(({ total }) => total)),
				times(of(({ total, ideal }) => total / ideal)),
			];
		}),
	};
}

export const refused = (
	{ statuses }: Pick<Observed, 'statuses'>,
	kind: 'create' | 'poll',
): number => statuses[`${kind} 429`] ?? 0;

export const asked = (observed: Pick<Observed, 'statuses'>, kind: 'create' | 'poll'): number =>
	refused(observed, kind) + (observed.statuses[`${kind} 200`] ?? 0);
