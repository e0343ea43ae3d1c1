import { READERS } from './formats';
import { FORMATS, type ImageFormat } from './formats/imageFormats';
import { PictureFile } from './formats/pictureFile';

const isFormat = (name: string): name is ImageFormat => Object.hasOwn(READERS, name);
const FORMAT_NAMES = Object.keys(READERS).filter(isFormat);

/** What an image's header says about it. */
export interface ImageHeader {
	/** File extension of the format: `png`, `jpg`. */
	extension: ImageFormat;
	mimeType: string;
	/** Pixels, as they are stored. */
	width: number;
	height: number;
	/** EXIF orientation by which the image must be turned: 2 to 8; absent if it is upright. */
	orientation?: number;
}

/** A picture's kind, and its pixels unless they are too far into the file. */
export type PictureHeader = Pick<ImageHeader, 'extension' | 'mimeType'> & Partial<ImageHeader>;

/** The kind of a picture by its first bytes; `undefined` if it is none of the formats. */
export function readKind(head: Uint8Array): PictureHeader | undefined {
	const { head: bytes } = new PictureFile(head);
	const extension = FORMAT_NAMES.find((name) => READERS[name].recognizes(bytes));
	return extension && { extension, mimeType: FORMATS[extension].mimeType };
}

/**
 * Reads format and pixels from the header without decoding the picture, in linear time. `undefined`
 * if the bytes are no image of a known format, or don't reach its size.
 */
export function readHeader(file: PictureFile | Uint8Array): ImageHeader | undefined {
	const picture = file instanceof PictureFile ? file : new PictureFile(file);
	const kind = readKind(picture.head);
	const size = kind && READERS[kind.extension].readSize(picture);
	if (!size || !(size.width > 0) || !(size.height > 0)) return undefined;
	const { width, height, orientation = 1 } = size;
	const isTurned = orientation > 1 && orientation <= 8;
	return { ...kind, width, height, ...(isTurned && { orientation }) };
}

/**
 * Whether a picture file ends before its format says; `undefined` where the bytes at hand don't
 * show it, and for files that are no picture.
 */
export function isCutOff(file: PictureFile): boolean | undefined {
	const kind = readKind(file.head);
	return kind && READERS[kind.extension].isCutOff(file);
}

/** The same, but where a whole file would show its end, one that shows none counts as cut off. */
export function mayBeCutOff(file: PictureFile): boolean {
	const kind = readKind(file.head);
	const reader = kind && READERS[kind.extension];
	return reader?.isCutOff(file) ?? reader?.marksEnd ?? false;
}

/** The pixels as people see them: upright. */
export const uprightSize = ({ width, height, orientation = 1 }: ImageHeader) =>
	orientation < 5 ? { width, height } : { width: height, height: width };
