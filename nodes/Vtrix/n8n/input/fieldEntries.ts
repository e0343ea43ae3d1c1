import { isUnset } from '../../core/definition/parameter';
import { quoteLongNumbers } from '../../core/shared/exactJson';

/** What a field's value names: what the field is for, something else, or nothing. */
export type FieldEntry<Named> =
	| { kind: 'named'; named: Named }
	| { kind: 'wrong'; value: unknown; message: string }
	/** `null`, `''` and `[]` say that nothing is wanted here. */
	| { kind: 'none' }
	/** What an expression gives for a field that is not there. */
	| { kind: 'undefined' };

/** What is wrong with a value that contains `[object Object]`. */
export const BESIDE_TEXT =
	'is what n8n makes of an object beside other text. Leave nothing but the expression in the field, or choose a field of the object.';

/** An expression typed into a fixed field, or into an expression without its braces. */
export const TYPED_EXPRESSION = /^\s*(=?\s*\{\{|\$(binary|json|input|node|item|\())/;
export const AS_TEXT =
	"is an expression that n8n takes as text. Choose 'Expression' above the field and enter it as {{ … }}.";

/** How the values of a kind of field are read. */
interface EntryReader<Named> {
	/** A text, which may name several. */
	readText(text: string): Array<FieldEntry<Named>>;
	/** A single value or an entry of a list; neither unset nor a list. */
	readOne(value: unknown): FieldEntry<Named> | Array<FieldEntry<Named>>;
}

/**
 * Reads a field's value by its type: text may name several, and so may a list; an entry of a list is
 * never split.
 */
export function readEntries<Named>(
	value: unknown,
	reader: EntryReader<Named>,
): Array<FieldEntry<Named>> {
	const readValue = (inner: unknown): Array<FieldEntry<Named>> => {
		if (inner === undefined) return [{ kind: 'undefined' }];
		if (isUnset(inner)) return [{ kind: 'none' }];
		return Array.isArray(inner) ? inner.flatMap(readValue) : [reader.readOne(inner)].flat();
	};
	if (typeof value !== 'string' || isUnset(value)) return readValue(value);
	const json = parseJson(value);
	return json === undefined ? reader.readText(value) : readValue(json);
}

/** Text that holds the JSON of a list or an object, as AI agents and some tables write it. */
function parseJson(text: string): unknown {
	if (!/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(quoteLongNumbers(text));
	} catch {
		return undefined;
	}
}
