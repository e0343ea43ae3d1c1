/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setMaxListeners } from 'node:events';
import { Client } from '../../nodes/Vtrix/core/exchange/client';
import type {
	ByteStream,
	HttpClient,
	HttpResponse,
} from '../../nodes/Vtrix/core/exchange/http/http';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { workThrough } from '../../nodes/Vtrix/core/pipeline/workThrough';
import { PollSchedule } from '../../nodes/Vtrix/core/polling/pollSchedule';
import { ObservedTasks, TaskDurations } from '../../nodes/Vtrix/core/polling/taskDurations';
import { waitForTask } from '../../nodes/Vtrix/core/polling/waitForTask';
import { RateLimit, type Limits } from '../../test/standin';
import { seededRandom } from '../../test/standin/random';
import { FakeClock } from '../../test/support/fakeClock';

/** A run of the node among others. */
export interface SharedRun {
	/** Milliseconds from the start. */
	startsAt: number;
	/** How long each of its tasks takes, ms. */
	latencies: readonly number[];
	/** Process that it runs in; the runs of one share what they know of the key. */
	worker?: number;
	/** The run's own upper limits. */
	maxTasks?: number;
	maxPollsPerSecond?: number;
	timeoutMs?: number;
	/** When it is stopped, ms from the start. */
	stopsAt?: number;
}

/** What became of one of them. */
export interface RunOutcome {
	done: number;
	failed: number;
	/** Until its first task was accepted, and until all was over, ms from its own start. */
	firstMs: number;
	totalMs: number;
	/** The most polls within any second. */
	busiestPolls: number;
	/** Of the errors of its items. */
	words: string[];
}

/** A service, and how it answers. */
export interface SharedService {
	limits?: Limits;
	/** Share of all requests that are refused at random. */
	refusedShare?: number;
	roundTripMs?: number;
	seed?: number;
}

/** What became of all. */
export interface SharedOutcome {
	runs: RunOutcome[];
	/** From the start to the end of the last run, ms. */
	totalMs: number;
	created: number;
	refusedCreations: number;
	polls: number;
	refusedPolls: number;
	/** Whether any throttle still counts a task or a wait. */
	isIdle: boolean;
}

const answer = (status: number, body: unknown): HttpResponse => {
	const text = Buffer.from(JSON.stringify(body));
	const stream: Pick<ByteStream, 'destroy' | typeof Symbol.asyncIterator> = {
		async *[Symbol.asyncIterator]() {
			yield await Promise.resolve(text);
		},
		destroy() {},
	};
	return { status, headers: {}, body: stream as ByteStream };
};

/** The service of one key: which requests it takes. */
class Service {
	readonly ends: number[] = [];
	refusedCreations = 0;
	polls = 0;
	refusedPolls = 0;
	private readonly creationRate = new RateLimit();
	private readonly pollRate = new RateLimit();
	private readonly isBusy: () => number;

	constructor(
		private readonly limits: Limits,
		private readonly refusedShare: number,
		seed: number,
	) {
		this.isBusy = seededRandom(seed, 'busy');
	}

	create(now: number, latencyMs: number): HttpResponse {
		const { concurrentTasks = Infinity, creationsPerSecond = Infinity, counting } = this.limits;
		const open = this.ends.filter((end) => end > now).length;
		if (
			this.isBusy() < this.refusedShare ||
			open >= concurrentTasks ||
			!this.creationRate.take(now, creationsPerSecond, counting)
		) {
			this.refusedCreations += 1;
			return answer(429, { message: 'too many' });
		}
		this.ends.push(now + latencyMs);
		return answer(200, { id: String(this.ends.length - 1), status: 'in_progress' });
	}

	poll(now: number, id: string): HttpResponse {
		const { pollsPerSecond = Infinity, counting } = this.limits;
		this.polls += 1;
		if (this.isBusy() < this.refusedShare || !this.pollRate.take(now, pollsPerSecond, counting)) {
			this.refusedPolls += 1;
			return answer(429, { message: 'too many' });
		}
		const isDone = (this.ends[Number(id)] ?? Infinity) <= now;
		return answer(200, { id, status: isDone ? 'completed' : 'in_progress' });
	}
}

/** Lets runs of the node share a key, without n8n, network or waiting. */
export async function simulateRuns(
	runs: readonly SharedRun[],
	{ limits = {}, refusedShare = 0, roundTripMs = 10, seed = 1 }: SharedService = {},
): Promise<SharedOutcome> {
	const clock = new FakeClock({ startMs: 1_000_000, limitMs: 1e10 });
	const random = seededRandom(seed, 'node');
	const service = new Service(limits, refusedShare, seed);
	const throttles = new Map<number, Throttle>();
	const throttleOf = (worker: number) => {
		const known = throttles.get(worker) ?? new Throttle(clock, random);
		throttles.set(worker, known);
		return known;
	};
	const runOne = async (run: SharedRun): Promise<RunOutcome> => {
		const { startsAt, latencies, worker = 0, timeoutMs = 600_000, stopsAt } = run;
		if (startsAt > 0) await clock.sleep(startsAt);
		const began = clock.now();
		const stop = new AbortController();
		const { signal } = stop;
		setMaxListeners(0, signal);
		const polledAt: number[] = [];
		const http: HttpClient = {
			async api({ method, path, body }) {
				await clock.sleep(roundTripMs / 2);
				if (method === 'GET') polledAt.push(clock.now());
				const answered =
					method === 'POST'
						? service.create(clock.now(), Number(body))
						: service.poll(clock.now(), path.slice(path.lastIndexOf('/') + 1));
				await clock.sleep(roundTripMs / 2);
				return answered;
			},
			fetch: async () => await Promise.reject(new Error('No file is fetched here')),
		};
		const key = throttleOf(worker);
		const throttle = new RunThrottle(key, {
			maxTasks: run.maxTasks ?? Infinity,
			maxPollsPerSecond: run.maxPollsPerSecond ?? Infinity,
			signal,
		});
		const state = {
			notBegun: latencies.length,
			get itemsNotStarted() {
				return this.notBegun + throttle.heldBack;
			},
		};
		const durations = new TaskDurations(throttle, state, ObservedTasks.of(key));
		const runClock = {
			now: clock.now,
			sleep: async (ms: number) => await clock.sleep(ms, signal).catch(() => {}),
		};
		const parts = { clock: runClock, random, signal };
		const client = new Client({
			...parts,
			http,
			throttle,
			redact: (text) => text,
			adviceFor: () => undefined,
		});
		if (stopsAt !== undefined) void clock.sleep(stopsAt - startsAt).then(() => stop.abort());
		const outcome = { done: 0, failed: 0, firstMs: Infinity, words: new Array<string>() };
		const createOne = async (latency: number) => {
			state.notBegun -= 1;
			const slot = throttle.slot();
			try {
				const body = Buffer.from(String(latency));
				const deadline = clock.now() + timeoutMs;
				const firstPoll = await client.submit(body, slot, { deadline });
				const submittedAt = clock.now();
				outcome.firstMs = Math.min(outcome.firstMs, submittedAt - began);
				const schedule = new PollSchedule({ durations, model: 'model', random });
				await waitForTask(firstPoll.id, {
					...parts,
					client,
					submittedAt,
					firstPoll,
					timeoutMs: 24 * 3_600_000,
					debug: () => {},
					schedule,
				}).finally(() => schedule.close());
				slot.ended();
				schedule.learn(clock.now() - submittedAt);
				outcome.done += 1;
			} catch (error) {
				outcome.failed += 1;
				outcome.words.push(String(error));
			} finally {
				slot.release();
			}
		};
		await workThrough(latencies, throttle, createOne);
		const busiestPolls = busiestSecond(polledAt);
		return { ...outcome, busiestPolls, totalMs: clock.now() - began };
	};
	const outcomes = await Promise.all(runs.map(runOne));
	const lasted = runs.map(({ startsAt }, index) => startsAt + (outcomes[index]?.totalMs ?? 0));
	return {
		runs: outcomes,
		totalMs: Math.max(...lasted),
		created: service.ends.length,
		refusedCreations: service.refusedCreations,
		polls: service.polls,
		refusedPolls: service.refusedPolls,
		isIdle: [...throttles.values()].every(({ isIdle }) => isIdle),
	};
}

/** The most of these times (ms, ascending) that fall within one second. */
function busiestSecond(times: readonly number[]): number {
	let most = 0;
	let from = 0;
	for (const [to, time] of times.entries()) {
		while (time - (times[from] ?? time) >= 1000) from += 1;
		most = Math.max(most, to - from + 1);
	}
	return most;
}
