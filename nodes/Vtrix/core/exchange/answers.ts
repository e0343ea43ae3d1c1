import { z } from 'zod';

/**
 * A picture of a finished task: a link, the number under which it was taken out of the answer, or
 * why this one is missing.
 */
export type TaskImage = { url: string } | { inline: number } | { missing: string };

/** Why a task failed: the API's code, where there is one, and its own words. */
export interface TaskFailure {
	code?: string;
	reason: string;
}

/** A task as the API tells of it; only what the node reads. */
export interface Task {
	id: string;
	state: 'running' | 'completed' | 'failed';
	/** The API's word for the state, in lower case; absent where it gave none. */
	status?: string;
	/** 0 to 1, only while running and not always there. */
	progress?: number;
	model?: string;
	/** Milliseconds since the epoch. */
	createdAt?: number;
	images: readonly TaskImage[];
	/** As received. */
	usage?: Readonly<Record<string, unknown>>;
	/** USD, of the whole task. */
	cost?: number;
	failure?: TaskFailure;
}

/** What the API's answer comes to. */
export type Answer =
	| { kind: 'task'; task: Task }
	| { kind: 'refused'; status: number; code?: string; reason?: string }
	| { kind: 'unreadable' };

const word = z.union([z.string(), z.number()]).transform(String);
/** Words of an error, to be told to people: more of them nobody reads. */
const errorText = word.transform((text) => text.slice(0, 500));
const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish().catch(undefined);

const errorObject = z.object({
	code: optional(errorText),
	error_code: optional(errorText),
	message: optional(errorText),
	error_message: optional(errorText),
});
const details = ({
	code,
	error_code,
	message,
	error_message,
}: z.output<typeof errorObject>): { code?: string; reason?: string } => ({
	code: error_code ?? code ?? undefined,
	reason: error_message ?? message ?? undefined,
});

const errorSchema = z.union([
	errorText.transform((text) =>
		/^\d+$/.test(text) ? { code: text } : { reason: text || undefined },
	),
	errorObject.transform(details),
]);

// An entry that is none must not cost the pictures beside it.
const contentSchema = z
	.object({
		url: optional(z.string().min(1)),
		b64_json: optional(z.string().min(1)),
		error: optional(errorSchema),
	})
	.catch({});
const groupSchema = z.object({ content: z.array(contentSchema) });
const outputSchema = z.union([
	z.array(z.union([groupSchema, contentSchema.transform((entry) => ({ content: [entry] }))])),
	groupSchema.transform((group) => [group]),
]);

const taskSchema = z.object({
	id: word.refine((id) => id !== ''),
	status: optional(z.string()),
	progress: optional(z.number()),
	model: optional(z.string()),
	created_at: optional(z.number()),
	output: optional(outputSchema),
	usage: optional(z.record(z.string(), z.unknown())),
	error: optional(errorSchema),
	error_type: optional(errorText),
	provider_error: optional(errorSchema),
});

/** Bodies of refusals: `message`, `error` as text or object, or the `status` envelope. */
const refusalSchema = z.object({
	message: optional(errorText),
	error: optional(errorSchema),
	status: optional(
		errorObject.transform((status) => ({ httpStatus: Number(status.code), ...details(status) })),
	),
});

const costSchema = optional(
	z
		.union([z.number(), z.string().min(1).transform(Number)])
		.refine((cost) => Number.isFinite(cost) && cost >= 0),
);

const FAILED = new Set(['failed', 'failure', 'error', 'cancelled', 'canceled']);

function toTask(answer: z.output<typeof taskSchema>): Task {
	const { id, error, error_type: errorType, provider_error: providerError } = answer;
	const status = answer.status?.toLowerCase();
	const images = (answer.output ?? []).flatMap(({ content }) => content).flatMap(toImage);
	const missing = images.flatMap((image) => ('missing' in image ? [image.missing] : []));
	const code = error?.code ?? providerError?.code;
	const reason = error?.reason ?? providerError?.reason ?? errorType ?? missing[0];
	const nothing = images.length === missing.length;
	const broken = nothing && (code !== undefined || reason !== undefined);
	const failed = (status !== undefined && FAILED.has(status)) || (status === 'completed' && broken);
	const cost = costSchema.parse(answer.usage?.cost) ?? undefined;
	return {
		id,
		state: failed ? 'failed' : status === 'completed' ? 'completed' : 'running',
		images,
		...(status && { status }),
		...(answer.progress !== null && answer.progress !== undefined && { progress: answer.progress }),
		...(answer.model && { model: answer.model }),
		...(answer.created_at && { createdAt: answer.created_at * 1000 }),
		...(answer.usage && { usage: answer.usage }),
		...(cost !== undefined && { cost }),
		...(failed && {
			failure: { ...(code !== undefined && { code }), reason: reason ?? 'no reason was given' },
		}),
	};
}

function toImage({ url, b64_json: inline, error }: z.output<typeof contentSchema>): TaskImage[] {
	if (inline) return [{ inline: Number(inline) }];
	if (url) return [{ url }];
	return error ? [{ missing: error.reason ?? error.code ?? 'no reason was given' }] : [];
}

const parseJson = (text: string, redact: (text: string) => string): unknown => {
	try {
		const redacted = redact(text);
		if (!redacted.includes('\\')) return JSON.parse(redacted);
		// With escapes JSON can write a text in many ways, so each is redacted once it is read.
		return JSON.parse(redacted, (_, value: unknown) =>
			typeof value === 'string' ? redact(value) : value,
		);
	} catch {
		return undefined;
	}
};

/**
 * Reads an answer of the API, in all the forms that are known of it.
 *
 * @param text the answer, with the number of an image in the place of its data
 * @param redact takes secrets out of texts
 */
export function readAnswer(
	httpStatus: number,
	text: string,
	redact: (text: string) => string = (same) => same,
): Answer {
	const body = parseJson(text, redact);
	if (httpStatus < 200 || httpStatus >= 300) return toRefusal(httpStatus, body);
	const task = taskSchema.safeParse(body);
	if (task.success) return { kind: 'task', task: toTask(task.data) };
	if (typeof body !== 'object' || body === null) return { kind: 'unreadable' };
	return toRefusal(httpStatus, body);
}

function toRefusal(httpStatus: number, body: unknown): Answer {
	const refusal = refusalSchema.safeParse(body);
	const { message, error, status: envelope } = refusal.success ? refusal.data : {};
	const code = envelope?.code ?? error?.code;
	const reason = envelope?.reason ?? error?.reason ?? message;
	// HTTP 200 with a refusal inside: the status word is then an object with the real code.
	const inner = Number(envelope?.httpStatus);
	const hidden = httpStatus >= 200 && httpStatus < 300 && inner >= 400 && inner < 600;
	return {
		kind: 'refused',
		status: hidden ? inner : httpStatus,
		...(code && { code }),
		...(reason && { reason }),
	};
}
