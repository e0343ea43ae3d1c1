import { z } from 'zod';

import type { ImagePlan } from '../validation/modelRules';
import { SOURCES } from './source';
import type { Fact } from './source';

/** The words for a task's state. */
export const STATUS = {
	running: 'in_progress',
	completed: 'completed',
	failed: 'failed',
} as const;

export type TaskState = keyof typeof STATUS;

/** A field of an answer: what it holds, and where that is written down. */
export interface Field {
	schema: z.ZodTypeAny;
	fact: Fact;
	/** Whether an answer may leave it out. */
	optional?: true;
}

const { client, modelPages } = SOURCES;

/** Fields that every answer about a task has. */
export const HEAD = {
	id: {
		schema: z.string().min(1),
		fact: { says: 'the answer names its task in `id`, a text', source: client },
	},
	status: {
		schema: z.string().min(1),
		fact: { says: "`status` is a word for the task's state", source: client },
	},
	model: {
		schema: z.string().min(1),
		fact: { says: '`model` is the ID of the model', source: client },
	},
	created_at: {
		// milliseconds would have three digits more
		schema: z.number().int().min(1e9).lt(1e11),
		fact: { says: '`created_at` is a number of seconds since 1970', source: client },
	},
} satisfies Record<string, Field>;

/** Fields that an answer has only while the task is in that state. */
export const BY_STATE = {
	running: {
		progress: {
			schema: z.number().min(0).max(1),
			fact: { says: '`progress` is a number from 0 to 1', source: client },
			optional: true,
		},
	},
	completed: {
		output: {
			schema: z.union([z.array(z.unknown()), z.object({}).passthrough()]),
			fact: { says: '`output` comes with the state completed', source: modelPages },
		},
		usage: {
			schema: z.object({}).passthrough(),
			fact: { says: '`usage` comes with the state completed', source: modelPages },
		},
		metadata: {
			schema: z.object({}).passthrough(),
			fact: { says: '`metadata` is an object', source: modelPages },
		},
	},
	failed: {
		error: {
			schema: z.object({ code: z.string(), error_message: z.string() }).strict(),
			fact: {
				says: '`error` of a failed task has `code` and `error_message`, both texts',
				source: modelPages,
			},
		},
	},
} satisfies Record<TaskState, Record<string, Field>>;

/** What fields hold, by their names. */
export type Values<Fields extends Record<string, Field>> = {
	[Name in keyof Fields]: z.infer<Fields[Name]['schema']>;
};

const counts = (says: string) =>
	({ schema: z.number().int().min(0), fact: { says, source: modelPages } }) satisfies Field;

const USAGE_OF_ALL = {
	cost: {
		schema: z.string().regex(/^\d+(\.\d+)?$/),
		fact: { says: '`usage.cost` is a decimal number written as text, in USD', source: modelPages },
	},
	discount: {
		schema: z.number(),
		fact: { says: '`usage.discount` is a number', source: modelPages },
	},
} satisfies Record<string, Field>;

/** Fields of `usage`, by what the model's page documents. */
export const USAGE = {
	plain: USAGE_OF_ALL,
	tokens: {
		...USAGE_OF_ALL,
		input_tokens: counts('`usage.input_tokens` counts tokens'),
		output_tokens: counts('`usage.output_tokens` counts tokens'),
		total_tokens: counts('`usage.total_tokens` counts tokens'),
		generated_images: counts('`usage.generated_images` counts images'),
	},
	webSearch: {
		...USAGE_OF_ALL,
		tool_usage: {
			schema: z.object({ web_search: z.number().int().min(0) }).strict(),
			fact: { says: '`usage.tool_usage.web_search` counts searches', source: modelPages },
		},
	},
} satisfies Record<ImagePlan['usage'], Record<string, Field>>;

/** Fields of an image in `output`. */
export const IMAGE = {
	type: {
		schema: z.literal('image'),
		fact: { says: '`type` of an image is `image`', source: modelPages },
	},
	url: {
		schema: z.string().url(),
		fact: { says: '`url` of an image is a complete address', source: modelPages },
	},
	size: {
		schema: z.number().int().positive(),
		fact: { says: '`size` of an image is its bytes', source: modelPages },
	},
	jobId: {
		schema: z.string().min(1),
		fact: { says: '`jobId` of an image is a text', source: modelPages },
	},
	b64_json: {
		schema: z.string().min(1),
		fact: { says: '`b64_json` carries the image itself, without a `url`', source: modelPages },
	},
} satisfies Record<string, Field>;

/** Which fields an image has, by what was asked for and what the model's page documents. */
export function imageFields({ delivery, entry }: ImagePlan): Record<string, Field> {
	const { type, url, size, jobId, b64_json } = IMAGE;
	if (delivery === 'b64_json') return { type, b64_json };
	return { type, url, ...(entry.size && { size }), ...(entry.jobId && { jobId }) };
}
