import { Parser } from 'probe-image-size/lib/common/exif_orientation_parser';

const PREFIX = Buffer.from('Exif\0\0', 'latin1');

/** The orientation in an EXIF block: 1 to 8, `undefined` if it names none. */
export function readOrientation(exif: Buffer): number | undefined {
	const parser = new Parser();
	// Only a JPEG needs the prefix, yet some programs write it into other formats too.
	const prefixed = exif.subarray(0, PREFIX.length).equals(PREFIX);
	parser.push(prefixed ? exif.subarray(PREFIX.length) : exif);
	return parser.orientation > 0 ? parser.orientation : undefined;
}
