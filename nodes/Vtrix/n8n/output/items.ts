import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWorkflowSettings,
} from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Task } from '../../core/exchange/answers/task';
import type { ImageResult } from '../../core/pipeline/collectImages';
import type { Outcome } from '../../core/pipeline/generate';
import { quoteLongNumbers } from '../../core/shared/exactJson';
import { LINK_HOURS } from '../../core/shared/linkLifetime';
import type { NodeOptions } from '../form/options';
import type {
	FURTHER_IMAGE_FIELDS,
	IMAGE_FIELDS,
	TASK_FIELDS,
	TEXT_FIELDS,
	ValuesOf,
} from './outputFields';
import { isTool, STILL_RUNNING, toolAnswer, toolAnswerOfAll } from './toolAnswer';

const LINK_LIFETIME_MS = LINK_HOURS * 60 * 60 * 1000;

/** What an item's output tells beside what the API answered. */
interface ItemFacts {
	itemIndex: number;
	/** The model's id, for a task that does not tell it. */
	model: string | null;
	prompt: string | null;
	/** The request's parameters without image data. */
	parameters: IDataObject;
	binaryPropertyName: string;
	simplify: boolean;
	/** Whether an AI agent reads the output. */
	forAgent: boolean;
	/** Whether all images of a task come out in one item. */
	combineImages: boolean;
	/** Whether n8n moves files into the JSON: the workflow's "combined" binary mode. */
	filesInJson: boolean;
}

/** The part of an item's facts that its settings decide. */
export type OutputSettings = Omit<ItemFacts, 'model' | 'prompt' | 'parameters'>;

/** Read of the node's fields, before anything is paid. */
export const readOutputSettings = (
	context: IExecuteFunctions,
	itemIndex: number,
	{ binaryPropertyName, combineImages }: NodeOptions,
): OutputSettings => ({
	itemIndex,
	binaryPropertyName,
	combineImages,
	simplify: context.getNodeParameter('simplify', itemIndex, true) !== false,
	forAgent: isTool(context),
	filesInJson: settingsOf(context)?.binaryMode === 'combined',
});

/** Early versions of n8n 2, and n8n 1, have no such function. */
const settingsOf = (
	context: Partial<Pick<IExecuteFunctions, 'getWorkflowSettings'>>,
): IWorkflowSettings | undefined => context.getWorkflowSettings?.();

/** A time as text; none for what the API told that can be no time. */
function isoTime(ms: number | undefined, plusMs = 0): string | null {
	if (ms === undefined || ms <= 0) return null;
	const date = new Date(ms + plusMs);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const DEEPEST_JSON = 64;

/** An object as an item's JSON holds it. */
export const jsonSchema: z.ZodType<IDataObject> = z.record(z.string(), z.any());

/** An image that came, with its number in the task, from 1. */
type Delivered = ImageResult<IBinaryData> & { index: number };

/** What all images of a task share. */
interface FinishedTask {
	task: Task;
	createdAt: number | undefined;
	total: number;
	delivered: readonly Delivered[];
}

/**
 * One item for each image of a finished task, or one for all of them; one for the task itself while
 * it is running.
 */
export function toItems(
	{ task, submittedAt, images }: Outcome<IBinaryData>,
	facts: ItemFacts,
): INodeExecutionData[] {
	const createdAt = task.createdAt ?? submittedAt;
	if (task.state === 'running') return [taskItem(task, createdAt, facts)];
	const delivered = images.flatMap((image, index) =>
		image.problem === undefined ? [{ ...image, index: index + 1 }] : [],
	);
	const finished = { task, createdAt, total: images.length, delivered };
	const items = delivered.map((image) => imageItem(finished, image, facts));
	if (items.length === 0 && task.texts) return [textItem(finished, facts)];
	const [first] = items;
	if (facts.combineImages && first && facts.forAgent && facts.simplify) {
		return [{ ...first, json: toolAnswerOfAll(items.map(({ json }) => json)) }];
	}
	return facts.combineImages && first ? [combinedItem(first, finished, facts)] : items;
}

function taskItem(
	task: Task,
	createdAt: number | undefined,
	{ itemIndex, model, prompt, forAgent }: ItemFacts,
): INodeExecutionData {
	const fields = {
		taskId: task.id,
		status: task.status ?? 'in_progress',
		progress: task.progress ?? null,
		model: task.model ?? model,
		createdAt: isoTime(createdAt),
	} satisfies ValuesOf<typeof TASK_FIELDS>;
	return {
		json: {
			...fields,
			...(prompt !== null && { prompt }),
			...(forAgent && { message: STILL_RUNNING }),
		},
		pairedItem: { item: itemIndex },
	};
}

function imageItem(
	{ task, createdAt, total, delivered }: FinishedTask,
	image: Delivered,
	{ itemIndex, model, prompt, parameters, binaryPropertyName, simplify, forAgent }: ItemFacts,
): INodeExecutionData {
	const { index, picture } = image;
	const cost = task.cost ?? null;
	const fields = {
		taskId: task.id,
		model: task.model ?? model,
		prompt,
		index,
		total,
		...linkAndSize(image, createdAt),
		...textFields(task),
		cost,
	} satisfies ValuesOf<typeof IMAGE_FIELDS>;
	const further = {
		fileName: picture?.stored.fileName ?? null,
		...typeAndBytes(image),
		costPerImage: cost === null ? null : cost / delivered.length,
		...furtherFields(task, createdAt),
		parameters,
	} satisfies ValuesOf<typeof FURTHER_IMAGE_FIELDS>;
	const json: IDataObject = { ...fields, ...(!simplify && further) };
	return {
		json: forAgent && simplify ? toolAnswer(json, parameters) : json,
		...(picture && { binary: { [binaryPropertyName]: picture.stored } }),
		pairedItem: { item: itemIndex },
	};
}

/** A task that has made text and no image. */
function textItem(
	{ task, createdAt }: FinishedTask,
	{ itemIndex, model, prompt, parameters, simplify }: ItemFacts,
): INodeExecutionData {
	const json: IDataObject = {
		taskId: task.id,
		model: task.model ?? model,
		prompt,
		...textFields(task),
		cost: task.cost ?? null,
		...(!simplify && { ...furtherFields(task, createdAt), parameters }),
	};
	return { json, pairedItem: { item: itemIndex } };
}

const furtherFields = ({ usage }: Task, createdAt: number | undefined) => ({
	createdAt: isoTime(createdAt),
	usage: usage ? jsonSchema.parse(usage) : null,
});

/** All texts of a task in their order, and what they hold if each is JSON. */
function textFields({
	texts = [],
}: Task): Partial<Record<keyof typeof TEXT_FIELDS, IDataObject[string]>> {
	if (texts.length === 0) return {};
	const parsed = texts.flatMap((text) => parseText(text) ?? []);
	return {
		text: texts.join('\n'),
		...(parsed.length === texts.length && { textJson: parsed.length === 1 ? parsed[0] : parsed }),
	};
}

/** The object or list that a text is as JSON; its long numbers become text, to keep every digit. */
function parseText(text: string): Array<IDataObject | IDataObject[]> | undefined {
	if (!/^\s*[{[]/.test(text)) return undefined;
	try {
		JSON.parse(text);
		const value: unknown = JSON.parse(quoteLongNumbers(text));
		return isNestedTooDeep(value) ? undefined : [jsonSchema.or(z.array(z.any())).parse(value)];
	} catch {
		return undefined;
	}
}

/** Whether a value is nested so deep that n8n could not store it. */
const isNestedTooDeep = (value: unknown, depth = 0): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(depth > DEEPEST_JSON || Object.values(value).some((one) => isNestedTooDeep(one, depth + 1)));

/** The first image's item with the files of all images side by side, and what each one is. */
function combinedItem(
	first: INodeExecutionData,
	{ createdAt, delivered }: FinishedTask,
	{ binaryPropertyName, simplify, filesInJson }: ItemFacts,
): INodeExecutionData {
	const binary: Record<string, IBinaryData> = {};
	const names: string[] = [];
	const images = delivered.map((image): IDataObject => {
		const stored = image.picture?.stored;
		let name: string | null = null;
		if (stored) {
			const field =
				names.length === 0 ? binaryPropertyName : `${binaryPropertyName}_${names.length + 1}`;
			binary[field] = stored;
			name = filesInJson && stored.id ? pathInJson(field) : field;
			names.push(name);
		}
		return {
			index: image.index,
			...linkAndSize(image, createdAt),
			fileName: stored?.fileName ?? null,
			...(!simplify && typeAndBytes(image)),
			binaryPropertyName: name,
		};
	});
	return {
		...first,
		json: { ...first.json, images, binaryPropertyNames: names.join(',') },
		...(names.length > 0 && { binary }),
	};
}

/** Where n8n looks for a file that it has moved into the JSON. */
const pathInJson = (field: string): string =>
	/^[^.[\]"]+$/.test(field) ? `_files.${field}` : `_files[${JSON.stringify(field)}]`;

const linkAndSize = ({ url, picture }: Delivered, createdAt: number | undefined) => ({
	url: url ?? null,
	expiresAt: url === undefined ? null : isoTime(createdAt, LINK_LIFETIME_MS),
	width: picture?.header.width ?? null,
	height: picture?.header.height ?? null,
});

const typeAndBytes = ({ picture }: Delivered) => ({
	mimeType: picture?.header.mimeType ?? null,
	fileSize: picture?.bytes ?? null,
});
