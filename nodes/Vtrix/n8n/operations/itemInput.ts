import type { IExecuteFunctions } from 'n8n-workflow';
import type { RunContext } from '../../core/pipeline/runContext';
import { checkLink } from '../../core/request/checkImageUrl';
import { parseRequest, type ParseResult } from '../../core/request/parseRequest';
import type { Issue } from '../../core/shared/issues';
import type { NodeOptions } from '../form/options';
import { examineImages, type ExaminedImages } from '../input/inputFiles';
import { readNodeOptions } from '../input/readOptions';
import { readCollection, readParameters, type ItemParameters } from '../input/readParameters';
import { readOutputSettings, type OutputSettings } from '../output/items';

/** An item whose fields are read and checked. */
export interface ItemInput {
	/** Absent if the item names no known model, which is an issue. */
	read?: ItemParameters & { parsed: ParseResult };
	options: NodeOptions;
	output: OutputSettings;
	issues: Issue[];
	/** Its input images, once examined; their content is not held. */
	images?: ExaminedImages;
}

/** The scope of the node's options here: this operation creates tasks. */
export const SCOPE = { creates: true };

/**
 * Reads and checks all of an item's fields, so that nothing is left to fail once the item is paid
 * for; its images are looked at by `examineItem`.
 *
 * @throws what an expression in a field throws
 */
export function readItem(context: IExecuteFunctions, itemIndex: number): ItemInput {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), SCOPE);
	const output = readOutputSettings(context, itemIndex, options);
	const read = readParameters(context, itemIndex);
	if (!('model' in read)) return { options, output, issues: [read, ...issues] };
	const parsed = parseRequest(read.model, read.values);
	return {
		read: { ...read, parsed },
		options,
		output,
		issues: [...read.issues, ...parsed.issues, ...issues],
	};
}

/** The item's input images with their issues; none for a model without input images. */
export async function examineItem(
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
