import { Client } from '../../nodes/Vtrix/core/exchange/client';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import type {
	ByteStream,
	HttpClient,
	HttpResponse,
} from '../../nodes/Vtrix/core/exchange/http/http';
import { waitForTask } from '../../nodes/Vtrix/core/polling/waitForTask';
import { TaskDurations, type KnownDurations } from '../../nodes/Vtrix/core/polling/taskDurations';
import { PollSchedule } from '../../nodes/Vtrix/core/polling/pollSchedule';
import { workThrough } from '../../nodes/Vtrix/core/pipeline/workThrough';
import { seededRandom } from '../../test/standin/random';
import { RateLimit, type Limits } from '../../test/standin';
import { FakeClock } from '../../test/support/fakeClock';
import { idealTotal, type Metrics } from './metrics';

/** A run to go through with a clock that needs no time. */
export interface Simulated {
	/** How long each task takes, ms. */
	latencies: readonly number[];
	/** Most tasks at a time. */
	concurrency: number;
	/** What the API says of a task's progress; nothing by default. */
	progress?: (done: number, task: number, poll: number) => number | undefined;
	pollsPerSecond?: number;
	/** Time until an answer is there, ms. */
	roundTripMs?: number;
	/** Time until a creation is answered, ms; that of any request unless told. */
	creationMs?: number;
	/** What the service takes. */
	limits?: Limits;
	/** Share of creations that it refuses at random, such as one that is busy with other customers. */
	refusedShare?: number;
	/** The same for polls. */
	refusedPollShare?: number;
	/** Fixes all that is drawn by chance. */
	seed?: number;
	/** Milliseconds between two polls, if the user fixed them. */
	intervalMs?: number;
	/** What a rule of the schedule is told instead of what the run knows, to see what the rule buys. */
	without?: (known: KnownDurations) => KnownDurations;
	/** Whether an end may wake the others before their polls are due. */
	wakes?: boolean;
	startMs?: number;
}

/** What a run knows, with some of it kept from the schedule. */
class PartlyKnown extends TaskDurations {
	constructor(
		private readonly without: (known: KnownDurations) => KnownDurations,
		...args: ConstructorParameters<typeof TaskDurations>
	) {
		super(...args);
	}

	override knownOf(...args: Parameters<TaskDurations['knownOf']>): KnownDurations {
		return this.without(super.knownOf(...args));
	}
}

export interface SimulatedRun extends Omit<Metrics, 'unseen'> {
	creations: number;
	refusedCreations: number;
	polls: number;
	refusedPolls: number;
	/** When each creation was sent and whether it was taken, ms from the start. */
	sent: Array<[at: number, taken: boolean]>;
}

/** An answer that is read without taking any time, which a real stream would. */
function response(
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): HttpResponse {
	const text = Buffer.from(JSON.stringify(body));
	const stream: Pick<ByteStream, 'destroy' | typeof Symbol.asyncIterator> = {
		async *[Symbol.asyncIterator]() {
			yield await Promise.resolve(text);
		},
		destroy() {},
	};
	return { status, headers, body: stream as ByteStream };
}

/** Creates and polls tasks as the node does, without n8n, network or waiting. */
export async function simulate({
	latencies,
	concurrency,
	progress = () => undefined,
	pollsPerSecond = 20,
	roundTripMs = 5,
	creationMs = roundTripMs,
	limits = {},
	refusedShare = 0,
	refusedPollShare = 0,
	seed = 1,
	intervalMs,
	without = (known) => known,
	wakes = true,
	startMs = 0,
}: Simulated): Promise<SimulatedRun> {
	const clock = new FakeClock({ startMs });
	const random = seededRandom(seed, 'poll');
	const isBusy = seededRandom(seed, 'busy');
	const throttle = new RunThrottle(new Throttle(clock, random), {
		maxTasks: concurrency,
		maxPollsPerSecond: pollsPerSecond,
	});
	const run = {
		notBegun: latencies.length,
		get itemsNotStarted() {
			return this.notBegun + throttle.heldBack;
		},
	};
	const durations = new PartlyKnown(without, throttle, run);
	const { counting, retryAfterSeconds } = limits;
	const headers: Record<string, string> =
		retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
	const tooMany = () => response(429, { message: 'too many' }, headers);
	const creationRate = new RateLimit();
	const pollRate = new RateLimit();
	const tasks: Array<{ createdAt: number; latency: number; polls: number; index: number }> = [];
	let polls = 0;
	const sent: Array<[number, boolean]> = [];
	let refusedPolls = 0;
	const idle = latencies.map(() => 0);

	const create = (index: number): HttpResponse => {
		const now = clock.now();
		const { concurrentTasks = Infinity, creationsPerSecond = Infinity } = limits;
		const open = tasks.filter(({ createdAt, latency }) => createdAt + latency > now).length;
		const taken =
			isBusy() >= refusedShare &&
			open < concurrentTasks &&
			creationRate.take(now, creationsPerSecond, counting);
		sent.push([now - startMs, taken]);
		if (!taken) return tooMany();
		tasks.push({ createdAt: now, latency: latencies[index], polls: 0, index });
		return response(200, { id: String(tasks.length - 1), status: 'in_progress' });
	};
	const poll = (id: string): HttpResponse => {
		const now = clock.now();
		polls += 1;
		const isRefused = refusedPollShare > 0 && isBusy() < refusedPollShare;
		if (isRefused || !pollRate.take(now, limits.pollsPerSecond ?? Infinity, counting)) {
			refusedPolls += 1;
			return tooMany();
		}
		const task = tasks[Number(id)];
		task.polls += 1;
		const age = now - task.createdAt;
		const said = progress(Math.min(1, age / task.latency), task.index, task.polls);
		const done = age >= task.latency;
		if (done) idle[task.index] = age - task.latency;
		return response(200, {
			id,
			status: done ? 'completed' : 'in_progress',
			...(said !== undefined && { progress: said }),
		});
	};
	const http: HttpClient = {
		async api({ method, path, body }) {
			const ms = method === 'POST' ? creationMs : roundTripMs;
			await clock.sleep(ms / 2);
			const answer =
				method === 'POST' ? create(Number(body)) : poll(path.slice(path.lastIndexOf('/') + 1));
			await clock.sleep(ms / 2);
			return answer;
		},
		fetch: async () => await Promise.reject(new Error('No file is fetched here')),
	};
	const client = new Client({
		http,
		clock,
		throttle,
		redact: (text) => text,
		adviceFor: () => undefined,
		random,
	});
	await workThrough([...latencies.keys()], throttle, async (index) => {
		run.notBegun -= 1;
		const slot = throttle.slot();
		const deadline = clock.now() + 600_000;
		const firstPoll = await client.submit(Buffer.from(String(index)), slot, { deadline });
		const submittedAt = clock.now();
		const schedule = new PollSchedule({ durations, model: 'model', random, intervalMs });
		await waitForTask(firstPoll.id, {
			client,
			clock,
			random,
			signal: undefined,
			submittedAt,
			firstPoll,
			timeoutMs: 24 * 3_600_000,
			debug: () => {},
			schedule: {
				next: (ageMs, told) => {
					const { shouldWake, ...next } = schedule.next(ageMs, told);
					return { ...next, ...(wakes && shouldWake && { shouldWake }) };
				},
			},
		}).finally(() => slot.ended());
		schedule.close();
		schedule.learn(clock.now() - submittedAt);
	});
	return {
		total: clock.now() - startMs,
		atOnce: Math.max(...latencies),
		ideal: idealTotal(latencies, concurrency),
		idle,
		idleShare: idle.map((ms, index) => ms / latencies[index]),
		pollsPerTask: polls / latencies.length,
		creations: sent.length,
		refusedCreations: sent.filter(([, taken]) => !taken).length,
		polls,
		refusedPolls,
		sent,
	};
}
