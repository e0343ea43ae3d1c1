import type { IExecuteFunctions } from 'n8n-workflow';
import { imagesLabel, type InputImages } from '../../core/definition/inputImages';
import { InvalidParametersError } from '../../core/shared/errors';
import { readKind } from '../../core/imageFile/imageHeader';
import type { PictureFile } from '../../core/imageFile/formats/pictureFile';
import { PictureWatch, readPicture } from '../../core/imageFile/readPicture';
import type { Issue } from '../../core/shared/issues';
import {
	checkFile,
	checkUrl,
	tooLarge,
	type FileCheck,
	type InputImage,
} from '../../core/request/checkImage';
import type { InputFile } from '../../core/request/inputFile';
import type { NamedPicture } from '../../core/request/parseSize';
import type { NamedFile } from './fileEntries';
import type { RowImage } from './imageRows';
import { openFile, unreadable, type StoredFile } from './storedFile';

/** An item's input images, ready to be sent if nothing is wrong with them. */
export interface ExaminedImages extends FileCheck {
	images: InputImage[];
	/** The first of them, which the size may follow. */
	first?: NamedPicture;
}

/** The parts of examining an item's input images. */
export interface ImageExamination {
	context: IExecuteFunctions;
	limits: InputImages;
	images: readonly RowImage[];
	/** Checks a well-formed URL beyond its form. */
	checkLink: (url: string, isFirst: boolean) => Promise<FileCheck>;
}

/**
 * Checks an item's input images: files by their size and first bytes, once each. Their content is
 * read when it is sent; a file that is too large is not even opened.
 */
export async function examineImages({
	context,
	limits,
	images: rows,
	checkLink,
}: ImageExamination): Promise<ExaminedImages> {
	const images: InputImage[] = [];
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const examined = new Map<string, ExaminedFile>();
	let first: NamedPicture | undefined;
	for (const [index, row] of rows.entries()) {
		if ('rejected' in row) continue;
		const reference =
			typeof row.referenceType === 'string' ? { referenceType: row.referenceType } : {};
		if ('url' in row) {
			const { url } = row;
			const checked = checkUrl(limits, url) ? undefined : await checkLink(url, index === 0);
			if (index === 0) first = { name: url, ...checked };
			issues.push(...(checked?.issues ?? []));
			warnings.push(...(checked?.warnings ?? []));
			images.push({ url, ...reference });
			continue;
		}
		const place = 'id' in row.content ? row.content.id : row.content.base64;
		const known = examined.get(place);
		const { file, check } = known ?? (await examineFile(context, limits, row));
		if (!known) {
			examined.set(place, { file, check });
			issues.push(...check.issues);
			warnings.push(...check.warnings);
		}
		if (index === 0) first = { name: row.binaryPropertyName, ...check };
		if (file) images.push({ file, ...reference });
	}
	return { images, issues, warnings, ...(first && { first }) };
}

interface ExaminedFile {
	check: FileCheck;
	/** Absent if it cannot or must not be read. */
	file?: InputFile;
}

async function examineFile(
	context: IExecuteFunctions,
	limits: InputImages,
	{ binaryPropertyName, content }: NamedFile,
): Promise<ExaminedFile> {
	const refusal = (message: string): FileCheck => ({
		issues: [{ label: imagesLabel(limits), value: binaryPropertyName, message }],
		warnings: [],
	});
	const refuse = (error: unknown) => refusal(unreadable(content, error));
	const stored = await openFile(context, content).catch(refuse);
	if ('issues' in stored) return { check: stored };
	const { bytes } = stored;
	const large = tooLarge(limits, binaryPropertyName, bytes);
	if (large) return { check: { issues: [large], warnings: [] } };
	const picture = await readPicture(stored).catch(refuse);
	if ('issues' in picture) return { check: picture };
	const judge = (read: PictureFile) => checkFile(limits, { binaryPropertyName, picture: read });
	const file: InputFile = {
		binaryPropertyName,
		bytes,
		mimeType: readKind(picture.head)?.mimeType ?? 'application/octet-stream',
		read: () =>
			readThrough(stored, {
				judge,
				toError: (error) => new InvalidParametersError(refuse(error).issues),
			}),
	};
	return { check: judge(picture), file };
}

/**
 * The content of a file, which is checked once more at its end, as not every store gives the end of
 * a file earlier. It is read once before the request is sent, so that nothing is charged for a file
 * that is refused then.
 *
 * @param judge finds the issues of the whole file
 * @param toError makes the error to throw if it can no longer be read
 * @throws InvalidParametersError
 */
export async function* readThrough(
	{ bytes, read }: StoredFile,
	{
		judge,
		toError,
	}: { judge: (picture: PictureFile) => FileCheck; toError: (error: unknown) => Error },
): AsyncGenerator<Buffer> {
	const pieces = read()[Symbol.asyncIterator]();
	const watch = new PictureWatch(bytes);
	let left = bytes;
	try {
		while (left >= 0) {
			const { done, value } = await pieces
				.next()
				.catch(async (error: unknown) => await Promise.reject(toError(error)));
			if (done) break;
			left -= value.length;
			watch.see(value);
			if (left >= 0) yield value;
		}
		if (left !== 0) throw toError(new Error('it changed while it was read'));
		const { issues } = judge(watch.picture);
		if (issues.length > 0) throw new InvalidParametersError(issues);
	} finally {
		await pieces.return?.();
	}
}
