/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import os from 'node:os';
import { run } from '../../test/real-n8n/command';
import { measureExecutions, measureWorkers } from './executions';
import { Lab } from './lab';
import { measureLarge } from './large';
import { measureLimits } from './limits';
import { measureMany } from './many';
import { measureAnswers, measureInputs } from './memory';
import {
	ITEMS100,
	ITEMS20,
	itemsAtOnce,
	measurePolling,
	SLOW,
	type PollingScenario,
} from './polling';
import { handmade, node } from './rivals';
import { measureStartup } from './startup';
import { toMarkdown, type Table } from './table';
import { measureValidation } from './validation';

type Measure = (lab: Lab, runs: number, log: (line: string) => void) => Promise<Table>;

const polling =
	(scenario: PollingScenario): Measure =>
	async (...given) =>
		await measurePolling(given[0], scenario, given[1], given[2]);

/** Name on the command line → what is measured. */
const SCENARIOS: Record<string, Measure> = {
	startup: measureStartup,
	items20: polling(ITEMS20),
	items100: polling(ITEMS100),
	items300: polling(itemsAtOnce(300)),
	items1000: polling(itemsAtOnce(1000)),
	items5000: polling(itemsAtOnce(5000)),
	slow: polling(SLOW),
	large: measureLarge,
	inputs: measureInputs,
	answers: measureAnswers,
	many: measureMany,
	limits: measureLimits,
	executions: measureExecutions,
	workers: measureWorkers,
	validation: measureValidation,
};

/** What went on is told on stderr, so that stdout holds nothing but the tables. */
const log = (line: string) => void process.stderr.write(`${line}\n`);

/** n8n compiles and caches on its first runs. */
async function warmUp(lab: Lab): Promise<void> {
	for (const rival of [node(10), handmade(1)]) {
		await lab.run(rival.workflow({ items: 10, imagesPerItem: 1 }, lab.access), 10, {
			latencyMs: 300,
		});
	}
}

async function main(): Promise<void> {
	const names = process.argv.slice(2);
	const unknown = names.filter((name) => !(name in SCENARIOS));
	if (unknown.length > 0) {
		log(`No such scenario: ${unknown.join(', ')}. There are ${Object.keys(SCENARIOS).join(', ')}.`);
		process.exitCode = 1;
		return;
	}
	const runs = Number(process.env.BENCH_RUNS ?? 5);
	const chosen = names.length > 0 ? names : Object.keys(SCENARIOS);
	const lab = await Lab.open(log);
	const stop = () => void lab.close().finally(() => process.exit(130));
	process.once('SIGINT', stop).once('SIGTERM', stop);
	try {
		const version = (await run(lab.n8n.installed.node, ['--version'])).trim();
		process.stdout.write(
			`n8n ${lab.n8n.version}, Node.js ${version}, ${os.availableParallelism()} cores, ` +
				`medians of ${runs} runs\n\n`,
		);
		for (const name of chosen) {
			// What n8n's process has learned of a service in one scenario is not that of the next.
			await lab.freshN8n();
			await warmUp(lab);
			process.stdout.write(`${toMarkdown(await SCENARIOS[name](lab, runs, log))}\n`);
		}
	} finally {
		await lab.close();
	}
}

void main().catch((error: unknown) => {
	log(error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.exitCode = 1;
});
