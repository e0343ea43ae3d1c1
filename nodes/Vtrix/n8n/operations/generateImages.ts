import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { mostImages } from '../../core/definition/imageGroup';
import { SIZE_LABEL } from '../../core/definition/size';
import { generate } from '../../core/pipeline/generate';
import type { CreationContext, CreationRun } from '../../core/pipeline/runContext';
import { completeRequest, describeParams } from '../../core/request/encodeRequest';
import type { GenerationRequest } from '../../core/request/parseRequest';
import { InvalidParametersError } from '../../core/shared/errors';
import { formatSome } from '../../core/shared/format';
import { MODELS } from '../../models';
import { binaryStore } from '../connection/binaryStore';
import { createCreationRun, type Run } from '../connection/createRun';
import { SIMPLIFY } from '../form/commonFields';
import { MODEL_FIELDS, MODEL_OPTIONS } from '../form/modelFields';
import type { NodeOptions } from '../form/options';
import { readNodeOptions, toTaskOptions } from '../input/readOptions';
import { jsonSchema, toItems } from '../output/items';
import { IMAGE_FIELDS } from '../output/outputFields';
import { Warnings } from '../output/warnings';
import { runBatch, type ItemOutcome } from './batch';
import { examineItem, readItem, SCOPE, type ItemInput } from './itemInput';
import { IMAGE, type Operation } from './operation';
import { assertAllCorrect } from './preflight';

const MODEL_NAMES = Object.fromEntries(MODELS.map(({ id, displayName }) => [id, displayName]));

/** From the items' fields to their images. */
export const generateImages: Operation = {
	resource: IMAGE,
	value: 'generate',
	name: 'Generate',
	action: 'Generate image',
	description: 'Create or edit images from a prompt and input images',
	subtitle: `"Generate: " + ${JSON.stringify(MODEL_NAMES)}[$parameter.model]`,
	fields: [...MODEL_FIELDS, SIMPLIFY, MODEL_OPTIONS],
	output: IMAGE_FIELDS,
	async run(context) {
		const { length } = context.getInputData();
		// An error in one of them waits for that item's turn.
		const items = Array.from({ length }, async (_, index) => await readItem(context, index));
		const run = createCreationRun(context, optionsOfRun(await Promise.allSettled(items)));
		try {
			return await generateAll(context, items, run);
		} finally {
			run.ledger.release();
		}
	},
};

async function generateAll(
	context: IExecuteFunctions,
	items: ReadonlyArray<Promise<ItemInput>>,
	run: Run<CreationContext> & CreationRun,
): Promise<INodeExecutionData[]> {
	const warnings = new Warnings();
	// If a single wrong item ends the run, it does so before anything is paid for.
	if (!context.continueOnFail()) await assertAllCorrect(context, items, run);
	const result = await runBatch({
		context,
		concurrency: run.concurrency,
		progress: run.progress,
		groups: items.map((item, itemIndex) => ({ itemIndexes: [itemIndex], itemIndex, item })),
		work: async ({ itemIndex, item }, release) =>
			await generateItem({
				context,
				itemIndex,
				item: await item,
				run: await run.forItem(itemIndex),
				warnings,
				release,
			}),
		skippedItem,
		warnings,
		ledger: run.ledger,
	});
	if (run.spendingLimit.warning) warnings.add(run.spendingLimit.warning);
	warnings.show(context, items.length);
	if (!result.mayRunAgain) run.ledger.close(result.incomplete);
	return result.items;
}

const skippedItem = (itemIndex: number, reason: string): INodeExecutionData => ({
	json: { skipped: true, reason },
	pairedItem: { item: itemIndex },
});

/** Options that hold for the whole run: those of its first item, and the smallest spending limit. */
function optionsOfRun(items: ReadonlyArray<PromiseSettledResult<ItemInput>>): NodeOptions {
	const read = items.flatMap((item) => (item.status === 'fulfilled' ? [item.value.options] : []));
	const [first = readNodeOptions({}, SCOPE).options] = read;
	const limits = read.map(({ spendingLimit }) => spendingLimit).filter((limit) => limit > 0);
	return { ...first, spendingLimit: limits.length > 0 ? Math.min(...limits) : 0 };
}

/** The parts of generating one item's images. */
interface ItemWork {
	context: IExecuteFunctions;
	itemIndex: number;
	item: ItemInput;
	run: CreationContext;
	warnings: Warnings;
	/** Lets the next item begin. */
	release: () => void;
}

async function generateItem({
	context,
	itemIndex,
	item,
	run,
	warnings,
	release,
}: ItemWork): Promise<ItemOutcome> {
	const { read, options, output, issues } = item;
	const prepare = async (): Promise<GenerationRequest> => {
		if (!read || issues.length > 0) {
			const { issues: more } = await examineItem(context, item, run);
			throw new InvalidParametersError([...issues, ...more]);
		}
		const { model, parsed } = read;
		for (const text of [...read.warnings, ...parsed.warnings]) warnings.add(text, itemIndex);
		const files = item.files ?? (await examineItem(context, item, run));
		if (files.issues.length > 0) throw new InvalidParametersError(files.issues);
		for (const text of files.warnings) warnings.add(text, itemIndex);
		const params = { ...parsed.request.params, ...files.size };
		return completeRequest(model, { ...parsed.request, params }, files.images, files.files);
	};
	if (options.dryRun) {
		const request = await prepare();
		const most = mostImages(read?.model.imageGroup, read?.model.parameters ?? {}, request.params);
		return { items: [dryRunItem(itemIndex, request, most)], problems: [] };
	}
	const claim = run.ledger.claim(itemIndex);
	const isResumed = claim.entry !== undefined;
	const now = read?.parsed.request ?? { model: '', params: {} };
	const model = claim.entry?.model ?? now.model;
	const outcome = await generate(claim, prepare, run, {
		options: toTaskOptions(options),
		imageStore: binaryStore(context, { ...options, modelId: model }),
		kind: read?.model.makes ?? 'image',
		release,
	});
	for (const text of outcome.warnings) warnings.add(text);
	const params = outcome.params ?? describeParams(now.params);
	const changed = read && isResumed ? changedParams(read, params) : [];
	if (changed.length > 0) {
		warnings.add(
			`An earlier try has paid for this task, so it was not created again. ${formatSome(changed, 5)} would be different now; the output shows what was sent.`,
			itemIndex,
		);
	}
	const { prompt } = params;
	const facts = {
		...output,
		model,
		prompt: typeof prompt === 'string' ? prompt : null,
		parameters: jsonSchema.parse(params),
	};
	return {
		items: toItems(outcome, facts),
		problems: outcome.images.flatMap(({ problem }) => (problem ? [problem] : [])),
		taskId: outcome.task.id,
	};
}

/** Labels of the parameters that differ from what was sent; what files add is not compared. */
function changedParams(
	{ model: { parameters, size }, parsed: { request } }: NonNullable<ItemInput['read']>,
	sent: Record<string, unknown>,
): string[] {
	const now = describeParams(request.params);
	// Files are not looked at again for a task that is paid for.
	const compared = (value: unknown) =>
		String(JSON.stringify(value)).replace(/"[^"]*<(?:file|\d+ bytes)>"/g, '"<file>"');
	const changed = [...Object.keys(now), ...Object.keys(parameters)]
		.filter((name) => compared(sent[name]) !== compared(now[name]))
		// What a model with sizes has beside its parameters are those.
		.map((name) => parameters[name]?.displayName ?? (size ? SIZE_LABEL : name));
	return [...new Set(changed)].map((label) => `'${label}'`);
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
			input: [{ params: jsonSchema.parse(describeParams(request.params)) }],
		},
	},
	pairedItem: { item: itemIndex },
});
