import { z } from 'zod';

const binarySchema = z.object({
	/** Where n8n keeps the bytes; absent when `data` holds them as base64 (mode `default`). */
	id: z.string().optional(),
	data: z.string(),
	mimeType: z.string(),
	fileName: z.string().optional(),
	fileExtension: z.string().optional(),
	fileSize: z.string().optional(),
});

const errorSchema = z
	.object({ message: z.string().default(''), description: z.string().nullish() })
	.passthrough();

const itemSchema = z.object({
	json: z.record(z.string(), z.unknown()),
	binary: z.record(z.string(), binarySchema).optional(),
	pairedItem: z.unknown(),
});

const nodeRunSchema = z.object({
	data: z.object({ main: z.array(z.array(itemSchema).nullable()).optional() }).optional(),
	error: errorSchema.optional(),
	executionStatus: z.string().optional(),
	/** When the node began, ms since the epoch. */
	startTime: z.number().optional(),
	/** How long it took, ms. */
	executionTime: z.number().optional(),
});

/** What an execution left behind, as far as it is read here. */
export const resultSchema = z.object({
	runData: z.record(z.string(), z.array(nodeRunSchema)).default({}),
	error: errorSchema.optional(),
	lastNodeExecuted: z.string().optional(),
});

export const executionSchema = z.object({
	id: z.coerce.string(),
	status: z.string(),
	mode: z.string(),
	retryOf: z.coerce.string().nullish(),
	data: z.object({ resultData: resultSchema }).optional(),
});

/** One file of an item. */
export type BinaryEntry = z.infer<typeof binarySchema>;
/** One item as n8n stored it. */
export type Item = z.infer<typeof itemSchema>;
/** One execution as n8n stored it. */
export type Execution = z.infer<typeof executionSchema>;
/** What an execution left behind: the runs of each node, and the error it ended with. */
export type Result = z.infer<typeof resultSchema>;

/** The items that came out of a node. */
export function itemsOf(
	execution: { data?: { resultData: Result } },
	node: string,
	{ output = 0, run = 0 }: { output?: number; run?: number } = {},
): Item[] {
	return execution.data?.resultData.runData[node]?.[run]?.data?.main?.[output] ?? [];
}

/** How often a node ran in an execution. */
export const runsOf = (execution: Execution, node: string) =>
	execution.data?.resultData.runData[node]?.length ?? 0;

/** What an execution says went wrong: message and description, empty when nothing did. */
export function errorOf(execution: Execution) {
	const error = execution.data?.resultData.error;
	return error ? [error.message, error.description].filter(Boolean).join('\n') : '';
}
