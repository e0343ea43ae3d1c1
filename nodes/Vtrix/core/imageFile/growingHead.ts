/**
 * A file's beginning that grows piece by piece. It is worth another look only when it has doubled, so
 * that a file in small pieces costs no more than one in large ones.
 */
export class GrowingHead {
	private pieces: Buffer[] = [];
	private nextLook = 1;
	length = 0;

	/** Takes the next piece; whether there is enough more for another look. */
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
