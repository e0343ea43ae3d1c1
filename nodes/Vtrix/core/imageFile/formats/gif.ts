import { Parser } from 'probe-image-size/lib/formats/gif';
import { MOST_PARTS, type FormatReader } from './reader';

const FILE_HEAD = 13;
const IMAGE_HEAD = 10;

const tableLength = (packed = 0): number => (packed & 0x80 ? 3 * 2 ** ((packed & 0x07) + 1) : 0);

interface Block {
	kind: 'image' | 'extension' | 'trailer' | 'other';
	at: number;
}

function* blocks(head: Buffer): Generator<Block> {
	let at = FILE_HEAD + tableLength(head[10]);
	for (let found = 0; found < MOST_PARTS && at < head.length; found += 1) {
		const kind = ({ 0x2c: 'image', 0x21: 'extension', 0x3b: 'trailer' } as const)[head[at] ?? 0];
		yield { kind: kind ?? 'other', at };
		if (kind !== 'image' && kind !== 'extension') return;
		// to the sub-blocks: behind the label, or behind the colour table and the size of the codes
		at += kind === 'image' ? IMAGE_HEAD + tableLength(head[at + 9]) + 1 : 2;
		while ((head[at] ?? 0) > 0) at += 1 + (head[at] ?? 0);
		at += 1;
	}
}

export const gif: FormatReader = {
	recognizes: (head) => /^GIF8[79]a$/.test(head.toString('latin1', 0, 6)),

	readSize({ head }) {
		const parser = new Parser();
		parser.push(head);
		const screen = parser.result;
		if (!screen || (screen.width > 0 && screen.height > 0)) return screen;
		// Decoders then take the size of the first picture on the screen.
		for (const { kind, at } of blocks(head)) {
			if (kind !== 'image' || at + IMAGE_HEAD > head.length) continue;
			return { width: head.readUInt16LE(at + 5), height: head.readUInt16LE(at + 7) };
		}
		return undefined;
	},

	isCutOff({ head, isWhole }) {
		for (const { kind } of blocks(head)) {
			if (kind === 'trailer') return false;
			if (kind === 'other') return undefined;
		}
		return isWhole || undefined;
	},
};
