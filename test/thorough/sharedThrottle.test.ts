/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { simulateRuns, type SharedRun } from '../../tools/bench/simulateRuns';
import { COUNTINGS, type Limits } from '../standin';
import { seededRandom } from '../standin/random';

const SEEDS = Number(process.env.SEEDS ?? 150);
const FROM = Number(process.env.FROM ?? 1);

/** A service and the runs that share its key, all drawn. */
function draw(seed: number) {
	const random = seededRandom(seed, 'drawn');
	const whole = (from: number, to: number) => from + Math.floor((to - from + 1) * random());
	const pick = <Value>(values: readonly Value[]): Value => values[whole(0, values.length - 1)];
	const maybe = <Value>(value: Value): Value | undefined => (random() < 0.4 ? value : undefined);
	const limits: Limits = {
		concurrentTasks: maybe(whole(1, 20)),
		creationsPerSecond: maybe(whole(1, 10)),
		pollsPerSecond: maybe(whole(2, 30)),
		counting: pick(COUNTINGS),
	};
	const longest = pick([500, 4000, 20_000]);
	const workers = pick([1, 1, 1, 2, 3]);
	const runs = Array.from({ length: whole(1, 25) }, (): SharedRun => {
		const startsAt = whole(0, 20_000);
		return {
			startsAt,
			latencies: Array.from({ length: pick([1, 1, 1, 3, 10, 40]) }, () => whole(100, longest)),
			worker: whole(0, workers - 1),
			maxTasks: maybe(whole(1, 10)),
			maxPollsPerSecond: maybe(whole(1, 20)),
			stopsAt: random() < 0.1 ? startsAt + whole(1, 20_000) : undefined,
			// Nobody is to fail for the others' sake.
			timeoutMs: 3_600_000,
		};
	});
	return {
		runs,
		service: {
			limits,
			refusedShare: pick([0, 0, 0.01, 0.05]),
			roundTripMs: pick([5, 50, 300]),
			seed,
		},
	};
}

test(`${SEEDS} drawn services: no run fails or hangs, and no slot is left over`, async () => {
	const wrong: string[] = [];
	for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
		const { runs, service } = draw(seed);
		const { runs: outcomes, isIdle } = await simulateRuns(runs, service);
		if (!isIdle) wrong.push(`seed ${seed}: a slot is left over`);
		for (const [index, { done, words, totalMs, busiestPolls }] of outcomes.entries()) {
			const { latencies, stopsAt, startsAt, maxPollsPerSecond = Infinity } = runs[index];
			const run = `seed ${seed}, run ${index}`;
			if (stopsAt === undefined && done < latencies.length) {
				wrong.push(`${run}: ${done} of ${latencies.length}, ${words[0]}`);
			}
			if (stopsAt !== undefined && totalMs > stopsAt - startsAt + 1000) {
				wrong.push(`${run}: stopped after ${totalMs} ms instead of ${stopsAt - startsAt}`);
			}
			if (busiestPolls > maxPollsPerSecond + 1)
				wrong.push(`${run}: ${busiestPolls} polls a second`);
		}
	}
	expect(wrong).toEqual([]);
}, 900_000);
