import type { PictureFile } from './pictureFile';

/** A picture's size as its file stores it. */
export interface StoredSize {
	width: number;
	height: number;
	/** Orientation as EXIF and TIFF number it: 1 (upright) to 8. */
	orientation?: number;
}

/** What is known of one file format. None of it throws, whatever the bytes are. */
export interface FormatReader {
	recognizes(head: Buffer): boolean;
	readSize(file: PictureFile): StoredSize | undefined;
	/** Where the size stands, for a format in which the file's beginning tells the place. */
	headerAt?(head: Buffer): number;
	/**
	 * A long beginning without the parts that say nothing about the picture, where megabytes may stand
	 * before the size; `skip` bytes after it belong to what was left out.
	 */
	withoutMetadata?(head: Buffer): { head: Buffer; skip: number } | undefined;
	/** Whether the file ends too early; `undefined` where the bytes at hand don't show it. */
	isCutOff(file: PictureFile): boolean | undefined;
	/** Whether a mark stands at the end of every whole file. */
	readonly marksEnd?: true;
}

/** More segments, chunks or blocks are only in a file that was made to keep its reader busy. */
export const MOST_PARTS = 100_000;
