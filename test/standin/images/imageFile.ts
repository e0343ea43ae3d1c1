/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { crc32 } from 'node:zlib';

import type { ImageFormat } from './drawing';

/** An image file as the pieces to send one after the other; padding pieces share one buffer. */
export interface ImageFile {
	pieces: Buffer[];
	length: number;
}

const BLOCK = 1 << 20;
const PNG_AFTER_HEADER = 33;
const PNG_END = 12;
const PNG_FRAME = 12;
const JPEG_SEGMENT = 1 << 16;
const JPEG_FRAME = 4;

let pngBlock: Buffer | undefined;
let jpegBlock: Buffer | undefined;

/**
 * The drawing with a comment that makes its bytes unique, padded to `size` bytes if that is more
 * than it has. The file stays valid: a text chunk and private chunks in a PNG, comments in a JPEG.
 */
export function imageFile(
	drawing: Buffer,
	format: ImageFormat,
	comment: string,
	size = 0,
): ImageFile {
	const mark = Buffer.from(comment, 'latin1');
	const png = format === 'png';
	const own = png
		? pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0', 'latin1'), mark]))
		: jpegComment(mark);
	const padding = paddingPieces(size - drawing.length - own.length, png);
	const start = png ? PNG_AFTER_HEADER : afterJfif(drawing);
	const end = png ? drawing.length - PNG_END : beforeScan(drawing);
	const pieces = [
		Buffer.concat([drawing.subarray(0, start), own, drawing.subarray(start, end)]),
		...padding,
		drawing.subarray(end),
	];
	return { pieces, length: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

function paddingPieces(wanted: number, png: boolean): Buffer[] {
	const frame = png ? PNG_FRAME : JPEG_FRAME;
	if (wanted < frame) return [];
	const blocks = Math.floor((wanted - frame) / BLOCK);
	const rest = wanted - blocks * BLOCK;
	const block = png
		? (pngBlock ??= pngChunk('paDd', Buffer.alloc(BLOCK - PNG_FRAME)))
		: (jpegBlock ??= jpegComments(BLOCK));
	const last = png ? pngChunk('paDd', Buffer.alloc(rest - PNG_FRAME)) : jpegComments(rest);
	return [...Array.from({ length: blocks }, () => block), last];
}

function pngChunk(type: string, data: Buffer): Buffer {
	const chunk = Buffer.alloc(PNG_FRAME + data.length);
	chunk.writeUInt32BE(data.length, 0);
	chunk.write(type, 4, 'latin1');
	data.copy(chunk, 8);
	chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
	return chunk;
}

function jpegComment(data: Buffer): Buffer {
	const segment = Buffer.alloc(JPEG_FRAME + data.length);
	segment.writeUInt16BE(0xfffe, 0);
	segment.writeUInt16BE(data.length + 2, 2);
	data.copy(segment, JPEG_FRAME);
	return segment;
}

/** Comments that fill exactly `size` bytes. */
function jpegComments(size: number): Buffer {
	const segments: Buffer[] = [];
	for (let left = size; left > 0; ) {
		// what is left over must still hold a segment's frame
		const length =
			left > JPEG_SEGMENT && left < JPEG_SEGMENT + JPEG_FRAME
				? left - JPEG_FRAME
				: Math.min(left, JPEG_SEGMENT);
		segments.push(jpegComment(Buffer.alloc(length - JPEG_FRAME)));
		left -= length;
	}
	return Buffer.concat(segments);
}

/** Behind the start marker and the JFIF segment, which must come first. */
function afterJfif(drawing: Buffer): number {
	return drawing.readUInt16BE(2) === 0xffe0 ? 4 + drawing.readUInt16BE(4) : 2;
}

/** Behind all headers: a reader that knows the picture's size there need not go through the padding. */
function beforeScan(drawing: Buffer): number {
	let at = 2;
	while (drawing.readUInt16BE(at) !== 0xffda) at += 2 + drawing.readUInt16BE(at + 2);
	return at;
}
