import { readStringPart } from './jsonString';
import { inlineMark } from './results';
import { means } from './statusWords';
import { TooLargeError } from '../http/readBody';

/** Largest text of an answer without its images, bytes. */
const LARGEST_TEXT_BYTES = 40_000_000;
/** Characters of an image decoded at a time. */
const PART_BYTES = 64 * 1024;

/** Where an image stands in its answer. */
export interface FoundImage {
	/** Its place among the entries of its list, from 0. */
	index: number;
	/** The task's id, if it stands before the image. */
	taskId: string | undefined;
}

/**
 * Takes an image out of an answer while it arrives.
 *
 * @param pieces the image's bytes, decoded; they fail when the answer breaks off. Pieces left
 * unread are skipped
 * @returns a number by which the answer names the image; never rejects
 */
export type KeepImage = (pieces: AsyncIterable<Buffer>, found: FoundImage) => Promise<number>;

const IMAGE_KEY = 'b64_json';
/** Keys and values are compared up to this length, bytes. */
const LONGEST_TOKEN = 1000;
const LONGEST_DATA_URI_HEAD = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OBJECT = 0x7b;
const OPENING = new Set([OBJECT, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Whether an answer has to be searched for images. Nearly all are short and hold none; an escape
 * may hide the key.
 */
export const mayHoldImage = (chunk: Buffer): boolean =>
	chunk.includes(IMAGE_KEY) || chunk.includes('\\u');

/**
 * Reads JSON text chunk by chunk, holding one at a time, and hands on the images inside it.
 */
export class AnswerReader {
	private chunk: Buffer = Buffer.alloc(0);
	private at = 0;

	private readonly text: Buffer[] = [];
	private textBytes = 0;

	/** The error that the answer broke off with inside an image. */
	private broken: { error: unknown } | undefined;

	private isInString = false;
	private isEscaped = false;
	/** The last string, as its bytes in Latin-1. */
	private token = '';
	/** The key whose value comes next. */
	private key: string | undefined;
	private depth = 0;
	/** How many objects began at each depth. */
	private readonly objects: number[] = [];
	/** Texts of the outermost object. */
	private readonly facts: { id?: string; status?: string } = {};

	private isInImage = false;
	/** The beginning of an escape inside an image. */
	private rest = '';

	/** @param ready the first chunks, which are there already */
	constructor(
		private readonly ready: Buffer[],
		private readonly chunks: AsyncIterator<Buffer>,
		private readonly keepImage: KeepImage,
	) {}

	/** The text, with a number for each image. */
	async read(): Promise<string> {
		while (await this.hasMore()) {
			const from = this.at;
			const isAtImage = this.skipToImage();
			this.hold(this.chunk.subarray(from, this.at));
			if (isAtImage) this.hold(Buffer.from(`${await this.takeImage()}"`));
		}
		return Buffer.concat(this.text, this.textBytes).toString('utf8');
	}

	private hold(part: Buffer): void {
		this.textBytes += part.length;
		if (this.textBytes > LARGEST_TEXT_BYTES) throw new TooLargeError(LARGEST_TEXT_BYTES);
		// A copy: a slice would keep the whole chunk in memory.
		this.text.push(Buffer.from(part));
	}

	/** Waits for the next chunk if this one is used up; false at the answer's end. */
	private async hasMore(): Promise<boolean> {
		while (this.at >= this.chunk.length) {
			const chunk = this.ready.shift() ?? (await this.nextChunk());
			if (chunk === undefined) return false;
			this.chunk = chunk;
			this.at = 0;
		}
		return true;
	}

	private async nextChunk(): Promise<Buffer | undefined> {
		const next = await this.chunks.next().catch(async (error: unknown) => {
			this.broken = { error };
			return await Promise.reject(error);
		});
		return next.done ? undefined : next.value;
	}

	/** Goes on behind the opening quote of the next image, if one begins in this chunk. */
	private skipToImage(): boolean {
		while (this.at < this.chunk.length) {
			const byte = this.chunk.readUInt8(this.at);
			this.at += 1;
			if (this.isInString) this.readInString(byte);
			else if (byte === QUOTE) {
				if (this.key === IMAGE_KEY) return true;
				this.isInString = true;
				this.token = '';
			} else if (byte === COLON) this.key = this.lastString();
			else if (!BLANKS.has(byte)) this.readOutside(byte);
		}
		return false;
	}

	private readInString(byte: number): void {
		if (byte === QUOTE && !this.isEscaped) {
			this.isInString = false;
			if (this.depth === 1 && (this.key === 'id' || this.key === 'status')) {
				this.facts[this.key] = this.lastString();
			}
			this.key = undefined;
			return;
		}
		this.isEscaped = byte === BACKSLASH && !this.isEscaped;
		if (this.token.length < LONGEST_TOKEN) this.token += String.fromCharCode(byte);
	}

	private lastString(): string {
		return readStringPart(Buffer.from(this.token, 'latin1').toString('utf8')).content;
	}

	private readOutside(byte: number): void {
		this.key = undefined;
		if (byte === OBJECT) this.objects[this.depth] = (this.objects[this.depth] ?? 0) + 1;
		if (OPENING.has(byte)) this.depth += 1;
		if (CLOSING.has(byte)) this.depth -= 1;
	}

	/** Hands on the image that begins here; its number, or nothing where there is none. */
	private async takeImage(): Promise<string> {
		this.key = undefined;
		if ((await this.hasMore()) && this.chunk[this.at] === QUOTE) {
			this.at += 1;
			return '';
		}
		this.isInImage = true;
		let number = '';
		// While a task runs, its images are not complete.
		if (!means(this.facts.status, 'running')) {
			const index = (this.objects[this.depth - 1] ?? 1) - 1;
			const pieces = this.imagePieces();
			number = inlineMark(await this.keepImage(pieces, { index, taskId: this.facts.id }));
			await pieces.return(undefined);
			if (this.broken) throw this.broken.error;
		}
		while (this.isInImage && (await this.hasMore())) this.readImageText();
		return number;
	}

	/** The bytes of the image that begins here, decoded. */
	private async *imagePieces(): AsyncGenerator<Buffer> {
		let head: string | undefined = '';
		let base64 = '';
		while (this.isInImage) {
			if (!(await this.hasMore())) throw new Error('The answer ends inside an image');
			const text = this.readImageText();
			if (head === undefined) base64 += text;
			else {
				head += text;
				if (this.isInImage && isDataUriHead(head)) continue;
				base64 = head.replace(/^data:[^,]*,/i, '');
				head = undefined;
			}
			// Padding, line breaks and the like go, so that four characters are three bytes.
			base64 = base64.replace(/[^A-Za-z0-9+/_-]+/g, '');
			const length = this.isInImage ? base64.length - (base64.length % 4) : base64.length;
			if (length > 0) yield Buffer.from(base64.slice(0, length), 'base64');
			base64 = base64.slice(length);
		}
	}

	/** A part of the image's text, as far as the chunk has it. */
	private readImageText(): string {
		const end = Math.min(this.at + PART_BYTES, this.chunk.length);
		const before = this.rest.length;
		const part = readStringPart(this.rest + this.chunk.toString('latin1', this.at, end));
		this.rest = part.rest;
		this.at = part.end === undefined ? end : this.at + part.end - before;
		this.isInImage = part.end === undefined;
		return part.content;
	}
}

/** Whether a text may be the beginning of `data:image/png;base64,` and goes on. */
const isDataUriHead = (text: string): boolean =>
	'data:'.startsWith(text.slice(0, 5).toLowerCase()) &&
	!text.includes(',') &&
	text.length < LONGEST_DATA_URI_HEAD;
