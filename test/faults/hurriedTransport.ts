import type * as Transport from '../../nodes/Vtrix/n8n/transport';

/** How many of the node's seconds pass in one real second. */
export const HURRY = 20;

/** How long a request waits for its answer, real milliseconds: enough for a busy machine. */
const ANSWER_MS = 4000;

/**
 * The node's real way to n8n's HTTP helpers, but its time passes `HURRY` times as fast, and requests
 * give up sooner: for `jest.mock` of that module, so that minutes of retries take seconds.
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
		apiTransport(...parts) {
			const send = real.apiTransport(...parts);
			return async (request) => await send({ ...request, timeoutMs: ANSWER_MS });
		},
		publicTransport(...parts) {
			const fetch = real.publicTransport(...parts);
			return async (url, signal) => await fetch(url, signal, ANSWER_MS);
		},
	};
}
