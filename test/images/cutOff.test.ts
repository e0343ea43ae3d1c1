import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isCutOff, readHeader, readKind } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import { PictureFile } from '../../nodes/Vtrix/core/imageFile/formats/pictureFile';
import { drawn, RUNS, SEED } from '../thorough/settings';
import { noise, otherSpecimens, specimens, type Specimen } from './corpus';
import { exifSegment, tiffFile, withInserted } from './handMade';

/** How much of a large file is at hand when it is not read whole. */
const HEAD = 512 * 1024;
const TAIL = 64 * 1024;

/** A file of which only its two ends are at hand. */
const ends = (bytes: Buffer, head = HEAD, tail = TAIL): PictureFile =>
	new PictureFile(bytes.subarray(0, head), {
		tail: bytes.subarray(Math.max(0, bytes.length - tail)),
		length: bytes.length,
	});
const whole = (bytes: Buffer) => new PictureFile(bytes);
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

let all: Specimen[];
beforeAll(async () => {
	all = [...(await specimens()), ...otherSpecimens];
});

describe('a file that is cut in half', () => {
	test('is told, whatever its format and layout', () => {
		// What comes behind the end is no part of the picture; neither is a TIFF's second page.
		const told = all.filter(
			({ what }) => !/behind the end|two pages|behind a small one/.test(what),
		);
		expect(told.length).toBeGreaterThan(50);
		const missed = told.filter(({ bytes }) => isCutOff(whole(half(bytes))) !== true);
		// All that this one lacks are tables behind its directory.
		expect(missed.map(({ what }) => what)).toEqual(['TIFF, transparent']);
	});

	test.each(['jpeg', 'png', 'webp', 'gif'] as const)(
		'anywhere before its end is told: %s',
		async (format) => {
			const bytes = await noise(30, 20).toFormat(format).toBuffer();
			// Behind the last 12 bytes of a PNG begins its end, which has a checksum that nobody needs.
			const end = format === 'png' ? bytes.length - 4 : bytes.length;
			const shortest = Array.from({ length: end }).findIndex((_, length) =>
				readKind(bytes.subarray(0, length)),
			);
			expect(shortest).toBeLessThan(13);
			for (let length = shortest; length < end; length += 1) {
				expect([length, isCutOff(whole(bytes.subarray(0, length)))]).toEqual([length, true]);
			}
		},
	);

	test('is told of a JPEG whose thumbnail has an end of its own', async () => {
		const thumbnail = await noise(64, 48).jpeg().toBuffer();
		const photo = withInserted(
			await noise(300, 200).jpeg().toBuffer(),
			2,
			exifSegment(6, thumbnail),
		);
		expect(isCutOff(whole(photo))).toBe(false);
		expect(isCutOff(whole(half(photo)))).toBe(true);
		expect(readHeader(half(photo))).toMatchObject({ width: 300, height: 200, orientation: 6 });
	});

	test('is told of a TIFF by its directory, by its strips and by their lengths', () => {
		const pages = [[200, 100]] as const;
		for (const layout of [{ pages, directoryLast: true }, { pages, rowsPerStrip: 5 }, { pages }]) {
			expect(isCutOff(whole(tiffFile(layout)))).toBe(false);
			expect(isCutOff(whole(half(tiffFile(layout))))).toBe(true);
		}
	});
});

describe('a large file of which only the two ends are at hand', () => {
	let photos: Specimen[];
	beforeAll(async () => {
		photos = await Promise.all(
			Object.entries({
				'JPEG, baseline': noise(1300, 1000).jpeg({ quality: 90 }),
				'JPEG, progressive': noise(1300, 1000).jpeg({ quality: 90, progressive: true }),
				'JPEG, of the best quality': noise(1000, 800).jpeg({ quality: 100 }),
				PNG: noise(1000, 800).png(),
				WebP: noise(1300, 1000).webp({ quality: 95 }),
			}).map(async ([what, picture]) => ({ what, bytes: await picture.toBuffer() })),
		);
		for (const { bytes } of photos) expect(bytes.length).toBeGreaterThan(HEAD + 4 * TAIL);
	});

	test('is read and taken as if it were there whole', () => {
		for (const { what, bytes } of photos) {
			expect([what, readHeader(ends(bytes))]).toEqual([what, readHeader(bytes)]);
			expect([what, isCutOff(ends(bytes))]).toEqual([what, false]);
		}
	});

	test('is told to be cut off, wherever it was cut', () => {
		for (const { what, bytes } of photos) {
			for (const part of [0.6, 0.75, 0.9, 0.99]) {
				const cut = bytes.subarray(0, bytes.length * part);
				expect([what, part, isCutOff(ends(cut))]).toEqual([what, part, true]);
			}
		}
	});

	test.each<[string, (length: number) => Buffer]>([
		['a video', (length) => randomBytes(length)],
		['zeros', (length) => Buffer.alloc(length)],
		['text', (length) => Buffer.alloc(length, '<x:xmpmeta>Lorem ipsum</x:xmpmeta>\n')],
		['a depth map', (length) => Buffer.from(Array.from({ length }, (__, at) => (at >> 4) % 256))],
		['black pixels', (length) => Buffer.alloc(length, Buffer.from([0xff, 0, 0, 0]))],
		['samples of 16 bits', (length) => Buffer.alloc(length, Buffer.from([0xff, 0, 0xfe, 0]))],
	])('is not refused for megabytes of something else behind its end: %s', (_, make) => {
		const behind = make(2_000_000);
		for (const { what, bytes } of photos) {
			const file = ends(Buffer.concat([bytes, behind]));
			expect([what, isCutOff(file) === true]).toEqual([what, false]);
		}
	});

	test('is read where its first page is described at the very end', () => {
		const tiff = tiffFile({ pages: [[1500, 1000]], directoryLast: true, rowsPerStrip: 100 });
		expect(tiff.length).toBeGreaterThan(HEAD + TAIL);
		expect(readHeader(ends(tiff))).toMatchObject({ width: 1500, height: 1000 });
		expect(isCutOff(ends(tiff))).toBe(false);
		expect(isCutOff(ends(tiff.subarray(0, -1)))).toBe(true);
	});
});

test(`what the two ends of a file show is what the whole file shows (${drawn(RUNS)})`, () => {
	fc.assert(
		fc.property(
			fc.nat(),
			fc.double({ min: 0, max: 1, noNaN: true }),
			fc.nat({ max: 3000 }),
			fc.nat({ max: 500 }),
			(index, part, head, tail) => {
				const { bytes } = all[index % all.length];
				const file = part < 0.5 ? bytes : bytes.subarray(0, bytes.length * part);
				const known = isCutOff(whole(file));
				const seen = isCutOff(ends(file, head, tail));
				// Never the opposite, though the ends may leave it open.
				if (known !== true) expect(seen).not.toBe(true);
				const header = readHeader(ends(file, head, tail));
				if (header) {
					const { width, height } = readHeader(file) ?? {};
					expect(header).toMatchObject({ width, height });
				}
			},
		),
		{ numRuns: RUNS, seed: SEED },
	);
});
