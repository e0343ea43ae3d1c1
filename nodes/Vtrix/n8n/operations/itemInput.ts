import type { IExecuteFunctions } from 'n8n-workflow';
import type { CreationContext } from '../../core/pipeline/runContext';
import { followInput } from '../../core/request/parseSize';
import { parseRequest, type ParseResult } from '../../core/request/parseRequest';
import type { Issue } from '../../core/shared/issues';
import type { NodeOptions } from '../form/options';
import { readModel } from '../connection/descriptions';
import { examineImages, type ExaminedImages } from '../input/inputFiles';
import { examineFiles, type ExaminedFiles } from '../input/uploads';
import { readNodeOptions } from '../input/readOptions';
import { readCollection, readParameters, type ItemParameters } from '../input/readParameters';
import { readOutputSettings, type OutputSettings } from '../output/items';
import { isTool } from '../output/toolAnswer';

/** An item whose fields are read and checked. */
export interface ItemInput {
	/** Absent if the item names no known model, which is an issue. */
	read?: ItemParameters & { parsed: ParseResult };
	options: NodeOptions;
	output: OutputSettings;
	issues: Issue[];
	/** Its input files, once examined; their content is not held. */
	files?: ItemFiles;
}

/** An item's input images and other files, and what follows from them for the request. */
export interface ItemFiles extends ExaminedImages, ExaminedFiles {
	/** The size to send, if the first image decides it. */
	size?: Record<string, unknown>;
}

/** The scope of the node's options here: this operation creates tasks. */
export const SCOPE = { creates: true };

/**
 * Reads and checks all of an item's fields, so that nothing is left to fail once the item is paid
 * for; its files are looked at by `examineItem`.
 *
 * @throws what an expression in a field throws
 */
export async function readItem(context: IExecuteFunctions, itemIndex: number): Promise<ItemInput> {
	const { options, issues } = readNodeOptions(readCollection(context, itemIndex), {
		...SCOPE,
		asTool: isTool(context),
	});
	const output = readOutputSettings(context, itemIndex, options);
	const chosen = await readModel(context, itemIndex);
	if (!('model' in chosen)) return { options, output, issues: [chosen, ...issues] };
	const read = readParameters(context, itemIndex, chosen);
	const parsed = parseRequest(read.model, read.values);
	return {
		read: { ...read, parsed },
		options,
		output,
		issues: [...read.issues, ...parsed.issues, ...issues],
	};
}

/** The item's input files with their issues; none for a model without. */
export async function examineItem(
	context: IExecuteFunctions,
	{ read, options }: ItemInput,
	{ publicFetch, linkChecks }: CreationContext,
): Promise<ItemFiles> {
	const { images: limits, size } = read?.model ?? {};
	const others = await examineFiles(context, read?.files, options.maxUpload);
	if (!read || !limits) return { images: [], warnings: [], ...others };
	const examined = await examineImages({
		context,
		limits,
		images: read.values.images,
		checkLink: async (url, isFirst) => {
			const beginning = isFirst && read.parsed.isLikeInput ? 'beginning' : 'no';
			const open = options.checkImageUrls ? 'whole' : beginning;
			return await linkChecks.check(limits, url, open, publicFetch);
		},
	});
	const { issues, warnings, first } = examined;
	const { files } = others;
	if (!size || !read.parsed.isLikeInput || issues.length > 0) return { ...examined, files };
	const followed = followInput(size, first);
	return {
		...examined,
		files,
		issues: followed.issues,
		warnings: [...warnings, ...followed.warnings],
		size: followed.params,
	};
}
