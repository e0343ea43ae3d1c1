import type { Lab, Observed } from './lab';
import { asked, idealOf, refused, SERVICES } from './limits';
import { median, metricsOf } from './metrics';
import { percent, seconds, times, type Table } from './table';
import { webhookWorkflow } from './workflows';

const CALLS = [20, 100];

type Measured = Pick<Observed, 'statuses'> & { total: number; ideal: number };

/** Many executions of one item each, at once, as webhooks start them. */
export async function measureExecutions(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const services = SERVICES.filter(({ limits }) => limits.retryAfterSeconds === undefined);
	const cases = services.flatMap((service) =>
		CALLS.map((calls) => ({ service, calls, measured: new Array<Measured>() })),
	);
	for (let run = 1; run <= runs; run += 1) {
		for (const [index, { service, calls, measured }] of cases.entries()) {
			const { latencyMs, limits, name } = service;
			// What n8n's process has learned of a service is not this one's.
			await lab.freshN8n();
			const path = `bench-${run}-${index}`;
			const workflow = webhookWorkflow(path, lab.access);
			const observed = await lab.burst(workflow, path, calls, { latencyMs, limits });
			const { total } = metricsOf(observed.tasks, calls);
			const ideal = idealOf(observed.tasks, limits);
			measured.push({ ...observed, total, ideal });
			log(
				`${calls} webhooks, ${name}, run ${run}: ${seconds(total)}, ${times(total / ideal)}, ` +
					`${refused(observed, 'create')} creations and ${refused(observed, 'poll')} of ` +
					`${asked(observed, 'poll')} polls refused`,
			);
		}
	}
	return {
		title: 'Executions of one item each, started by webhooks at once',
		note: 'Tasks take 2 s where the service takes 3 at a time, else 3 to 12 s.',
		header: [
			'the service takes',
			'webhooks',
			'creations refused',
			'polls refused',
			'total',
			'÷ ideal',
		],
		rows: cases.map(({ service, calls, measured }) => {
			const of = (value: (one: Measured) => number) => median(measured.map(value));
			return [
				service.name,
				String(calls),
				String(of((one) => refused(one, 'create'))),
				percent(of((one) => refused(one, 'poll') / asked(one, 'poll'))),
				seconds(of(({ total }) => total)),
				times(of(({ total, ideal }) => total / ideal)),
			];
		}),
	};
}
