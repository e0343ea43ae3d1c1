import { box } from './otherFiles';
import { chunk, PNG_SIGNATURE, pngClaiming, pngHeader } from './plainPng';

/** A file made to hurt whoever reads it. */
export interface Bomb {
	what: string;
	bytes: Buffer;
}

const HUGE = 2 ** 31 - 1;

/** A GIF of so many pixels and no picture. */
function gif(width: number, height: number): Buffer {
	const file = Buffer.alloc(64);
	file.write('GIF89a', 0, 'latin1');
	file.writeUInt16LE(width, 6);
	file.writeUInt16LE(height, 8);
	return file;
}

/** An extended WebP of so many pixels and no picture. */
function webp(width: number, height: number): Buffer {
	const file = Buffer.alloc(64);
	file.write('RIFF', 0, 'latin1');
	file.writeUInt32LE(file.length - 8, 4);
	file.write('WEBPVP8X', 8, 'latin1');
	file.writeUInt32LE(10, 16);
	file.writeUIntLE(width - 1, 24, 3);
	file.writeUIntLE(height - 1, 27, 3);
	return file;
}

/** A BMP header with no pixels behind. */
function bmp(width: number, height: number): Buffer {
	const file = Buffer.alloc(64);
	file.write('BM', 0, 'latin1');
	file.writeUInt32LE(40, 14);
	file.writeInt32LE(width, 18);
	file.writeInt32LE(height, 22);
	return file;
}

/** A TIFF whose first directory names so many pixels, with as many entries and a next directory as told. */
function tiff(width: number, height: number, entries: number, next: number): Buffer {
	const file = Buffer.alloc(8 + 2 + entries * 12 + 4);
	file.write('II*\0', 0, 'latin1');
	file.writeUInt32LE(8, 4);
	file.writeUInt16LE(entries % 65_536, 8);
	for (let entry = 0; entry < entries; entry += 1) {
		const at = 10 + entry * 12;
		// the same few tags again and again
		file.writeUInt16LE(256 + (entry % 2), at);
		file.writeUInt16LE(4, at + 2);
		file.writeUInt32LE(1, at + 4);
		file.writeUInt32LE(entry % 2 === 0 ? width : height, at + 8);
	}
	file.writeUInt32LE(next, file.length - 4);
	return file;
}

/** A JPEG that begins with `before` and then shows a frame of so many pixels, if it comes to that. */
function jpeg(before: Buffer, width = 65_535, height = 65_535): Buffer {
	const frame = Buffer.from([
		0xff, 0xc0, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
	]);
	frame.writeUInt16BE(height, 5);
	frame.writeUInt16BE(width, 7);
	return Buffer.concat([Buffer.from([0xff, 0xd8]), before, frame, Buffer.alloc(32)]);
}

const segment = (marker: number, content: Buffer): Buffer => {
	const whole = Buffer.alloc(content.length + 4);
	whole.writeUInt16BE(0xff00 + marker, 0);
	whole.writeUInt16BE(content.length + 2, 2);
	content.copy(whole, 4);
	return whole;
};

const repeated = (bytes: Buffer, length: number): Buffer =>
	Buffer.alloc(Math.floor(length / bytes.length) * bytes.length, bytes);

/** Metadata whose entries don't hold what the reader looks for. */
function exif(length: number): Buffer {
	const content = Buffer.alloc(length, 1);
	content.write('Exif\0\0MM\0*\0\0\0\x08\xff\xff', 0, 'latin1');
	return segment(0xe1, content);
}

/** A WebP of so many pixels with a list of chunks behind, each of which is to be passed over. */
function webpList(chunk: Buffer, length: number): Buffer {
	const head = webp(100, 100).subarray(0, 30);
	const file = Buffer.concat([head, repeated(chunk, length)]);
	file.writeUInt32LE(file.length - 8, 4);
	return file;
}

/** A GIF of no size with a list of blocks before the picture that would tell it. */
const gifList = (block: Buffer, length: number): Buffer =>
	Buffer.concat([gif(0, 0).subarray(0, 13), repeated(block, length)]);

/** A HEIC family file whose list of sizes is searched again for each of its entries. */
function heifList(length: number): Buffer {
	const sizes = repeated(box('ispe', Buffer.alloc(12, 1)), length);
	return Buffer.concat([
		box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
		box('meta', Buffer.alloc(4), box('iprp', box('ipco', sizes))),
	]);
}

/** Files that claim more pixels than there are atoms to draw them with; each of them is small. */
export const claims: readonly Bomb[] = [
	{ what: 'PNG of two billion pixels a side', bytes: pngClaiming(HUGE, HUGE) },
	{ what: 'PNG as long as possible', bytes: pngClaiming(HUGE, 1) },
	{ what: 'GIF of 65,535 a side', bytes: gif(65_535, 65_535) },
	{ what: 'WebP of 16 million a side', bytes: webp(2 ** 24, 2 ** 24) },
	{ what: 'BMP of two billion a side', bytes: bmp(HUGE, -HUGE) },
	{ what: 'TIFF of four billion a side', bytes: tiff(2 ** 32 - 1, 2 ** 32 - 1, 2, 0) },
	{ what: 'TIFF whose directory leads to itself', bytes: tiff(100_000, 100_000, 2, 8) },
	{ what: 'JPEG of 65,535 a side', bytes: jpeg(Buffer.alloc(0)) },
];

/** Files of `length` bytes that keep a careless reader busy for as long as possible. */
export const mazes = (length: number): readonly Bomb[] => [
	{
		what: 'JPEG of nothing but zeros',
		bytes: jpeg(Buffer.concat([Buffer.from([0xff, 0xe0]), Buffer.alloc(length)])),
	},
	{ what: 'JPEG of empty segments', bytes: jpeg(repeated(segment(0xfe, Buffer.alloc(0)), length)) },
	{ what: 'JPEG of metadata', bytes: jpeg(repeated(exif(65_000), length), 100, 100) },
	{ what: 'JPEG of tiny metadata', bytes: jpeg(repeated(exif(20), length)) },
	{ what: 'JPEG of fill bytes', bytes: jpeg(Buffer.alloc(length, 0xff)) },
	{
		what: 'JPEG of stray bytes',
		bytes: jpeg(repeated(Buffer.from([0xff, 0x00, 0xff, 0xd0]), length)),
	},
	{
		what: 'PNG of empty chunks',
		bytes: Buffer.concat([
			PNG_SIGNATURE,
			pngHeader(100, 100),
			repeated(chunk('tEXt', Buffer.alloc(0)), length),
		]),
	},
	{ what: 'WebP of empty chunks', bytes: webpList(Buffer.from('JUNK\0\0\0\0', 'latin1'), length) },
	{ what: 'WebP of nothing but zeros', bytes: webpList(Buffer.alloc(1), length) },
	{ what: 'GIF of empty blocks', bytes: gifList(Buffer.from([0x21, 0xfe, 0]), length) },
	{ what: 'GIF of short blocks', bytes: gifList(Buffer.from([0x21, 0xfe, 1, 1, 0]), length) },
	{ what: 'TIFF of repeated tags', bytes: tiff(100, 100, Math.floor(length / 12), 8) },
	{ what: 'HEIC with a long list of sizes', bytes: heifList(length) },
	{
		what: 'SVG of unfinished tags',
		bytes: Buffer.concat([
			Buffer.from(`<svg "${'<svg '.repeat(100)}<svg >`),
			repeated(Buffer.from(" <svg x='"), length),
		]),
	},
	{
		what: 'icons of no length',
		bytes: Buffer.concat([Buffer.from('icns\x7f\xff\xff\xff', 'latin1'), Buffer.alloc(length)]),
	},
	{
		what: 'JPEG XL of empty boxes',
		bytes: Buffer.concat([
			box('JXL ', Buffer.alloc(4)),
			box('ftyp', Buffer.from('jxl ')),
			repeated(box('jxlp', Buffer.alloc(4)), length),
		]),
	},
	{
		what: 'JPEG 2000 of empty boxes',
		bytes: Buffer.concat([
			box('jP  ', Buffer.alloc(4)),
			box('ftyp', Buffer.from('jp2 ')),
			Buffer.alloc(length),
		]),
	},
];
