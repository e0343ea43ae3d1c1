import { z } from 'zod';

import { MEDIA_KINDS } from '../media/mediaSamples';

const created = z.boolean().optional();
const headers = z.record(z.string()).optional();

/** Faults that every request can meet. For creations `created` says whether the task exists all the same. */
const anyRequest = [
	z
		.object({
			type: z.literal('status'),
			code: z.number().int().min(200).max(599),
			/** A string goes out as it is (HTML if it starts with '<'), anything else as JSON. */
			body: z.unknown(),
			headers,
			/** Adds Retry-After. */
			retryAfterSeconds: z.number().optional(),
			/** Retry-After as number of seconds (default) or as HTTP date. */
			retryAfterForm: z.enum(['seconds', 'date']).optional(),
			created,
		})
		.strict(),
	/** The connection is closed without an answer; `rst` sends a TCP reset. */
	z.object({ type: z.literal('reset'), rst: z.boolean().optional(), created }).strict(),
	/** No answer for as long as the client waits. */
	z.object({ type: z.literal('hang'), created }).strict(),
	/** The true answer, but later. */
	z.object({ type: z.literal('delay'), ms: z.number().min(0) }).strict(),
	/** 302 (or `code`) to the same path elsewhere, in a circle, or to a file: URL. */
	z
		.object({
			type: z.literal('redirect'),
			to: z.enum(['same-origin', 'cross-origin', 'loop', 'file']),
			code: z.number().int().min(300).max(399).optional(),
			created,
		})
		.strict(),
	/** An error body that repeats the Authorization header (the key itself on the CDN, which never gets one). */
	z
		.object({
			type: z.literal('echoKey'),
			code: z.number().int().min(200).max(599).optional(),
			created,
		})
		.strict(),
] as const;

/** Faults in how the gateway answers a create or a poll. By default the task exists behind an unreadable answer. */
export const answerFaultSchema = z.discriminatedUnion('type', [
	...anyRequest,
	/** The first half of the JSON as a complete answer. */
	z.object({ type: z.literal('halfJson'), created }).strict(),
	/** Content-Length of the whole JSON, then half of it, then the connection breaks. */
	z.object({ type: z.literal('cutJson'), created }).strict(),
	/** 200 with something that is no JSON. */
	z
		.object({
			type: z.literal('notJson'),
			body: z.string().optional(),
			contentType: z.string().optional(),
			created,
		})
		.strict(),
	/** The true answer behind so many MB of another field, streamed. */
	z.object({ type: z.literal('hugeJson'), megabytes: z.number().positive(), created }).strict(),
	/** An answer without id, maybe with `error`. */
	z.object({ type: z.literal('noId'), error: z.unknown(), created }).strict(),
]);

/** Faults in the task itself. On 'create' they stick to the task, on 'poll' they colour one answer. */
export const taskFaultSchema = z.discriminatedUnion('type', [
	/** Complete in the answer to the creation. */
	z.object({ type: z.literal('completeAtOnce') }).strict(),
	/** Ends as failed; `error` may be an object, a string or a number, `withoutError` leaves it out. */
	z
		.object({
			type: z.literal('failed'),
			error: z.unknown(),
			withoutError: z.boolean().optional(),
			error_type: z.string().optional(),
			provider_error: z.unknown(),
			logs: z.unknown(),
			atOnce: z.boolean().optional(),
		})
		.strict(),
	/** COMPLETED that carries an error and no output. */
	z.object({ type: z.literal('completedWithError'), error: z.unknown() }).strict(),
	/** completed, with neither output nor error. */
	z.object({ type: z.literal('completedEmpty') }).strict(),
	/** The word for a task in progress; `forever` never leaves it. */
	z
		.object({ type: z.literal('statusWord'), word: z.string(), forever: z.boolean().optional() })
		.strict(),
	/** The word in the place of `completed`. */
	z.object({ type: z.literal('doneWord'), word: z.string() }).strict(),
	/** HTTP status of the polls while the task is in progress. */
	z.object({ type: z.literal('runningStatus'), code: z.number().int().min(200).max(299) }).strict(),
	/** Further fields in every answer about the task; they go over those that are there. */
	z.object({ type: z.literal('moreFields'), fields: z.record(z.unknown()) }).strict(),
	/** `usage.cost` as a number. */
	z.object({ type: z.literal('numericCost') }).strict(),
	/** Every status in upper case. */
	z.object({ type: z.literal('upperCase') }).strict(),
	/** Stays in progress for ever. */
	z.object({ type: z.literal('neverEnds') }).strict(),
	/** The first polls are answered 404. */
	z.object({ type: z.literal('notFoundFirst'), polls: z.number().int().min(1) }).strict(),
	/** The task's id (a number is added from the second task on). Only on 'create'. */
	z.object({ type: z.literal('id'), id: z.string().min(1) }).strict(),
	/** The creation names the task in another field than `id`; `known: false`: nobody knows it by that. */
	z
		.object({
			type: z.literal('idName'),
			name: z.enum(['task_id', 'request_id']),
			known: z.boolean().optional(),
		})
		.strict(),
	/** Another URL in the output, for all images or the one at `index` (from 0). */
	z
		.object({
			type: z.literal('outputUrl'),
			url: z.string(),
			index: z.number().int().min(0).optional(),
		})
		.strict(),
	/** The image at `index` (from 0) carries `error` and no url. */
	z
		.object({
			type: z.literal('entryError'),
			index: z.number().int().min(0),
			error: z.unknown(),
		})
		.strict(),
	/** One group, one object, or a group for each image. */
	z.object({ type: z.literal('outputForm'), form: z.enum(['array', 'object', 'groups']) }).strict(),
	/** Whatever stands in `progress`. */
	z.object({ type: z.literal('progress'), value: z.unknown() }).strict(),
	/** Whatever stands in `usage`. */
	z.object({ type: z.literal('usage'), value: z.unknown() }).strict(),
]);

/** Faults of the CDN. */
export const downloadFaultSchema = z.discriminatedUnion('type', [
	...anyRequest,
	/** Half the bytes: connection broken (default), chunked and broken, or as if that were all. */
	z
		.object({
			type: z.literal('truncated'),
			how: z.enum(['aborted', 'chunked', 'consistent']).optional(),
		})
		.strict(),
	/** 200 with no bytes. */
	z.object({ type: z.literal('empty') }).strict(),
	/** 200 with a HTML page. */
	z.object({ type: z.literal('html'), contentType: z.string().optional() }).strict(),
	/** 200 image/… with bytes that are no image. */
	z.object({ type: z.literal('garbage') }).strict(),
	/** The right bytes under this Content-Type; '' leaves the header out. */
	z.object({ type: z.literal('contentType'), value: z.string() }).strict(),
	/** A real image of the other format under the announced type. */
	z.object({ type: z.literal('otherFormat') }).strict(),
	/** Content-Length off by `delta` bytes. */
	z.object({ type: z.literal('contentLength'), delta: z.number().int() }).strict(),
	/** No Content-Length, the right bytes chunked. */
	z.object({ type: z.literal('chunked') }).strict(),
	/** The image, then zeros: for ever, or so many MB; `announce` states that size beforehand. */
	z
		.object({
			type: z.literal('endless'),
			megabytes: z.number().positive().optional(),
			announce: z.boolean().optional(),
		})
		.strict(),
	/** The right bytes at this speed. Default 1,000 a second. */
	z
		.object({ type: z.literal('slowDrip'), bytesPerSecond: z.number().positive().optional() })
		.strict(),
	/** A file of another kind, under its own type or the one that is given ('' leaves it out). */
	z
		.object({
			type: z.literal('media'),
			kind: z.enum(MEDIA_KINDS),
			contentType: z.string().optional(),
		})
		.strict(),
	/** The picture without its last bytes (JPEG: 2, PNG: 12), as if that were all. */
	z.object({ type: z.literal('noEnd') }).strict(),
	/** So many bytes of something else behind the picture. */
	z.object({ type: z.literal('tail'), bytes: z.number().int().positive() }).strict(),
	/** 403 as object stores answer for a URL that is too old. */
	z.object({ type: z.literal('expired') }).strict(),
]);

/** Faults of the host of the models' descriptions. */
export const specFaultSchema = z.discriminatedUnion('type', [
	...anyRequest,
	/** 200 with a HTML page. */
	z.object({ type: z.literal('html') }).strict(),
	/** 200 with JSON of so many MB. */
	z.object({ type: z.literal('huge'), megabytes: z.number().positive() }).strict(),
	/** 200 with other JSON. */
	z.object({ type: z.literal('otherForm'), body: z.unknown() }).strict(),
]);

export const faultKindSchema = z.enum(['create', 'poll', 'download', 'spec']);

const numbers = z.union([z.number().int(), z.array(z.number().int())]);

/** Which requests a fault meets, as data: every given field must be equal to, or hold, the request's. */
export const faultMatchSchema = z
	.object({
		model: z.string().optional(),
		taskId: z.string().optional(),
		/** From 0, in order of creation. */
		taskIndex: numbers.optional(),
		/** From 0, within the task. */
		imageIndex: numbers.optional(),
		/** 1 for the first poll of a task. */
		poll: numbers.optional(),
		/** 1 for the first request for an image. */
		download: numbers.optional(),
		/** 1 for the first request of the kind since start or reset. */
		occurrence: numbers.optional(),
	})
	.strict();

export const faultConditionsSchema = z
	.object({
		/** How many times it happens. Default: always. */
		times: z.number().int().min(1).optional(),
		/** Chance for each matching request, drawn with the stand-in's seed. */
		probability: z.number().min(0).max(1).optional(),
		match: faultMatchSchema.optional(),
	})
	.strict();

export type AnswerFault = z.infer<typeof answerFaultSchema>;
export type TaskFault = z.infer<typeof taskFaultSchema>;
export type DownloadFault = z.infer<typeof downloadFaultSchema>;
export type SpecFault = z.infer<typeof specFaultSchema>;
export type Fault = AnswerFault | TaskFault | DownloadFault | SpecFault;
export type FaultKind = z.infer<typeof faultKindSchema>;
export type FaultMatch = z.infer<typeof faultMatchSchema>;
export type FaultConditions = z.infer<typeof faultConditionsSchema>;
