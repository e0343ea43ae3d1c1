import { Parser } from 'probe-image-size/lib/formats/bmp';
import type { FormatReader } from './reader';

const FILE_HEADER = 14;
const OS2_HEADER = 12;
/** Any text may begin with `BM`; real headers have up to 124 bytes. */
const LONGEST_HEADER = 255;
const COMPRESSION_END = 20;
const ROWS_OF_ONE_LENGTH = [0, 3, 6];

export const bmp: FormatReader = {
	recognizes(head) {
		if (head.toString('latin1', 0, 2) !== 'BM' || head.length < FILE_HEADER + 4) return false;
		const headerLength = head.readUInt32LE(FILE_HEADER);
		return headerLength >= OS2_HEADER && headerLength <= LONGEST_HEADER;
	},

	readSize({ head }) {
		const parser = new Parser();
		parser.push(head);
		return parser.result;
	},

	isCutOff(file) {
		const { head, length } = file;
		const size = bmp.readSize(file);
		const isOs2 = size && head.readUInt32LE(FILE_HEADER) === OS2_HEADER;
		if (!size || head.length < FILE_HEADER + (isOs2 ? OS2_HEADER : COMPRESSION_END)) {
			return file.isWhole || undefined;
		}
		if (!isOs2 && !ROWS_OF_ONE_LENGTH.includes(head.readUInt32LE(30))) return undefined;
		const bitsPerRow = size.width * head.readUInt16LE(isOs2 ? 24 : 28);
		// Rows are padded to four bytes; some programs omit the padding of the last one.
		const pixels = Math.ceil(bitsPerRow / 32) * 4 * (size.height - 1) + Math.ceil(bitsPerRow / 8);
		return head.readUInt32LE(10) + pixels > length;
	},
};
