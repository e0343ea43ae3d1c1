import { realClock } from '../../nodes/Vtrix/n8n/connection/transport';

describe('the time of a run', () => {
	test.each([-3_600_000, 3_600_000])(
		'goes on as it was when the clock of the machine is set %i ms off',
		async (ms) => {
			const clock = realClock(undefined);
			const before = clock.now();
			expect(Math.abs(before - Date.now())).toBeLessThan(1000);
			const real = Date.now;
			const set = jest.spyOn(Date, 'now').mockImplementation(() => real() + ms);
			await clock.sleep(20);
			const passed = clock.now() - before;
			set.mockRestore();
			expect(passed).toBeGreaterThanOrEqual(15);
			expect(passed).toBeLessThan(600_000);
		},
	);
});
