import { Parser } from 'probe-image-size/lib/formats/webp';
import type { PictureFile } from './pictureFile';
import { readOrientation } from './orientation';
import { MOST_PARTS, type FormatReader } from './reader';

/** `RIFF`, the length of what follows, `WEBP`. */
const FILE_HEAD = 12;
const CHUNK_HEAD = 8;
const EXIF_AS_NUMBER = Buffer.from('EXIF', 'latin1').readUInt32LE();

/** It stands behind the picture. */
function findExif(file: PictureFile): Buffer | undefined {
	let at = FILE_HEAD;
	for (let found = 0; found < MOST_PARTS; found += 1) {
		const head = file.slice(at, CHUNK_HEAD);
		if (!head) break;
		const length = head.readUInt32LE(4);
		if (head.readUInt32LE(0) === EXIF_AS_NUMBER) return file.slice(at + CHUNK_HEAD, length);
		// chunks begin at even places
		at += CHUNK_HEAD + length + (length % 2);
	}
	return undefined;
}

/** WebP (RFC 9649). */
export const webp: FormatReader = {
	recognizes: (head) => /^RIFF.{4}WEBP$/s.test(head.toString('latin1', 0, FILE_HEAD)),

	readSize(file) {
		const parser = new Parser();
		parser.push(file.head);
		if (!parser.result) return undefined;
		const exif = findExif(file);
		return exif ? { ...parser.result, orientation: readOrientation(exif) } : parser.result;
	},

	isCutOff: ({ head, length }) => head.readUInt32LE(4) + CHUNK_HEAD > length,
};
