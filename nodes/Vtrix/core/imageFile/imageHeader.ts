import { READERS } from './formats';
import { FORMATS, type ImageFormat } from './formats/imageFormats';
import { PictureFile } from './formats/pictureFile';
import type { FormatReader } from './formats/reader';

const isFormat = (name: string): name is ImageFormat => Object.hasOwn(READERS, name);
const FORMAT_NAMES = Object.keys(READERS).filter(isFormat);

/** What an image's header says; pixels as they are stored. */
export interface ImageHeader {
	extension: ImageFormat;
	mimeType: string;
	width: number;
	height: number;
	/** EXIF orientation by which the image must be turned: 2 to 8; absent if it is upright. */
	orientation?: number;
}

/** A picture's kind, and its pixels unless they are too far into the file. */
export type PictureHeader = Pick<ImageHeader, 'extension' | 'mimeType'> & Partial<ImageHeader>;

/** The kind of a picture by its first bytes; `undefined` if it is none of the formats. */
export function readKind(head: Buffer): PictureHeader | undefined {
	const extension = FORMAT_NAMES.find((name) => READERS[name].recognizes(head));
	return extension && { extension, mimeType: FORMATS[extension].mimeType };
}

/** By the first bytes; `undefined` for what is no picture. */
export const readerOf = (head: Buffer): FormatReader | undefined => {
	const kind = readKind(head);
	return kind && READERS[kind.extension];
};

/** Format and pixels, in linear time; `undefined` where the bytes don't show them. */
export function readHeader(file: PictureFile | Buffer): ImageHeader | undefined {
	const picture = file instanceof PictureFile ? file : new PictureFile(file);
	const kind = readKind(picture.head);
	const size = kind && READERS[kind.extension].readSize(picture);
	if (!size || !(size.width > 0) || !(size.height > 0)) return undefined;
	const { width, height, orientation = 1 } = size;
	const isTurned = orientation > 1 && orientation <= 8;
	return { ...kind, width, height, ...(isTurned && { orientation }) };
}

/** Whether a picture file ends before its format says; `undefined` where the bytes don't show it. */
export function isCutOff(file: PictureFile): boolean | undefined {
	return readerOf(file.head)?.isCutOff(file);
}

/** The same, but where a whole file would show its end, one that shows none counts as cut off. */
export function mayBeCutOff(file: PictureFile): boolean {
	const reader = readerOf(file.head);
	return reader?.isCutOff(file) ?? reader?.marksEnd ?? false;
}

/** The pixels as people see them: upright. */
export const uprightSize = ({ width, height, orientation = 1 }: ImageHeader) =>
	orientation < 5 ? { width, height } : { width: height, height: width };
