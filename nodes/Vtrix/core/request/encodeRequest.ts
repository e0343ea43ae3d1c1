import { createHash } from 'crypto';
import type { InputImage } from './checkImage';
import type { InputFile } from './inputFile';
import type { Model } from '../definition/model';
import type { GenerationRequest } from './parseRequest';

/** A file's place inside a request: base64 on the wire, read when it is needed. */
class InlineImage {
	/**
	 * @param file where the content is read from
	 * @param prefix what stands before the base64: a data URI's head, or nothing
	 */
	constructor(
		readonly file: InputFile,
		readonly prefix: string,
	) {}
}

/** Puts the images into a request's parameters, in the form that the model takes them. */
function placeImages(
	model: Model,
	params: Record<string, unknown>,
	images: readonly InputImage[],
	inline: (image: Extract<InputImage, { file: unknown }>, asDataUri: boolean) => unknown,
): Record<string, unknown> {
	const { images: limits } = model;
	if (!limits || images.length === 0) return params;
	const mixed = limits.sentAs === 'mixed';
	const sent = images.map((image) => ('url' in image ? image.url : inline(image, mixed)));
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

/** The request with its images in place, each file still to be read. */
export function completeRequest(
	model: Model,
	request: GenerationRequest,
	images: readonly InputImage[],
): GenerationRequest {
	const params = placeImages(model, request.params, images, ({ file }, asDataUri) => {
		return new InlineImage(file, asDataUri ? `data:${file.mimeType};base64,` : '');
	});
	return { ...request, params };
}

/** The JSON of a value in pieces; an image is a piece of its own. */
function* pieces(value: unknown): Generator<string | InlineImage> {
	if (value instanceof InlineImage) {
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
		yield JSON.stringify(value ?? null);
	}
}

/** The body as the API takes it: the model outside, every parameter inside `input[0].params`. */
const envelope = ({ model, params }: GenerationRequest) => ({ model, input: [{ params }] });

/** A file's content in parts of which each but the last fills its base64 without padding. */
async function* wholeTriplets(file: InputFile): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const piece of file.read()) {
		const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
		const whole = all.length - (all.length % 3);
		yield all.subarray(0, whole);
		rest = all.subarray(whole);
	}
	yield rest;
}

// A multiple of 3; small, so that its text is swept away at once: larger ones heap up to another
// copy of the images.
const PART_BYTES = 3 * 2 ** 13;

/**
 * The body to send, built once: base64 goes straight into its place, so that a request needs no more
 * memory than the body itself.
 */
export async function encodeRequest(request: GenerationRequest): Promise<Buffer> {
	const all = [...pieces(envelope(request))];
	const length = all.reduce(
		(sum, piece) =>
			sum +
			(typeof piece === 'string' ? Buffer.byteLength(piece) : 4 * Math.ceil(piece.file.bytes / 3)),
		0,
	);
	const body = Buffer.allocUnsafe(length);
	let at = 0;
	for (const piece of all) {
		if (typeof piece === 'string') {
			at += body.write(piece, at);
			continue;
		}
		for await (const triplets of wholeTriplets(piece.file)) {
			for (let from = 0; from < triplets.length; from += PART_BYTES) {
				const part = triplets.subarray(from, from + PART_BYTES);
				at += body.write(part.toString('base64'), at, 'latin1');
			}
		}
	}
	return body;
}

/** A digest that two requests share only if they are the same, images included. */
export async function fingerprint(request: GenerationRequest): Promise<string> {
	const hash = createHash('sha256');
	for (const piece of pieces(envelope(request))) {
		if (typeof piece === 'string') hash.update(piece);
		else for await (const part of piece.file.read()) hash.update(part);
	}
	return hash.digest('hex');
}

/** Parameters as they are shown to people: a file is told by its size instead of its data. */
export function describeParams(params: GenerationRequest['params']): Record<string, unknown> {
	const describe = (value: unknown): unknown => {
		if (value instanceof InlineImage) return `${value.prefix}<${value.file.bytes} bytes>`;
		if (Array.isArray(value)) return value.map(describe);
		if (typeof value !== 'object' || value === null) return value;
		return describeParams({ ...value });
	};
	return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, describe(value)]));
}
