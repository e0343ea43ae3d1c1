import { fileKind } from '../../core/imageFile/fileKind';
import { isRecord } from '../../core/shared/objectPath';
import { unquotePasted } from '../../core/shared/pasted';
import { OBJECT_AS_TEXT } from './expressions';
import {
	AS_TEXT,
	BESIDE_TEXT,
	readEntries,
	TYPED_EXPRESSION,
	type FieldEntry,
} from './fieldEntries';
import { contentOf, isFileObject, isSameFile, type FileContent } from './fileObjects';
import type { ItemFiles } from './itemFiles';

/** A file that a field names: its name in messages, and where its content is. */
export interface NamedFile {
	binaryPropertyName: string;
	content: FileContent;
	/** What n8n calls its type. */
	mimeType?: string;
}

type FileEntry = FieldEntry<NamedFile>;

/** The files that a field's value names or holds, in their order. */
export const readFiles = (value: unknown, files: ItemFiles): FileEntry[] =>
	// The exact name of a field takes precedence over any other meaning of the text.
	typeof value === 'string' && files.find(value) !== undefined
		? [namedFile(value, files)]
		: readEntries(value, {
				readText: (text) =>
					namesIn(text, files)
						.flatMap((name) => namesBetweenBlanks(name, files))
						.map((name) => namedFile(name, files)),
				readOne: (one) => readOne(one, files),
			});

function readOne(value: unknown, files: ItemFiles): FileEntry[] {
	if (typeof value === 'string' || typeof value === 'number') {
		return [namedFile(String(value), files)];
	}
	if (isFileObject(value)) return [givenFile(value, files)];
	// An object may hold files by the names of their fields, as `$binary` does.
	if (isRecord(value) && Object.values(value).some(isFileObject)) {
		return Object.entries(value).map(([name, entry]) => fileIn(name, entry));
	}
	return [{ kind: 'wrong', value, message: notAFile(value) }];
}

/** Names in a text: commas and lines separate them, but a field may have commas in its name. */
function namesIn(text: string, files: ItemFiles): string[] {
	if (/^\s*(data:|https?:\/\/)/i.test(text)) return [text.trim()];
	const longestFirst = [...files.names].sort((one, other) => other.length - one.length);
	const names: string[] = [];
	let rest = text.trim();
	while (rest !== '') {
		const known = longestFirst.find(
			(name) => rest.startsWith(name) && /^\s*?([,\r\n]|$)/.test(rest.slice(name.length)),
		);
		const name = known ?? rest.slice(0, rest.search(/[,\r\n]|$/));
		names.push(name.trim());
		rest = rest.slice(name.length).replace(/^,/, '').trim();
	}
	return names.filter(Boolean);
}

/** Browsers paste lines with blanks between them; a name that is no field may be several that are. */
function namesBetweenBlanks(name: string, files: ItemFiles): string[] {
	const isField = (part: string) => findField(part, files) !== undefined;
	const parts = name.split(/\s+/);
	return !isField(name) && parts.every(isField) ? parts : [name];
}

/** The value of the field with this name, or with this name without the quotes around it. */
const findField = (name: string, files: ItemFiles): unknown =>
	files.find(name) ?? files.find(unquotePasted(name));

function namedFile(name: string, files: ItemFiles): FileEntry {
	const found = findField(name, files);
	if (found !== undefined) return fileIn(name, found);
	return { kind: 'wrong', value: name, message: noSuchFile(name, files) };
}

/** The value of a file field of the item, which may be anything if a Code node set it. */
function fileIn(binaryPropertyName: string, value: unknown): FileEntry {
	const content = isRecord(value) ? contentOf(value) : undefined;
	if (content) return { kind: 'named', named: { binaryPropertyName, content, ...typeOf(value) } };
	return {
		kind: 'wrong',
		value: binaryPropertyName,
		message: `${withoutFile(value)}. Check the node that delivers it; a Code node makes a file with 'this.helpers.prepareBinaryData'.`,
	};
}

function withoutFile(value: unknown): string {
	if (value === null || (isRecord(value) && Object.keys(value).length === 0)) {
		return 'is a file field without a file in it';
	}
	if (isRecord(value)) return 'is a file field whose file has no content';
	return `is a file field that holds ${typeof value === 'string' ? 'text' : 'something else'} in the place of a file`;
}

const typeOf = (file: unknown): Pick<NamedFile, 'mimeType'> =>
	isRecord(file) && typeof file.mimeType === 'string' ? { mimeType: file.mimeType } : {};

/** A file that an expression gives as an object. */
export function givenFile(
	file: Record<string, unknown>,
	files: ItemFiles,
): Extract<FileEntry, { kind: 'named' | 'wrong' }> {
	const { fileName, mimeType = 'file' } = file;
	const own = files.names.find((name) => isSameFile(file, files.find(name)));
	const name = own ?? String(fileName || mimeType);
	const content = contentOf(file) ?? (own && contentOf({ ...Object(files.find(own)) }));
	if (content) {
		return { kind: 'named', named: { binaryPropertyName: name, content, ...typeOf(file) } };
	}
	return {
		kind: 'wrong',
		value: name,
		message:
			"is a file object without its content. Enter the name of the file's field instead, or an expression such as {{ $('Node').item.binary.data }}.",
	};
}

function notAFile(value: unknown): string {
	if (isRecord(value) && String(value) === '[object Object]' && Object.keys(value).length === 0) {
		return 'is an object without a file in it. Check that the node before delivers the file, or let the expression give null where no image is wanted.';
	}
	if (isRecord(value) && ['url', 'signedUrl'].some((field) => typeof value[field] === 'string')) {
		return 'is an object with a URL, not a file. Choose URL as the source.';
	}
	return "is not a file. Enter the name of a file field, or an expression that gives a file, such as {{ $('Node').item.binary.data }}.";
}

function noSuchFile(name: string, { names }: ItemFiles): string {
	if (name.includes(OBJECT_AS_TEXT)) return BESIDE_TEXT;
	if (/^\s*https?:\/\//i.test(name)) return 'is a URL, not a file field. Choose URL as the source.';
	if (TYPED_EXPRESSION.test(name)) return AS_TEXT;
	const isData = /^\s*data:/i.test(name);
	if (isData || fileKind(Buffer.from(name))?.advice !== undefined) {
		return `is image data, not a file field. ${isData ? "Cut 'data:…;base64,' off and turn the rest" : 'Turn it'} into a file with the Convert to File node, Operation 'Move Base64 String to File'.`;
	}
	return names.length === 0
		? 'is not there: the item carries no files. Connect a node that delivers a file, or choose URL as the source.'
		: `is not a file field of this item. It has ${names.map((known) => `'${known}'`).join(', ')}.`;
}
