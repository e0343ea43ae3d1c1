import { itemsOf } from '../../test/real-n8n/execution';
import { CALM_MS, type Lab } from './lab';
import { median } from './metrics';
import { megabytes, time, type Table } from './table';
import { CHECK, checkWorkflow } from './workflows';

const FILES = 14;
const FILE_BYTES = 10_000_000;

/** What it costs to check the most and largest input files that a model takes. */
export async function measureValidation(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const took: number[] = [];
	const memory: number[] = [];
	const workflow = checkWorkflow(FILES, lab.access);
	for (let run = 1; run <= runs; run += 1) {
		await lab.freshN8n();
		await lab.run(workflow, FILES, { latencyMs: 500, imageBytesSize: 100_000 });
		const options = { latencyMs: 500, imageBytesSize: FILE_BYTES };
		const { execution, peakMemory } = await lab.run(workflow, FILES, options, CALM_MS);
		const [checked] = itemsOf(execution, CHECK);
		const sent = JSON.stringify(checked?.json.request).match(/<\d+ bytes>/g) ?? [];
		if (sent.length !== FILES) throw new Error(`${sent.length} files were checked`);
		took.push(execution.data?.resultData.runData[CHECK]?.[0]?.executionTime ?? NaN);
		memory.push(peakMemory);
		log(`Validation, run ${run}: ${time(took[run - 1])}, memory ${megabytes(peakMemory)}`);
	}
	return {
		title: `A dry run with ${FILES} input images of ${megabytes(FILE_BYTES)}`,
		note: "Of each file its beginning and its end are read from n8n's file store.",
		header: ['', 'time', 'memory above idle'],
		rows: [['this node', time(median(took)), megabytes(median(memory))]],
	};
}
