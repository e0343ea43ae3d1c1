import { Parser } from 'probe-image-size/lib/formats/png';
import type { PictureFile } from './pictureFile';
import { readOrientation } from './orientation';
import { MOST_PARTS, type FormatReader } from './reader';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const CHUNK_HEAD = 8;
/** Length and type before the content, the checksum behind it. */
const CHUNK_FRAME = 12;

interface Chunk {
	type: string;
	contentAt: number;
	length: number;
}

function* chunksFrom(file: PictureFile, from: number): Generator<Chunk> {
	let at = from;
	for (let found = 0; found < MOST_PARTS; found += 1) {
		const head = file.slice(at, CHUNK_HEAD);
		const type = head?.toString('latin1', 4);
		if (!head || !type || !/^[A-Za-z]{4}$/.test(type)) return;
		const length = head.readUInt32BE(0);
		yield { type, contentAt: at + CHUNK_HEAD, length };
		at += CHUNK_FRAME + length;
	}
}

function isCutOff(file: PictureFile, from: number): boolean | undefined {
	let next = from;
	for (const { type, contentAt, length } of chunksFrom(file, from)) {
		if (type === 'IEND') return false;
		next = contentAt + length + CHUNK_FRAME - CHUNK_HEAD;
	}
	if (next + CHUNK_HEAD > file.length) return true;
	if (file.head.includes('IEND', next) || file.tail.includes('IEND')) return false;
	if (file.isWhole) return true;
	if (file.slice(next, CHUNK_HEAD)) return undefined;
	// The chunks lead to where nothing is at hand; they may be taken up again at the end.
	const resumed = file.tail.indexOf('IDAT') - 4;
	return resumed < 0 ? undefined : isCutOff(file, file.tailAt + resumed);
}

/** PNG (W3C, third edition). */
export const png: FormatReader = {
	marksEnd: true,

	recognizes: (head) => head.subarray(0, SIGNATURE.length).equals(SIGNATURE),

	readSize(file) {
		const parser = new Parser();
		parser.push(file.head);
		if (!parser.result) return undefined;
		for (const { type, contentAt, length } of chunksFrom(file, SIGNATURE.length)) {
			const exif = type === 'eXIf' ? file.slice(contentAt, length) : undefined;
			if (exif) return { ...parser.result, orientation: readOrientation(exif) };
		}
		return parser.result;
	},

	isCutOff: (file) => isCutOff(file, SIGNATURE.length),
};
