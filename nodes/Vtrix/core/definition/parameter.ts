import type { z } from 'zod/v3';
import { issueText, type Issue } from '../shared/issues';

/** What every kind of parameter carries: how it is shown, where it is sent, when it is accepted. */
export interface ParameterBase {
	/** Label in the editor, in Title Case. */
	displayName: string;
	/** One sentence without a final period, shown as the field's tooltip. */
	description: string;
	/** Example shown in an empty field, starting with "e.g.". */
	placeholder?: string;
	/** A required parameter stands in view; the others are offered as options. */
	required?: boolean;
	/** Where the value goes in the request; `['params', <API name>]` by default. */
	path?: readonly string[];
	/** The place of an object in the request in which it must not be missing. */
	requiredWith?: readonly string[];
}

/** The API's value and what the user sees for it. */
export interface Choice {
	value: string;
	name: string;
	description?: string;
}

/** How the editor renders a parameter; one member a kind of field. */
export type Field =
	| { kind: 'text'; rows: number }
	| { kind: 'number'; min?: number; max?: number; decimals: number }
	| { kind: 'choice'; options: readonly Choice[] }
	| { kind: 'toggle' }
	| { kind: 'json'; shape?: 'list' | 'any' }
	| { kind: 'unavailable'; options: readonly Choice[]; reason: string };

interface Kind {
	field: Field;
	/** What an unset field shows where the API has no default. */
	start: string | number | boolean | string[];
	/** The kind in words, for the documentation: `on / off`. */
	kindInWords: string;
	/** Whether its value is or holds free text, in which an expression may be left unevaluated. */
	holdsText: boolean;
	/** What is wrong with a value that is none of this kind: `is not text. Enter text here.` */
	otherwise: string;
}

/** One documented parameter: what fields, checks and docs derive from. */
export interface Parameter extends ParameterBase, Kind {
	/** The API's own default, which holds when nothing is sent; shown as the field's start value. */
	default?: string | number | boolean;
	/** What the service takes when nothing is sent, in words, where nothing is filled in for it. */
	usedByDefault?: string;
	/** Accepts what a user typed or an expression gave, and yields the value to send. */
	schema: z.ZodType<unknown, z.ZodTypeDef, unknown>;
	/** Recommendations the value does not follow, as sentences; empty if there are none. It never rejects. */
	warn?: (value: unknown) => string | undefined;
	limits: string;
	/** What `warn` recommends in words, for the documentation: `up to 120 characters`. */
	recommended?: string;
}

/** Characters that show nothing, such as a zero-width space or an empty Braille cell. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Whether a field was left alone: unset means unsent, so that the API's own default holds. */
export const isUnset = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	(typeof value === 'string' && INVISIBLE.test(value)) ||
	(Array.isArray(value) && value.length === 0);

/** A set value as it is sent; with issues it is not to be sent. */
export function readValue(
	{ displayName: label, schema, otherwise }: Parameter,
	value: unknown,
): { value: unknown; issues: Issue[] } {
	// A message that a check brings along stays; what zod would say otherwise reaches nobody.
	const parsed = schema.safeParse(value, { errorMap: () => ({ message: otherwise }) });
	const messages = new Set(parsed.error?.issues.map(({ message }) => message));
	return {
		value: parsed.data,
		issues: [...messages].map((message) => ({ label, value, message })),
	};
}

/** @throws if its own check rejects the default */
export function declareParameter(parameter: Parameter): Parameter {
	if (parameter.default !== undefined) {
		const [issue] = readValue(parameter, parameter.default).issues;
		if (issue) throw new Error(`The default of ${issueText(issue)}`);
	}
	return parameter;
}
