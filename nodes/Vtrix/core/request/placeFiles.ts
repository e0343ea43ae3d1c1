import { isUnset } from '../definition/parameter';
import type { PlacedFile } from '../definition/placedFile';
import type { Issue } from '../shared/issues';
import { isRecord } from '../shared/objectPath';

/** Files that go to a place which the user named. */
export interface FilePlacement {
	/** The row of the form, for messages. */
	label: string;
	/** `image_url`, `content[1].image_url.url`, `images[]` */
	path: string;
	files: readonly PlacedFile[];
}

/** A name, an index, or the place behind a list's last entry. */
type Step = string | number | null;

const STEP = /(?:^|\.)([^.[\]"'\s]+)|\[(\d+)\]|(\[\])|\["([^"]+)"\]|\['([^']+)'\]/y;

function stepsOf(path: string): Step[] | undefined {
	const text = path.trim().replace(/^\$\.?(?=[\w[])/, '');
	const steps: Step[] = [];
	const step = new RegExp(STEP);
	while (step.lastIndex < text.length) {
		const found = step.exec(text);
		if (!found) return undefined;
		const [, name, index, end, ...quoted] = found;
		const key = name ?? quoted.find((one) => one !== undefined);
		steps.push(end ? null : index === undefined ? (key ?? null) : Number(index));
	}
	return typeof steps[0] === 'string' ? steps : undefined;
}

/** The parameter that a path begins with; `undefined` for what is no path. */
export const parameterOf = (path: string): Step | undefined => stepsOf(path)?.[0];

/** Something that can't be placed: a predicate, then a sentence. */
class NoPlace {
	constructor(readonly message: string) {}
}

/** A copy of the target with the files at the place; what it does not hold yet is made. */
function place(target: unknown, steps: readonly Step[], files: readonly PlacedFile[]): unknown {
	const [step, ...rest] = steps;
	if (step === undefined) {
		if (Array.isArray(target)) return [...(target as unknown[]), ...files];
		return files.length === 1 ? files[0] : files;
	}
	if (typeof step === 'string') {
		const record = isUnset(target) ? {} : target;
		if (!isRecord(record)) {
			return new NoPlace(`asks for '${step}' of something that is ${inWords(record)}`);
		}
		const inner = place(Object.hasOwn(record, step) ? record[step] : undefined, rest, files);
		return inner instanceof NoPlace ? inner : { ...record, [step]: inner };
	}
	const list: unknown = isUnset(target) ? [] : target;
	if (!Array.isArray(list)) {
		return new NoPlace(`asks for an entry of something that is ${inWords(list)}`);
	}
	if (step === null && rest.length === 0) return [...(list as unknown[]), ...files];
	const index = step ?? list.length;
	if (index > list.length) {
		const entries = list.length === 1 ? '1 entry' : `${list.length} entries`;
		return new NoPlace(`asks for entry [${index}] of a list of ${entries}, counted from [0]`);
	}
	const copy: unknown[] = [...(list as unknown[])];
	const inner = place(copy[index], rest, files);
	copy[index] = inner;
	return inner instanceof NoPlace ? inner : copy;
}

const inWords = (value: unknown): string =>
	Array.isArray(value) ? 'a list' : isRecord(value) ? 'an object' : 'a single value';

/** The parameters themselves stay as they are, since they may be those of an item. */
export function placeFiles(
	params: Record<string, unknown>,
	placements: readonly FilePlacement[],
): { params: Record<string, unknown>; issues: Issue[] } {
	const issues: Issue[] = [];
	let placed = params;
	for (const { label, path, files } of placements) {
		const steps = stepsOf(path);
		const result = steps
			? place(placed, steps, files)
			: new NoPlace('is not the place of a parameter');
		if (result instanceof NoPlace) {
			const message = `${result.message}. Write it as image_url, images[] or content[1].image_url.url, and compare it with 'Parameters'.`;
			issues.push({ label, value: path, message });
		} else if (isRecord(result)) placed = result;
	}
	return { params: placed, issues };
}
