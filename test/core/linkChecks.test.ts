/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { setImmediate as rest } from 'node:timers/promises';
import type { InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import { StoppedError } from '../../nodes/Vtrix/core/shared/errors';
import type { PublicFetch } from '../../nodes/Vtrix/core/exchange/publicFetch';
import {
	checkLink,
	LinkChecks,
	type LinkOpening,
} from '../../nodes/Vtrix/core/request/checkImageUrl';
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
beforeEach(async () => {
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

describe('a link', () => {
	const [url] = links(1);

	/** A file that comes in these pieces. */
	function fileOf(...pieces: Buffer[]) {
		const stream = Readable.from(pieces);
		const { asked, publicFetch } = heldFiles();
		const fetch: PublicFetch['http']['fetch'] = async (address) => {
			asked.push(address);
			return { status: 200, headers: {}, body: byteStream(stream) };
		};
		return { stream, asked, publicFetch: { ...publicFetch, http: { fetch } } };
	}
	const check = async (
		{ publicFetch }: ReturnType<typeof fileOf>,
		open: LinkOpening,
		more: Partial<InputImages> = {},
		address = url,
	) => {
		const { issues, warnings, header } = await checkLink(
			{ ...limits, ...more },
			address,
			open,
			publicFetch,
		);
		for (const { label, value } of issues) expect([label, value]).toEqual(['Input Image', address]);
		expect(warnings).toEqual([]);
		return { told: issues.map(({ message }) => message), header };
	};

	test('into a private network is refused without opening it', async () => {
		const file = fileOf(picture);
		for (const open of ['no', 'beginning', 'whole'] as const) {
			expect((await check(file, open, {}, 'http://10.0.0.1/a.png')).told).toEqual([
				expect.stringMatching(/^leads into a private network/),
			]);
		}
		expect(file.asked).toEqual([]);
	});

	test('that is not to be opened is fine, and waits for no other', async () => {
		const { asked, ends, publicFetch } = heldFiles();
		const checks = new LinkChecks();
		const all = links(8).map(async (one) => await checks.check(limits, one, 'whole', publicFetch));
		await rest();
		expect(await checks.check(limits, url, 'no', publicFetch)).toEqual({
			issues: [],
			warnings: [],
		});
		expect(asked).toHaveLength(8);
		for (const end of ends) end();
		await Promise.all(all);
	});

	test('to a file within all limits is fine, and shows its pixels', async () => {
		for (const open of ['beginning', 'whole'] as const) {
			const most = { maxBytes: picture.length };
			const { told, header } = await check(fileOf(picture), open, most);
			expect([told, header]).toEqual([[], expect.objectContaining({ width: 640, height: 480 })]);
		}
	});

	test('to a file beyond a limit tells how to make one that fits', async () => {
		const way = /Download it with an HTTP Request node, choose File as the source, and put an Edit/;
		const large = await check(fileOf(picture), 'whole', { maxBytes: picture.length - 1 });
		expect(large.told).toEqual([
			expect.stringMatching(/^is larger than 0\.\d\d MB, the largest file allowed\. Download it/),
		]);
		const { told } = await check(fileOf(picture), 'whole', { maxSide: 639 });
		expect(told).toEqual([expect.stringMatching(way)]);
	});

	test('to a file that is cut off is refused where all of it is read', async () => {
		const cut = () => fileOf(picture.subarray(0, -20));
		expect((await check(cut(), 'beginning')).told).toEqual([]);
		expect((await check(cut(), 'whole')).told).toEqual([expect.stringMatching(/^is cut off/)]);
	});

	test('is read no further than it takes, nor beyond the largest file', async () => {
		const whole = fileOf(picture, Buffer.alloc(500_000), Buffer.alloc(500_000));
		expect((await check(whole, 'beginning')).told).toEqual([]);
		expect(whole.stream.destroyed).toBe(true);
		// segments without a word of the picture
		const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff])], 65_537);
		const pieces = Array.from({ length: 20 }, () => segment);
		const endless = fileOf(Buffer.from([0xff, 0xd8]), ...pieces);
		expect((await check(endless, 'beginning', { maxBytes: 300_000 })).told).toEqual([
			expect.stringMatching(/^is larger than 0\.3 MB/),
		]);
		expect(endless.stream.destroyed).toBe(true);
	});

	test.each([
		['whole', "turn 'Check Image URLs' off"],
		['beginning', 'choose another Size than that of this image'],
	] as const)('that does not open tells what to do (%s)', async (open, advice) => {
		const { publicFetch } = fileOf();
		const http = { fetch: async () => await Promise.reject(new Error('connect ECONNREFUSED')) };
		const { issues } = await checkLink(limits, url, open, { ...publicFetch, http });
		expect(issues).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(/^could not be opened: .*without signing in, or /),
			}),
		]);
		expect(issues[0].message).toContain(advice);
	});
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
		expect(outcome).toMatchObject({ status: 'rejected', reason: new StoppedError([]) });
	}
	expect(asked).toHaveLength(8);
});
