import { isUnset } from '../core/definition/parameter';

/** What a field's value names: an image, something that is no image, or nothing. */
export type FieldEntry<Image> =
	| { kind: 'image'; image: Image }
	| { kind: 'wrong'; value: unknown; message: string }
	/** `null`, `''` and `[]` say that no image is wanted here. */
	| { kind: 'none' }
	/** What an expression gives for a field that is not there. */
	| { kind: 'undefined' };

/** What to do about it in a row of images. */
export const BESIDE_TEXT =
	'is what n8n makes of an object beside other text. Leave nothing but the expression in the field, or choose a field of the object.';

/** An expression typed into a fixed field, or into an expression without its braces. */
export const TYPED_EXPRESSION = /^\s*(=?\s*\{\{|\$(binary|json|input|node|item|\())/;
export const AS_TEXT =
	"is an expression that n8n takes as text. Choose 'Expression' above the field and enter it as {{ … }}.";

/** How a kind of images is read. */
export interface EntryReader<Image> {
	/** A text, which may name several images. */
	readText(text: string): Array<FieldEntry<Image>>;
	/** A single value or an entry of a list; neither unset nor a list. */
	readOne(value: unknown): Array<FieldEntry<Image>>;
}

/**
 * Reads a field's value by its type: text may name several images, and so may a list; an entry of a
 * list is never split.
 */
export function readEntries<Image>(
	value: unknown,
	reader: EntryReader<Image>,
): Array<FieldEntry<Image>> {
	const readValue = (inner: unknown): Array<FieldEntry<Image>> => {
		if (inner === undefined) return [{ kind: 'undefined' }];
		if (isUnset(inner)) return [{ kind: 'none' }];
		return Array.isArray(inner) ? inner.flatMap(readValue) : reader.readOne(inner);
	};
	if (typeof value !== 'string' || isUnset(value)) return readValue(value);
	const json = parseJson(value);
	return json === undefined ? reader.readText(value) : readValue(json);
}

/** Text that holds the JSON of a list or an object, as AI agents and some tables write it. */
function parseJson(text: string): unknown {
	if (!/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
