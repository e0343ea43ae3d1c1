import { isRecord } from '../../core/shared/objectPath';

/** Where a file's content is: in n8n's store by its id, or in the item itself. */
export type FileContent = { id: string } | { base64: string };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * n8n's file objects have at least one of these keys, other objects with an `id` or `data` none.
 */
const FILE_FACTS = ['mimeType', 'fileName', 'fileExtension', 'fileType'];

/** Whether an object is one of n8n's files, with its content or without. */
export const isFileObject = (value: unknown): value is Record<string, unknown> =>
	isRecord(value) && FILE_FACTS.some((fact) => isText(value[fact]));

/** For a file in n8n's store, `data` is the name of the store. */
const STORES = ['filesystem', 'filesystem-v2', 's3', 'azure', 'database'];

/** Where a file's content is; `undefined` if the object does not say. */
export function contentOf({ id, data }: Record<string, unknown>): FileContent | undefined {
	if (isText(id)) return { id };
	if (typeof data !== 'string' || STORES.includes(data)) return undefined;
	// A Code node may have left the head of a data URI in place.
	return { base64: data.replace(/^data:[^,]{0,200};base64,/i, '') };
}

/** All that n8n writes into a file object. */
const FILE_KEYS = [...FILE_FACTS, 'bytes', 'data', 'directory', 'fileSize', 'id'];
/** The ID of a file in one of n8n's stores. */
const STORE_ID = new RegExp(`^(${STORES.join('|')}):(?:[^/\\s].*)?[\\da-f-]{36}$`, 'i');

/** Whether a text is n8n's own ID of a stored file, or names nothing but the store. */
export const isStoreId = (text: string): boolean =>
	STORE_ID.test(text) || /^(data:.*;base64,)?filesystem-v2$/.test(text);

/**
 * Whether an object among parameters is a file of n8n, and not one of the service's own that has a
 * `mimeType` as well, such as `{"mimeType": "image/png", "data": "…"}`.
 */
export const isWholeFileObject = (value: unknown): value is Record<string, unknown> =>
	isFileObject(value) &&
	Object.keys(value).every((key) => FILE_KEYS.includes(key)) &&
	['id', 'fileSize', 'fileExtension', 'fileType'].some((key) => isText(value[key]));

/** Whether an object describes the same file as another one, which has its content. */
export const isSameFile = (file: Record<string, unknown>, other: unknown): boolean =>
	isRecord(other) && Object.entries(file).every(([fact, value]) => other[fact] === value);

/**
 * Whether an object is all that describes a file, with its content or without: n8n leaves content
 * that is inside the item out of what `$binary` gives. Not so one that has only the same type, such as
 * the service's own `{"mimeType": "image/png"}` for the image to make.
 */
export const isWithoutContent = (file: Record<string, unknown>, other: unknown): boolean =>
	isRecord(other) &&
	isSameFile(file, other) &&
	Object.keys(other).every((fact) => fact === 'data' || Object.hasOwn(file, fact));

/** Parameters hold lists of objects, which hold files by the names of their fields. */
const DEEPEST = 12;

/** Whether a value is or holds a file of n8n, one of this kind. */
export function holdsFile(
	value: unknown,
	matches: (file: Record<string, unknown>) => boolean = () => true,
	depth = DEEPEST,
): boolean {
	if (isFileObject(value)) return matches(value);
	if (depth === 0 || typeof value !== 'object' || value === null) return false;
	return Object.values(value).some((inner: unknown) => holdsFile(inner, matches, depth - 1));
}

/** A value in which some file lacks its content: n8n leaves it out of what `$binary` gives. */
export const lacksContent = (value: unknown): boolean =>
	holdsFile(value, (file) => contentOf(file) === undefined);

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
