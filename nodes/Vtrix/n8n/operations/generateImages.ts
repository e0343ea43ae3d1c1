import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';
import { z } from 'zod';
import { InvalidParametersError, StoppedError } from '../../core/errors';
import { generate } from '../../core/generate';
import type { RunContext } from '../../core/runContext';
import { checkLink } from '../../core/request/checkImageUrl';
import type { Issue } from '../../core/issues';
import { mostImages } from '../../core/definition/imageGroup';
import {
	parseRequest,
	type GenerationRequest,
	type ParseResult,
} from '../../core/request/parseRequest';
import { completeRequest, describeParams } from '../../core/request/encodeRequest';
import { runBatch, type ItemOutcome } from '../batch';
import { examineImages, type ExaminedImages } from '../inputFiles';
import { toNodeError } from '../errors';
import { Warnings } from '../warnings';
import { binaryStore } from '../binaryStore';
import { readOutputSettings, toItems } from '../output';
import { readNodeOptions, toTaskOptions, type NodeOptions } from '../options';
import { readCollection, readParameters, type ItemParameters } from '../input';
import { createRunContext } from '../createRunContext';

/** An item whose fields are read and checked. */
interface ItemInput {
	/** Absent when the item names no known model; there is an issue then. */
	read?: ItemParameters & { parsed: ParseResult };
	options: NodeOptions;
	issues: Issue[];
	/** Its input images, once they are examined; nothing of their content is held. */
	images?: ExaminedImages;
}

const SCOPE = { creates: true };

const parametersSchema: z.ZodType<IDataObject> = z.record(z.string(), z.any());

/** `image` → `generate`: from the items' fields to their images. */
export async function generateImages(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const items = Array.from({ length: count }, (_, itemIndex) => readItem(context, itemIndex));
	const { options } = readNodeOptions(readCollection(context, 0), SCOPE);
	const run = await createRunContext(context, { ...options, spendingLimit: smallestLimit(items) });
	const warnings = new Warnings();
	// When one wrong item would end the run anyway, it does so before anything is paid for.
	if (!context.continueOnFail()) await assertAllCorrect(context, items, run);
	const result = await runBatch({
		context,
		concurrency: run.creationLimit,
		progress: run.progress,
		work: async (itemIndex, release) => {
			const item = items[itemIndex] ?? readItem(context, itemIndex);
			return await generateItem({ context, itemIndex, item, run, warnings, release });
		},
		leftOut,
	});
	for (const text of result.warnings) warnings.add(text);
	if (run.spending.warning) warnings.add(run.spending.warning);
	warnings.show(context, count);
	if (!result.mayRunAgain) run.ledger.close();
	return result.items;
}

const leftOut = (itemIndex: number, reason: string): INodeExecutionData => ({
	json: { skipped: true, reason },
	pairedItem: { item: itemIndex },
});

/** The limit holds for the whole run: of differing ones the smallest. */
function smallestLimit(items: readonly ItemInput[]): number {
	const limits = items.map(({ options }) => options.spendingLimit).filter((limit) => limit > 0);
	return limits.length > 0 ? Math.min(...limits) : 0;
}

function readItem(context: IExecuteFunctions, itemIndex: number): ItemInput {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), SCOPE);
	const read = readParameters(context, itemIndex);
	if (!('model' in read)) return { options, issues: [read, ...issues] };
	const parsed = parseRequest(read.model, read.values);
	return {
		read: { ...read, parsed },
		options,
		issues: [...read.issues, ...parsed.issues, ...issues],
	};
}

/** How many items are examined at the same time, each holding the beginning of one file. */
const EXAMINED_AT_ONCE = 8;

/**
 * Examines all items before anything is paid for, since one wrong item ends the run.
 *
 * @throws the refusal of the first wrong item, with a word on the others; StoppedError
 */
async function assertAllCorrect(
	context: IExecuteFunctions,
	items: readonly ItemInput[],
	run: RunContext,
): Promise<void> {
	const limit = pLimit(EXAMINED_AT_ONCE);
	const issues = await Promise.all(
		items.map(
			async (item) =>
				await limit(async () => {
					if (run.signal?.aborted) throw new StoppedError(run.ledger.taskIds);
					item.images = await examineItem(context, item, run);
					return [...item.issues, ...item.images.issues];
				}),
		),
	);
	const wrong = issues.flatMap((found, itemIndex) => (found.length > 0 ? [itemIndex] : []));
	const [first, ...others] = wrong;
	if (first === undefined) return;
	const refusal = new InvalidParametersError(issues[first] ?? [], {
		scope: 'run',
		notes: notesOn(others, run.ledger.taskIds),
		taskIds: run.ledger.taskIds,
	});
	throw toNodeError(context.getNode(), refusal, first);
}

const LISTED_ITEMS = 5;
const LISTED_TASKS = 20;

const listed = (names: readonly unknown[], most: number): string =>
	names.slice(0, most).join(', ') + (names.length > most ? ' and others' : '');

/** What else a refused run is to tell. */
const notesOn = (wrongItems: readonly number[], paidTasks: readonly string[]): string[] => [
	...(wrongItems.length > 0
		? [
				`${wrongItems.length} other ${wrongItems.length === 1 ? 'item needs' : 'items need'} a correction too (item ${listed(wrongItems, LISTED_ITEMS)}).`,
			]
		: []),
	...(paidTasks.length > 0
		? [
				`What an earlier try of this execution has paid for stays, and a retry fetches it at no further cost (tasks ${listed(paidTasks, LISTED_TASKS)}).`,
			]
		: []),
];

/** The item's input images with what is wrong with them; none for a model that takes none. */
async function examineItem(
	context: IExecuteFunctions,
	{ read, options }: ItemInput,
	{ publicFetch }: RunContext,
): Promise<ExaminedImages> {
	const limits = read?.model.images;
	if (!limits) return { images: [], issues: [], warnings: [] };
	return await examineImages({
		context,
		limits,
		images: read.values.images,
		checkLink: async (url) => await checkLink(limits, url, options.checkImageUrls, publicFetch),
	});
}

/** What generating one item's images needs. */
interface ItemWork {
	context: IExecuteFunctions;
	itemIndex: number;
	item: ItemInput;
	run: RunContext;
	warnings: Warnings;
	/** Lets the next item begin. */
	release: () => void;
}

async function generateItem(work: ItemWork): Promise<ItemOutcome> {
	const { context, itemIndex, item, run, warnings, release } = work;
	const { read, options, issues } = item;
	if (!read || issues.length > 0) {
		const { issues: more } = await examineItem(context, item, run);
		throw new InvalidParametersError([...issues, ...more]);
	}
	const { model, parsed } = read;
	let parameters: IDataObject = {};
	const prepare = async (): Promise<GenerationRequest> => {
		const { request } = parsed;
		for (const text of [...read.warnings, ...parsed.warnings]) warnings.add(text, itemIndex);
		const files = item.images ?? (await examineItem(context, item, run));
		if (files.issues.length > 0) throw new InvalidParametersError(files.issues);
		for (const text of files.warnings) warnings.add(text, itemIndex);
		const complete = completeRequest(model, request, files.images);
		parameters = parametersSchema.parse(describeParams(complete.params));
		return complete;
	};
	if (options.dryRun) {
		const request = await prepare();
		const most = mostImages(model.imageGroup, model.parameters, request.params);
		return { items: [dryRunItem(itemIndex, request, most)], problems: [], warnings: [] };
	}
	const imageStore = binaryStore(context, { ...options, modelId: parsed.request.model });
	const outcome = await generate(itemIndex, prepare, run, {
		options: toTaskOptions(options),
		imageStore,
		kind: model.makes ?? 'image',
		release,
	});
	const { prompt } = parsed.request.params;
	const facts = {
		...readOutputSettings(context, itemIndex, options),
		model: parsed.request.model,
		prompt: typeof prompt === 'string' ? prompt : null,
		parameters,
	};
	return {
		items: toItems(outcome, facts),
		problems: outcome.images.flatMap(({ problem }) => (problem ? [problem] : [])),
		warnings: outcome.warnings,
		taskId: outcome.task.id,
	};
}

/** What would be sent, and what it would create. */
const dryRunItem = (
	itemIndex: number,
	request: GenerationRequest,
	images: number,
): INodeExecutionData => ({
	json: {
		dryRun: true,
		model: request.model,
		tasks: 1,
		maxImages: images,
		request: {
			model: request.model,
			input: [{ params: parametersSchema.parse(describeParams(request.params)) }],
		},
	},
	pairedItem: { item: itemIndex },
});
