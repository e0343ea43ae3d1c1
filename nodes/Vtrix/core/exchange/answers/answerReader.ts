import { MEMORY_BYTES } from '../../shared/byteLimit';
import { readStringPart } from './jsonString';
import { inlineMark } from './results';
import { means } from './statusWords';
import { TooLargeError } from '../http/readBody';

/** Characters of an image decoded at a time. */
const PART_BYTES = 64 * 1024;

/** Where an image stands in its answer. */
export interface FoundImage {
	/** The image's place among the entries of its list, from 0. */
	index: number;
	/** The task's id, if it stands before the image. */
	taskId: string | undefined;
}

/**
 * Takes an image out of an answer while it arrives; `pieces` are its bytes, decoded, which fail when
 * the answer breaks off. Pieces left unread are skipped.
 *
 * @returns a number by which the answer's text names the image; never rejects
 */
export type KeepImage = (pieces: AsyncIterable<Buffer>, found: FoundImage) => Promise<number>;

/** Keys of images inside an answer, where any text is one unless it is a link, … */
const IMAGE_KEYS = new Set(['b64_json', 'base64']);
/** … and of files, which may be images inside the answer, too. */
const FILE_KEYS = new Set(['url', 'image', 'image_url']);
/** Keys of what was sent, which some services repeat. */
const ECHO_KEYS = new Set(['input', 'params', 'parameters', 'request']);
const MOST_IMAGES = 100;
/** What is nested deeper tells nothing; programs that read it could fail. */
const DEEPEST = 64;
const SHOWN_BYTES = 256;
const LINK = 'http';
const SHORTEST_BASE64 = 40;
const BASE64 = /^[A-Za-z0-9+/_-]+[=\s]*$/;
/** How the usual kinds of pictures begin in base64. */
const PICTURE = /^(iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|AAAA.GZ0eX)/;
/** Keys and values are compared up to this length, bytes. */
const LONGEST_TOKEN = 1000;
const LONGEST_DATA_URI_HEAD = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OBJECT = 0x7b;
const isOpening = (byte?: number): boolean => byte === OBJECT || byte === 0x5b;
const isClosing = (byte?: number): boolean => byte === 0x7d || byte === 0x5d;
const isBlank = (byte?: number): boolean =>
	byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Reads JSON text chunk by chunk, and hands on the images inside it. */
export class AnswerReader {
	private chunk: Buffer = Buffer.alloc(0);
	private at = 0;

	private readonly text: Buffer[] = [];
	private textBytes = 0;

	private broken: { error: unknown } | undefined;

	private isInString = false;
	private isEscaped = false;
	/** The last string, as its bytes in Latin-1. */
	private token = '';
	private key: string | undefined;
	private depth = 0;
	/** How many objects began at each depth. */
	private readonly objects: number[] = [];
	/** What is open: lists, and the keys that hold what is open. */
	private readonly open: Array<{ isList: boolean; key: string | undefined }> = [];
	private images = 0;
	private readonly facts: { id?: string; status?: string } = {};

	private isInImage = false;
	private rest = '';

	constructor(
		private readonly chunks: AsyncIterator<Buffer>,
		private readonly keepImage: KeepImage,
	) {}

	/** The text, with a mark for each image. */
	async read(): Promise<string> {
		while (await this.hasMore()) {
			const from = this.at;
			const found = this.skipToValue();
			this.hold(this.chunk.subarray(from, this.at));
			if (found === 'nested') await this.leaveOut();
			if (found !== 'text') continue;
			if (await this.isAtImage()) this.hold(Buffer.from(`${await this.takeImage()}"`));
			else this.beginString();
		}
		return Buffer.concat(this.text, this.textBytes).toString('utf8');
	}

	private hold(part: Buffer): void {
		this.textBytes += part.length;
		if (this.textBytes > MEMORY_BYTES) throw new TooLargeError(MEMORY_BYTES);
		// A copy: a slice would keep the whole chunk in memory.
		this.text.push(Buffer.from(part));
	}

	/** Waits for the next chunk if this one is used up; false at the answer's end. */
	private async hasMore(): Promise<boolean> {
		while (this.at >= this.chunk.length) {
			const chunk = await this.nextChunk();
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

	/**
	 * Goes on behind the opening quote of the next text that may be an image, or up to what is nested
	 * too deep.
	 */
	private skipToValue(): 'text' | 'nested' | undefined {
		while (this.at < this.chunk.length) {
			if (this.isInString) {
				this.readInString();
				continue;
			}
			const byte = this.chunk[this.at];
			if (this.depth >= DEEPEST && isOpening(byte)) return 'nested';
			this.at += 1;
			if (byte === QUOTE) {
				if (this.mayBeImage()) return 'text';
				this.beginString();
			} else if (byte === COLON) this.key = this.lastString();
			else if (!isBlank(byte)) this.readOutside(byte);
		}
		return undefined;
	}

	private beginString(): void {
		this.isInString = true;
		this.token = '';
	}

	private mayBeImage(): boolean {
		const isCandidate =
			this.key === undefined
				? this.open.at(-1)?.isList === true
				: IMAGE_KEYS.has(this.key) || FILE_KEYS.has(this.key);
		// Nearly all of them are links, and told by their first characters.
		return isCandidate && this.chunk.toString('latin1', this.at, this.at + LINK.length) !== LINK;
	}

	private async isAtImage(): Promise<boolean> {
		for (;;) {
			const shown = this.chunk.toString('latin1', this.at, this.at + SHOWN_BYTES);
			const { content, end } = readStringPart(shown);
			// Where a chunk ends is chance, which must not decide.
			const isEnough = end !== undefined || shown.length === SHOWN_BYTES;
			const isImage = this.isImage(content, isEnough);
			if (isImage !== undefined || isEnough) return isImage ?? false;
			const more = await this.nextChunk();
			if (more === undefined) return false;
			this.chunk = Buffer.concat([this.chunk.subarray(this.at), more]);
			this.at = 0;
		}
	}

	/** Whether a text is an image, by its head; `undefined` while that cannot be told, or it is short. */
	private isImage(head: string, isEnough: boolean): boolean | undefined {
		if (this.key !== undefined && IMAGE_KEYS.has(this.key)) {
			const isLink = LINK.slice(0, head.length) === head.slice(0, LINK.length).toLowerCase();
			return isLink && head.length < LINK.length ? undefined : !isLink;
		}
		if (/^data:/i.test(head)) return head.length < SHORTEST_BASE64 ? undefined : true;
		if (!BASE64.test(head)) return head === '' ? undefined : false;
		if (head.length < SHORTEST_BASE64 || !isEnough) return undefined;
		return this.key !== undefined || PICTURE.test(head);
	}

	private async leaveOut(): Promise<void> {
		this.hold(Buffer.from('null'));
		this.key = undefined;
		let [depth, isInString, isEscaped] = [0, false, false];
		while (await this.hasMore()) {
			const { chunk } = this;
			while (this.at < chunk.length) {
				const byte = chunk[this.at];
				this.at += 1;
				if (byte === QUOTE && !isEscaped) isInString = !isInString;
				isEscaped = isInString && byte === BACKSLASH && !isEscaped;
				if (isInString) continue;
				if (isOpening(byte)) depth += 1;
				if (isClosing(byte)) depth -= 1;
				if (depth === 0) return;
			}
		}
	}

	private readInString(): void {
		const { chunk, at: from } = this;
		let at = from;
		for (; at < chunk.length; at += 1) {
			const byte = chunk[at];
			if (byte === QUOTE && !this.isEscaped) break;
			this.isEscaped = byte === BACKSLASH && !this.isEscaped;
		}
		const missing = Math.max(0, LONGEST_TOKEN - this.token.length);
		this.token += chunk.toString('latin1', from, Math.min(at, from + missing));
		this.at = at + 1;
		if (at === chunk.length) {
			this.at = at;
			return;
		}
		this.isInString = false;
		if (this.depth === 1 && (this.key === 'id' || this.key === 'status')) {
			this.facts[this.key] = this.lastString();
		}
		this.key = undefined;
	}

	private lastString(): string {
		if (/^[^\\\x80-\xff]*$/.test(this.token)) return this.token;
		return readStringPart(Buffer.from(this.token, 'latin1').toString('utf8')).content;
	}

	private readOutside(byte: number | undefined): void {
		if (isOpening(byte)) this.open.push({ isList: byte !== OBJECT, key: this.key });
		if (isClosing(byte)) this.open.pop();
		this.key = undefined;
		if (byte === OBJECT) this.objects[this.depth] = (this.objects[this.depth] ?? 0) + 1;
		if (isOpening(byte)) this.depth += 1;
		if (isClosing(byte)) this.depth -= 1;
	}

	/** Hands on the image that begins here; its mark, or nothing where there is none. */
	private async takeImage(): Promise<string> {
		this.key = undefined;
		this.isInImage = true;
		let mark = '';
		const isEcho = this.open.some(({ key }) => key !== undefined && ECHO_KEYS.has(key));
		// While a task runs, its images are not complete.
		if (!means(this.facts.status, 'running') && !isEcho) mark = await this.keep();
		while (this.isInImage && (await this.hasMore())) this.readImageText();
		return mark;
	}

	private async keep(): Promise<string> {
		this.images += 1;
		if (this.images > MOST_IMAGES) return inlineMark(-1);
		const index = (this.objects[this.depth - 1] ?? 1) - 1;
		const pieces = this.imagePieces();
		const number = await this.keepImage(pieces, { index, taskId: this.facts.id });
		await pieces.return(undefined);
		if (this.broken) throw this.broken.error;
		return inlineMark(number);
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
