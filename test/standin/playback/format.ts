import { z } from 'zod';

/** Version of this format; a recording of another one is not read. */
export const FORMAT = 1;

const bodySchema = z.discriminatedUnion('kind', [
	/** JSON, with what is private replaced. */
	z.object({ kind: z.literal('json'), value: z.unknown() }).strict(),
	/** A text that is no JSON, shortened. */
	z.object({ kind: z.literal('text'), text: z.string() }).strict(),
	/** A picture, of which only this is kept; sides in pixels. */
	z
		.object({
			kind: z.literal('image'),
			format: z.string(),
			width: z.number().int(),
			height: z.number().int(),
			bytes: z.number().int(),
		})
		.strict(),
	/** Bytes that are neither text nor a picture; none for an empty body. */
	z.object({ kind: z.literal('bytes'), bytes: z.number().int() }).strict(),
]);

const headersSchema = z.record(z.string());

const exchangeSchema = z
	.object({
		/** `spec` is the host of the models' descriptions, `images` every other: where links and redirects lead. */
		to: z.enum(['gateway', 'images', 'spec']),
		host: z.string(),
		method: z.string(),
		/** For `images` the renamed path of the link, below the host. */
		path: z.string(),
		sent: z.object({ headers: headersSchema, body: bodySchema.optional() }).strict(),
		answer: z
			.object({ status: z.number().int(), headers: headersSchema, body: bodySchema })
			.strict()
			.optional(),
		/** Why there is no answer, or only a part of it. */
		broke: z.string().optional(),
		/** Since the beginning of the step, ms. */
		atMs: z.number(),
		/** From the request to the last byte of the answer, ms. */
		tookMs: z.number(),
	})
	.strict();

const outcomeSchema = z
	.object({
		/** What the node told, if it did not deliver. */
		error: z.object({ message: z.string(), description: z.string() }).strict().optional(),
		/** The files that it delivered; `intact`: byte for byte what was served. */
		images: z.array(
			z
				.object({
					fileName: z.string(),
					mimeType: z.string(),
					bytes: z.number(),
					intact: z.boolean(),
				})
				.strict(),
		),
		items: z.number().int(),
	})
	.strict();

const stepSchema = z
	.object({
		recording: z.literal(FORMAT),
		step: z.string().regex(/^[\w.-]+$/),
		title: z.string(),
		/** What was done: the credential's test, the node with these settings, or requests without it. */
		does: z.discriminatedUnion('kind', [
			z.object({ kind: z.literal('credential test'), key: z.enum(['good', 'wrong']) }).strict(),
			z
				.object({
					kind: z.literal('node'),
					parameters: z.record(z.unknown()),
					/** Whether its input item carries the sample picture. */
					withFile: z.boolean(),
				})
				.strict(),
			z.object({ kind: z.literal('requests') }).strict(),
		]),
		outcome: outcomeSchema,
		exchanges: z.array(exchangeSchema),
	})
	.strict();

/** One file of a recording: everything that happened in one step, safe to be shown. */
export type RecordedStep = z.infer<typeof stepSchema>;
/** One request with its answer. */
export type RecordedExchange = z.infer<typeof exchangeSchema>;
/** A body as it is kept. */
export type RecordedBody = z.infer<typeof bodySchema>;
/** What the node made of a step. */
export type RecordedOutcome = z.infer<typeof outcomeSchema>;

/** @throws ZodError for what is no file of a recording */
export const parseStep = (json: unknown): RecordedStep => stepSchema.parse(json);

/** What stands for image data in JSON, a `data:` head before it kept. */
export const imageMark = (image: {
	format: string;
	width: number;
	height: number;
	bytes: number;
}) => `[image: ${image.format} ${image.width}x${image.height}, ${image.bytes} bytes]`;

const MARK = /\[image: (\w+) (\d+)x(\d+), (\d+) bytes\]/;

/** Reads {@link imageMark}, wherever in a text it stands. */
export function readImageMark(text: string) {
	const match = MARK.exec(text);
	if (!match) return undefined;
	const [mark, format = '', width, height, bytes] = match;
	return {
		mark,
		image: { format, width: Number(width), height: Number(height), bytes: Number(bytes) },
	};
}
