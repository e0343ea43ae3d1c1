const FILE_HEADER = 14;
const INFO_HEADER = 40;
const PALETTE = 8;

/**
 * A black BMP with one bit a pixel, so that even 36 million pixels take 4.5 MB. Written by hand
 * because sharp has no BMP.
 */
export function bitmap(width: number, height: number): Buffer {
	const pixelsAt = FILE_HEADER + INFO_HEADER + PALETTE;
	// rows are padded to whole groups of four bytes
	const rowBytes = Math.ceil(width / 32) * 4;
	const file = Buffer.alloc(pixelsAt + rowBytes * height);
	file.write('BM', 0, 'latin1');
	file.writeUInt32LE(file.length, 2);
	file.writeUInt32LE(pixelsAt, 10);
	file.writeUInt32LE(INFO_HEADER, 14);
	file.writeInt32LE(width, 18);
	file.writeInt32LE(height, 22);
	file.writeUInt16LE(1, 26); // planes
	file.writeUInt16LE(1, 28); // bits a pixel
	file.writeUInt32LE(2, 46); // colours
	file.writeUInt32LE(0xffffff, FILE_HEADER + INFO_HEADER + 4);
	return file;
}
