import { ExpressionParser, type IExecuteFunctions } from 'n8n-workflow';
import type { Parameter } from '../core/definition/parameter';
import type { Issue } from '../core/issues';
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
	const { codes, texts } = partsOf(expression);
	const evaluate = (code: string): unknown => context.evaluateExpression(code, itemIndex);
	const [first] = codes;
	if (first === undefined) return { value, gaps: [] };
	if (codes.length > 1 || texts.some((text) => text.trim() !== '')) {
		return { value, expression, gaps: codes.filter((code) => (evaluate(code) ?? null) === null) };
	}
	const given = texts.length === 0 ? value : evaluate(first);
	const whole = lacksContent(given)
		? restoreContent(given, completeValue(context, itemIndex, first))
		: given;
	return { value: whole, expression: first, gaps: [] };
}

/** The `{{ … }}` of an expression, and the texts between them. */
function partsOf(expression: string): { codes: string[]; texts: string[] } {
	const chunks = ExpressionParser.splitExpression(expression);
	const codes = chunks.filter(({ type }) => type === 'code');
	return {
		codes: codes.map((chunk) => ExpressionParser.joinExpression([chunk])),
		texts: chunks.flatMap(({ type, text }) => (type === 'text' && text !== '' ? [text] : [])),
	};
}

const UNEVALUATED =
	/\{\{\s*\$(?:json|binary|input|node|items?|now|today|vars|execution|workflow|\()[^{}]*\}\}/;

/**
 * Refuses text with an expression in it that n8n has not evaluated, as it is in a fixed field or in
 * the data: it would be paid for as it is. Fields that take no text refuse it by themselves.
 */
export function checkEvaluated({ displayName, field }: Parameter, value: unknown): Issue[] {
	if (field.kind !== 'text' && field.kind !== 'json') return [];
	const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
	const [expression] = UNEVALUATED.exec(text) ?? [];
	if (expression === undefined) return [];
	const message = `contains ${shortenExpression(expression)} as plain text. Choose 'Expression' above the field, so that n8n fills it in; in text that comes from data it fills in nothing.`;
	return [{ label: displayName, message }];
}

const LONGEST_EXPRESSION = 100;

/** An expression as messages show it. */
export const shortenExpression = (expression: string): string =>
	expression.length > LONGEST_EXPRESSION
		? `${expression.slice(0, LONGEST_EXPRESSION)}…`
		: expression;

/**
 * A warning if a setting contains the text that n8n turns an object into, with the expression that
 * gave it.
 *
 * @param label the field's name as the editor shows it
 * @param path where the field is saved
 */
export function warnOfObjectText(
	context: IExecuteFunctions,
	itemIndex: number,
	{ label, path, value }: { label: string; path: string; value: unknown },
): string | undefined {
	const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
	if (!text.includes(OBJECT_AS_TEXT)) return undefined;
	const raw = context.getNodeParameter(path, itemIndex, null, { rawExpressions: true });
	const { codes } = partsOf(typeof raw === 'string' && raw.startsWith('=') ? raw.slice(1) : '');
	const givesIt = (code: string) =>
		String(context.evaluateExpression(code, itemIndex)).includes(OBJECT_AS_TEXT);
	const guilty = codes.filter(givesIt);
	const where = guilty.length === 0 ? '' : ` Look at ${guilty.join(' and ')}.`;
	return `'${label}' contains "${OBJECT_AS_TEXT}", which n8n makes of an object in a text.${where} Choose a field of the object instead.`;
}

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
