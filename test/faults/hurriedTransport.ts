import type * as Transport from '../../nodes/Vtrix/n8n/transport';

/** How many of the node's seconds pass in one real second. */
export const HURRY = 20;

/**
 * The node's real way to n8n's HTTP helpers, but its sleeps and time limits pass `HURRY` times as
 * fast: for `jest.mock` of that module, so that minutes of retries take seconds.
 */
export function hurried(real: typeof Transport): typeof Transport {
	return {
		...real,
		realClock(signal) {
			const clock = real.realClock(signal);
			const start = clock.now();
			return {
				now: () => start + (clock.now() - start) * HURRY,
				sleep: async (ms) => await clock.sleep(ms / HURRY),
			};
		},
		apiTransport(context, baseUrl) {
			const send = real.apiTransport(context, baseUrl);
			return async (request) =>
				await send({ ...request, timeoutMs: Math.ceil(request.timeoutMs / HURRY) });
		},
		publicTransport(context) {
			const fetch = real.publicTransport(context);
			return async (url, signal, timeoutMs) =>
				await fetch(url, signal, Math.ceil(timeoutMs / HURRY));
		},
	};
}
