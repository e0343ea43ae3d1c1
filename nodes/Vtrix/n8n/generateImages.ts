import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { InvalidParametersError } from '../core/errors';
import { generate, type Run } from '../core/generate';
import { checkLink } from '../core/imageLink';
import type { Issue } from '../core/issues';
import { mostImages } from '../core/imageGroup';
import { parseRequest, type Parsed, type Request } from '../core/model';
import { completeRequest, describeParams } from '../core/request';
import { runBatch, type ItemOutcome } from './batch';
import { readFiles } from './files';
import { toNodeError } from './errors';
import { Hints } from './hints';
import { binaryStore, toItems } from './items';
import { readNodeOptions, type NodeOptions } from './options';
import { readCollection, readParameters, type ItemParameters } from './parameters';
import { openRun } from './run';

/** An item whose fields are read and checked; its files are not read yet. */
interface Draft {
	/** Absent when the item names no known model; there is an issue then. */
	read?: ItemParameters & { parsed: Parsed };
	options: NodeOptions;
	issues: Issue[];
}

const parametersSchema: z.ZodType<IDataObject> = z.record(z.string(), z.any());

/** `image` → `generate`: from the items' fields to their images. */
export async function generateImages(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const drafts = Array.from({ length: count }, (_, itemIndex) => readDraft(context, itemIndex));
	const { options } = readNodeOptions(readCollection(context, 0), 'generate');
	const run = await openRun(context, { ...options, spendingLimit: smallestLimit(drafts) });
	const hints = new Hints();
	// When one wrong item would end the run anyway, it does so before anything is paid for.
	if (!context.continueOnFail()) {
		const wrong = drafts.findIndex(({ issues }) => issues.length > 0);
		const draft = drafts[wrong];
		if (draft)
			throw toNodeError(context.getNode(), await refusal(context, wrong, draft, run), wrong);
	}
	const result = await runBatch(
		context,
		options.maxConcurrency,
		run,
		async (itemIndex, release) => {
			const draft = drafts[itemIndex] ?? readDraft(context, itemIndex);
			return await generateItem(context, itemIndex, draft, run, hints, release);
		},
		leftOut,
	);
	for (const text of result.warnings) hints.add(text);
	if (run.spending.warning) hints.add(run.spending.warning);
	hints.show(context, count);
	if (!result.mayRunAgain) run.ledger.close();
	return result.items;
}

const leftOut = (itemIndex: number, reason: string): INodeExecutionData => ({
	json: { skipped: true, reason },
	pairedItem: { item: itemIndex },
});

/** The limit holds for the whole run: of differing ones the smallest. */
function smallestLimit(drafts: readonly Draft[]): number {
	const limits = drafts.map(({ options }) => options.spendingLimit).filter((limit) => limit > 0);
	return limits.length > 0 ? Math.min(...limits) : 0;
}

function readDraft(context: IExecuteFunctions, itemIndex: number): Draft {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), 'generate');
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
	draft: Draft,
	run: Run,
): Promise<InvalidParametersError> {
	const { issues } = draft;
	const files = await readImages(context, itemIndex, draft, run);
	return new InvalidParametersError([...issues, ...files.issues]);
}

/** The item's input images with what is wrong with them; none for a model that takes none. */
async function readImages(
	context: IExecuteFunctions,
	itemIndex: number,
	{ read, options }: Draft,
	{ downloads }: Run,
) {
	const limits = read?.model.images;
	if (!limits) return { images: [], issues: [], advice: [] };
	return await readFiles(
		context,
		itemIndex,
		limits,
		read.values.images,
		async (url) => await checkLink(limits, url, options.checkImageUrls, downloads),
	);
}

async function generateItem(
	context: IExecuteFunctions,
	itemIndex: number,
	draft: Draft,
	run: Run,
	hints: Hints,
	release: () => void,
): Promise<ItemOutcome> {
	const { read, options, issues } = draft;
	if (!read || issues.length > 0) throw await refusal(context, itemIndex, draft, run);
	const { model, parsed } = read;
	let parameters: IDataObject = {};
	const prepare = async (): Promise<Request> => {
		const { request } = parsed;
		for (const text of [...read.advice, ...parsed.advice]) hints.add(text, itemIndex);
		const files = await readImages(context, itemIndex, draft, run);
		if (files.issues.length > 0) throw new InvalidParametersError(files.issues);
		for (const text of files.advice) hints.add(text, itemIndex);
		const complete = completeRequest(model, request, files.images);
		parameters = parametersSchema.parse(describeParams(complete.params));
		return complete;
	};
	if (options.dryRun) {
		const request = await prepare();
		const most = mostImages(model.imageGroup, model.parameters, request.params);
		return { items: [dryRunItem(itemIndex, request, most)], problems: [] };
	}
	const outcome = await generate(
		itemIndex,
		prepare,
		run,
		options,
		binaryStore(context, parsed.request.model),
		release,
	);
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
		problems: outcome.results.flatMap(({ problem }) => (problem ? [problem] : [])),
		taskId: outcome.task.id,
	};
}

/** What would be sent, and what it would create. */
const dryRunItem = (itemIndex: number, request: Request, images: number): INodeExecutionData => ({
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
