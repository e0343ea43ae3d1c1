import type { IExecuteFunctions } from 'n8n-workflow';
import { identifyFile } from '../../core/imageFile/identifyFile';
import { readKind } from '../../core/imageFile/imageHeader';
import { readPicture } from '../../core/imageFile/readPicture';
import type { InputFile } from '../../core/request/inputFile';
import type { PlacedFile } from '../../core/definition/placedFile';
import { InvalidParametersError } from '../../core/shared/errors';
import { formatMegabytes } from '../../core/shared/format';
import type { Issue } from '../../core/shared/issues';
import { FILES_LABEL } from '../form/fileFields';
import { OPTIONS } from '../form/options';
import type { NamedFile } from './fileEntries';
import { readThrough } from './inputFiles';
import type { PlacedFiles } from './jsonFiles';
import { openFile, unreadable } from './storedFile';

/** Files that stand among an item's parameters, ready to be sent if nothing is wrong with them. */
export interface ExaminedFiles {
	files: Map<PlacedFile, InputFile>;
	issues: Issue[];
}

/**
 * Checks files whose limits are not known here: that they are there, not empty and not too large. Of
 * each, the first bytes are read, which show its type.
 *
 * @param maxUpload most megabytes of all of them together
 */
export async function examineFiles(
	context: IExecuteFunctions,
	placed: PlacedFiles | undefined,
	maxUpload: number,
): Promise<ExaminedFiles> {
	const files: ExaminedFiles['files'] = new Map();
	const issues: Issue[] = [];
	const opened = new Map<string, InputFile | Issue>();
	for (const [place, named] of placed ?? []) {
		const { content } = named;
		const key = 'id' in content ? content.id : content.base64;
		const known = opened.get(key);
		const file = known ?? (await openUpload(context, named));
		opened.set(key, file);
		if ('read' in file) files.set(place, file);
		else if (!known) issues.push(file);
	}
	const sent = [...files.values()];
	const bytes = sent.reduce((sum, file) => sum + file.bytes, 0);
	if (bytes > maxUpload * 1_000_000) {
		const together = sent.length > 1 ? ' together' : '';
		issues.push({
			label: FILES_LABEL,
			value: sent.map(({ binaryPropertyName }) => binaryPropertyName).join(', '),
			message: `${sent.length > 1 ? 'are' : 'is'} ${formatMegabytes(bytes)} large${together}. At most ${formatMegabytes(maxUpload * 1_000_000)} are sent: use a smaller file, or raise the option '${OPTIONS.maxUpload.parameter.displayName}' if the model takes more.`,
		});
	}
	return { files, issues };
}

async function openUpload(
	context: IExecuteFunctions,
	{ binaryPropertyName, content, mimeType = '' }: NamedFile,
): Promise<InputFile | Issue> {
	const issue = (message: string): Issue => ({
		label: FILES_LABEL,
		value: binaryPropertyName,
		message,
	});
	const toIssue = (error: unknown) => issue(unreadable(content, error));
	const stored = await openFile(context, content).catch(toIssue);
	if ('message' in stored) return stored;
	const { bytes } = stored;
	if (bytes === 0) return issue('is an empty file. Check the node that delivers it.');
	const picture = await readPicture(stored).catch(toIssue);
	if ('message' in picture) return picture;
	const { head } = picture;
	const type = readKind(head) ?? identifyFile(head, { contentType: mimeType, path: '' });
	return {
		binaryPropertyName,
		bytes,
		mimeType: type.mimeType,
		read: () =>
			readThrough(stored, {
				judge: () => ({ issues: [], warnings: [] }),
				toError: (error) => new InvalidParametersError([toIssue(error)]),
			}),
	};
}
