import type { IExecuteFunctions } from 'n8n-workflow';
import type { InputFile } from '../../core/request/inputFile';
import type { PlacedFile } from '../../core/definition/placedFile';
import { formatMegabytes } from '../../core/shared/format';
import type { Issue } from '../../core/shared/issues';
import { FILES_LABEL } from '../form/fileFields';
import { OPTIONS } from '../form/options';
import type { PlacedFiles } from './jsonFiles';
import { fileOpener } from './openedFile';

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
	const open = fileOpener(context, { label: FILES_LABEL });
	for (const [place, named] of placed ?? []) {
		const { file, issues: found } = await open(named);
		if (file) files.set(place, file);
		issues.push(...found);
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
