import { Durations, Schedule } from '../../nodes/Vtrix/core/schedule';

const MIDDLE = () => 0.5;

/** When a task of this length is looked at, ms after its creation; the last look finds it done. */
function looks(
	lengthMs: number,
	{
		progress = false,
		durations = new Durations(),
		random = MIDDLE,
	}: { progress?: boolean; durations?: Durations; random?: () => number } = {},
): number[] {
	const schedule = new Schedule(durations, 'model', random);
	const times: number[] = [];
	let ageMs = 0;
	do {
		ageMs += schedule.next(ageMs, progress ? ageMs / lengthMs : undefined);
		times.push(ageMs);
	} while (ageMs < lengthMs && times.length < 1000);
	return times;
}
const idleMs = (times: number[], lengthMs: number) => (times.at(-1) ?? 0) - lengthMs;

describe('with progress', () => {
	test.each([500, 1000, 3000, 7000, 12_000, 60_000])(
		'a task of %i ms is found soon after its end, in few looks',
		(lengthMs) => {
			const times = looks(lengthMs, { progress: true });
			expect(times.length).toBeLessThanOrEqual(8);
			expect(idleMs(times, lengthMs)).toBeLessThanOrEqual(Math.max(350, lengthMs * 0.02));
		},
	);

	test.each([0, 1, -0.5, 7])('a progress of %p is taken for none', (progress) => {
		const next = (value?: number) =>
			new Schedule(new Durations(), 'model', MIDDLE).next(5000, value);
		expect(next(progress)).toBe(next());
	});

	test('that jumps about still leads to looks of a sensible distance', () => {
		const schedule = new Schedule(new Durations(), 'model', MIDDLE);
		for (const progress of [0.9, 0.001, 0.5, 0.0001, 0.999, 0.2]) {
			const ms = schedule.next(4000, progress);
			expect(ms).toBeGreaterThanOrEqual(50);
			expect(ms).toBeLessThanOrEqual(10_500);
		}
	});
});

describe('without progress', () => {
	test.each([200, 3000, 7000, 12_000, 60_000])(
		'a task of %i ms is not idle for long, nor asked about too often',
		(lengthMs) => {
			const times = looks(lengthMs);
			expect(times.length).toBeLessThanOrEqual(30);
			expect(idleMs(times, lengthMs)).toBeLessThanOrEqual(Math.max(1000, lengthMs * 0.17));
		},
	);

	test('no look is further away than some ten seconds', () => {
		expect(new Schedule(new Durations(), 'model', () => 1).next(3_600_000)).toBeLessThanOrEqual(
			10_500,
		);
	});

	test('the first tasks of a run tell how long the next ones take', () => {
		const durations = new Durations();
		[8000, 9000, 8500].forEach((ms) => durations.record('model', ms));
		const [first] = looks(8500, { durations });
		expect(first).toBeGreaterThan(6500);
		expect(first).toBeLessThan(8500);
		expect(looks(8500, { durations }).length).toBeLessThan(looks(8500).length);
	});

	test('tasks of another model tell nothing', () => {
		const durations = new Durations();
		durations.record('other', 60_000);
		expect(looks(3000, { durations })).toEqual(looks(3000));
	});
});

test('tasks that were created together are not looked at together', () => {
	const [early] = looks(5000, { random: () => 0 });
	const [late] = looks(5000, { random: () => 1 });
	expect(late - early).toBeGreaterThan(10);
});
