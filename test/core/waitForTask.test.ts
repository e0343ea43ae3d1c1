import type { Task } from '../../nodes/Vtrix/core/exchange/answers/task';
import type { RetryablePoll } from '../../nodes/Vtrix/core/exchange/pollOutcome';
import {
	StoppedError,
	TaskTimedOutError,
	TaskUnreachableError,
	VtrixError,
} from '../../nodes/Vtrix/core/shared/errors';
import {
	getTaskWithRetries,
	waitForTask,
	type TaskWaiter,
} from '../../nodes/Vtrix/core/polling/waitForTask';
import type { NextPoll } from '../../nodes/Vtrix/core/polling/pollRules';
import { FakeClock } from '../support/fakeClock';

const ID = 'task-1';
const task = (state: Task['state'], more: Partial<Task> = {}): Task => ({
	id: ID,
	state,
	status: state,
	images: [],
	...more,
});
const running = task('running');
const completed = task('completed');
const failed = task('failed');
const unknown: RetryablePoll = {
	reason: 'it answered with HTTP 404',
	status: 404,
	details: { httpStatus: 404 },
};
const broken: RetryablePoll = { reason: 'the connection broke' };

const pollIn = (delayMs: number): NextPoll => ({
	delayMs,
	likelyDone: false,
	rule: 'growth by age',
});

/** How often a task is polled by its age, if the service dates its creation so far from ours. */
async function pollsByAge(aheadMs: number): Promise<number[]> {
	const ages: number[] = [];
	const { parts, start } = polling([], {
		submittedAt: undefined,
		timeoutMs: 60_000,
		schedule: { next: (ageMs) => (ages.push(ageMs), pollIn(1000 + ageMs)) },
	});
	const known = task('running', { createdAt: start + aheadMs });
	parts.client = { getTask: async () => await Promise.resolve(known) };
	await errorOf(waitForTask(ID, parts));
	return ages;
}

test('a service whose clock is ahead changes no pace', async () => {
	expect(await pollsByAge(300_000)).toEqual(await pollsByAge(0));
	expect(await pollsByAge(-5000)).not.toEqual(await pollsByAge(0));
});

/** Answers in turn, the last one for ever, and notes in one list what happens. */
function polling(answers: Array<Task | RetryablePoll>, more: Partial<TaskWaiter> = {}) {
	const clock = new FakeClock();
	const start = clock.now();
	const log: string[] = [];
	let asked = 0;
	const parts: TaskWaiter = {
		client: {
			async getTask() {
				log.push('ask');
				asked += 1;
				return answers[Math.min(asked, answers.length) - 1];
			},
		},
		clock: {
			now: clock.now,
			async sleep(ms) {
				log.push(`sleep ${ms}`);
				await clock.sleep(ms);
			},
		},
		random: () => 0.5,
		signal: undefined,
		schedule: { next: () => pollIn(1000) },
		submittedAt: start,
		firstPoll: undefined,
		debug: () => {},
		timeoutMs: 10_000,
		...more,
	};
	return { parts, log, start, elapsed: () => clock.now() - start };
}

const errorOf = async (work: Promise<unknown>): Promise<VtrixError> => {
	const error: unknown = await work.catch((reason: unknown) => reason);
	if (error instanceof VtrixError) return error;
	throw new Error(`It did not fail as expected: ${String(error)}`);
};

describe('waiting for the end of a task', () => {
	test.each([completed, failed])(
		'asks, sleeps, and never sleeps after it is $state',
		async (end) => {
			const { parts, log } = polling([running, running, end]);
			expect(await waitForTask(ID, parts)).toBe(end);
			expect(log).toEqual(['ask', 'sleep 1000', 'ask', 'sleep 1000', 'ask']);
		},
	);

	test('takes an end that is known already, without asking or sleeping', async () => {
		const { parts, log } = polling([running]);
		expect(await waitForTask(ID, { ...parts, firstPoll: completed })).toBe(completed);
		expect(log).toEqual([]);
	});

	test('sleeps first if the task is known to be running', async () => {
		const { parts, log } = polling([completed]);
		await waitForTask(ID, { ...parts, firstPoll: running });
		expect(log).toEqual(['sleep 1000', 'ask']);
	});

	test('sleeps no longer than the time that is left, asks once more, then ends', async () => {
		const { parts, log, elapsed } = polling([running], { timeoutMs: 2500 });
		const error = await errorOf(waitForTask(ID, parts));
		expect(error).toBeInstanceOf(TaskTimedOutError);
		expect(error.taskIds).toEqual([ID]);
		expect(error.message).toContain(ID);
		expect(log).toEqual(['ask', 'sleep 1000', 'ask', 'sleep 1000', 'ask', 'sleep 500', 'ask']);
		expect(elapsed()).toBe(2500);
	});

	test('takes an end that comes with the very last look', async () => {
		const { parts } = polling([running, completed], { timeoutMs: 500 });
		expect(await waitForTask(ID, parts)).toBe(completed);
	});

	test('asks once even if no time is given', async () => {
		const { parts, log } = polling([completed], { timeoutMs: 0 });
		expect(await waitForTask(ID, parts)).toBe(completed);
		expect(log).toEqual(['ask']);
	});

	test('tells the schedule the age of the task and its progress', async () => {
		const told: Array<[number, number | undefined]> = [];
		const { parts } = polling([task('running', { progress: 0.2 }), running, completed], {
			schedule: {
				next: (ageMs, progress) => {
					told.push([ageMs, progress]);
					return pollIn(700);
				},
			},
		});
		await waitForTask(ID, parts);
		expect(told).toEqual([
			[0, 0.2],
			[700, undefined],
		]);
	});

	test('reckons the age of a task that was fetched by its ID from what the API says', async () => {
		const ages: number[] = [];
		const { parts, start } = polling([], { submittedAt: undefined });
		const known = task('running', { createdAt: start - 30_000 });
		await waitForTask(ID, {
			...parts,
			client: { getTask: async () => (ages.length < 2 ? known : completed) },
			schedule: {
				next: (ageMs) => {
					ages.push(ageMs);
					return pollIn(700);
				},
			},
		});
		expect(ages).toEqual([30_000, 30_700]);
	});

	test("does not wait any longer once another task's end says so", async () => {
		const { parts, elapsed } = polling([running, completed], {
			schedule: { next: () => ({ ...pollIn(9000), shouldWake: (ageMs) => ageMs >= 3000 }) },
		});
		expect(await waitForTask(ID, parts)).toBe(completed);
		expect(elapsed()).toBeGreaterThanOrEqual(3000);
		expect(elapsed()).toBeLessThanOrEqual(3500);
	});

	test('tells the log which rule chose each look', async () => {
		const told: unknown[] = [];
		const { parts } = polling([running, broken, completed], {
			debug: (_, details) => told.push(details),
		});
		await waitForTask(ID, parts);
		expect(told).toEqual([
			{ taskId: ID, ageMs: 0, rule: 'growth by age', delayMs: 1000 },
			{ taskId: ID, ageMs: 1000, rule: 'retry', delayMs: 500 },
		]);
	});

	test('waits for its own look if no other task ends', async () => {
		const { parts, elapsed } = polling([running, completed], {
			schedule: { next: () => ({ ...pollIn(4321), shouldWake: () => false }) },
		});
		await waitForTask(ID, parts);
		expect(elapsed()).toBe(4321);
	});

	test('lets a look go first when the task has probably ended', async () => {
		const likelyDone: unknown[] = [];
		const { parts } = polling([]);
		const answers = [running, running, broken, completed];
		await waitForTask(ID, {
			...parts,
			client: {
				getTask: async (...args) => answers[likelyDone.push(args[2]) - 1],
			},
			schedule: { next: () => ({ ...pollIn(700), likelyDone: likelyDone.length === 2 }) },
		});
		expect(likelyDone).toEqual([false, false, true, false]);
	});

	test('goes on after broken answers, further apart each time, and starts afresh after a good one', async () => {
		const { parts, log } = polling([broken, broken, broken, running, broken, completed]);
		await waitForTask(ID, parts);
		expect(log.filter((entry) => entry !== 'ask')).toEqual([
			'sleep 500',
			'sleep 1000',
			'sleep 2000',
			'sleep 1000',
			'sleep 500',
		]);
	});

	test.each<[string, Array<Task | RetryablePoll>, string]>([
		['no status that is known', [task('running', { status: 'in_progress' })], ''],
		['an unknown one', [running], "; its last status is 'running'"],
		['that it has none', [task('running', { status: undefined })], "; its last status is 'none'"],
		[
			'an error that it goes on with',
			[task('running', { status: 'pending', trouble: 'busy' })],
			"; its last status is 'pending': busy",
		],
		[
			'an error that may be its end',
			[task('running', { failure: { reason: 'too dark' }, trouble: 'busy' })],
			"; its last status is 'running': too dark",
		],
		[
			'why it could not be asked about in the end',
			[running, broken],
			"; its last status is 'running'; Vtrix could not be asked about it: the connection broke",
		],
	])('tells %s when its time is over', async (_, answers, told) => {
		const { parts } = polling(answers, { timeoutMs: 1200 });
		const { message } = await errorOf(waitForTask(ID, parts));
		expect(message).toBe(`Task ${ID} was not finished within 1 seconds${told}`);
	});

	test('goes on until its time is over while the way stays broken', async () => {
		const details = { httpStatus: 503, requestId: 'r-1' };
		const doubt = new VtrixError('It may be paid for', { description: '' });
		const { parts, elapsed } = polling([{ ...broken, status: 503, details }], {
			timeoutMs: 600_000,
			unknownTask: () => doubt,
		});
		expect(await errorOf(waitForTask(ID, parts))).toMatchObject({ details, taskIds: [ID] });
		expect(elapsed()).toBe(600_000);
	});

	test('waits as long as the API asks for', async () => {
		const { parts, log } = polling([{ ...broken, status: 429, retryAfterMs: 4000 }, completed]);
		await waitForTask(ID, parts);
		expect(log).toEqual(['ask', 'sleep 4000', 'ask']);
	});

	test('says at once when to come back if that is beyond the time limit', async () => {
		const limited = {
			reason: 'it answered with HTTP 429',
			status: 429,
			details: { httpStatus: 429 },
			retryAfterMs: 600_000,
		};
		const { parts, elapsed } = polling([limited]);
		const error = await errorOf(waitForTask(ID, parts));
		expect(error).toMatchObject({ taskIds: [ID], httpStatus: 429 });
		expect(error.message).toBe(
			`Task ${ID} cannot be followed: Vtrix does not want to be asked before 2030-01-01 00:10 UTC (it answered with HTTP 429)`,
		);
		expect(error.description).toMatch(
			/charged once. In 10 minutes .*'Task'.*'Get'.*raise 'Timeout'/,
		);
		expect(elapsed()).toBe(0);
	});

	test('waits for exactly as long where the time limit allows it', async () => {
		const limited = { reason: 'it answered with HTTP 429', status: 429, retryAfterMs: 10_000 };
		const { parts, elapsed } = polling([limited, completed]);
		expect(await waitForTask(ID, parts)).toBe(completed);
		expect(elapsed()).toBe(10_000);
	});

	test('waits for a new task to become known', async () => {
		const { parts } = polling([unknown, unknown, running, completed]);
		expect(await waitForTask(ID, parts)).toBe(completed);
	});

	test('gives up a task that is still unknown after a minute', async () => {
		const { parts, elapsed } = polling([unknown], { timeoutMs: 600_000 });
		const error = await errorOf(waitForTask(ID, parts));
		expect(error).toBeInstanceOf(TaskUnreachableError);
		expect(error).toMatchObject({ taskIds: [ID], httpStatus: 404 });
		expect(error.description).toMatch(
			/^Check the task ID.* Asked about it, it answered with HTTP 404/,
		);
		expect(elapsed()).toBeGreaterThan(60_000);
		expect(elapsed()).toBeLessThan(120_000);
	});

	test('gives up an unknown old task at once', async () => {
		const { parts, log } = polling([unknown], { submittedAt: undefined });
		expect((await errorOf(waitForTask(ID, parts))).message).toContain(ID);
		expect(log).toEqual(['ask']);
	});

	const doubted: RetryablePoll = {
		reason: 'it answered with HTTP 401',
		status: 401,
		refusal: new TaskUnreachableError('The key was not accepted', { description: '' }),
	};

	test('asks again after a refusal that may pass, and starts afresh after a good answer', async () => {
		const some = Array.from({ length: 4 }, () => doubted);
		const { parts } = polling([running, ...some, running, ...some, completed], {
			timeoutMs: 600_000,
		});
		expect(await waitForTask(ID, parts)).toBe(completed);
	});

	test('gives up a refusal that does not pass, in seconds', async () => {
		const { parts, log, elapsed } = polling([running, doubted], { timeoutMs: 600_000 });
		expect(await errorOf(waitForTask(ID, parts))).toBe(doubted.refusal);
		expect(log.filter((entry) => entry === 'ask')).toHaveLength(6);
		expect(elapsed()).toBeLessThan(15_000);
	});

	const doubtful = task('running', { status: 'zapped', failure: { reason: 'too dark' } });

	test('takes an error that stays in five answers in a row for the end, further apart each time', async () => {
		const { parts, log } = polling([doubtful], { timeoutMs: 600_000 });
		expect(await waitForTask(ID, parts)).toEqual({ ...doubtful, state: 'failed' });
		expect(log.filter((entry) => entry !== 'ask')).toEqual([
			'sleep 500',
			'sleep 1000',
			'sleep 2000',
			'sleep 4000',
		]);
	});

	test('goes on after an error that does not stay', async () => {
		const now = task('running', { status: 'zapped' });
		const all = Array.from({ length: 5 }, () => [doubtful, doubtful, now]).flat();
		const { parts } = polling([...all, completed], { timeoutMs: 600_000 });
		expect(await waitForTask(ID, parts)).toBe(completed);
	});

	const IMAGE = { url: 'https://cdn.example.com/1.png?sig=1' };
	const standing = (more: Partial<Task> = {}) =>
		task('running', { status: 'archived', images: [IMAGE], ...more });

	test.each([
		['an unknown status', {}],
		['no status at all', { status: undefined }],
		['a known status, but complete progress', { status: 'in_progress', progress: 1 }],
	])('takes an output that stands under %s', async (_, more) => {
		const { parts, elapsed } = polling([running, standing(more)], { timeoutMs: 600_000 });
		expect(await waitForTask(ID, parts)).toMatchObject({
			state: 'completed',
			isEndAssumed: true,
			images: [IMAGE],
		});
		expect(elapsed()).toBeGreaterThanOrEqual(6000);
		expect(elapsed()).toBeLessThan(10_000);
	});

	test('takes an output whose address is signed anew in every answer', async () => {
		let count = 0;
		const { parts, elapsed } = polling([], { timeoutMs: 600_000 });
		const client = {
			getTask: async () => standing({ images: [{ url: `${IMAGE.url}${(count += 1)}` }] }),
		};
		await waitForTask(ID, { ...parts, client });
		expect(elapsed()).toBeLessThan(10_000);
	});

	test.each<[string, (asked: number) => Task['images'][number]]>([
		['whose address changes', (asked) => ({ url: `https://cdn.example.com/${asked}.png` })],
		[
			'that is there in some answers only',
			(asked) => (asked % 2 ? { missing: 'blurred' } : { inline: 0 }),
		],
	])('does not take an output %s before the time is over', async (_, imageOf) => {
		let asked = 0;
		const { parts, elapsed } = polling([], { timeoutMs: 60_000 });
		const getTask = async () => {
			asked += 1;
			return standing({ images: [{ inline: 7 }, imageOf(asked)] });
		};
		await waitForTask(ID, { ...parts, client: { getTask } });
		expect(elapsed()).toBe(60_000);
	});

	test('takes an output that stands in three answers, not in two', async () => {
		const { parts, elapsed } = polling([running, standing()], {
			timeoutMs: 600_000,
			schedule: { next: () => pollIn(20_000) },
		});
		await waitForTask(ID, parts);
		expect(elapsed()).toBe(60_000);
	});

	test('takes an output that stands under the word for an end sooner', async () => {
		const slow = Array.from({ length: 20 }, () => running);
		const { parts, elapsed } = polling([...slow, standing({ status: 'completed' })], {
			timeoutMs: 600_000,
		});
		await waitForTask(ID, parts);
		expect(elapsed()).toBe(25_000);
	});

	test('waits for an output that grows, as long again as it took', async () => {
		const grown = standing({ images: [IMAGE, { url: 'https://cdn.example.com/2.png' }] });
		const slow = Array.from({ length: 20 }, () => running);
		const one = Array.from({ length: 15 }, () => standing());
		const { parts } = polling([...slow, ...one, grown], { timeoutMs: 600_000 });
		expect((await waitForTask(ID, parts)).images).toHaveLength(2);
	});

	describe.each(['in_progress', 'pending', 'processing', 'queued'])(
		'while a task is %s',
		(status) => {
			const url = (n: number) => ({ url: `https://cdn.example.com/${n}.png` });

			test('does not take images that are there while others still come', async () => {
				let asked = 0;
				const { parts } = polling([], { timeoutMs: 300_000 });
				const getTask = async () => {
					asked += 1;
					const images = Array.from({ length: Math.floor(asked / 50) }, (_, n) => url(n));
					return standing({ status, images });
				};
				const error = await errorOf(waitForTask(ID, { ...parts, client: { getTask } }));
				expect(error).toBeInstanceOf(TaskTimedOutError);
			});

			test('does not take them when the time is over either: they can be fetched later', async () => {
				const { parts } = polling([standing({ status })], { timeoutMs: 20_000 });
				expect(await errorOf(waitForTask(ID, parts))).toBeInstanceOf(TaskTimedOutError);
			});

			test('takes images that stand for a long time', async () => {
				const { parts, elapsed } = polling([standing({ status })], { timeoutMs: 600_000 });
				expect(await waitForTask(ID, parts)).toMatchObject({ state: 'completed' });
				expect(elapsed()).toBe(60_000);
			});
		},
	);

	test('takes an output under an unknown status when the time is over', async () => {
		const { parts } = polling([running, standing()], { timeoutMs: 1500 });
		expect(await waitForTask(ID, parts)).toMatchObject({ state: 'completed', images: [IMAGE] });
	});

	test('does not take an output in which every image is missing', async () => {
		const { parts } = polling([standing({ images: [{ missing: 'blurred' }] })]);
		expect(await errorOf(waitForTask(ID, parts))).toBeInstanceOf(TaskTimedOutError);
	});

	test.each([600_000, 5000])(
		'says what it means that a task is unknown whose ID is in doubt (%i ms)',
		async (timeoutMs) => {
			const { parts } = polling([unknown], { timeoutMs });
			const doubt = new VtrixError('It may be paid for', { description: '' });
			const error = await errorOf(waitForTask(ID, { ...parts, unknownTask: () => doubt }));
			expect(error).toBe(doubt);
		},
	);

	test('waits for a task to become known whose ID is in doubt', async () => {
		const { parts } = polling([unknown, completed], {
			unknownTask: () => new VtrixError('It may be paid for', { description: '' }),
		});
		expect(await waitForTask(ID, parts)).toBe(completed);
	});

	test.each([
		['waitForTask', waitForTask],
		['getTaskWithRetries', getTaskWithRetries],
	])('does not sleep after an answer that comes when the run is stopped: %s', async (_, ask) => {
		const stop = new AbortController();
		const { parts, log } = polling([], { signal: stop.signal });
		const getTask = async () => {
			stop.abort();
			return await Promise.resolve(broken);
		};
		const error = await errorOf(ask(ID, { ...parts, client: { getTask } }));
		expect(error).toBeInstanceOf(StoppedError);
		expect(error.taskIds).toEqual([ID]);
		expect(log).toEqual([]);
	});

	test('asks no more once the run is stopped', async () => {
		const stop = new AbortController();
		const { parts, log } = polling([running], {
			signal: stop.signal,
			schedule: {
				next: () => {
					stop.abort();
					return pollIn(1000);
				},
			},
		});
		const error = await errorOf(waitForTask(ID, parts));
		expect(error).toBeInstanceOf(StoppedError);
		expect(error.taskIds).toEqual([ID]);
		expect(log).toEqual(['ask', 'sleep 1000']);
	});
});

describe('a single look', () => {
	test.each([running, completed, failed, task('failed', { failure: { reason: 'too dark' } })])(
		'tells a task that is $state as it is',
		async (state) => {
			const { parts, log } = polling([state]);
			expect(await getTaskWithRetries(ID, parts)).toBe(state);
			expect(log).toEqual(['ask']);
		},
	);

	test('is repeated when the way was broken', async () => {
		const { parts, log } = polling([broken, broken, running]);
		expect(await getTaskWithRetries(ID, parts)).toBe(running);
		expect(log).toEqual(['ask', 'sleep 500', 'ask', 'sleep 1000', 'ask']);
	});

	test('ends with the task ID when the way stays broken', async () => {
		const { parts, log } = polling([broken]);
		const error = await errorOf(getTaskWithRetries(ID, parts));
		expect(error.message).toBe(`Vtrix could not be asked about task ${ID}: the connection broke`);
		expect(error.taskIds).toEqual([ID]);
		expect(log.filter((entry) => entry === 'ask')).toHaveLength(5);
		expect(log.at(-1)).toBe('ask');
	});

	test('comes after those of tasks that have probably ended, and waits for its turn a minute at most', async () => {
		const asked: unknown[] = [];
		const { parts, start } = polling([]);
		const getTask: TaskWaiter['client']['getTask'] = async (...args) => {
			asked.push(args.slice(0, 3));
			return await Promise.resolve(running);
		};
		await getTaskWithRetries(ID, { ...parts, client: { getTask } });
		expect(asked).toEqual([[ID, start + 60_000, false]]);
	});

	test('takes an error that stays in five answers for the end', async () => {
		const doubtful = task('running', { failure: { reason: 'too dark' } });
		const { parts, log } = polling([doubtful]);
		expect(await getTaskWithRetries(ID, parts)).toEqual({ ...doubtful, state: 'failed' });
		expect(log.filter((entry) => entry === 'ask')).toHaveLength(5);
	});

	test('waits for a minute if the API asks for it', async () => {
		const { parts, elapsed } = polling([{ ...broken, retryAfterMs: 60_000 }, running]);
		expect(await getTaskWithRetries(ID, parts)).toBe(running);
		expect(elapsed()).toBe(60_000);
	});

	test('does not wait for hours, but says when to come back', async () => {
		const { parts, elapsed } = polling([{ ...broken, status: 429, retryAfterMs: 3_600_000 }]);
		const error = await errorOf(getTaskWithRetries(ID, parts));
		expect(error.description).toBe('The task is not lost. Try again in 60 minutes.');
		expect(elapsed()).toBe(0);
	});

	test('says at once when the task is unknown', async () => {
		const { parts, log } = polling([unknown]);
		const error = await errorOf(getTaskWithRetries(ID, parts));
		expect(error.message).toBe(`Vtrix does not know the task ${ID}`);
		expect(log).toEqual(['ask']);
	});
});
