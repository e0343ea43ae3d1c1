import { Client } from '../../nodes/Vtrix/core/exchange/client';
import type {
	ByteStream,
	HttpClient,
	HttpResponse,
} from '../../nodes/Vtrix/core/exchange/http/http';
import { RunThrottle, Throttle } from '../../nodes/Vtrix/core/exchange/throttling/throttle';
import { workThrough } from '../../nodes/Vtrix/core/pipeline/workThrough';
import { seededRandom } from '../standin/random';
import { FakeClock } from '../support/fakeClock';

const UPLOAD_MS = 5000;
const MEGABYTES = 21;
/** What all bodies are made of, so that none has to be filled. */
const CONTENT = Buffer.alloc(MEGABYTES * 1_000_000);

const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => {
	const text = Buffer.from(JSON.stringify({ id: 'task', status: 'completed' }));
	const stream: Pick<ByteStream, 'destroy' | typeof Symbol.asyncIterator> = {
		async *[Symbol.asyncIterator]() {
			yield await Promise.resolve(text);
		},
		destroy() {},
	};
	return { status, headers, body: stream as ByteStream };
};

/** When creations of so many bytes are sent to a service that refuses all for a while, ms. */
async function sentTo(refusesMs: number, items: number, megabytes: number, retryAfter?: string) {
	const clock = new FakeClock({ startMs: 0 });
	const sent: number[] = [];
	const http: HttpClient = {
		async api({ body }) {
			sent.push(clock.now());
			await clock.sleep(megabytes > 0 ? UPLOAD_MS : 50);
			if (body && !Buffer.isBuffer(body)) for await (const piece of body.open()) void piece;
			if (clock.now() >= refusesMs) return answer(200);
			return answer(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
		},
		fetch: async () => await Promise.reject(new Error('Nothing is fetched')),
	};
	const random = seededRandom(1, 'uploads');
	const throttle = new RunThrottle(new Throttle(clock, random), {
		maxTasks: Infinity,
		maxPollsPerSecond: Infinity,
	});
	const client = new Client({
		http,
		clock,
		throttle,
		random,
		redact: (text) => text,
		adviceFor: () => undefined,
	});
	const byteLength = megabytes * 1_000_000;
	const body =
		megabytes === 0
			? Buffer.from('{}')
			: {
					byteLength,
					async *open() {
						yield await Promise.resolve(CONTENT.subarray(0, byteLength));
					},
				};
	await workThrough(Array.from({ length: items }), throttle, async () => {
		const slot = throttle.slot();
		await client.submit(body, slot, { deadline: clock.now() + 600_000 });
		slot.ended();
	});
	return sent.filter((at) => at < refusesMs);
}

describe('creations with large images', () => {
	test('are sent to a service that refuses as rarely as small ones', async () => {
		const small = await sentTo(300_000, 20, 0);
		const large = await sentTo(300_000, 20, MEGABYTES);
		expect(large.length).toBeLessThanOrEqual(small.length);
	});

	test('are not sent before the service wants to be asked again', async () => {
		const sent = await sentTo(120_000, 12, MEGABYTES, '120');
		expect(sent.filter((at) => at > UPLOAD_MS)).toEqual([]);
	});
});
