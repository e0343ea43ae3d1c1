/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { seededRandom } from '../../test/standin/random';
import { median } from './metrics';
import { simulate, type Simulated } from './simulate';
import { percent, times, toMarkdown } from './table';

/*
 * What each rule of the poll schedule buys, simulated: `npx tsx tools/bench/pollRules.ts`. The table at
 * the head of core/polling/pollRules.ts has its figures.
 */

const DRAWS = 40;

const between = (from: number, to: number, count: number) => (seed: number) => {
	const length = seededRandom(seed, 'length');
	return Array.from({ length: count }, () => from + (to - from) * length());
};

interface Scenario extends Partial<Simulated> {
	name: string;
	lengths: (seed: number) => number[];
	concurrency: number;
}

const rounded = (done: number) => Math.round(done * 1000) / 1000;

const TWENTY = { lengths: between(3000, 12_000, 20), concurrency: 20 };
const SCENARIOS: readonly Scenario[] = [
	{ name: '20 × 3–12 s at 20', ...TWENTY },
	{ name: '20 × 3–12 s at 10', ...TWENTY, concurrency: 10 },
	{ name: '20 × 3–12 s at 20, progress', ...TWENTY, progress: rounded },
	{ name: '100 × 3–12 s at 100', lengths: between(3000, 12_000, 100), concurrency: 100 },
	{ name: '10 × 60 s', lengths: between(60_000, 60_000, 10), concurrency: 10 },
	{ name: '10 × 55–65 s', lengths: between(55_000, 65_000, 10), concurrency: 10 },
	{ name: '40 × 8–9 s at 5', lengths: between(8000, 9000, 40), concurrency: 5 },
	{ name: '1000 × 0.2 s at 50', lengths: between(200, 200, 1000), concurrency: 50 },
	{ name: '1 × 12 s', lengths: between(12_000, 12_000, 1), concurrency: 1 },
];

const VARIANTS: ReadonlyArray<readonly [string, Partial<Simulated>]> = [
	['all rules', {}],
	['a fixed interval of 1 s', { intervalMs: 1000 }],
	['a fixed interval of 5 s', { intervalMs: 5000 }],
	['without observed durations', { without: (known) => ({ ...known, forecast: undefined }) }],
	['without waking', { wakes: false }],
	['without shared search', { without: (known) => ({ ...known, searchesTogether: false }) }],
	['without items waiting', { without: (known) => ({ ...known, hasQueue: false }) }],
	['without crowding', { without: (known) => ({ ...known, crowding: 1 }) }],
];

const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

async function measure(scenario: Scenario, variant: Partial<Simulated>): Promise<string> {
	const runs = await Promise.all(
		Array.from({ length: DRAWS }, async (_, seed) => {
			const latencies = scenario.lengths(seed);
			return await simulate({ ...scenario, ...variant, latencies, seed });
		}),
	);
	const total = mean(runs.map((run) => run.total / run.ideal));
	const idle = mean(runs.map((run) => median(run.idleShare)));
	const polls = mean(runs.map((run) => run.pollsPerTask));
	return `${times(total)}, ${percent(idle)}, ${polls.toFixed(1)}`;
}

async function main(): Promise<void> {
	const rows: string[][] = [];
	const steps = VARIANTS.length * SCENARIOS.length;
	let step = 0;
	for (const [name, variant] of VARIANTS) {
		const cells: string[] = [];
		for (const scenario of SCENARIOS) {
			step += 1;
			process.stderr.write(`${step} of ${steps}: ${name}, ${scenario.name}\n`);
			cells.push(await measure(scenario, variant));
		}
		rows.push([name, ...cells]);
	}
	process.stdout.write(
		toMarkdown({
			title: 'What each rule of the poll schedule buys',
			note: `Total ÷ ideal, idle share of a task's time, polls a task; means of ${DRAWS} draws.`,
			header: ['', ...SCENARIOS.map(({ name }) => name)],
			rows,
		}),
	);
}

void main();
