/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { HttpResponse } from '../../nodes/Vtrix/core/http';
import type * as Transport from '../../nodes/Vtrix/n8n/transport';
import { FakeClock } from '../support/fakeClock';

let clock = new FakeClock();

/** The node's time: no second of it passes while a request is under way. */
export const now = (): number => clock.now();

/** Starts time anew, so that nothing of an earlier test goes on in it. */
export function startTime(): void {
	clock = new FakeClock();
}

/** Holds time still until a request is answered and its answer read. */
async function held(request: Promise<HttpResponse>): Promise<HttpResponse> {
	const read = async () => {
		const { body } = await request;
		if (body instanceof Readable) await finished(body);
	};
	clock.whileBusy(read()).catch(() => {});
	return await request;
}

/** For `jest.mock`: the node's real way to n8n's HTTP helpers, in a time that jumps. */
export function inFakeTime(real: typeof Transport): typeof Transport {
	return {
		...real,
		realClock: (signal) => ({
			now,
			sleep: async (ms) => await clock.sleep(Math.max(0, ms), signal).catch(() => {}),
		}),
		apiTransport(...parts) {
			const send = real.apiTransport(...parts);
			return async (request) => await held(send(request));
		},
		publicTransport(...parts) {
			const fetch = real.publicTransport(...parts);
			return async (...request) => await held(fetch(...request));
		},
	};
}
