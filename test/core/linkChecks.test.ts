/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { setImmediate as rest } from 'node:timers/promises';
import type { InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import { StoppedError } from '../../nodes/Vtrix/core/shared/errors';
import type { PublicFetch } from '../../nodes/Vtrix/core/exchange/publicFetch';
import { LinkChecks } from '../../nodes/Vtrix/core/request/checkImageUrl';
import { byteStream } from '../faults/plainHttp';
import { FakeClock } from '../support/fakeClock';
import { sampleImage } from '../support/sampleImage';

const limits: InputImages = {
	min: 1,
	max: 1,
	formats: ['png'],
	maxBytes: 1_000_000,
	sentAs: 'mixed',
};
let picture: Buffer;
beforeAll(async () => {
	picture = await sampleImage({ format: 'png', width: 640, height: 480 });
});

/** Files behind links, each of which comes to its end only when it is let. */
function heldFiles(signal?: AbortSignal) {
	const asked: string[] = [];
	const ends: Array<() => void> = [];
	const publicFetch: PublicFetch = {
		http: {
			fetch: async (url) => {
				asked.push(url);
				await new Promise<void>((end) => ends.push(end));
				return { status: 200, headers: {}, body: byteStream(Readable.from([picture])) };
			},
		},
		clock: new FakeClock(),
		baseUrl: 'https://cloud.vtrix.ai',
		redact: (text) => text,
		...(signal && { signal }),
	};
	return { asked, ends, publicFetch };
}

const links = (count: number) =>
	Array.from({ length: count }, (_, index) => `https://example.com/${index}.png`);

test('eight files behind links are held at a time, however many items ask', async () => {
	const { asked, ends, publicFetch } = heldFiles();
	const checks = new LinkChecks();
	const all = links(20).map(async (url) => await checks.check(limits, url, 'whole', publicFetch));
	await rest();
	expect(asked).toHaveLength(8);
	while (ends.length > 0) {
		ends.shift()?.();
		await rest();
		await rest();
	}
	for (const { issues } of await Promise.all(all)) expect(issues).toEqual([]);
	expect(asked).toEqual(links(20));
});

test('a link that several items name is opened once, and told to each of them', async () => {
	const { asked, ends, publicFetch } = heldFiles();
	picture = Buffer.from('<html>Sign in</html>');
	const checks = new LinkChecks();
	const [url] = links(1);
	const all = [1, 2, 3].map(async () => await checks.check(limits, url, 'whole', publicFetch));
	await rest();
	ends[0]();
	for (const { issues } of await Promise.all(all)) {
		expect(issues[0].message).toMatch(/^is a web page/);
	}
	expect(asked).toEqual([url]);
});

test('no further link is opened once the run is stopped', async () => {
	const stop = new AbortController();
	const { asked, ends, publicFetch } = heldFiles(stop.signal);
	const checks = new LinkChecks();
	const all = links(9).map(async (url) => await checks.check(limits, url, 'whole', publicFetch));
	await rest();
	stop.abort();
	ends.forEach((end) => end());
	for (const outcome of await Promise.allSettled(all)) {
		expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoppedError) });
	}
	expect(asked).toHaveLength(8);
});
