import type { IExecuteFunctions } from 'n8n-workflow';
import type { PictureSource } from '../../core/imageFile/readPicture';
import type { FileContent } from './fileObjects';

/**
 * Finds out how large a file is and how it is read; nothing of it is held.
 *
 * @throws whatever n8n's store says of a file that it can't give
 */
export async function openFile(
	context: IExecuteFunctions,
	content: FileContent,
): Promise<PictureSource> {
	if ('base64' in content) return inlineFile(content.base64);
	const { id } = content;
	const read = () => readStore(context, id);
	const recorded = await context.helpers.getBinaryMetadata(id).then(
		({ fileSize }) => fileSize,
		() => 0,
	);
	if (recorded > 0) {
		const isOnDisk = id.startsWith('filesystem');
		const readEnd = async (length: number) => await readEndOnDisk(context, id, recorded, length);
		return { bytes: recorded, read, ...(isOnDisk && { readEnd }) };
	}
	let bytes = 0;
	for await (const piece of read()) bytes += piece.length;
	return { bytes, read };
}

/** Reads a file in n8n's binary store; its pieces are buffers in every mode of the store. */
async function* readStore(
	context: IExecuteFunctions,
	id: string,
	from?: number,
): AsyncIterable<Buffer> {
	const stream = await context.helpers.getBinaryStream(id);
	// A stream of a file reads on from its `pos`, which others don't have.
	Object.assign(stream, { pos: from });
	for await (const chunk of stream) {
		const piece: unknown = chunk;
		if (Buffer.isBuffer(piece)) yield piece;
	}
}

/**
 * The end of a file on disk, without what stands before it: n8n's helpers tell no other way. Should
 * the stream begin elsewhere one day, it does not end after so many bytes, and nothing is returned.
 */
async function readEndOnDisk(
	context: IExecuteFunctions,
	id: string,
	bytes: number,
	wanted: number,
): Promise<Buffer | undefined> {
	const length = Math.min(wanted, bytes);
	const pieces: Buffer[] = [];
	let had = 0;
	for await (const piece of readStore(context, id, bytes - length)) {
		pieces.push(piece);
		had += piece.length;
		if (had > length) return undefined;
	}
	return had === length ? Buffer.concat(pieces) : undefined;
}

/** A multiple of 4 characters, so that each part is base64 of its own. */
const PART_CHARACTERS = 4 * 2 ** 16;

/** A file that stands in the item as base64. */
function inlineFile(base64: string): PictureSource {
	// Base64 with line breaks, or with anything else that decoders pass over, can't be cut into parts.
	const isPlain = /^[\w+/-]*={0,2}$/.test(base64);
	const step = isPlain ? PART_CHARACTERS : base64.length;
	return {
		bytes: isPlain ? Buffer.byteLength(base64, 'base64') : Buffer.from(base64, 'base64').length,
		async *read() {
			for (let at = 0; at < base64.length; at += step) {
				yield Buffer.from(base64.slice(at, at + step), 'base64');
			}
		},
		async readEnd(length) {
			const characters = isPlain ? 4 * Math.ceil(length / 3) + 4 : base64.length;
			const from = Math.max(0, base64.length - characters);
			const start = from - (from % 4);
			return Buffer.from(base64.slice(start), 'base64').subarray(-length);
		},
	};
}

/** n8n's stores name theirs before the colon. */
const STORE_ID = /^[a-z0-9-]+:./;
const NOT_FOUND = /not ?found|ENOENT|no such|NoSuchKey|could not find/i;
const LONGEST_REASON = 150;
const DEEPEST_CAUSE = 5;

/** What an error and those behind it are called and say; the first line of each. */
function causesOf(error: unknown, depth = DEEPEST_CAUSE): string[] {
	if (!(error instanceof Error)) return error === undefined ? [] : [String(error)];
	const [message = ''] = error.message.split('\n');
	return depth === 0 ? [message] : [message, ...causesOf(error.cause, depth - 1), error.name];
}

/** Why n8n could not give a file, and what to do about it: a predicate, then a sentence. */
export function unreadable(content: FileContent, error: unknown): string {
	if ('id' in content && !STORE_ID.test(content.id)) {
		return 'describes a file that is somewhere else. Download it with the node that found it, and use the file field of the download.';
	}
	const reasons = causesOf(error);
	if (reasons.some((reason) => NOT_FOUND.test(reason))) {
		return "is no longer in n8n's file store. Run the node that delivers it once more.";
	}
	const said = reasons.find((reason) => reason !== '') ?? 'no reason was given';
	return `could not be read from n8n's file store: ${said.slice(0, LONGEST_REASON)}. Check the store, then run again.`;
}
