import { createHash } from 'crypto';
import { IMAGES_LABEL } from '../definition/inputImages';
import { InvalidParametersError, StoppedError } from '../errors';
import type { FileEnds } from '../imageFile/readEnds';
import type { InputFile } from './inputFile';

/** So much of a file's beginning and of its end is kept. */
const ENDS_BYTES = 64 * 1024;

/** What is known of a file that was read from its first byte to its last. */
export interface FileContent extends Required<FileEnds> {
	/** Bytes that were read. */
	bytes: number;
	/** SHA-256 of them. */
	digest: Buffer;
}

/**
 * Reads a file to its end without holding it.
 *
 * @throws InvalidParametersError when n8n cannot give it, StoppedError
 */
export async function readThrough(
	file: InputFile,
	signal: AbortSignal | undefined,
): Promise<FileContent> {
	return await read(file, signal).catch((error: unknown) => {
		if (error instanceof StoppedError) throw error;
		throw new InvalidParametersError([
			{
				label: IMAGES_LABEL,
				value: file.binaryPropertyName,
				message: `could not be read: ${storeReason(error)}. Run the node that delivers it again.`,
			},
		]);
	});
}

async function read(file: InputFile, signal: AbortSignal | undefined): Promise<FileContent> {
	const hash = createHash('sha256');
	let bytes = 0;
	const head: Buffer[] = [];
	// The end is within the pieces of these two: whenever the newer ones suffice, the older ones go.
	let [older, newer]: [Buffer[], Buffer[]] = [[], []];
	let newerBytes = 0;
	for await (const piece of file.read()) {
		if (signal?.aborted) throw new StoppedError([]);
		hash.update(piece);
		if (bytes < ENDS_BYTES) head.push(Buffer.from(piece.subarray(0, ENDS_BYTES - bytes)));
		bytes += piece.length;
		newer.push(piece.subarray(-ENDS_BYTES));
		newerBytes += piece.length;
		if (newerBytes >= ENDS_BYTES) {
			[older, newer] = [newer, []];
			newerBytes = 0;
		}
	}
	const tail = Buffer.concat([...older, ...newer]).subarray(-ENDS_BYTES);
	return { bytes, digest: hash.digest(), head: Buffer.concat(head), tail };
}

const REASON_LENGTH = 200;

/** Why n8n's binary store does not give a file, in its words: the store knows no secret of ours. */
export function storeReason(error: unknown): string {
	const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
	return said.slice(0, REASON_LENGTH) || 'n8n does not say why';
}
