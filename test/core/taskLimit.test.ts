import { COUNTINGS } from '../standin';
import { atService, DRAWN } from './atService';

describe('a service that takes so many tasks at a time', () => {
	test.each(
		[1, 3, 15].flatMap((concurrentTasks) => [
			{ concurrentTasks, named: '2 s', lengthMs: undefined },
			{ concurrentTasks, named: '3 to 12 s', lengthMs: DRAWN },
		]),
	)('$concurrentTasks, tasks of $named', async ({ concurrentTasks, lengthMs }) => {
		const { refused, total, ideal } = await atService(
			{ concurrentTasks },
			{ ...(lengthMs && { lengthMs }) },
		);
		expect(refused).toBeLessThanOrEqual(10);
		expect(total).toBeLessThanOrEqual(1.1 * ideal);
	});

	test('is kept busy over many tasks, with few refusals', async () => {
		const { refused, total, ideal } = await atService(
			{ concurrentTasks: 15 },
			{ lengthMs: DRAWN, tasks: 100, concurrency: 50 },
		);
		expect(refused).toBeLessThanOrEqual(25);
		expect(total).toBeLessThanOrEqual(1.05 * ideal);
	});

	test.each([50, 100, 200])('and answers after %i ms', async (creationMs) => {
		const { refused } = await atService({ concurrentTasks: 3 }, { creationMs });
		expect(refused).toBeLessThanOrEqual(10);
	});
});

describe('a service that takes so many creations a second', () => {
	test.each(
		COUNTINGS.flatMap((counting) => [1, 2, 3, 5].map((perSecond) => ({ counting, perSecond }))),
	)('$perSecond, counted $counting', async ({ counting, perSecond }) => {
		const { refused, total } = await atService({ creationsPerSecond: perSecond, counting });
		expect(refused).toBeLessThanOrEqual(10);
		// where requests must be spaced, a pace is found that is slower by up to a half
		const share = counting === 'spaced' && perSecond > 2 ? 0.6 : 1;
		expect(total).toBeLessThanOrEqual(1.1 * ((19 / share / perSecond) * 1000 + 2000));
	});

	test('and so many tasks at a time', async () => {
		const { refused, total, ideal } = await atService(
			{ creationsPerSecond: 2, concurrentTasks: 5 },
			{ lengthMs: DRAWN },
		);
		expect(refused).toBeLessThanOrEqual(12);
		expect(total).toBeLessThanOrEqual(1.2 * ideal);
	});
});

describe('a service that is busy with others, so that it refuses at random', () => {
	test.each([
		{ refusedShare: 0.03, times: 1.3 },
		{ refusedPollShare: 0.03, times: 1.5 },
	])('%j of its requests, is not taken for a slow one', async ({ times, ...shares }) => {
		const { total, ideal } = await atService(
			{},
			{ ...shares, lengthMs: DRAWN, tasks: 100, concurrency: 50 },
		);
		expect(total).toBeLessThanOrEqual(times * ideal);
	});

	test('a third of the creations, takes all of them in the end', async () => {
		const { total, ideal } = await atService(
			{},
			{ refusedShare: 0.3, lengthMs: DRAWN, tasks: 60, concurrency: 30 },
		);
		expect(total).toBeLessThanOrEqual(10 * ideal);
	});
});

describe('a service without limits', () => {
	test.each([
		{ tasks: 20, creationMs: 5, times: 1.02 },
		{ tasks: 20, creationMs: 100, times: 1.05 },
		{ tasks: 20, creationMs: 500, times: 1.1 },
		{ tasks: 100, creationMs: 5, times: 1.05 },
		{ tasks: 100, creationMs: 100, times: 1.1 },
	])(
		'that answers after $creationMs ms has $tasks tasks done nearly as soon as all at once',
		async ({ tasks, creationMs, times }) => {
			const { total, ideal } = await atService({}, { lengthMs: DRAWN, tasks, creationMs });
			expect(total).toBeLessThanOrEqual(times * ideal);
		},
	);
});
