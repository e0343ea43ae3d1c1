import { FileEnd, GrowingHead, HEAD_BYTES, TAIL_BYTES } from './fileParts';
import { readerOf, readHeader } from './imageHeader';
import { PictureFile } from './formats/pictureFile';

/** A file that is read a part at a time. */
export interface PictureSource {
	bytes: number;
	/** The content from its first byte on; a new reading at each call. */
	read(): AsyncIterable<Buffer>;
	/** The last bytes, if the store gives them without reading the whole file. */
	readEnd?(length: number): Promise<Buffer | undefined>;
}

const LEAST_BYTES = 64 * 1024;

/**
 * Reads the parts of a file that show its format, its pixels and whether it is cut off: its
 * beginning, its end if the store gives it, and a place to which the beginning may point.
 */
export async function readPicture(source: PictureSource): Promise<PictureFile> {
	const { bytes, readEnd } = source;
	const beginning = new Beginning(bytes);
	for await (const piece of source.read()) {
		if (!beginning.take(piece)) break;
	}
	const { head } = beginning;
	const isWhole = head.length >= bytes;
	const tail = (isWhole ? undefined : await readEnd?.(TAIL_BYTES)) ?? Buffer.alloc(0);
	const picture = new PictureFile(head, { tail, length: bytes });
	if (picture.isWhole || readHeader(picture)) return picture;
	const at = readerOf(head)?.headerAt?.(head);
	if (at === undefined || at >= bytes) return picture;
	const part = { at, bytes: await readPart(source, at, LEAST_BYTES) };
	return new PictureFile(head, { tail, length: bytes, part });
}

/** Observes a file while it is read. */
export class PictureWatch {
	private readonly beginning: Beginning;
	private wantsMore = true;
	private readonly end = new FileEnd();

	constructor(private readonly bytes: number) {
		this.beginning = new Beginning(bytes);
	}

	see(piece: Buffer): void {
		this.wantsMore &&= this.beginning.take(piece);
		this.end.add(piece);
	}

	get picture(): PictureFile {
		return new PictureFile(this.beginning.head, { tail: this.end.bytes, length: this.bytes });
	}
}

class Beginning {
	private content = new GrowingHead();
	private skip = 0;
	private readonly isShort: boolean;

	/** @param bytes size of the file; a short one is taken whole */
	constructor(bytes: number) {
		this.isShort = bytes <= HEAD_BYTES + TAIL_BYTES;
	}

	/** Takes the next piece; `false` when no further one is wanted. */
	take(piece: Buffer): boolean {
		const skipped = Math.min(this.skip, piece.length);
		this.skip -= skipped;
		const mayShowMore = this.content.add(piece.subarray(skipped));
		const { length } = this.content;
		if (this.isShort || this.skip > 0 || length < LEAST_BYTES) return true;
		if (!mayShowMore && length < HEAD_BYTES) return true;
		const { head } = this;
		const reader = readerOf(head);
		if (!reader || reader.headerAt || readHeader(head)) return false;
		if (length < HEAD_BYTES) return true;
		const shorter = reader.withoutMetadata?.(head);
		if (!shorter) return false;
		this.content = new GrowingHead();
		this.content.add(shorter.head);
		this.skip = shorter.skip;
		return true;
	}

	get head(): Buffer {
		return this.content.bytes;
	}
}

/** A part of a file; everything before it has to be read and skipped. */
async function readPart({ read }: PictureSource, from: number, length: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	let at = 0;
	for await (const piece of read()) {
		parts.push(piece.subarray(Math.max(0, from - at), Math.max(0, from + length - at)));
		at += piece.length;
		if (at >= from + length) break;
	}
	return Buffer.concat(parts);
}
