import type { IExecuteFunctions } from 'n8n-workflow';
import { isUnset } from '../../core/definition/parameter';
import { PlacedFile } from '../../core/definition/placedFile';
import type { FilePlacement } from '../../core/request/placeFiles';
import type { Issue } from '../../core/shared/issues';
import { FILES_LABEL } from '../form/fileFields';
import { readFiles } from './fileEntries';
import { itemFiles } from './itemFiles';
import type { PlacedFiles } from './jsonFiles';
import { readNamed, readRows } from './rows';

/** What stands before the base64 by 'Send As'; for a data URI it follows from the file. */
const PREFIXES = new Map<unknown, { prefix?: string }>([
	['dataUri', {}],
	['base64', { prefix: '' }],
]);

/** Reads the rows that put files of the item among its parameters. */
export function readFileRows(
	context: IExecuteFunctions,
	itemIndex: number,
): { placements: FilePlacement[]; files: PlacedFiles; issues: Issue[]; warnings: string[] } {
	const placements: FilePlacement[] = [];
	const files: PlacedFiles = new Map();
	const issues: Issue[] = [];
	const warnings: string[] = [];
	const own = itemFiles(context, itemIndex);
	for (const [index, field] of readRows(context, itemIndex, 'inputFiles.file').entries()) {
		const label = `${FILES_LABEL}, row ${index + 1}`;
		const [{ value: parameter }, { value: given }] = [field('parameter'), field('sendAs')];
		const sendAs = isUnset(given) ? 'dataUri' : given;
		const sending = PREFIXES.get(sendAs);
		const path = typeof parameter === 'string' ? parameter.trim() : '';
		if (!sending) {
			const message = 'is not one of the options. Use dataUri or base64.';
			issues.push({ label: `${label}, Send As`, value: sendAs, message });
		} else if (path === '') {
			const message = 'is empty. Enter which parameter takes the file, such as image_url.';
			issues.push({ label: `${label}, Parameter`, message });
		} else {
			const place = { label, row: label, what: 'file', files: own } as const;
			const named = readNamed(field('fieldName'), place, (value) => readFiles(value, own));
			const placed = named.values.flatMap((file) => {
				if (!file) return [];
				const at = new PlacedFile(sending.prefix);
				files.set(at, file);
				return [at];
			});
			if (placed.length > 0) placements.push({ label, path, files: placed });
			issues.push(...named.issues);
			if (named.isEmpty) warnings.push(`${label} names no file, so the request goes without it.`);
		}
	}
	return { placements, files, issues, warnings };
}
