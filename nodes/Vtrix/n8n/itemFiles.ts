import type { IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../core/objectPath';
import { isFileObject } from './fileObjects';

/** The files that an item carries, in either of the places where n8n keeps them. */
export interface ItemFiles {
	/** Names of their fields, in the item's order. */
	names: string[];
	/** What stands in a field, be it a file or not; `undefined` where there is no such field. */
	find(name: string): unknown;
}

/** Where n8n puts files with a workflow's setting "binary mode" on "combined". */
const COMBINED_FIELD = '_files';

/** Finds an item's files by the names of their fields. */
export function itemFiles(context: IExecuteFunctions, itemIndex: number): ItemFiles {
	const { binary, json } = context.getInputData()[itemIndex] ?? {};
	const separate: Record<string, unknown> = isRecord(binary) ? binary : {};
	// By a path n8n finds a file in the JSON only where the workflow keeps its files there.
	const atPath = (path: string): unknown => {
		try {
			return context.helpers.assertBinaryData(itemIndex, path);
		} catch {
			return undefined;
		}
	};
	const combined = (name: string) =>
		atPath(`${COMBINED_FIELD}["${name.replace(/["\\]/g, '\\$&')}"]`);
	const inJson = isRecord(json?.[COMBINED_FIELD]) ? Object.keys(json[COMBINED_FIELD]) : [];
	return {
		names: [...Object.keys(separate), ...inJson.filter(combined)],
		find(name) {
			if (Object.hasOwn(separate, name)) return separate[name];
			const inItem = inJson.includes(name) ? combined(name) : atPath(name);
			// A name like `constructor` finds what every object has.
			return isFileObject(inItem) ? inItem : undefined;
		},
	};
}
