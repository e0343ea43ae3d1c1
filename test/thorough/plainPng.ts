/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { crc32, deflateSync } from 'node:zlib';

/** What every PNG begins with. */
export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A PNG chunk: length, type, content, checksum. */
export function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const whole = Buffer.alloc(named.length + 8);
	whole.writeUInt32BE(content.length, 0);
	named.copy(whole, 4);
	whole.writeUInt32BE(crc32(named), named.length + 4);
	return whole;
}

/** The chunk that tells a PNG's pixels; here one bit each, black or white. */
export function pngHeader(width: number, height: number): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.writeUInt8(1, 8);
	return chunk('IHDR', header);
}

const made = new Map<string, Buffer>();

/** A black PNG, real and whole; even 36 million pixels take only a few kilobytes. */
export function plainPng(width: number, height: number): Buffer {
	const key = `${width}x${height}`;
	const known = made.get(key);
	if (known) return known;
	const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
	const png = Buffer.concat([
		PNG_SIGNATURE,
		pngHeader(width, height),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', Buffer.alloc(0)),
	]);
	made.set(key, png);
	return png;
}

/** A PNG that says it has so many pixels, and has none. */
export const pngClaiming = (width: number, height: number): Buffer =>
	Buffer.concat([
		PNG_SIGNATURE,
		pngHeader(width, height),
		chunk('IDAT', deflateSync(Buffer.alloc(100))),
		chunk('IEND', Buffer.alloc(0)),
	]);
