import type { IExecuteFunctions } from 'n8n-workflow';
import { identifyFile } from '../../core/imageFile/identifyFile';
import { readKind } from '../../core/imageFile/imageHeader';
import type { PictureFile } from '../../core/imageFile/formats/pictureFile';
import { PictureWatch, readPicture, type PictureSource } from '../../core/imageFile/readPicture';
import type { FileCheck } from '../../core/request/checkImage';
import type { InputFile } from '../../core/request/inputFile';
import { InvalidParametersError } from '../../core/shared/errors';
import type { Issue } from '../../core/shared/issues';
import type { NamedFile } from './fileEntries';
import { openFile, unreadable } from './storedFile';

/** What is checked of files. */
interface FileRules {
	/** Label of the field that names them. */
	label: string;
	/** What the size alone shows to be wrong, before the file is opened. */
	checkSize?: (name: string, bytes: number) => Issue | undefined;
	/** What its beginning and its end show. */
	check?: (name: string, picture: PictureFile) => FileCheck;
}

/** A file ready to be sent if nothing is wrong with it. */
interface OpenedFile extends FileCheck {
	/** Absent if it cannot or must not be read. */
	file?: InputFile;
}

/** Opens files, each once: what is wrong with one is told the first time. */
export function fileOpener(
	context: IExecuteFunctions,
	rules: FileRules,
): (named: NamedFile) => Promise<OpenedFile> {
	const opened = new Map<string, OpenedFile>();
	return async (named) => {
		const { content } = named;
		const key = 'id' in content ? content.id : content.base64;
		const known = opened.get(key);
		if (known) return { ...known, issues: [], warnings: [] };
		const made = await open(context, named, rules);
		opened.set(key, made);
		return made;
	};
}

async function open(
	context: IExecuteFunctions,
	{ binaryPropertyName: name, content, mimeType: contentType = '' }: NamedFile,
	{ label, checkSize, check = () => ({ issues: [], warnings: [] }) }: FileRules,
): Promise<OpenedFile> {
	const issue = (message: string): Issue => ({ label, value: name, message });
	const toIssue = (error: unknown): Issue => issue(unreadable(content, error));
	const rejected = (reason: Issue): OpenedFile => ({ issues: [reason], warnings: [] });
	const stored = await openFile(context, content).catch(toIssue);
	if ('message' in stored) return rejected(stored);
	const { bytes } = stored;
	if (bytes === 0) return rejected(issue('is an empty file. Check the node that delivers it.'));
	const wrongSize = checkSize?.(name, bytes);
	if (wrongSize) return rejected(wrongSize);
	const picture = await readPicture(stored).catch(toIssue);
	if ('message' in picture) return rejected(picture);
	const { head } = picture;
	const { mimeType } = readKind(head) ?? identifyFile(head, { contentType, path: '' });
	const judge = (whole: PictureFile) => check(name, whole);
	const read = () => readThrough(stored, judge, toIssue);
	return { ...judge(picture), file: { binaryPropertyName: name, bytes, mimeType, read } };
}

/**
 * The content of a file, which is checked once more at its end, as not every store gives the end of
 * a file earlier. It is read once before the request is sent, so that nothing is charged for a file
 * that is rejected then.
 *
 * @param toIssue says why it can no longer be read
 * @throws InvalidParametersError
 */
async function* readThrough(
	{ bytes, read }: PictureSource,
	judge: (whole: PictureFile) => FileCheck,
	toIssue: (error: unknown) => Issue,
): AsyncGenerator<Buffer> {
	const toError = (error: unknown) => new InvalidParametersError([toIssue(error)]);
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
