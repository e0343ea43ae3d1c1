import type { PictureFile } from '../pictureFile';

/** A picture's size as its file stores it. */
export interface StoredSize {
	/** Pixels. */
	width: number;
	height: number;
	/** How the picture is to be turned to stand upright: 1 to 8, as EXIF and TIFF number it. */
	orientation?: number;
}

/** What is known of one file format. None of it throws, whatever the bytes are. */
export interface FormatReader {
	/** Whether a file that begins with these bytes claims to be of this format. */
	recognizes(head: Buffer): boolean;
	/** Size and orientation; `undefined` where the bytes at hand don't hold them. */
	readSize(file: PictureFile): StoredSize | undefined;
	/** Whether the file ends too early; `undefined` where the bytes at hand don't show it. */
	isCutOff(file: PictureFile): boolean | undefined;
}

/**
 * How many segments, chunks or blocks are followed at most. No real file of a few megabytes has so
 * many; one that has was made to keep its reader busy.
 */
export const MOST_PARTS = 100_000;
