/** Most bytes held of a file's beginning: the metadata before a JPEG's size can be long. */
export const HEAD_BYTES = 512 * 1024;
export const TAIL_BYTES = 64 * 1024;

/**
 * Worth another look only when it has doubled, so that a file in small pieces costs no more than one
 * in large ones.
 */
export class GrowingHead {
	private pieces: Buffer[] = [];
	private nextLook = 1;
	length = 0;

	add(piece: Buffer): boolean {
		this.pieces.push(piece);
		this.length += piece.length;
		if (this.length < this.nextLook) return false;
		this.nextLook = 2 * this.length;
		return true;
	}

	/** All of it so far. A single piece is not copied: a store that holds the whole file gives one. */
	get bytes(): Buffer {
		if (this.pieces.length !== 1) this.pieces = [Buffer.concat(this.pieces)];
		return this.pieces[0] ?? Buffer.alloc(0);
	}
}

/** A file's end, kept while the file passes by. */
export class FileEnd {
	private readonly last: Buffer[] = [];
	private length = 0;

	add(piece: Buffer): void {
		this.last.push(piece);
		this.length += piece.length;
		for (let [first] = this.last; first; [first] = this.last) {
			if (this.length - first.length < TAIL_BYTES) break;
			this.length -= first.length;
			this.last.shift();
		}
	}

	get bytes(): Buffer {
		return Buffer.concat(this.last).subarray(-TAIL_BYTES);
	}
}
