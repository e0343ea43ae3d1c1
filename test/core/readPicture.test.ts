import { isCutOff, readHeader } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import {
	PictureWatch,
	readPicture,
	type PictureSource,
} from '../../nodes/Vtrix/core/imageFile/readPicture';
import { noise } from '../images/corpus';
import { growth, LINEAR } from '../support/growth';
import { sampleImage } from '../support/sampleImage';

const MEGABYTE = 1_000_000;

/** A file in pieces, with a count of what is read of it. */
function sourceOf(file: Buffer, { pieceBytes = 65_536, hasEnd = true } = {}) {
	const counted = { read: 0, openings: 0, fromEnd: 0 };
	const source: PictureSource = {
		bytes: file.length,
		async *read() {
			counted.openings += 1;
			for (let at = 0; at < file.length; at += pieceBytes) {
				const piece = file.subarray(at, at + pieceBytes);
				counted.read += piece.length;
				yield piece;
			}
		},
		...(hasEnd && {
			async readEnd(length: number) {
				counted.fromEnd += length;
				return file.subarray(-length);
			},
		}),
	};
	return { source, counted };
}

/** A JPEG with so many bytes of metadata before its size, the kind that cameras and Photoshop write. */
async function jpegWithMetadata(bytes: number, marker = 0xe2): Promise<Buffer> {
	const picture = await sampleImage({ format: 'jpeg', width: 40, height: 30 });
	const segment = Buffer.alloc(60_002, 'x');
	segment.writeUInt16BE(0xff00 + marker);
	segment.writeUInt16BE(60_000, 2);
	const metadata = Array.from({ length: Math.ceil(bytes / segment.length) }, () => segment);
	return Buffer.concat([picture.subarray(0, 2), ...metadata, picture.subarray(2)]);
}

/** A TIFF whose directory stands behind its picture, as most programs write it, and then something else. */
async function tiffWithDirectoryAt(place: number, behind: number): Promise<Buffer> {
	const file = await sampleImage({ format: 'tiff', width: 40, height: 30 });
	const directoryAt = file.readUInt32LE(4);
	const directory = file.subarray(directoryAt);
	const moved = Buffer.concat([
		file,
		Buffer.alloc(place - file.length),
		directory,
		Buffer.alloc(behind),
	]);
	moved.writeUInt32LE(place, 4);
	return moved;
}

test('a file in small pieces takes time by its length, not by its square', async () => {
	const { factor } = await growth(
		async (bytes) =>
			await readPicture(sourceOf(Buffer.alloc(bytes, 0xff), { pieceBytes: 50 }).source),
		50_000,
	);
	expect(factor).toBeLessThan(LINEAR);
});

const SIZE = { width: 40, height: 30 };

test.each(['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'] as const)(
	'of a large %s file no more than its beginning and its end are read',
	async (format) => {
		const file = await sampleImage({ format, ...SIZE, bytes: 5 * MEGABYTE });
		const { source, counted } = sourceOf(file);
		expect(readHeader(await readPicture(source))).toMatchObject(SIZE);
		expect(counted.read).toBeLessThanOrEqual(65_536);
		expect(counted.fromEnd).toBeLessThanOrEqual(65_536);
	},
);

test.each([16, 1000, 16_384, 65_536, 10 * MEGABYTE])(
	'what is read does not depend on the pieces of %i bytes in which it comes',
	async (pieceBytes) => {
		const file = await sampleImage({ format: 'jpeg', ...SIZE, bytes: MEGABYTE });
		const { source } = sourceOf(file, { pieceBytes });
		const picture = await readPicture(source);
		expect(readHeader(picture)).toMatchObject(SIZE);
		expect(isCutOff(picture)).toBe(false);
	},
);

test('a file of some hundred kilobytes is read whole and once', async () => {
	const file = await sampleImage({ ...SIZE, bytes: 500_000 });
	const { source, counted } = sourceOf(file);
	const picture = await readPicture(source);
	expect(picture.isWhole).toBe(true);
	expect(counted).toEqual({ read: 500_000, openings: 1, fromEnd: 0 });
});

test.each([0.1, 0.6, 2, 9])(
	'the size of a JPEG is found behind %d MB of metadata, of which little is held',
	async (megabytes) => {
		const file = await jpegWithMetadata(megabytes * MEGABYTE);
		const { source, counted } = sourceOf(file);
		const picture = await readPicture(source);
		expect(readHeader(picture)).toMatchObject(SIZE);
		expect(isCutOff(picture)).toBe(false);
		expect(picture.head.length).toBeLessThanOrEqual(576 * 1024);
		expect(counted.openings).toBe(1);
	},
);

test('the mark that turns a photo is found before megabytes of what comes under the same marker', async () => {
	const exif = Buffer.from(
		'ffe1002245786966000049492a00080000000100120103000100000006000000000000000',
		'hex',
	);
	const file = await jpegWithMetadata(3 * MEGABYTE, 0xe1);
	const turned = Buffer.concat([file.subarray(0, 2), exif, file.subarray(2)]);
	expect(readHeader(await readPicture(sourceOf(turned).source))).toMatchObject({
		...SIZE,
		orientation: 6,
	});
});

test.each([
	['at its end', 3 * MEGABYTE, 0, true],
	['at its end, of a store that gives no end', 3 * MEGABYTE, 0, false],
	['in its middle', 3 * MEGABYTE, 2 * MEGABYTE, true],
] as const)('a TIFF is read whose directory stands %s', async (_, place, behind, hasEnd) => {
	const { source } = sourceOf(await tiffWithDirectoryAt(place, behind), { hasEnd });
	expect(readHeader(await readPicture(source))).toMatchObject(SIZE);
});

test('a file that leads nowhere ends the search at its end', async () => {
	const nowhere = Buffer.alloc(2 * MEGABYTE);
	nowhere.write('II*\0', 'latin1');
	nowhere.writeUInt32LE(0xfffffff0, 4);
	const { source, counted } = sourceOf(nowhere);
	expect(readHeader(await readPicture(source))).toBeUndefined();
	expect(counted.openings).toBe(1);
});

describe.each(['jpeg', 'png'] as const)('a %s of some megabytes', (format) => {
	let photo: Buffer;
	beforeAll(async () => {
		// a PNG with a quality would be one of few colours, whose choice takes seconds
		const options = format === 'png' ? { compressionLevel: 1 } : { quality: 100 };
		photo = await noise(1000, 700).toFormat(format, options).toBuffer();
		expect(photo.length).toBeGreaterThan(0.6 * MEGABYTE);
	});
	const half = () => photo.subarray(0, photo.length * 0.8);

	test('is told to be cut off by its end', async () => {
		expect(isCutOff(await readPicture(sourceOf(photo).source))).toBe(false);
		expect(isCutOff(await readPicture(sourceOf(half()).source))).toBe(true);
	});

	test('is left open as long as its end is not at hand', async () => {
		const { source, counted } = sourceOf(half(), { hasEnd: false });
		expect(isCutOff(await readPicture(source))).toBeUndefined();
		expect(counted.read).toBeLessThanOrEqual(65_536);
	});

	test.each([100, 16_384, 65_536, 10 * MEGABYTE])(
		'shows it at the end of its reading, in pieces of %i bytes',
		async (pieceBytes) => {
			const watched = async (file: Buffer) => {
				const watch = new PictureWatch(file.length);
				for await (const piece of sourceOf(file, { pieceBytes }).source.read()) watch.see(piece);
				return watch.picture;
			};
			expect(isCutOff(await watched(photo))).toBe(false);
			expect(isCutOff(await watched(half()))).toBe(true);
			expect(readHeader(await watched(photo))).toMatchObject({ width: 1000, height: 700 });
		},
	);
});
