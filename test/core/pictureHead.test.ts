/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { download } from '../../nodes/Vtrix/core/download/download';
import { storeStream, type Content } from '../../nodes/Vtrix/core/download/imageStream';
import type { FileHeader } from '../../nodes/Vtrix/core/imageFile/mediaKind';
import { specimens } from '../images/corpus';
import { frameAt, tiffFile, withInserted } from '../images/handMade';
import { byteStream } from '../faults/plainHttp';
import { FakeClock } from '../support/fakeClock';
import { growth, LINEAR } from '../support/growth';
import { sampleImage } from '../support/sampleImage';

const MEGABYTE = 1_000_000;

/** A JPEG with so many bytes of metadata before its size. */
async function jpegWithMetadata(bytes: number): Promise<Buffer> {
	const picture = await sampleImage({ format: 'jpeg', width: 40, height: 30 });
	const segment = Buffer.alloc(60_000);
	segment.writeUInt32BE(0xffe2ea5e);
	const count = Math.ceil(bytes / segment.length);
	const metadata = Array.from({ length: count }, () => segment);
	return Buffer.concat([picture.subarray(0, 2), ...metadata, picture.subarray(2)]);
}

/** Downloads a file that comes in pieces of 64 kB, and tells what was stored. */
async function fetched(file: Buffer) {
	const clock = new FakeClock();
	const stored: Array<{ bytes: Buffer; streamed: boolean; header: Partial<FileHeader> }> = [];
	const pieces = function* () {
		for (let at = 0; at < file.length; at += 65_536) yield file.subarray(at, at + 65_536);
	};
	const store = async (content: Content, header: Partial<FileHeader>) => {
		const streamed = !Buffer.isBuffer(content);
		stored.push({ bytes: streamed ? await buffer(content) : content, streamed, header });
	};
	const http = {
		fetch: async () => ({
			status: 200,
			headers: {},
			body: Readable.from(pieces(), { objectMode: false }),
		}),
	};
	await download(
		'https://images.example.com/1.jpg',
		'task-1',
		{
			http,
			clock,
			baseUrl: 'https://cloud.vtrix.ai',
			redact: (text) => text,
			kind: 'image',
			maxBytes: 100 * MEGABYTE,
			onSize: () => {},
			onTransferred: () => {},
			onFailedAttempt: () => {},
			timeoutMs: 60_000,
			random: () => 0.5,
		},
		store,
	);
	return stored;
}

test('a large picture is handed on as a stream, whole and with its size', async () => {
	const file = await jpegWithMetadata(0);
	const padded = Buffer.concat([
		file.subarray(0, -2),
		Buffer.alloc(3 * MEGABYTE),
		file.subarray(-2),
	]);
	const [{ bytes, streamed, header }] = await fetched(padded);
	expect(streamed).toBe(true);
	expect(bytes.equals(padded)).toBe(true);
	expect(header).toMatchObject({ mimeType: 'image/jpeg', width: 40, height: 30 });
});

test('a picture with megabytes of metadata before its size is taken without it', async () => {
	const file = await jpegWithMetadata(3 * MEGABYTE);
	const [{ bytes, streamed, header }, ...again] = await fetched(file);
	expect(again).toEqual([]);
	expect(streamed).toBe(true);
	expect(bytes.equals(file)).toBe(true);
	expect(header).toEqual({ extension: 'jpg', mimeType: 'image/jpeg' });
});

test('a TIFF that is described at its end is taken without its size when it is large', async () => {
	const file = tiffFile({ pages: [[1500, 1000]], directoryLast: true });
	const [{ bytes, header }, ...again] = await fetched(file);
	expect(again).toEqual([]);
	expect(bytes.equals(file)).toBe(true);
	expect(header).toEqual({ extension: 'tiff', mimeType: 'image/tiff' });
});

test('a JPEG that tells its height only behind the scan is taken without its size', async () => {
	const file = Buffer.from(await sampleImage({ format: 'jpeg', width: 40, height: 30 }));
	file.writeUInt16BE(0, frameAt(file) + 5);
	const lines = Buffer.from([0xff, 0xdc, 0, 4, 0, 30]);
	const whole = withInserted(file, file.length - 2, lines);
	const [{ bytes, header }, ...again] = await fetched(whole);
	expect(again).toEqual([]);
	expect(bytes.equals(whole)).toBe(true);
	expect(header).toEqual({ extension: 'jpg', mimeType: 'image/jpeg' });
});

/** A JPEG that goes on with segments of no content, so that its size never comes. */
function endlessHead(bytes: number): Buffer {
	const head = Buffer.alloc(bytes);
	head.writeUInt16BE(0xffd8);
	for (let at = 2; at + 4 <= bytes; at += 4) head.writeUInt32BE(0xffe20002, at);
	return head;
}

/** Stores a file that comes in pieces of 100 bytes. */
async function storeInPieces(bytes: number): Promise<void> {
	const file = endlessHead(bytes);
	const pieces = function* () {
		for (let at = 0; at < file.length; at += 100) yield file.subarray(at, at + 100);
	};
	const incoming = { announced: undefined, kind: 'image', contentType: '', path: '' } as const;
	await storeStream(
		byteStream(Readable.from(pieces(), { objectMode: false })),
		{ ...incoming, isQuotable: true },
		() => {},
		async (content) => (Buffer.isBuffer(content) ? content : await buffer(content)),
	);
}

test('a beginning in small packets takes time by its length, not by its square', async () => {
	const { factor } = await growth(storeInPieces, 32_000);
	expect(factor).toBeLessThan(LINEAR);
});

test('every legal picture is taken with its size, however its file is laid out', async () => {
	const legal = (await specimens()).filter(
		({ what }) => !/behind the end|much metadata/.test(what),
	);
	expect(legal.length).toBeGreaterThan(60);
	for (const { what, bytes: file } of legal) {
		const [{ bytes, header }, ...again] = await fetched(file);
		const { width = 0, height = 0 } = header;
		expect([what, again, bytes.equals(file)]).toEqual([what, [], true]);
		expect([what, width > 0, height > 0]).toEqual([what, true, true]);
	}
});
