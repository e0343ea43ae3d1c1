import { chunk, PNG_SIGNATURE, pngHeader } from '../thorough/plainPng';

/** A picture that is put together byte by byte, as few programs write it. */
export interface HandMade {
	what: string;
	bytes: Buffer;
	/** Pixels. */
	width: number;
	height: number;
}

/** A JPEG's segment: marker, length, content. */
export function segment(marker: number, content: Buffer): Buffer {
	const head = Buffer.from([0xff, marker, 0, 0]);
	head.writeUInt16BE(content.length + 2, 2);
	return Buffer.concat([head, content]);
}

/** The frame header of a JPEG with three components. */
export function frame(marker: number, width: number, height: number, bits = 8): Buffer {
	const content = Buffer.from([bits, 0, 0, 0, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
	content.writeUInt16BE(height, 1);
	content.writeUInt16BE(width, 3);
	return segment(marker, content);
}

/** Where the frame header of a JPEG by sharp begins. */
export function frameAt(jpeg: Buffer): number {
	let at = 2;
	while (![0xc0, 0xc1, 0xc2].includes(jpeg[at + 1])) at += 2 + jpeg.readUInt16BE(at + 2);
	return at;
}

/** The same bytes with others put in at a place. */
export const withInserted = (bytes: Buffer, at: number, inserted: Buffer | number[]): Buffer =>
	Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at)]);

/** An EXIF segment as cameras write it: an orientation, and a small JPEG to look at. */
export function exifSegment(orientation: number, thumbnail: Buffer): Buffer {
	const tiff = Buffer.alloc(56);
	tiff.write('MM\0*\0\0\0\x08', 0, 'latin1');
	tiff.writeUInt16BE(1, 8);
	Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]).copy(tiff, 10);
	tiff.writeUInt32BE(26, 22);
	tiff.writeUInt16BE(2, 26);
	Buffer.from([0x02, 0x01, 0, 4, 0, 0, 0, 1, 0, 0, 0, tiff.length]).copy(tiff, 28);
	Buffer.from([0x02, 0x02, 0, 4, 0, 0, 0, 1]).copy(tiff, 40);
	tiff.writeUInt32BE(thumbnail.length, 48);
	return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, thumbnail]));
}

/** How a TIFF is laid out. */
export interface TiffLayout {
	/** Pixels of each page. */
	pages: ReadonlyArray<readonly [width: number, height: number]>;
	isBigEndian?: boolean;
	/** Whether the sizes are SHORT numbers, not LONG ones. */
	isShort?: boolean;
	/** Whether a page's directory comes behind its pixels. */
	directoryLast?: boolean;
	rowsPerStrip?: number;
	orientation?: number;
}

/** A TIFF of grey pages without compression. */
export function tiffFile(layout: TiffLayout): Buffer {
	const { pages, isBigEndian = false, isShort = false, directoryLast = false } = layout;
	const word = (value: number) => {
		const bytes = Buffer.alloc(2);
		if (isBigEndian) bytes.writeUInt16BE(value);
		else bytes.writeUInt16LE(value);
		return bytes;
	};
	const long = (value: number) => {
		const bytes = Buffer.alloc(4);
		if (isBigEndian) bytes.writeUInt32BE(value);
		else bytes.writeUInt32LE(value);
		return bytes;
	};
	const short = (tag: number, value: number) =>
		Buffer.concat([word(tag), word(3), long(1), word(value), word(0)]);
	const longs = (tag: number, count: number, value: number) =>
		Buffer.concat([word(tag), word(4), long(count), long(value)]);
	const size = isShort ? short : (tag: number, value: number) => longs(tag, 1, value);

	const magic = Buffer.from(isBigEndian ? 'MM\0*' : 'II*\0', 'latin1');
	const parts = [magic, long(0)];
	let at = 8;
	/** Where the place of the next directory is to be written. */
	let pointer = 4;
	for (const [width, height] of pages) {
		const rows = layout.rowsPerStrip ?? height;
		const strips = Math.ceil(height / rows);
		const pixels = Buffer.alloc(width * height, 0x80);
		const directoryLength = 2 + 10 * 12 + 4;
		const listsLength = strips > 1 ? strips * 8 : 0;
		const directoryAt = directoryLast ? at + pixels.length : at;
		const listsAt = directoryAt + directoryLength;
		const pixelsAt = directoryLast ? at : listsAt + listsLength;
		const offsets = Array.from({ length: strips }, (_, strip) => pixelsAt + strip * rows * width);
		const lengths = offsets.map((_, strip) => Math.min(rows, height - strip * rows) * width);
		const directory = Buffer.concat([
			word(10),
			size(256, width),
			size(257, height),
			short(258, 8),
			short(259, 1),
			short(262, 1),
			longs(273, strips, strips > 1 ? listsAt : offsets[0]),
			short(274, layout.orientation ?? 1),
			short(277, 1),
			size(278, rows),
			longs(279, strips, strips > 1 ? listsAt + strips * 4 : lengths[0]),
			long(0),
			...(strips > 1 ? [...offsets, ...lengths].map(long) : []),
		]);
		const whole = Buffer.concat(parts);
		long(directoryAt).copy(whole, pointer);
		parts.splice(
			0,
			parts.length,
			whole,
			...(directoryLast ? [pixels, directory] : [directory, pixels]),
		);
		pointer = directoryAt + directoryLength - 4;
		at += pixels.length + directory.length;
	}
	return Buffer.concat(parts);
}

/** A BMP of 24 bits a pixel with one of the headers that there are. */
export function bmpFile(headerLength: number, width: number, height: number): Buffer {
	const isOs2 = headerLength === 12;
	const pixelsAt = 14 + headerLength;
	const rowLength = Math.ceil((width * 3) / 4) * 4;
	const file = Buffer.alloc(pixelsAt + rowLength * Math.abs(height), 0x60);
	file.fill(0, 2, pixelsAt);
	file.write('BM', 0, 'latin1');
	file.writeUInt32LE(file.length, 2);
	file.writeUInt32LE(pixelsAt, 10);
	file.writeUInt32LE(headerLength, 14);
	if (isOs2) {
		file.writeUInt16LE(width, 18);
		file.writeUInt16LE(height, 20);
		file.writeUInt16LE(1, 22);
		file.writeUInt16LE(24, 24);
	} else {
		file.writeInt32LE(width, 18);
		file.writeInt32LE(height, 22);
		file.writeUInt16LE(1, 26);
		file.writeUInt16LE(24, 28);
	}
	return file;
}

/** The GIF with its logical screen set to so many pixels. */
export function withScreen(gif: Buffer, width: number, height: number): Buffer {
	const changed = Buffer.from(gif);
	changed.writeUInt16LE(width, 6);
	changed.writeUInt16LE(height, 8);
	return changed;
}

/** A PNG with these chunks between its header and the rest. */
export const withChunks = (
	png: Buffer,
	...chunks: Array<readonly [type: string, content: Buffer]>
) =>
	withInserted(
		png,
		PNG_SIGNATURE.length + pngHeader(1, 1).length,
		Buffer.concat(chunks.map(([type, content]) => chunk(type, content))),
	);
