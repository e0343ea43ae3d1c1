/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { Execution } from '../../test/real-n8n/execution';
import type { WorkflowFile } from '../../test/real-n8n/workflows';
import type { RunningOptions } from '../../test/standin';
import { startFileServer } from './fileServer';
import { CALM_MS, type Lab } from './lab';
import { median } from './metrics';
import { megabytes, seconds, type Table } from './table';
import { formUpload, handmadeUpload, vtrixUpload } from './uploadWorkflows';
import { DELIVERY, handmadeWorkflow, vtrixWorkflow } from './workflows';

/** Numbers of items; BENCH_ITEMS gives others, so that a long run can be done in parts. */
const COUNTS = (process.env.BENCH_ITEMS ?? '1,4,12').split(',').map(Number);
const FILES = 14;
const FILE_BYTES = 9_900_000;
const IMAGES = 15;
const IMAGE_BYTES = 4_000_000;

/** A way to do the same work, whose memory is looked at. */
interface Rival {
	name: string;
	/** @param size of each file or image, bytes */
	workflow(items: number, size: number): WorkflowFile;
	/** The first and the last node whose time counts. */
	nodes: readonly [first: string, last: string];
}

interface Scenario {
	title: string;
	note: string;
	/** Bytes of each file or image. */
	size: number;
	rivals: readonly Rival[];
	options: RunningOptions;
	/** Options of the stand-in for files or images of so many bytes. */
	sized?: (bytes: number) => RunningOptions;
}

/** Large input files, sent by n8n: memory above idle, and time. */
export async function measureInputs(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const files = await startFileServer();
	const { access } = lab;
	const sending = (items: number, size: number) => ({ items, urls: files.urls(FILES, size) });
	try {
		return await measure(lab, runs, log, {
			title: `${FILES} input files of ${megabytes(FILE_BYTES, 1)} in each item's request`,
			note: 'The files are loaded into n8n’s file store first. Time is that of the nodes that send them.',
			size: FILE_BYTES,
			rivals: [
				{
					name: 'this node (default)',
					workflow: (...work) => vtrixUpload(sending(...work), access),
					nodes: ['Vtrix', 'Vtrix'],
				},
				{
					name: 'HTTP Request, the files as a form (not what the API takes)',
					workflow: (...work) => formUpload(sending(...work), files.sinkUrl),
					nodes: ['Form', 'Form'],
				},
				{
					name: 'handmade workflow, base64 inside the JSON of HTTP Request',
					workflow: (...work) => handmadeUpload(sending(...work), access),
					nodes: ['Base64', 'Create'],
				},
			],
			options: { latencyMs: 100 },
		});
	} finally {
		await files.close();
	}
}

/** Images inside the answers: memory above idle, and time. */
export async function measureAnswers(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const { access } = lab;
	const work = (items: number) => ({ items, imagesPerItem: IMAGES, inline: true });
	return await measure(lab, runs, log, {
		title: `${IMAGES} images of ${megabytes(IMAGE_BYTES)} inside each task's answer (b64_json)`,
		note: 'The images end as files in n8n’s file store. Time is from the first creation to the last file.',
		size: IMAGE_BYTES,
		rivals: [
			{
				name: 'this node (default)',
				workflow: (items) => vtrixWorkflow(work(items), access, {}),
				nodes: ['Vtrix', 'Vtrix'],
			},
			{
				name: 'handmade workflow, Wait 3 s',
				workflow: (items) => handmadeWorkflow(work(items), access, 3),
				nodes: ['Create', DELIVERY],
			},
		],
		options: { latencyMs: 1000 },
		sized: (bytes) => ({ imageBytesSize: bytes }),
	});
}

interface Measured {
	total: number;
	peakMemory: number;
}

/** Runs all rivals in turn, each time in an n8n of its own that has done the same before in small. */
async function measure(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
	{ title, note, size, rivals, options, sized = () => ({}) }: Scenario,
): Promise<Table> {
	const small = 100_000;
	const chosen = rivals.filter(({ name }) => name.includes(process.env.BENCH_ONLY ?? ''));
	const cases = chosen.flatMap((rival) =>
		COUNTS.map((items) => ({ rival, items, measured: new Array<Measured>(), failure: '' })),
	);
	for (let count = 1; count <= runs; count += 1) {
		for (const each of cases) {
			const { rival, items, measured } = each;
			await lab.freshN8n();
			for (const { workflow } of chosen) {
				await lab.run(workflow(2, small), 0, { ...options, ...sized(small) });
			}
			const told = `${title}, run ${count}: ${rival.name}, ${items} items`;
			try {
				const work = { ...options, ...sized(size) };
				const ran = await lab.run(rival.workflow(items, size), 0, work, CALM_MS);
				const total = spanOf(ran.execution, rival.nodes);
				measured.push({ total, peakMemory: ran.peakMemory });
				log(`${told}: ${seconds(total)}, memory ${megabytes(ran.peakMemory)}`);
			} catch (error) {
				each.failure = error instanceof Error ? error.message : String(error);
				log(`${told}: ${each.failure}`);
			}
		}
	}
	await lab.freshN8n();
	return {
		title,
		note,
		header: ['', 'items', 'time', 'memory above idle'],
		rows: cases.map(({ rival, items, measured, failure }) => [
			rival.name,
			String(items),
			failure ? 'fails' : seconds(median(measured.map(({ total }) => total))),
			failure ? '' : megabytes(median(measured.map(({ peakMemory }) => peakMemory))),
		]),
	};
}

/** How long it took from the first node's beginning to the last one's end, ms. */
function spanOf({ data }: Execution, [first, last]: Rival['nodes']): number {
	const runsOf = (node: string) => data?.resultData.runData[node] ?? [];
	const began = runsOf(first).map(({ startTime = NaN }) => startTime);
	const ended = runsOf(last).map(
		({ startTime = NaN, executionTime = NaN }) => startTime + executionTime,
	);
	if (ended.length === 0) throw new Error(`${last} was not reached: nothing was delivered`);
	return Math.max(...ended) - Math.min(...began);
}
