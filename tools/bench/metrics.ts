import type { TaskRecord } from '../../test/standin';

/** What one run came to, from the stand-in's records alone. Times in ms. */
export interface Metrics {
	/** From the first task's creation until the last byte of the last image was sent. */
	total: number;
	/** The same tasks all at once, with every step free of delay: the longest of them. */
	atOnce: number;
	/** The same tasks at the same concurrency, with every step free of delay. */
	ideal: number;
	/** From a task's end until the answer that told it; one for each task. */
	unseen: number[];
	/** From a task's end until its first image was asked for; one for each task. */
	idle: number[];
	/** The same as a share of the task's own time. */
	idleShare: number[];
	/** How often the API was asked about a task, on average. */
	pollsPerTask: number;
}

/** The middle of the values, NaN of none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1
		? sorted[middle]
		: ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** How long tasks take in all when the next one starts the moment that one ends. */
export function idealTotal(latencies: readonly number[], concurrency: number): number {
	const freeAt = latencies.slice(0, concurrency).map(() => 0);
	for (const latency of latencies) {
		const next = freeAt.indexOf(Math.min(...freeAt));
		freeAt[next] += latency;
	}
	return Math.max(...freeAt);
}

/** Reckons a run's metrics; every task must have delivered all of its images. */
export function metricsOf(tasks: readonly TaskRecord[], concurrency: number): Metrics {
	const ended = tasks.map((task) => {
		const { id, createdAt, finishedAt, firstSeenCompleteAt, images } = task;
		const first = Math.min(...images.map(({ firstDownloadAt = NaN }) => firstDownloadAt));
		const last = Math.max(...images.map(({ deliveredAt = NaN }) => deliveredAt));
		if (finishedAt === undefined || firstSeenCompleteAt === undefined || Number.isNaN(last)) {
			throw new Error(`Task ${id} was not delivered`);
		}
		const latency = finishedAt - createdAt;
		return {
			latency,
			createdAt,
			last,
			unseen: firstSeenCompleteAt - finishedAt,
			idle: first - finishedAt,
		};
	});
	const latencies = ended.map(({ latency }) => latency);
	return {
		total:
			Math.max(...ended.map(({ last }) => last)) -
			Math.min(...ended.map(({ createdAt }) => createdAt)),
		atOnce: Math.max(...latencies),
		ideal: idealTotal(latencies, concurrency),
		unseen: ended.map(({ unseen }) => unseen),
		idle: ended.map(({ idle }) => idle),
		idleShare: ended.map(({ idle, latency }) => idle / latency),
		pollsPerTask: tasks.reduce((sum, { polls }) => sum + polls, 0) / tasks.length,
	};
}
