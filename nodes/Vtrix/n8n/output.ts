import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import type { Task } from '../core/exchange/answers';
import type { ImageResult, StoreFor } from '../core/collectImages';
import type { Outcome } from '../core/generate';
import type { ByteStream } from '../core/exchange/http';
import { LINK_HOURS } from '../core/linkLifetime';

const LINK_LIFETIME_MS = LINK_HOURS * 60 * 60 * 1000;

type StoredStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer | Uint8Array
>;
const storable = z.custom<StoredStream>((value) => typeof value === 'object' && value !== null);

const safeName = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);

/** Keeps pictures in n8n's binary store, named and typed by their bytes. */
export const binaryStore =
	(context: IExecuteFunctions, modelId: string): StoreFor<IBinaryData> =>
	(index, taskId) =>
	async (content: ByteStream | Buffer, { extension, mimeType }) =>
		await context.helpers.prepareBinaryData(
			Buffer.isBuffer(content) ? content : storable.parse(content),
			`${safeName(modelId)}-${safeName(taskId)}-${index + 1}.${extension}`,
			mimeType,
		);

/** What an item's output tells beside what the API answered. */
export interface ItemFacts {
	itemIndex: number;
	/** The model's id; of a task fetched by its id, what the API says. */
	model: string | null;
	prompt: string | null;
	/** The request's parameters without image data. */
	parameters: IDataObject;
	binaryPropertyName: string;
	simplify: boolean;
}

/** A time as text; none for what the API told that can be no time. */
function isoTime(ms: number | undefined, plusMs = 0): string | null {
	if (ms === undefined || ms <= 0) return null;
	const date = new Date(ms + plusMs);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const jsonSchema: z.ZodType<IDataObject> = z.record(z.string(), z.any());

/** One item for each image of a finished task; one for the task itself while it is running. */
export function toItems(
	{ task, submittedAt, images }: Outcome<IBinaryData>,
	facts: ItemFacts,
): INodeExecutionData[] {
	const createdAt = task.createdAt ?? submittedAt;
	if (task.state === 'running') return [taskItem(task, createdAt, facts)];
	const delivered = images.filter(({ problem }) => problem === undefined).length;
	return images.flatMap((result, index) =>
		result.problem === undefined
			? [imageItem(task, result, { index, total: images.length, delivered, createdAt }, facts)]
			: [],
	);
}

function taskItem(
	task: Task,
	createdAt: number | undefined,
	{ itemIndex, model, prompt }: ItemFacts,
): INodeExecutionData {
	return {
		json: {
			taskId: task.id,
			status: task.status ?? 'in_progress',
			progress: task.progress ?? null,
			model: task.model ?? model,
			...(prompt !== null && { prompt }),
			createdAt: isoTime(createdAt),
		},
		pairedItem: { item: itemIndex },
	};
}

/** What an image's item tells of the task as a whole. */
interface PlaceInTask {
	/** Counts from 0. */
	index: number;
	/** Images of the task, those that are missing included. */
	total: number;
	delivered: number;
	createdAt: number | undefined;
}

function imageItem(
	task: Task,
	{ url, picture }: ImageResult<IBinaryData>,
	{ index, total, delivered, createdAt }: PlaceInTask,
	{ itemIndex, model, prompt, parameters, binaryPropertyName, simplify }: ItemFacts,
): INodeExecutionData {
	const cost = task.cost ?? null;
	const json: IDataObject = {
		taskId: task.id,
		model: task.model ?? model,
		prompt,
		index: index + 1,
		total,
		url: url ?? null,
		expiresAt: url === undefined ? null : isoTime(createdAt, LINK_LIFETIME_MS),
		width: picture?.header.width ?? null,
		height: picture?.header.height ?? null,
		cost,
	};
	if (!simplify) {
		Object.assign(json, {
			fileName: picture?.stored.fileName ?? null,
			mimeType: picture?.header.mimeType ?? null,
			fileSize: picture?.bytes ?? null,
			costPerImage: cost === null ? null : cost / delivered,
			createdAt: isoTime(createdAt),
			usage: task.usage ? jsonSchema.parse(task.usage) : null,
			parameters,
		});
	}
	return {
		json,
		...(picture && { binary: { [binaryPropertyName]: picture.stored } }),
		pairedItem: { item: itemIndex },
	};
}
