/** What `AbortSignal.timeout` was asked for, in order; each ends by hand, until mocks are restored. */
export function timeLimits(): Array<{ ms: number; end: () => void }> {
	const limits: Array<{ ms: number; end: () => void }> = [];
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		const controller = new AbortController();
		limits.push({ ms, end: () => controller.abort() });
		return controller.signal;
	});
	return limits;
}
