import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { InvalidParametersError } from '../../core/errors';
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
import { readFiles } from '../inputFiles';
import { toNodeError } from '../errors';
import { Warnings } from '../warnings';
import { binaryStore, toItems } from '../output';
import { readNodeOptions, toTaskOptions, type NodeOptions } from '../options';
import { readCollection, readParameters, type ItemParameters } from '../input';
import { createRunContext } from '../createRunContext';

/** An item whose fields are read and checked; its files are not read yet. */
interface ItemInput {
	/** Absent when the item names no known model; there is an issue then. */
	read?: ItemParameters & { parsed: ParseResult };
	options: NodeOptions;
	issues: Issue[];
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
	if (!context.continueOnFail()) {
		const wrong = items.findIndex(({ issues }) => issues.length > 0);
		const item = items[wrong];
		if (item) throw toNodeError(context.getNode(), await refusal(context, wrong, item, run), wrong);
	}
	const result = await runBatch({
		context,
		concurrency: options.maxConcurrency,
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

/** Every issue of an item, those of its files included. */
async function refusal(
	context: IExecuteFunctions,
	itemIndex: number,
	item: ItemInput,
	run: RunContext,
): Promise<InvalidParametersError> {
	const { issues } = item;
	const files = await readImages(context, itemIndex, item, run);
	return new InvalidParametersError([...issues, ...files.issues]);
}

/** The item's input images with what is wrong with them; none for a model that takes none. */
async function readImages(
	context: IExecuteFunctions,
	itemIndex: number,
	{ read, options }: ItemInput,
	{ publicFetch }: RunContext,
) {
	const limits = read?.model.images;
	if (!limits) return { images: [], issues: [], warnings: [] };
	return await readFiles({
		context,
		itemIndex,
		limits,
		sources: read.values.images,
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
	if (!read || issues.length > 0) throw await refusal(context, itemIndex, item, run);
	const { model, parsed } = read;
	let parameters: IDataObject = {};
	const prepare = async (): Promise<GenerationRequest> => {
		const { request } = parsed;
		for (const text of [...read.warnings, ...parsed.warnings]) warnings.add(text, itemIndex);
		const files = await readImages(context, itemIndex, item, run);
		if (files.issues.length > 0) throw new InvalidParametersError(files.issues);
		for (const text of files.warnings) warnings.add(text, itemIndex);
		const complete = completeRequest(model, request, files.images);
		parameters = parametersSchema.parse(describeParams(complete.params));
		return complete;
	};
	if (options.dryRun) {
		const request = await prepare();
		const most = mostImages(model.imageGroup, model.parameters, request.params);
		return { items: [dryRunItem(itemIndex, request, most)], problems: [] };
	}
	const storeFor = binaryStore(context, parsed.request.model);
	const outcome = await generate(itemIndex, prepare, run, {
		options: toTaskOptions(options),
		storeFor,
		release,
	});
	const { prompt } = parsed.request.params;
	const facts = {
		itemIndex,
		model: parsed.request.model,
		prompt: typeof prompt === 'string' ? prompt : null,
		parameters,
		binaryPropertyName: options.binaryPropertyName,
		simplify: context.getNodeParameter('simplify', itemIndex, true) !== false,
	};
	return {
		items: toItems(outcome, facts),
		problems: outcome.images.flatMap(({ problem }) => (problem ? [problem] : [])),
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
