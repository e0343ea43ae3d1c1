import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

/** A file's content where n8n keeps it: in its store, or as base64 in the item itself. */
export interface StoredFile {
	/** Size of the file. */
	bytes: number;
	/** The content from its first byte on; a new reading at each call. */
	read(): AsyncIterable<Buffer>;
}

/** A multiple of 4 characters, so that each part is base64 of its own. */
const PART_CHARACTERS = 4 * 2 ** 16;

/** A file that stands in the item as base64. */
function inlineFile(base64: string): StoredFile {
	// Base64 with line breaks can't be cut into parts.
	const isPlain = !/\s/.test(base64);
	const bytes = isPlain
		? Buffer.byteLength(base64, 'base64')
		: Buffer.from(base64, 'base64').length;
	return {
		bytes,
		async *read() {
			const step = isPlain ? PART_CHARACTERS : base64.length;
			for (let at = 0; at < base64.length; at += step) {
				yield Buffer.from(base64.slice(at, at + step), 'base64');
			}
		},
	};
}

/** Reads a file in n8n's binary store; its pieces are buffers in every mode of the store. */
async function* readStore(context: IExecuteFunctions, id: string): AsyncIterable<Buffer> {
	for await (const chunk of await context.helpers.getBinaryStream(id)) {
		const piece: unknown = chunk;
		if (Buffer.isBuffer(piece)) yield piece;
	}
}

/**
 * Finds out how large a file is and how it is read; nothing of it is held.
 *
 * @throws whatever n8n's store says of a file that it can't give
 */
export async function openFile(
	context: IExecuteFunctions,
	{ id, data }: IBinaryData,
): Promise<StoredFile> {
	if (!id) return inlineFile(data);
	const read = () => readStore(context, id);
	const recorded = await context.helpers.getBinaryMetadata(id).then(
		({ fileSize }) => fileSize,
		() => 0,
	);
	if (recorded > 0) return { bytes: recorded, read };
	let bytes = 0;
	for await (const piece of read()) bytes += piece.length;
	return { bytes, read };
}
