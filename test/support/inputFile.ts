import { readHeader } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import type { InputFile } from '../../nodes/Vtrix/core/request/inputFile';

/** A file of an item as the core sees it, with its content from memory in pieces of so many bytes. */
export const inputFileOf = (
	content: Buffer,
	binaryPropertyName = 'data',
	pieceBytes = 65_536,
): InputFile => ({
	binaryPropertyName,
	bytes: content.length,
	mimeType: readHeader(content)?.mimeType ?? 'application/octet-stream',
	async *read() {
		for (let at = 0; at < content.length; at += pieceBytes) {
			yield content.subarray(at, at + pieceBytes);
		}
	},
});
