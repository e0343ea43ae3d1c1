import { createHash } from 'crypto';
import { FileEnd, GrowingHead, HEAD_BYTES } from '../imageFile/fileParts';
import { PictureFile } from '../imageFile/formats/pictureFile';
import { identifyFile, type FileSource } from '../imageFile/identifyFile';
import { mayBeCutOff, readHeader, readKind } from '../imageFile/imageHeader';
import { readMediaType, type FileHeader, type ResultKind } from '../imageFile/mediaKind';
import { readMediaSize } from '../imageFile/mediaSize';
import type { ByteStream } from '../exchange/http/http';
import { errorCodes } from '../exchange/http/networkErrors';
import { AttemptError } from '../exchange/publicFetch';
import { readPageText } from '../exchange/answers/errorInfo';
import { TooLargeError } from '../exchange/http/readBody';

/** Bytes searched for the pixel size in files of other kinds, which have it near the beginning. */
const OTHER_KIND_BYTES = 4096;
const COMPARED_BYTES = 1024;

/** The content of a file to be stored: a stream, or all of it if it is small. */
export type Content = ByteStream | Buffer;

/** Stores a file; called once per attempt, with the type that its bytes show. */
export type Store<Stored> = (content: Content, header: FileHeader) => Promise<Stored>;

/** Which of a task's images it is; `index` counts from 1. */
export interface ImagePlace {
	taskId: string;
	index: number;
	/** How many images the task has, missing ones included. */
	total: number;
}

/** Where images are kept, each named by its place. */
export interface ImageStore<Stored> {
	storeFor(place: ImagePlace): Store<Stored>;
	/** An image inside an answer is stored before its place is known. */
	rename(picture: Picture<Stored>, place: ImagePlace): Picture<Stored>;
}

/** A stored file. */
export interface Picture<Stored> {
	header: FileHeader;
	bytes: number;
	stored: Stored;
	incomplete?: Incomplete;
}

/** A file whose end is missing by its format. */
export interface Incomplete {
	/** A digest of what came: if the same comes again, there is no more of it. */
	digest: string;
	hasAnnouncedLength: boolean;
}

/** What is known of a file before its bytes; `announced` is its Content-Length. */
export interface Incoming extends FileSource {
	announced: number | undefined;
	kind: ResultKind;
	/** Whether the words of a page in its place may be shown. */
	isQuotable: boolean;
}

/**
 * Passes a file on to its store, and identifies by its bytes what it is and whether it is complete.
 *
 * @param onBytes called for each piece with the total so far; its error ends the stream
 * @throws AttemptError, TooLargeError, or what the stream breaks with
 */
export async function storeStream<Stored>(
	body: ByteStream,
	incoming: Incoming,
	onBytes: (bytes: number) => void,
	store: Store<Stored>,
): Promise<Picture<Stored>> {
	const { announced } = incoming;
	const head = await readHead(body, onBytes);
	if (head.length === 0) throw new AttemptError('the file was empty', { retryable: true });
	const header = identify(head, incoming);
	if (!header) {
		const digest = digestOf(head, Buffer.alloc(0), announced);
		throw new AttemptError(noResult(head, incoming), { retryable: true, digest });
	}
	let bytes = 0;
	const end = new FileEnd();
	const count = (chunk: Buffer) => {
		bytes += chunk.length;
		onBytes(bytes);
		end.add(chunk);
		return chunk;
	};
	let content: Content;
	// A small picture that is there already needs no stream, which costs more than the picture.
	if (body.readableEnded || head.length === announced) content = count(head);
	else {
		body.unshift(head);
		content = body.map(count);
		// The store gets the same error from the stream, but may not be listening yet.
		content.on('error', () => {});
	}
	const stored = await store(content, header).catch((error: unknown) => {
		const isOurs = body.errored !== null || error instanceof TooLargeError;
		throw isOurs ? error : new AttemptError(storeReason(error), { retryable: true });
	});
	// Only now has every byte passed; the stream's own end can come before its last one is counted.
	const tail = end.bytes;
	if (!mayBeCutOff(new PictureFile(head, { tail, length: bytes })))
		return { header, bytes, stored };
	const incomplete = {
		digest: digestOf(head, tail, bytes),
		hasAnnouncedLength: bytes === announced,
	};
	return { header, bytes, stored, incomplete };
}

/** By the file's beginning; `undefined` for what cannot be a result. */
export function identify(
	head: Buffer,
	{ kind, contentType, path }: Omit<Incoming, 'announced' | 'isQuotable'>,
): FileHeader | undefined {
	// Some images have their pixel size further on, or not at all.
	const picture = readHeader(head) ?? readKind(head);
	if (picture) return picture;
	const type = kind === 'file' ? identifyFile(head, { contentType, path }) : readMediaType(head);
	if (!type || !isResult(type.mimeType, kind, path)) return undefined;
	return { ...type, ...readMediaSize(head, type) };
}

/** An HTML page, unless its address ends so, usually asks to sign in or reports an error. */
const isResult = (mimeType: string, kind: ResultKind, path: string): boolean =>
	kind === 'image'
		? mimeType.startsWith('image/')
		: mimeType !== 'text/html' || /\.html?$/i.test(path);

/** `what came was not an image, but a web page: Please sign in` */
function noResult(head: Buffer, { kind, isQuotable }: Incoming): string {
	const mimeType = readMediaType(head)?.mimeType;
	if (mimeType !== 'text/html') return 'what came was not an image';
	const words = isQuotable && readPageText(head.toString('utf8', 0, OTHER_KIND_BYTES));
	const page = `a web page${words ? `: ${words}` : ''}`;
	return kind === 'image' ? `what came was not an image, but ${page}` : `what came was ${page}`;
}

/** Compares two attempts; only the first bytes of the head, as its length varies. */
function digestOf(head: Buffer, end: Buffer, bytes: number | undefined): string {
	const hash = createHash('sha256').update(head.subarray(0, COMPARED_BYTES));
	return `${bytes} ${hash.update(end.subarray(-COMPARED_BYTES)).digest('hex')}`;
}

async function readHead(body: ByteStream, onBytes: (bytes: number) => void): Promise<Buffer> {
	const head = new GrowingHead();
	for await (const chunk of body.iterator({ destroyOnReturn: false })) {
		const mayShowMore = head.add(chunk);
		onBytes(head.length);
		if (head.length >= HEAD_BYTES) break;
		if (mayShowMore && (readHeader(head.bytes) || isOtherFile(head.bytes))) break;
	}
	return head.bytes;
}

const isOtherFile = (head: Buffer): boolean =>
	head.length >= OTHER_KIND_BYTES && readMediaType(head)?.mimeType.startsWith('image/') === false;

const REASON_LENGTH = 200;

/** Why n8n did not accept an image, in its own words; they cannot hold the API key. */
export function storeReason(error: unknown): string {
	const codes = errorCodes(error);
	if (codes.includes('ENOSPC') || codes.includes('EDQUOT'))
		return 'n8n has no space left to store it';
	const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
	return `n8n could not store it${said && `: ${said.slice(0, REASON_LENGTH)}`}`;
}
