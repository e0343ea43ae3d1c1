import { idealTotal } from '../../tools/bench/metrics';
import { simulate } from '../../tools/bench/simulate';
import type { Limits } from '../standin';
import { seededRandom } from '../standin/random';

export const mean = (values: number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Numbers from 0 on, each of which fixes all that is drawn by chance in a run. */
export const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);

/** A task's time, ms. */
export type TaskLength = (task: number, seed: number) => number;

/** Tasks of 3 to 12 s. */
export const DRAWN: TaskLength = (task, seed) => 3000 + 9000 * seededRandom(seed, 'length', task)();

/** What is simulated. */
export interface Given {
	/** 2 s unless told. */
	lengthMs?: TaskLength;
	tasks?: number;
	concurrency?: number;
	creationMs?: number;
	refusedShare?: number;
	refusedPollShare?: number;
	/** Runs that the means are taken of. */
	runs?: number;
}

/** Means over some runs of what a service with these limits costs; times in ms. */
export async function atService(
	limits: Limits,
	{ lengthMs = () => 2000, tasks = 20, concurrency = tasks, runs = 3, ...service }: Given = {},
): Promise<{ refused: number; total: number; ideal: number }> {
	const ran = await Promise.all(
		seeds(runs).map(async (seed) => {
			const latencies = Array.from({ length: tasks }, (_, task) => lengthMs(task, seed));
			const outcome = await simulate({
				latencies,
				concurrency,
				limits,
				seed,
				startMs: 1_000_000 + 137 * seed,
				progress: (done) => Math.round(done * 1000) / 1000,
				...service,
			});
			const ideal = idealTotal(
				latencies,
				Math.min(concurrency, limits.concurrentTasks ?? Infinity),
			);
			return { ...outcome, ideal };
		}),
	);
	return {
		refused: mean(ran.map(({ refusedCreations }) => refusedCreations)),
		total: mean(ran.map(({ total }) => total)),
		ideal: mean(ran.map(({ ideal }) => ideal)),
	};
}
