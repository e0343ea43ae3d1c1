import type { IExecuteFunctions } from 'n8n-workflow';
import { imagesLabel, type InputImages } from '../../core/definition/inputImages';
import {
	checkFile,
	checkUrl,
	tooLarge,
	type FileCheck,
	type InputImage,
} from '../../core/request/checkImage';
import type { NamedPicture } from '../../core/request/parseSize';
import type { RowImage } from './imageRows';
import { fileOpener } from './openedFile';

/** An item's input images, ready to be sent if nothing is wrong with them. */
export interface ExaminedImages extends FileCheck {
	images: InputImage[];
	/** The first of them, which the size may follow. */
	first?: NamedPicture;
}

/**
 * Checks an item's input images: files by their size, their beginning and their end; one that is too
 * large is not even opened.
 *
 * @param checkLink checks a well-formed URL beyond its form
 */
export async function examineImages(
	context: IExecuteFunctions,
	limits: InputImages,
	rows: readonly RowImage[],
	checkLink: (url: string, isFirst: boolean) => Promise<FileCheck>,
): Promise<ExaminedImages> {
	const examined: ExaminedImages = { images: [], issues: [], warnings: [] };
	const open = fileOpener(context, {
		label: imagesLabel(limits),
		checkSize: (name, bytes) => tooLarge(limits, name, bytes),
		check: (binaryPropertyName, picture) => checkFile(limits, { binaryPropertyName, picture }),
	});
	for (const [index, row] of rows.entries()) {
		if ('rejected' in row) continue;
		const { referenceType } = row;
		const reference = typeof referenceType === 'string' ? { referenceType } : {};
		let check: FileCheck = { issues: [], warnings: [] };
		if ('url' in row) {
			const { url } = row;
			if (!checkUrl(limits, url)) check = await checkLink(url, index === 0);
			examined.images.push({ url, ...reference });
		} else {
			const { file, ...checked } = await open(row);
			check = checked;
			if (file) examined.images.push({ file, ...reference });
		}
		examined.issues.push(...check.issues);
		examined.warnings.push(...check.warnings);
		if (index > 0) continue;
		const { header } = check;
		const name = 'url' in row ? row.url : row.binaryPropertyName;
		examined.first = { name, ...(header && { header }) };
	}
	return examined;
}
