import { readHeader } from './imageHeader';

/** Files up to this size are read whole; of larger ones no more than this is held. */
const HEAD_BYTES = 512 * 1024;
/** What a format's end mark is searched in. */
const TAIL_BYTES = 64 * 1024;
/** Enough of any other format to tell its kind and size. */
const FIRST_BYTES = 64 * 1024;

/** A file as far as its format, pixels and end stand in it. */
export interface FileEnds {
	/** Its beginning. */
	head: Buffer;
	/** Its last bytes, where they were had without reading the file through. */
	tail?: Buffer;
}

/**
 * Reads no more of a file than tells its format and pixels, and leaves the rest unread.
 *
 * @param bytes size of the file
 */
export async function readEnds(content: AsyncIterable<Buffer>, bytes: number): Promise<FileEnds> {
	let head: Buffer = Buffer.alloc(0);
	for await (const piece of content) {
		// A store that holds the file anyway hands it over in one piece.
		head = head.length === 0 ? piece : Buffer.concat([head, piece]);
		if (bytes > HEAD_BYTES && head.length >= Math.min(bytesWanted(head), HEAD_BYTES)) break;
	}
	return { head, ...(head.length >= bytes && { tail: head.subarray(-TAIL_BYTES) }) };
}

/** How much of a file has to be there before its header can be read. */
function bytesWanted(head: Buffer): number {
	if (head[0] === 0xff && head[1] === 0xd8) return jpegFrameEnd(head);
	return readHeader(head) ? head.length : FIRST_BYTES;
}

/** Where the frame of a JPEG ends, which tells its size, or how much is to be read to find it. */
function jpegFrameEnd(head: Buffer): number {
	let at = 2;
	while (at + 4 <= head.length && head[at] === 0xff) {
		// Fill bytes may stand before a marker.
		if (head[at + 1] === 0xff) {
			at += 1;
			continue;
		}
		const marker = head.readUInt8(at + 1);
		const end = at + 2 + head.readUInt16BE(at + 2);
		// C0 to CF are frames, but for the tables and the reserved marker among them.
		if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return end;
		at = end;
	}
	// Without a marker here the frame has to be searched.
	return at < head.length && head[at] !== 0xff ? HEAD_BYTES : at + 4;
}
