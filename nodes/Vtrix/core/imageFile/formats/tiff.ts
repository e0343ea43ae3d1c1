import { Parser } from 'probe-image-size/lib/formats/tiff';
import { PictureFile } from './pictureFile';
import type { FormatReader, StoredSize } from './reader';

/** Byte order and version; where the first directory is comes next. */
const VERSION = 4;
const ENTRY = 12;
/** Values of up to this many bytes are in the entry itself. */
const INLINE = 4;
/** Bytes of a value by its type: SHORT and LONG, which all tags read here have. */
const SIZES: Readonly<Record<number, 2 | 4>> = { 3: 2, 4: 4 };

const TAGS = {
	bitsPerSample: 258,
	compression: 259,
	stripOffsets: 273,
	orientation: 274,
	samplesPerPixel: 277,
	stripLengths: 279,
	tileOffsets: 324,
	tileLengths: 325,
};
const UNCOMPRESSED = 1;

interface Part {
	end: number;
	bytes?: Buffer;
}

class Page {
	private readonly isBigEndian: boolean;
	readonly directoryAt: number;
	/** Number of entries and entries; or the part of the file that is missing to find them. */
	readonly directory: Part;

	constructor(private readonly file: PictureFile) {
		this.isBigEndian = file.head[0] === 0x4d;
		const place = this.part(VERSION, 4);
		this.directoryAt = place.bytes ? this.number(place.bytes, 0, 4) : file.length;
		const count = this.part(this.directoryAt, 2);
		this.directory = count.bytes
			? this.part(this.directoryAt, 2 + this.number(count.bytes, 0, 2) * ENTRY)
			: place.bytes
				? count
				: place;
	}

	readSize(): StoredSize | undefined {
		const { bytes } = this.directory;
		if (!bytes) return undefined;
		const parser = new Parser();
		// The directory may be anywhere; the parser gets it right behind the file's first bytes.
		parser.push(this.file.head.subarray(0, VERSION));
		parser.push(Uint8Array.from(this.isBigEndian ? [0, 0, 0, 8] : [8, 0, 0, 0]));
		parser.push(bytes);
		return parser.result && { ...parser.result, orientation: this.firstNumberOf(TAGS.orientation) };
	}

	find(tag: number): (Part & { size: 2 | 4 }) | undefined {
		const { bytes = Buffer.alloc(0) } = this.directory;
		for (let at = 2; at < bytes.length; at += ENTRY) {
			if (this.number(bytes, at, 2) !== tag) continue;
			const size = SIZES[this.number(bytes, at + 2, 2)];
			if (!size) return undefined;
			const length = this.number(bytes, at + 4, 4) * size;
			const place = length <= INLINE ? this.directoryAt + at + 8 : this.number(bytes, at + 8, 4);
			return { ...this.part(place, length), size };
		}
		return undefined;
	}

	numbersOf(tag: number): Uint32Array {
		const { bytes = Buffer.alloc(0), size = 4 } = this.find(tag) ?? {};
		return Uint32Array.from({ length: bytes.length / size }, (_, index) =>
			this.number(bytes, index * size, size),
		);
	}

	firstNumberOf(tag: number): number | undefined {
		return this.numbersOf(tag)[0];
	}

	private part(at: number, length: number): Part {
		return { end: at + length, bytes: this.file.slice(at, length) };
	}

	private number(bytes: Buffer, at: number, size: 2 | 4): number {
		return this.isBigEndian ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size);
	}
}

/** TIFF 6.0. Its first page counts, as for everything that shows a single picture. */
export const tiff: FormatReader = {
	recognizes: (head) => /^(II\*\0|MM\0\*)/.test(head.toString('latin1', 0, VERSION)),

	readSize: (file) => new Page(file).readSize(),

	headerAt: (head) => new Page(new PictureFile(head)).directoryAt,

	isCutOff(file) {
		const page = new Page(file);
		const endsBefore = ({ end }: Part) => end > file.length || undefined;
		if (!page.directory.bytes) return endsBefore(page.directory);
		const [offsetsTag, lengthsTag] = page.find(TAGS.tileOffsets)
			? [TAGS.tileOffsets, TAGS.tileLengths]
			: [TAGS.stripOffsets, TAGS.stripLengths];
		for (const list of [page.find(offsetsTag), page.find(lengthsTag)]) {
			if (!list?.bytes) return list && endsBefore(list);
		}
		const offsets = page.numbersOf(offsetsTag);
		const lengths = page.numbersOf(lengthsTag);
		if (offsets.some((offset) => offset >= file.length)) return true;
		const size = page.readSize();
		if (!size || lengths.length !== offsets.length) return undefined;
		// Some programs write lengths that are too large: those before compression, or that of a full
		// strip for the last one. Only lengths that cannot be one of these are trusted.
		const bits =
			(page.firstNumberOf(TAGS.samplesPerPixel) ?? 1) *
			(page.firstNumberOf(TAGS.bitsPerSample) ?? 1);
		const unpacked = Math.ceil((size.width * bits) / 8) * size.height;
		const packed = lengths.reduce((sum, length) => sum + length, 0);
		const isPlain = page.firstNumberOf(TAGS.compression) === UNCOMPRESSED;
		if (isPlain ? packed > unpacked : packed >= unpacked) return undefined;
		return offsets.some((offset, index) => offset + (lengths[index] ?? 0) > file.length);
	},
};
