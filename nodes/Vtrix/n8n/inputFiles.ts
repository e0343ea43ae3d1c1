import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import {
	checkFile,
	checkUrl,
	tooLarge,
	type FileCheck,
	type InputImage,
} from '../core/request/checkImage';
import { IMAGES_LABEL, type InputImages } from '../core/definition/inputImages';
import type { Issue } from '../core/issues';
import type { InputImageSource } from '../core/request/parseRequest';

/** Which files of an item are to be read, and what they must keep to. */
export interface FileReading {
	context: IExecuteFunctions;
	itemIndex: number;
	limits: InputImages;
	sources: readonly InputImageSource[];
	/** Checks a well-formed URL for what its form doesn't show. */
	checkLink: (url: string) => Promise<FileCheck>;
}

/**
 * Reads the files among an item's input images, once each, and checks them by their bytes.
 * A file that is too large is refused by its recorded size, without being read.
 */
export async function readFiles({
	context,
	itemIndex,
	limits,
	sources,
	checkLink,
}: FileReading): Promise<FileCheck & { images: InputImage[] }> {
	const images: InputImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const note = (checked: FileCheck) => {
		issues.push(...checked.issues);
		warnings.push(...checked.warnings);
	};
	const buffers = new Map<string, Buffer>();
	for (const source of sources) {
		const reference =
			typeof source.referenceType === 'string' ? { referenceType: source.referenceType } : {};
		if ('url' in source) {
			const { url } = source;
			if (!checkUrl(url)) note(await checkLink(url));
			images.push({ url, ...reference });
			continue;
		}
		const { binaryPropertyName: fieldName } = source;
		const known = buffers.get(fieldName);
		if (known) {
			images.push({ file: { binaryPropertyName: fieldName, bytes: known }, ...reference });
			continue;
		}
		const binary = findBinary(context, itemIndex, fieldName);
		if (!binary) {
			issues.push(noSuchFile(context, itemIndex, fieldName));
			continue;
		}
		const size = await recordedSize(context, binary);
		const large = size === undefined ? undefined : tooLarge(limits, fieldName, size);
		if (large) {
			issues.push(large);
			continue;
		}
		const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, fieldName);
		buffers.set(fieldName, bytes);
		note(checkFile(limits, { binaryPropertyName: fieldName, bytes }));
		images.push({ file: { binaryPropertyName: fieldName, bytes }, ...reference });
	}
	return { images, issues, warnings };
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	fieldName: string,
): IBinaryData | undefined {
	try {
		return context.helpers.assertBinaryData(itemIndex, fieldName);
	} catch {
		return undefined;
	}
}

async function recordedSize(
	context: IExecuteFunctions,
	{ id, data }: IBinaryData,
): Promise<number | undefined> {
	// Without an id the file stands in the item itself.
	if (!id) return Buffer.byteLength(data, 'base64');
	return await context.helpers.getBinaryMetadata(id).then(
		({ fileSize }) => fileSize,
		() => undefined,
	);
}

function noSuchFile(context: IExecuteFunctions, itemIndex: number, fieldName: string): Issue {
	const there = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
	return {
		label: IMAGES_LABEL,
		value: fieldName,
		message:
			there.length === 0
				? 'is not there: the item carries no files. Connect a node that delivers a file, or choose URL as the source.'
				: `is not a file field of this item. It has ${there.map((name) => `'${name}'`).join(', ')}.`,
	};
}
