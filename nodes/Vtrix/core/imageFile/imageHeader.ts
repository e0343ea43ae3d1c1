import { disableTypes, imageSize, types } from 'image-size';
import { FORMATS, type ImageFormat } from './imageFormats';

const isFormat = (type: string): type is ImageFormat => Object.hasOwn(FORMATS, type);

// The library's readers of other formats can be kept busy for minutes by a file made for it.
disableTypes(types.filter((type) => !isFormat(type)));

/** What an image's header says of it. */
export interface ImageHeader {
	/** File extension of the format: `png`, `jpg`. */
	extension: ImageFormat;
	mimeType: string;
	/** Pixels. */
	width: number;
	height: number;
}

/** A picture's kind, and its pixels unless they are told too far into the file. */
export type PictureHeader = Pick<ImageHeader, 'extension' | 'mimeType'> & Partial<ImageHeader>;

/** No picture is smaller, and the library reads on beyond the end of shorter files. */
const SHORTEST_FILE = 32;
/** Files up to this length may stand in memory that they share with others. */
const SHARED_BYTES = 64 * 1024;
/** How much of a JPEG is searched if its segments don't lead to the frame. */
const SEARCHED_BYTES = 128 * 1024;
const MOST_SEGMENTS = 1000;

/**
 * Reads format and pixels from the header, without decoding the picture, in a time that no file can
 * make long. `undefined` when the bytes are no image of a known format, or the header is cut off.
 */
export function readHeader(bytes: Uint8Array): ImageHeader | undefined {
	if (bytes.length < SHORTEST_FILE) return undefined;
	try {
		const { type = '', width, height } = imageSize(jpegFrame(bytes) ?? copyIfShared(bytes));
		if (!isFormat(type) || !(width > 0) || !(height > 0)) return undefined;
		return { extension: type, mimeType: FORMATS[type].mimeType, width, height };
	} catch {
		return undefined;
	}
}

/** The kind of a JPEG by its first bytes: any amount of metadata may stand before its size. */
export const readJpegKind = (bytes: Uint8Array): PictureHeader | undefined =>
	bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
		? { extension: 'jpg', mimeType: FORMATS.jpg.mimeType }
		: undefined;

/** The library looks beyond the end of a file whose memory goes on there. */
const copyIfShared = (bytes: Uint8Array): Uint8Array =>
	bytes.length <= SHARED_BYTES ? new Uint8Array(bytes) : bytes;

/**
 * A JPEG's beginning with the frame that tells its size right behind it: before the frame there may
 * be megabytes, in which the library would look for it byte by byte.
 */
function jpegFrame(bytes: Uint8Array): Uint8Array | undefined {
	if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
	let at = 2;
	for (let segments = 0; segments < MOST_SEGMENTS && bytes[at] === 0xff; segments += 1) {
		const [, marker = 0, high = 0, low = 0] = bytes.subarray(at, at + 4);
		if (marker >= 0xc0 && marker <= 0xc2) {
			return Uint8Array.of(0xff, 0xd8, 0xff, 0xfe, 0, 2, ...bytes.subarray(at, at + 16));
		}
		at += 2 + high * 256 + low;
	}
	return new Uint8Array(bytes.subarray(0, SEARCHED_BYTES));
}
