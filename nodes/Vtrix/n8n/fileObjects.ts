import { isRecord } from '../core/objectPath';

/** Where a file's content is: in n8n's store by its id, or in the item itself. */
export type FileContent = { id: string } | { base64: string };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** n8n's files tell at least one of these, other objects with an `id` or `data` none of them. */
const FILE_FACTS = ['mimeType', 'fileName', 'fileExtension', 'fileType'];

/** Whether an object is one of n8n's files, with its content or without. */
export const isFileObject = (value: unknown): value is Record<string, unknown> =>
	isRecord(value) && FILE_FACTS.some((fact) => isText(value[fact]));

/** Of a file in n8n's store, `data` names the store. */
const STORES = ['filesystem', 'filesystem-v2', 's3', 'azure', 'database'];

/** Where a file's content is; `undefined` if the object does not tell. */
export function contentOf({ id, data }: Record<string, unknown>): FileContent | undefined {
	if (isText(id)) return { id };
	return typeof data === 'string' && !STORES.includes(data) ? { base64: data } : undefined;
}

/** Whether an object tells the same of a file as another one does that has its content. */
export const isSameFile = (file: Record<string, unknown>, other: unknown): boolean =>
	isRecord(other) && Object.entries(file).every(([fact, value]) => other[fact] === value);

/** Lists hold lists, which hold files by the names of their fields. */
const DEEPEST = 4;

/** A value in which some file lacks its content: n8n leaves it out of what `$binary` gives. */
export function lacksContent(value: unknown, depth = DEEPEST): boolean {
	if (isFileObject(value)) return contentOf(value) === undefined;
	if (depth === 0 || typeof value !== 'object' || value === null) return false;
	return Object.values(value).some((inner: unknown) => lacksContent(inner, depth - 1));
}

/** The value with its files' content from another one that is made alike, as far as it has them. */
export function restoreContent(value: unknown, complete: unknown, depth = DEEPEST): unknown {
	if (isFileObject(value)) return isSameFile(value, complete) ? complete : value;
	if (depth === 0) return value;
	if (Array.isArray(value)) {
		const others: unknown[] = Array.isArray(complete) ? complete : [];
		return value.map((inner: unknown, index) => restoreContent(inner, others[index], depth - 1));
	}
	if (!isRecord(value) || !isRecord(complete)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [
			key,
			restoreContent(inner, complete[key], depth - 1),
		]),
	);
}
