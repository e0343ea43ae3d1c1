import { ExpressionParser, type IExecuteFunctions } from 'n8n-workflow';
import { lacksContent, restoreContent } from './fileObjects';

/** What n8n turns an object into if there is text beside its expression. */
export const OBJECT_AS_TEXT = '[object Object]';

/** A field's value for an item, with the expression behind it. */
export interface FieldValue {
	value: unknown;
	/** The expression as the editor shows it; absent when the value was typed. */
	expression?: string;
	/** Expressions inside a text that give nothing or null, which leaves a gap in it. */
	gaps: string[];
}

/**
 * Reads a field with its type. n8n turns the value of an expression into text if anything is beside
 * it, even a blank; an expression with nothing but blanks around it is therefore evaluated by
 * itself.
 *
 * @param raw the field as it is saved
 * @param value what n8n makes of it for this item
 */
export function readField(
	context: IExecuteFunctions,
	itemIndex: number,
	raw: unknown,
	value: unknown,
): FieldValue {
	if (typeof raw !== 'string' || !raw.startsWith('=')) return { value, gaps: [] };
	const expression = raw.slice(1);
	const parts = partsOf(expression);
	const codes = codesOf(parts);
	const evaluate = (code: string): unknown => context.evaluateExpression(code, itemIndex);
	const [first] = codes;
	if (first === undefined) return { value, gaps: [] };
	if (codes.length > 1 || parts.some(({ isCode, text }) => !isCode && text.trim() !== '')) {
		return { value, expression, gaps: codes.filter((code) => (evaluate(code) ?? null) === null) };
	}
	const given = parts.length === 1 ? value : evaluate(first);
	const whole = lacksContent(given)
		? restoreContent(given, completeValue(context, itemIndex, first))
		: given;
	return { value: whole, expression: first, gaps: [] };
}

/** A part of an expression: a `{{ … }}` or the text beside it. */
export interface Part {
	isCode: boolean;
	text: string;
}

/** @param expression the field as it is saved, without its `=` */
export const partsOf = (expression: string): Part[] =>
	ExpressionParser.splitExpression(expression)
		.filter(({ text }) => text !== '')
		.map((chunk) => ({
			isCode: chunk.type === 'code',
			text: ExpressionParser.joinExpression([chunk]),
		}));

/** What stands between `{{` and `}}`. */
export const codesOf = (parts: readonly Part[]): string[] =>
	parts.flatMap(({ isCode, text }) => (isCode ? [text] : []));

/**
 * The value of an expression with the content of its files: n8n leaves content that is inside the
 * item out of `$binary` and `$node[…]`, but not out of the items behind them.
 */
function completeValue(context: IExecuteFunctions, itemIndex: number, expression: string): unknown {
	const complete = expression
		.replace(/\$binary\b/g, '$thisItem.binary')
		.replace(
			/\$node(?:\[("[^"]+"|'[^']+')\]|\.(\w+))(?=\.binary\b)/g,
			(_, quoted: string | undefined, name: string) =>
				`$items(${quoted ?? `"${name}"`})[$itemIndex]`,
		);
	try {
		return context.evaluateExpression(complete, itemIndex);
	} catch {
		return undefined;
	}
}

const LONGEST_EXPRESSION = 100;

/** An expression as messages show it. */
export const shortenExpression = (expression: string): string =>
	expression.length > LONGEST_EXPRESSION
		? `${expression.slice(0, LONGEST_EXPRESSION)}…`
		: expression;
