import { readHeader, readKind, type PictureHeader } from '../imageFile/imageHeader';
import type { ByteStream } from '../exchange/http';
import { errorCodes } from '../exchange/networkErrors';
import { AttemptError } from '../exchange/publicFetch';
import { TooLargeError } from '../exchange/readBody';

/** Metadata before the pixel size can be long, in JPEGs above all. */
const HEAD_BYTES = 512 * 1024;
const TAIL_BYTES = 1024;

/** An image on its way into the store: a stream, or all of it when it is small. */
export type Content = ByteStream | Buffer;

/** Keeps an image; called once an attempt, with a type that is told from the bytes. */
export type Store<Stored> = (content: Content, header: PictureHeader) => Promise<Stored>;

/** An image's place in its task. */
export interface ImagePlace {
	taskId: string;
	/** From 1. */
	index: number;
	/** How many images the task has, those included that are missing. */
	total: number;
}

/** Where images are kept, each named by its place. */
export interface ImageStore<Stored> {
	/** The store for one image of a task. */
	storeFor(place: ImagePlace): Store<Stored>;
	/** A kept image under the name of another place: one inside an answer is kept before its place is known. */
	rename(picture: Picture<Stored>, place: ImagePlace): Picture<Stored>;
}

/** An image that is kept. */
export interface Picture<Stored> {
	header: PictureHeader;
	/** Size of the file. */
	bytes: number;
	stored: Stored;
}

/** An image that went through into its store. */
export interface StoredPicture<Stored> extends Picture<Stored> {
	/** Whether it ends as its format does. */
	endsWell: boolean;
}

/**
 * Hands an image on to its store piece by piece, and judges by its bytes that it is one.
 *
 * @param announced bytes that the server announced, if it did
 * @param onBytes called for each piece with all the bytes until then; an error of it ends the stream
 * @throws AttemptError, TooLargeError, or what the stream breaks with
 */
export async function storeStream<Stored>(
	body: ByteStream,
	announced: number | undefined,
	onBytes: (bytes: number) => void,
	store: Store<Stored>,
): Promise<StoredPicture<Stored>> {
	const head = await readHead(body, onBytes);
	// Some files tell their size further on, or not at all; they are images nevertheless.
	const header = readHeader(head) ?? readKind(head);
	if (head.length === 0) throw new AttemptError('the file was empty', { retryable: true });
	if (!header) throw new AttemptError('what came was not an image', { retryable: true });
	let bytes = 0;
	let tail: Buffer = Buffer.alloc(0);
	const count = (chunk: Buffer) => {
		bytes += chunk.length;
		onBytes(bytes);
		// No copy of a chunk that is long enough: it would be made for every chunk of every picture.
		tail = (chunk.length < TAIL_BYTES ? Buffer.concat([tail, chunk]) : chunk).subarray(-TAIL_BYTES);
		return chunk;
	};
	let content: Content;
	// A small picture that is there already needs no stream, which costs more than the picture.
	if (body.readableEnded || head.length === announced) content = count(head);
	else {
		body.unshift(head);
		content = body.map(count);
		// Whoever stores it hears of errors too, but may not listen yet.
		content.on('error', () => {});
	}
	const stored = await store(content, header).catch((error: unknown) => {
		// A stream that breaks takes its store along.
		const isOurs = body.errored !== null || error instanceof TooLargeError;
		throw isOurs ? error : new AttemptError(storeReason(error), { retryable: true });
	});
	// Only now has every byte passed; the stream's own end can come before its last one is counted.
	return { header, bytes, stored, endsWell: endsWell(header.extension, tail, head, bytes) };
}

/** Reads until the header is known, or cannot be any more; the stream goes on behind it. */
async function readHead(body: ByteStream, onBytes: (bytes: number) => void): Promise<Buffer> {
	let head: Buffer = Buffer.alloc(0);
	for await (const chunk of body.iterator({ destroyOnReturn: false })) {
		head = Buffer.concat([head, chunk]);
		onBytes(head.length);
		if (head.length >= HEAD_BYTES || readHeader(head)) break;
	}
	return head;
}

const REASON_LENGTH = 200;

/** Why n8n's own binary store did not take an image, in its words: the store knows no secret of ours. */
export function storeReason(error: unknown): string {
	const codes = errorCodes(error);
	if (codes.includes('ENOSPC') || codes.includes('EDQUOT'))
		return 'n8n has no space left to store it';
	const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
	return `n8n could not store it${said && `: ${said.slice(0, REASON_LENGTH)}`}`;
}

const JPEG_END = Buffer.from([0xff, 0xd9]);

/** Whether a picture ends as its format does, as a wrong length otherwise goes unnoticed. */
function endsWell(extension: string, tail: Buffer, head: Buffer, bytes: number): boolean {
	if (extension === 'png') return tail.includes('IEND');
	if (extension === 'jpg') return tail.includes(JPEG_END);
	if (extension === 'webp') return head.readUInt32LE(4) + 8 <= bytes;
	return true;
}
