import type { RunningOptions } from '../../test/standin';
import { CALM_MS, type Lab } from './lab';
import { median, metricsOf } from './metrics';
import { chosen, handmade, node } from './rivals';
import { megabytes, seconds, type Table } from './table';
import type { Work } from './workflows';

const WORK: Work = { items: 4, imagesPerItem: 15 };
const IMAGE_BYTES = 25_000_000;
const WARM_UP: Work = { items: 1, imagesPerItem: 2 };
const LATENCY_MS = 3000;

/** Large images into n8n's file store: memory above idle, and time. */
export async function measureLarge(
	lab: Lab,
	runs: number,
	log: (line: string) => void,
): Promise<Table> {
	const cases = chosen([node(undefined), handmade(5), handmade(3)]).map((rival) => ({
		rival,
		measured: new Array<{ total: number; peakMemory: number; cpu: number }>(),
	}));
	const options: RunningOptions = { latencyMs: LATENCY_MS, progress: true };
	const run = async (
		rival: (typeof cases)[number]['rival'],
		work: Work,
		imageBytesSize: number,
		calmMs = 0,
	) => {
		const workflow = rival.workflow(work, lab.access);
		const images = work.items * work.imagesPerItem;
		return await lab.run(workflow, images, { ...options, imageBytesSize }, calmMs);
	};
	// whoever runs, n8n has worked for all of them before: idle is the same for each
	const warmUp = [node(undefined), handmade(3)];
	for (let count = 1; count <= runs; count += 1) {
		for (const { rival, measured } of cases) {
			await lab.freshN8n();
			for (const each of warmUp) await run(each, WARM_UP, 100_000);
			const { tasks, peakMemory, cpu } = await run(rival, WORK, IMAGE_BYTES, CALM_MS);
			const { total } = metricsOf(tasks, WORK.items);
			measured.push({ total, peakMemory, cpu });
			log(
				`Large images, run ${count}: ${rival.name}: ${seconds(total)}, memory ${megabytes(peakMemory)}`,
			);
		}
	}
	await lab.freshN8n();
	return {
		title: '60 images of 25 MB into files (4 items of 15), tasks of 3 s',
		header: ['', 'total', 'memory above idle', 'processor time'],
		rows: cases.map(({ rival, measured }) => [
			rival.name,
			seconds(median(measured.map(({ total }) => total))),
			megabytes(median(measured.map(({ peakMemory }) => peakMemory))),
			seconds(median(measured.map(({ cpu }) => cpu))),
		]),
	};
}
