import { createHash } from 'crypto';
import { StoppedError } from '../shared/errors';
import { isRecord } from '../shared/objectPath';
import type { RequestBody } from '../exchange/http/sending';
import type { InputImage } from './checkImage';
import type { InputFile } from './inputFile';
import type { Model } from '../definition/model';
import { PlacedFile } from '../definition/placedFile';
import type { GenerationRequest } from './parseRequest';
import { toRequestBody, type BodyPart } from './bodyPieces';

/** A file's place inside a request: base64 on the wire, read when it is needed. */
class InlineFile {
	/** @param prefix what stands before the base64: a data URI's head, or nothing */
	constructor(
		readonly file: InputFile,
		readonly prefix: string,
	) {}
}

function placeImages(
	model: Model,
	params: Record<string, unknown>,
	images: readonly InputImage[],
): Record<string, unknown> {
	const { images: limits } = model;
	if (!limits || images.length === 0) return params;
	const mixed = limits.sentAs === 'mixed';
	const sent = images.map((image) => {
		if ('url' in image) return image.url;
		const { file } = image;
		return new InlineFile(file, mixed ? `data:${file.mimeType};base64,` : '');
	});
	const fallback = limits.referenceTypes?.default;
	const types = images.map(({ referenceType }) => referenceType ?? fallback);
	return {
		...params,
		...(mixed
			? { image: sent.length === 1 ? sent[0] : sent }
			: { ['url' in (images[0] ?? {}) ? 'image_urls' : 'binary_data_base64']: sent }),
		...(limits.referenceTypes &&
			types.some((type) => type !== fallback) && { ref_type_list: types }),
	};
}

type Files = ReadonlyMap<PlacedFile, InputFile>;

/** The request with its images and files in place, each file still to be read. */
export function completeRequest(
	model: Model,
	request: GenerationRequest,
	images: readonly InputImage[],
	files: Files = new Map(),
): GenerationRequest {
	const params = placeImages(model, request.params, images);
	return { ...request, params: files.size === 0 ? params : fillRecord(params, files) };
}

function fill(value: unknown, files: Files): unknown {
	if (value instanceof PlacedFile) {
		const file = files.get(value);
		return file && new InlineFile(file, value.prefix ?? `data:${file.mimeType};base64,`);
	}
	if (Array.isArray(value)) return value.map((inner) => fill(inner, files));
	return isRecord(value) ? fillRecord(value, files) : value;
}

const fillRecord = (record: Record<string, unknown>, files: Files) =>
	Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, fill(inner, files)]));

/** The JSON of a value in pieces; an image is a piece of its own. */
function* pieces(value: unknown): Generator<string | InlineFile> {
	if (value instanceof InlineFile) {
		yield `"${value.prefix}`;
		yield value;
		yield '"';
	} else if (Array.isArray(value)) {
		for (const [index, entry] of value.entries()) {
			yield index === 0 ? '[' : ',';
			yield* pieces(entry);
		}
		yield value.length === 0 ? '[]' : ']';
	} else if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
		for (const [index, [key, entry]] of entries.entries()) {
			yield `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`;
			yield* pieces(entry);
		}
		yield entries.length === 0 ? '{}' : '}';
	} else {
		yield typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null);
	}
}

/** The body in the API's form: the model outside, every parameter inside `input[0].params`. */
const envelope = ({ model, params }: GenerationRequest) => ({ model, input: [{ params }] });

/** A request ready to be sent. */
export interface EncodedRequest {
	/** A digest that two requests share only if they are the same, images included. */
	fingerprint: string;
	body: RequestBody;
}

/**
 * Reads each file of a request to its end without holding it: for the fingerprint, and to be sure
 * that it can be sent. The body reads the files again while it is sent.
 *
 * @throws StoppedError, and what reading a file throws
 */
export async function encodeRequest(
	request: GenerationRequest,
	signal?: AbortSignal,
): Promise<EncodedRequest> {
	const hash = createHash('sha256');
	const parts: BodyPart[] = [];
	const digests = new Map<InputFile, Buffer>();
	for (const piece of pieces(envelope(request))) {
		if (typeof piece === 'string') {
			hash.update(piece);
			parts.push(piece);
			continue;
		}
		const { file } = piece;
		const digest = digests.get(file) ?? (await digestOf(file, signal));
		digests.set(file, digest);
		hash.update(digest);
		parts.push(file);
	}
	return { fingerprint: hash.digest('hex'), body: toRequestBody(parts) };
}

async function digestOf(file: InputFile, signal: AbortSignal | undefined): Promise<Buffer> {
	const hash = createHash('sha256');
	for await (const piece of file.read()) {
		if (signal?.aborted) throw new StoppedError([]);
		hash.update(piece);
	}
	return hash.digest();
}

/** Bytes of a request's files, as they are before base64. */
export const fileBytes = (request: GenerationRequest): number =>
	[...pieces(envelope(request))].reduce(
		(sum, piece) => sum + (typeof piece === 'string' ? 0 : piece.file.bytes),
		0,
	);

/**
 * Parameters as they are shown to the user, with the size of a file instead of its data, or `<file>`
 * for one that has not been looked at.
 */
export function describeParams(params: GenerationRequest['params']): Record<string, unknown> {
	const describe = (value: unknown): unknown => {
		if (value instanceof InlineFile) return `${value.prefix}<${value.file.bytes} bytes>`;
		if (value instanceof PlacedFile) return '<file>';
		if (Array.isArray(value)) return value.map(describe);
		// an item's JSON cannot hold a bigint
		if (typeof value === 'bigint') return String(value);
		if (typeof value !== 'object' || value === null) return value;
		return describeParams({ ...value });
	};
	return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, describe(value)]));
}
