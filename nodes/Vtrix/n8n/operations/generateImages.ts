import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod/v3';
import { InvalidParametersError } from '../../core/shared/errors';
import { generate } from '../../core/pipeline/generate';
import type { RunContext } from '../../core/pipeline/runContext';
import { mostImages } from '../../core/definition/imageGroup';
import type { GenerationRequest } from '../../core/request/parseRequest';
import { completeRequest, describeParams } from '../../core/request/encodeRequest';
import { runBatch, type ItemOutcome } from './batch';
import { Warnings } from '../output/warnings';
import { binaryStore } from '../connection/binaryStore';
import { readOutputSettings, toItems } from '../output/items';
import { readNodeOptions, toTaskOptions } from '../input/readOptions';
import { readCollection } from '../input/readParameters';
import { createRunContext } from '../connection/createRunContext';
import { examineItem, readItem, SCOPE, type ItemInput } from './itemInput';
import { assertAllCorrect } from './preflight';

const parametersSchema: z.ZodType<IDataObject> = z.record(z.string(), z.any());

/** `image` → `generate`: from the items' fields to their images. */
export async function generateImages(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const items = Array.from({ length: count }, (_, itemIndex) => readItem(context, itemIndex));
	const { options } = readNodeOptions(readCollection(context, 0), SCOPE);
	const run = await createRunContext(context, { ...options, spendingLimit: smallestLimit(items) });
	const warnings = new Warnings();
	// If a single wrong item ends the run, it does so before anything is paid for.
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

/** The parts of generating one item's images. */
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
