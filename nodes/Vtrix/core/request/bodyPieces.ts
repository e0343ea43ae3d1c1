import { UnfinishedRequestError } from '../shared/errors';
import { messageOf } from '../shared/format';
import { watchSource } from '../shared/pieces';
import type { RequestBody } from '../exchange/http/sending';
import type { InputFile } from './inputFile';

/** JSON text, or a file that becomes base64 in its place. */
export type BodyPart = string | InputFile;

/**
 * A server may answer and close the connection before the body's end; while a piece is still being
 * written, that answer is read before the next piece. With pieces of 64 kB it got lost.
 */
const PIECE_BYTES = 2 ** 20;
// Fills its base64 without padding; so small that V8 frees its text at the next minor collection.
const PART_BYTES = 3 * 2 ** 13;

/** Files are read while the body is sent. */
export function toRequestBody(parts: readonly BodyPart[]): RequestBody {
	const texts = parts.filter((part) => typeof part === 'string');
	if (texts.length === parts.length) return Buffer.from(texts.join(''));
	const byteLength = parts.reduce((sum, part) => sum + encodedBytes(part), 0);
	return { byteLength, open: () => bodyPieces(parts, byteLength) };
}

const encodedBytes = (part: BodyPart): number =>
	typeof part === 'string' ? Buffer.byteLength(part) : 4 * Math.ceil(part.bytes / 3);

async function* bodyPieces(parts: readonly BodyPart[], byteLength: number): AsyncGenerator<Buffer> {
	let left = byteLength;
	let piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, left));
	let filled = 0;
	for await (const encoded of encodedParts(parts)) {
		if (encoded.length > piece.length - filled) {
			if (filled > 0) yield piece.subarray(0, filled);
			left -= filled;
			filled = 0;
			piece = Buffer.allocUnsafe(Math.max(encoded.length, Math.min(PIECE_BYTES, left)));
		}
		filled +=
			typeof encoded === 'string'
				? piece.write(encoded, filled, 'latin1')
				: encoded.copy(piece, filled);
	}
	yield piece.subarray(0, filled);
}

/** The parts as bytes; base64 as text, which is written into its place without another copy. */
async function* encodedParts(parts: readonly BodyPart[]): AsyncGenerator<Buffer | string> {
	for (const part of parts) {
		if (typeof part === 'string') yield Buffer.from(part);
		else {
			for await (const triplets of wholeTriplets(part)) {
				for (let from = 0; from < triplets.length; from += PART_BYTES) {
					yield triplets.subarray(from, from + PART_BYTES).toString('base64');
				}
			}
		}
	}
}

/** A file's content in parts of which each but the last fills its base64 without padding. */
async function* wholeTriplets(file: InputFile): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const piece of exactly(file)) {
		const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
		const whole = all.length - (all.length % 3);
		yield all.subarray(0, whole);
		rest = all.subarray(whole);
	}
	yield rest;
}

async function* exactly(file: InputFile): AsyncGenerator<Buffer> {
	let left = file.bytes;
	const toError = (error: unknown) => new UnfinishedRequestError(messageOf(error));
	for await (const piece of watchSource(file.read(), toError)) {
		left -= piece.length;
		if (left < 0) break;
		yield piece;
	}
	if (left !== 0) {
		throw new UnfinishedRequestError(`the file '${file.binaryPropertyName}' has changed`);
	}
}
