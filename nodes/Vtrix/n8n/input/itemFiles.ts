import type { IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../../core/shared/objectPath';
import { shortenExpression } from './expressions';
import { isFileObject } from './fileObjects';

/** The files that an item carries, in either of the places where n8n keeps them. */
export interface ItemFiles {
	/** Names of their fields, in the item's order. */
	names: string[];
	/** Names of the fields of its JSON. */
	jsonNames: string[];
	/** The value of a field, a file or not; `undefined` if there is no such field. */
	find(name: string): unknown;
}

/** Where n8n puts files in the JSON, for a workflow whose setting `binaryMode` is `combined`. */
const COMBINED_FIELD = '_files';

/** Finds an item's files by the names of their fields. */
export function itemFiles(context: IExecuteFunctions, itemIndex: number): ItemFiles {
	const { binary, json } = context.getInputData()[itemIndex] ?? {};
	const separate: Record<string, unknown> = isRecord(binary) ? binary : {};
	// By a path n8n finds a file in the JSON only where the workflow keeps its files there.
	const atPath = (path: string): Record<string, unknown> | undefined => {
		try {
			const found: unknown = context.helpers.assertBinaryData(itemIndex, path);
			// A name like `constructor` would find what every object has.
			return isFileObject(found) ? found : undefined;
		} catch {
			return undefined;
		}
	};
	const inJson = (name: string) =>
		atPath(COMBINED_FIELD + asPath(name)) ?? atPath(asPath(name)) ?? atPath(name);
	const namesInJson = [json?.[COMBINED_FIELD], json]
		.filter(isRecord)
		.flatMap((place) => Object.keys(place).filter((name) => isFileObject(place[name])))
		.filter(inJson);
	return {
		jsonNames: Object.keys(json ?? {}),
		names: [...new Set([...Object.keys(separate), ...namesInJson])],
		find: (name) => (Object.hasOwn(separate, name) ? separate[name] : inJson(name)),
	};
}

/** `["name"]`: the path of a field, whatever characters its name holds. */
const asPath = (name: string): string => `["${name.replace(/["\\]/g, '\\$&')}"]`;

/** Whether an expression is about files. */
export const asksForFiles = (expression: string): boolean => /\bbinary\b|_files\b/.test(expression);

const LISTED = 10;

/** That an expression gives nothing, or what else it gives, and what the item has instead. */
export function expressionIssue(
	expression: string,
	{ names, jsonNames }: ItemFiles,
	gives = 'gives nothing for this item',
): string {
	const there = (asksForFiles(expression) ? names : jsonNames)
		.slice(0, LISTED)
		.map((name) => `'${name}'`)
		.join(', ');
	const instead = there && ` The item has ${there}.`;
	return `the expression ${shortenExpression(expression)} ${gives}.${instead}`;
}
