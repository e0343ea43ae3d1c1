import { QueueN8n } from '../../test/real-n8n/queueN8n';
import type { Lab, Observed } from './lab';
import { asked, idealOf, refused, SERVICES, type Service } from './limits';
import { median, metricsOf } from './metrics';
import { chosen } from './rivals';
import { percent, seconds, times, type Table } from './table';
import { webhookWorkflow } from './workflows';

const CALLS = [20, 100];
const WORKERS = 2;
/** Executions that n8n's worker runs at a time when nobody says otherwise. */
const WORKER_CONCURRENCY = 10;

type Measured = Pick<Observed, 'statuses'> & { total: number; ideal: number };

interface Case {
	name: string;
	service: Service;
	calls: number;
	measured: Measured[];
}

type Log = (line: string) => void;

const services = SERVICES.filter(({ limits }) => limits.retryAfterSeconds === undefined);

/** Many executions of one item each, at once, as webhooks start them. */
export async function measureExecutions(lab: Lab, runs: number, log: Log): Promise<Table> {
	const cases = chosen(services.flatMap((service) => CALLS.map((calls) => of(calls, service))));
	for (let run = 1; run <= runs; run += 1) {
		for (const [index, one] of cases.entries()) {
			// What n8n's process has learned of a service is not this one's.
			await lab.freshN8n();
			await callAtOnce(lab, one, `bench-${run}-${index}`, log);
		}
	}
	return tableOf('Executions of one item each, started by webhooks at once', cases);
}

/** The same with n8n in queue mode, whose workers share no memory. */
export async function measureWorkers(lab: Lab, runs: number, log: Log): Promise<Table> {
	const cases = services.map((service) => of(CALLS[0], service));
	for (let run = 1; run <= runs; run += 1) {
		for (const [index, one] of cases.entries()) {
			const queue = await QueueN8n.start({
				version: lab.n8n.version,
				workers: WORKERS,
				concurrency: WORKER_CONCURRENCY,
			});
			try {
				await queue.install(lab.tarball);
				await callAtOnce(lab, one, `bench-workers-${run}-${index}`, log, queue.main);
			} finally {
				await queue.dispose();
			}
		}
	}
	return tableOf(`The same with ${WORKERS} workers in queue mode`, cases);
}

const of = (calls: number, service: Service): Case => ({
	name: `this node, ${calls} webhooks, ${service.name}`,
	service,
	calls,
	measured: [],
});

async function callAtOnce(
	lab: Lab,
	{ name, service, calls, measured }: Case,
	path: string,
	log: Log,
	n8n = lab.n8n,
): Promise<void> {
	const { latencyMs, limits } = service;
	const workflow = webhookWorkflow(path, await lab.accessOf(n8n));
	const observed = await lab.burst(workflow, path, calls, { latencyMs, limits }, n8n);
	const { total } = metricsOf(observed.tasks, calls);
	const ideal = idealOf(observed.tasks, limits);
	measured.push({ ...observed, total, ideal });
	log(
		`${name}: ${seconds(total)}, ${times(total / ideal)}, ` +
			`${refused(observed, 'create')} creations and ${refused(observed, 'poll')} of ` +
			`${asked(observed, 'poll')} polls refused`,
	);
}

const tableOf = (title: string, cases: readonly Case[]): Table => ({
	title,
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
		const middle = (value: (one: Measured) => number) => median(measured.map(value));
		return [
			service.name,
			String(calls),
			String(middle((one) => refused(one, 'create'))),
			percent(middle((one) => refused(one, 'poll') / asked(one, 'poll'))),
			seconds(middle(({ total }) => total)),
			times(middle(({ total, ideal }) => total / ideal)),
		];
	}),
});
