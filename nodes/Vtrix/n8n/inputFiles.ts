import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import {
	checkFile,
	checkUrl,
	tooLarge,
	type FileCheck,
	type InputImage,
} from '../core/request/checkImage';
import { IMAGES_LABEL, type InputImages } from '../core/definition/inputImages';
import { readHeader } from '../core/imageFile/imageHeader';
import { readEnds } from '../core/imageFile/readEnds';
import type { Issue } from '../core/issues';
import type { InputFile } from '../core/request/inputFile';
import type { InputImageSource } from '../core/request/parseRequest';
import { openFile } from './storedFile';

/**
 * Finds the files among an item's input images and checks them by their size and first bytes, once
 * each; their content is read when it is sent. A file that is too large is not even opened.
 *
 * @param checkLink checks a well-formed URL for what its form doesn't show
 */
export async function readFiles(
	context: IExecuteFunctions,
	itemIndex: number,
	limits: InputImages,
	sources: readonly InputImageSource[],
	checkLink: (url: string) => Promise<FileCheck>,
): Promise<FileCheck & { images: InputImage[] }> {
	const images: InputImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const note = (checked: FileCheck) => {
		issues.push(...checked.issues);
		warnings.push(...checked.warnings);
	};
	const files = new Map<string, InputFile>();
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
		const known = files.get(fieldName);
		if (known) {
			images.push({ file: known, ...reference });
			continue;
		}
		const binary = findBinary(context, itemIndex, fieldName);
		if (!binary) {
			issues.push(noSuchFile(context, itemIndex, fieldName));
			continue;
		}
		const { bytes, read } = await openFile(context, binary);
		const large = tooLarge(limits, fieldName, bytes);
		if (large) {
			issues.push(large);
			continue;
		}
		const ends = await readEnds(read(), bytes);
		note(checkFile(limits, { ...ends, binaryPropertyName: fieldName, bytes }));
		const mimeType = readHeader(ends.head)?.mimeType ?? 'application/octet-stream';
		const file: InputFile = { binaryPropertyName: fieldName, bytes, mimeType, read };
		files.set(fieldName, file);
		images.push({ file, ...reference });
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
