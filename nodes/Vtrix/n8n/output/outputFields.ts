import { LINK_HOURS } from '../../core/shared/linkLifetime';

/** A field of an output item's JSON; the single source of the output schemas and of the table in the reference. */
export interface OutputField {
	type: 'string' | 'number' | 'object';
	/** What it holds, for the documentation. */
	description: string;
}

/** What the JSON of every image holds. */
export const IMAGE_FIELDS = {
	taskId: { type: 'string', description: 'ID of the task, for **Task › Get**' },
	model: { type: 'string', description: 'ID of the model' },
	prompt: { type: 'string', description: 'the prompt that was sent' },
	index: { type: 'number', description: 'which image of the task it is, from 1' },
	total: { type: 'number', description: 'how many images the task has' },
	url: { type: 'string', description: `the link, which works for ${LINK_HOURS} hours` },
	expiresAt: { type: 'string', description: 'the time until which it works' },
	width: { type: 'number', description: 'of the picture, in pixels' },
	height: { type: 'number', description: 'of the picture, in pixels' },
	cost: { type: 'number', description: 'of the whole task, in USD' },
} as const satisfies Record<string, OutputField>;

/** What it holds as well if Simplify is off. */
export const FURTHER_IMAGE_FIELDS = {
	fileName: { type: 'string', description: 'name of the file' },
	mimeType: { type: 'string', description: 'its type, by its bytes' },
	fileSize: { type: 'number', description: 'its size in bytes' },
	costPerImage: { type: 'number', description: 'of each image, in USD' },
	createdAt: { type: 'string', description: 'when the task was created' },
	usage: { type: 'object', description: 'what the service counts, as it tells it' },
	parameters: { type: 'object', description: 'what was sent, without the data of files' },
} as const satisfies Record<string, OutputField>;

/** What it holds as well if the model answers with text. */
export const TEXT_FIELDS = {
	text: { type: 'string', description: 'all texts of the task in their order, if it has any' },
	textJson: { type: 'object', description: 'the same, read, where it is JSON' },
} as const satisfies Record<string, OutputField>;

/** What the JSON of a task holds while it is running. */
export const TASK_FIELDS = {
	taskId: IMAGE_FIELDS.taskId,
	status: { type: 'string', description: "the service's word for its state" },
	progress: { type: 'number', description: 'from 0 to 1, where the service tells it' },
	model: IMAGE_FIELDS.model,
	createdAt: FURTHER_IMAGE_FIELDS.createdAt,
} as const satisfies Record<string, OutputField>;

/** A value for each of these fields. */
export type ValuesOf<Fields> = { [Name in keyof Fields]: unknown };

/** Fields as n8n's editor reads them to offer them before the node has run. */
export const outputSchema = (fields: Readonly<Record<string, OutputField>>) => ({
	type: 'object',
	properties: Object.fromEntries(
		Object.entries(fields).map(([name, { type }]) => [name, { type }]),
	),
	version: 1,
});
