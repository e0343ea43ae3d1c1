import type { IExecuteFunctions } from 'n8n-workflow';
import type { CreationContext } from '../../core/pipeline/runContext';
import { followInput } from '../../core/request/parseSize';
import { parseRequest, type ParseResult } from '../../core/request/parseRequest';
import type { Issue } from '../../core/shared/issues';
import type { NodeOptions, OptionScope } from '../form/options';
import { readModel } from '../connection/descriptions';
import { examineImages, type ExaminedImages } from '../input/examineImages';
import { examineFiles, type ExaminedFiles } from '../input/examineFiles';
import { readNodeOptions } from '../input/readOptions';
import { readCollection, readParameters, type ItemParameters } from '../input/readParameters';
import { readOutputSettings, type OutputSettings } from '../output/items';
import { isTool } from '../output/toolAnswer';

/** An item whose fields are read and checked. */
export interface ItemInput extends ItemSettings {
	/** Absent if the item names no known model, which is an issue. */
	read?: ItemParameters & { parsed: ParseResult };
	/** Its input files, once examined; their content is not held. */
	files?: ExaminedInput;
}

/** An item's input images and other files, and what follows from them for the request. */
export interface ExaminedInput extends ExaminedImages, ExaminedFiles {
	/** The size to send, if the first image decides it. */
	size?: Record<string, unknown>;
}

/** The scope of the node's options here: this operation creates tasks. */
export const SCOPE = { creates: true };

/** What an item's options say, and how its output is wanted. */
export interface ItemSettings {
	options: NodeOptions;
	output: OutputSettings;
	issues: Issue[];
}

/** An item's options and how its output is to be; problems are in `issues`, not thrown. */
export function readSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	scope: OptionScope,
): ItemSettings {
	const collection = readCollection(context, itemIndex);
	const read = readNodeOptions(collection, { ...scope, asTool: isTool(context) });
	return { ...read, output: readOutputSettings(context, itemIndex, read.options) };
}

/**
 * Reads and checks all of an item's fields, so that nothing is left to fail once the item is paid
 * for; its files are looked at by `examineItem`.
 *
 * @throws what an expression in a field throws
 */
export async function readItem(context: IExecuteFunctions, itemIndex: number): Promise<ItemInput> {
	const settings = readSettings(context, itemIndex, SCOPE);
	const chosen = await readModel(context, itemIndex);
	if (!('model' in chosen)) return { ...settings, issues: [chosen, ...settings.issues] };
	const read = readParameters(context, itemIndex, chosen);
	const parsed = parseRequest(read.model, read.values);
	const issues = [...read.issues, ...parsed.issues, ...settings.issues];
	return { ...settings, read: { ...read, parsed }, issues };
}

/** The item's input files with their issues; none for a model without. */
export async function examineItem(
	context: IExecuteFunctions,
	{ read, options }: ItemInput,
	{ publicFetch, linkChecks }: CreationContext,
): Promise<ExaminedInput> {
	const { images: limits, size } = read?.model ?? {};
	const others = await examineFiles(context, read?.files, options.maxUpload);
	if (!read || !limits) return { images: [], warnings: [], ...others };
	const { isLikeInput } = read.parsed;
	const checkLink = async (url: string, isFirst: boolean) => {
		const beginning = isFirst && isLikeInput ? 'beginning' : 'no';
		const open = options.checkImageUrls ? 'whole' : beginning;
		return await linkChecks.check(limits, url, open, publicFetch);
	};
	const images = await examineImages(context, limits, read.values.images, checkLink);
	const { files } = others;
	if (!size || !isLikeInput || images.issues.length > 0) return { ...images, files };
	const { issues, params, warnings } = followInput(size, images.first);
	return { ...images, files, issues, warnings: [...images.warnings, ...warnings], size: params };
}
