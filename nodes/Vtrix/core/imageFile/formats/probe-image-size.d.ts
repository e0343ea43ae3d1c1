/** What the package's own types leave out: the parsers of single formats, which use no network. */
declare module 'probe-image-size/lib/formats/*' {
	/** Reads a file's beginning piece by piece; never throws. */
	export class Parser {
		push(bytes: Uint8Array): void;
		result?: {
			/** Pixels as they are stored; 0 or negative in files that say so. */
			width: number;
			height: number;
			/** From 1 to 8, where an EXIF block says it. */
			orientation?: number;
		};
	}
}

declare module 'probe-image-size/lib/common/exif_orientation_parser' {
	/** Reads the orientation of an EXIF block, which begins with its TIFF header; never throws. */
	export class Parser {
		push(bytes: Uint8Array): void;
		orientation: number;
	}
}
