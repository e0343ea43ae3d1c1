import type { Task } from '../../nodes/Vtrix/core/exchange/answers';
import { RateLimiter } from '../../nodes/Vtrix/core/exchange/rateLimiter';
import { waitForTask } from '../../nodes/Vtrix/core/polling/waitForTask';
import { TaskDurations, type KnownDurations } from '../../nodes/Vtrix/core/polling/taskDurations';
import { PollSchedule } from '../../nodes/Vtrix/core/polling/pollSchedule';
import pLimit from 'p-limit';
import { seededRandom } from '../standin/random';
import { FakeClock } from '../support/fakeClock';
import { idealTotal, type Metrics } from './metrics';

/** A run to go through with a clock that needs no time. */
export interface Simulated {
	/** How long each task takes, ms. */
	latencies: readonly number[];
	concurrency: number;
	/** What the API says of a task's progress; nothing by default. */
	progress?: (done: number, task: number, poll: number) => number | undefined;
	pollsPerSecond?: number;
	/** Time until an answer is there, ms. */
	roundTripMs?: number;
	/** Fixes all that is drawn by chance. */
	seed?: number;
	/** Milliseconds between two polls, if the user fixed them. */
	intervalMs?: number;
	/** What a rule of the schedule is told instead of what the run knows, to see what the rule buys. */
	without?: (known: KnownDurations) => KnownDurations;
	/** Whether an end may wake the others before their polls are due. */
	wakes?: boolean;
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

/** Polls tasks as the node does, without n8n, network or waiting. */
export async function simulate({
	latencies,
	concurrency,
	progress = () => undefined,
	pollsPerSecond = 20,
	roundTripMs = 5,
	seed = 1,
	intervalMs,
	without = (known) => known,
	wakes = true,
}: Simulated): Promise<Omit<Metrics, 'unseen'> & { busiest: number }> {
	const clock = new FakeClock({ startMs: 0 });
	const random = seededRandom(seed, 'poll');
	const rateLimiter = new RateLimiter(clock, pollsPerSecond);
	const run = { itemsNotStarted: latencies.length };
	const durations = new PartlyKnown(without, pollsPerSecond, run);
	const asked: number[] = [];
	const idle = latencies.map(() => 0);
	await pLimit(concurrency).map(latencies, async (latency, index) => {
		run.itemsNotStarted -= 1;
		await clock.sleep(roundTripMs);
		const createdAt = clock.now();
		const state = { polls: 0 };
		const client = {
			async getTask(id: string, deadline: number, likelyDone?: boolean): Promise<Task> {
				await rateLimiter.acquire(deadline, likelyDone);
				await clock.sleep(roundTripMs / 2);
				asked.push(clock.now());
				state.polls += 1;
				const age = clock.now() - createdAt;
				const said = progress(Math.min(1, age / latency), index, state.polls);
				const done = age >= latency;
				const task: Task = {
					id,
					state: done ? 'completed' : 'running',
					images: [],
					...(said !== undefined && { progress: said }),
				};
				if (done) idle[index] = age - latency;
				await clock.sleep(roundTripMs / 2);
				return task;
			},
		};
		const schedule = new PollSchedule({ durations, model: 'model', random, intervalMs });
		await waitForTask(String(index), {
			client,
			clock,
			random,
			signal: undefined,
			submittedAt: createdAt,
			firstPoll: { id: String(index), state: 'running', images: [] },
			timeoutMs: 24 * 3_600_000,
			debug: () => {},
			schedule: {
				next: (ageMs, told) => {
					const { shouldWake, ...next } = schedule.next(ageMs, told);
					return { ...next, ...(wakes && shouldWake && { shouldWake }) };
				},
			},
		});
		schedule.close();
		schedule.learn(clock.now() - createdAt);
	});
	const times = asked.sort((a, b) => a - b);
	return {
		total: clock.now(),
		ideal: idealTotal(latencies, concurrency),
		idle,
		idleShare: idle.map((ms, index) => ms / latencies[index]),
		pollsPerTask: times.length / latencies.length,
		busiest: Math.max(
			...times.map((from) => times.filter((t) => t >= from && t < from + 1000).length),
		),
	};
}
