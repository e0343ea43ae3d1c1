/** A picture file of which the beginning, the end and perhaps a part between are at hand. */
export class PictureFile {
	readonly head: Buffer;
	/** The file's end; empty where `head` holds it already, or when it is not at hand. */
	readonly tail: Buffer;
	readonly length: number;
	private readonly part: Part;

	/**
	 * @param rest the last bytes and the file's length, without which `head` is the file, and a part from
	 * elsewhere
	 */
	constructor(head: Buffer, rest?: { tail: Buffer; length: number; part?: Part }) {
		this.length = rest?.length ?? head.length;
		const tail = rest?.tail ?? Buffer.alloc(0);
		const overlap = head.length + tail.length - this.length;
		const joined = overlap >= 0 && head.length < this.length;
		this.head = joined ? Buffer.concat([head, tail.subarray(overlap)]) : head;
		this.tail = this.isWhole ? Buffer.alloc(0) : tail;
		this.part = rest?.part ?? { at: 0, bytes: Buffer.alloc(0) };
	}

	get isWhole(): boolean {
		return this.head.length >= this.length;
	}

	get tailAt(): number {
		return this.length - this.tail.length;
	}

	/** So many bytes at a place; `undefined` if they are not at hand, or the file ends before. */
	slice(at: number, length: number): Buffer | undefined {
		const parts = [{ at: 0, bytes: this.head }, this.part, { at: this.tailAt, bytes: this.tail }];
		const holding = parts.find(
			(part) => at >= part.at && at + length <= part.at + part.bytes.length,
		);
		return holding?.bytes.subarray(at - holding.at, at - holding.at + length);
	}
}

interface Part {
	at: number;
	bytes: Buffer;
}
