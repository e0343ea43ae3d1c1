/**
 * A picture file of which the beginning and the end are at hand, and all of it when it is short or
 * was read whole.
 */
export class PictureFile {
	/** The file's beginning, without a gap. */
	readonly head: Buffer;
	/** The file's end; empty where `head` holds it already, or when it is not at hand. */
	readonly tail: Buffer;
	/** Length in bytes. */
	readonly length: number;

	/**
	 * @param head the first bytes, at least as far as the format keeps its size
	 * @param rest what else is known: the last bytes and the file's length, without which `head` is the file
	 */
	constructor(head: Uint8Array, rest?: { tail: Uint8Array; length: number }) {
		this.length = rest?.length ?? head.length;
		const tail = rest?.tail ?? new Uint8Array();
		const overlap = head.length + tail.length - this.length;
		const joined = overlap >= 0 && head.length < this.length;
		this.head = joined ? Buffer.concat([head, tail.subarray(overlap)]) : asBuffer(head);
		this.tail = this.isWhole ? Buffer.alloc(0) : asBuffer(tail);
	}

	/** Whether every byte is at hand, in `head`. */
	get isWhole(): boolean {
		return this.head.length >= this.length;
	}

	/** Where `tail` begins. */
	get tailAt(): number {
		return this.length - this.tail.length;
	}

	/** So many bytes at a place; `undefined` if they are not at hand, or the file ends before. */
	slice(at: number, length: number): Buffer | undefined {
		if (at + length <= this.head.length) return this.head.subarray(at, at + length);
		if (at < this.tailAt || at + length > this.length) return undefined;
		return this.tail.subarray(at - this.tailAt, at - this.tailAt + length);
	}
}

const asBuffer = (bytes: Uint8Array): Buffer =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
