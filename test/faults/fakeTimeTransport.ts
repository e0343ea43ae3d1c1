/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { HttpResponse } from '../../nodes/Vtrix/core/exchange/http/http';
import { Throttles } from '../../nodes/Vtrix/core/exchange/throttling/throttles';
import type * as Transport from '../../nodes/Vtrix/n8n/connection/transport';
import { FakeClock } from '../support/fakeClock';

const own = new AsyncLocalStorage<FakeClock>();
let common = new FakeClock();
const clock = (): FakeClock => own.getStore() ?? common;

/** The time of whoever asks, ms since 1970. */
export const now = (): number => clock().now();

/** Starts the common time anew, so that nothing of an earlier test goes on in it. */
export function startTime(): void {
	common = new FakeClock();
}

/** Does its work in a time of its own, so that others don't hold it up. */
export const inOwnTime = async <T>(work: (now: () => number) => Promise<T>): Promise<T> => {
	const time = new FakeClock();
	return await own.run(time, async () => await work(time.now));
};

/** Holds time still until the work is done. */
export const hold = async <T>(work: Promise<T>): Promise<T> => await clock().whileBusy(work);

/** Lets time pass although requests hold it still, ms. */
export const advance = async (ms: number): Promise<void> => await clock().advance(ms);

/** Holds time still until a request is answered and its answer read. */
async function held(request: Promise<HttpResponse>): Promise<HttpResponse> {
	const read = async () => {
		const { body } = await request;
		if (body instanceof Readable) await finished(body);
	};
	hold(read()).catch(() => {});
	return await request;
}

/** Each time has throttles of its own, so that no test learns from another. */
const throttlesIn = new WeakMap<FakeClock, Throttles>();

/** How long a request waits for its answer, real milliseconds, where some get none. */
const ANSWER_MS = 3000;
/** The same where every request is answered, but large ones take their time on a busy machine. */
export const LARGE_ANSWER_MS = 60_000;

/**
 * For `jest.mock`: the node's real way to n8n's HTTP helpers, in a time that jumps as soon as all
 * that is left to do is to sleep. Only a request that gets no answer takes real time.
 */
export function inFakeTime(real: typeof Transport, answerMs = ANSWER_MS): typeof Transport {
	return {
		...real,
		realClock: (signal) => ({
			now,
			sleep: async (ms) =>
				await clock()
					.sleep(Math.max(0, ms), signal)
					.catch(() => {}),
		}),
		throttles() {
			const time = clock();
			const known = throttlesIn.get(time) ?? new Throttles(time, Math.random);
			throttlesIn.set(time, known);
			return known;
		},
		apiTransport(...parts) {
			const send = real.apiTransport(...parts);
			return async (request) => await held(send({ ...request, timeoutMs: answerMs }));
		},
		publicTransport(...parts) {
			const fetch = real.publicTransport(...parts);
			return async (url, signal) => await held(fetch(url, signal, answerMs));
		},
	};
}
