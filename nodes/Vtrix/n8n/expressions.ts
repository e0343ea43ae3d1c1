import { ExpressionParser, type IExecuteFunctions } from 'n8n-workflow';
import { isUnset, type Parameter } from '../core/definition/parameter';
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

/** Stands for the beginning and the end of a text. */
const EDGE = '\0';

/** What an expression consists of. */
interface Parts {
	/** Each `{{ … }}`. */
	codes: string[];
	/** The texts between them. */
	texts: string[];
	/** The text around each code as it reads if the code gives nothing, with the edges of the whole. */
	joints: string[];
}

function partsOf(expression: string): Parts {
	const chunks = ExpressionParser.splitExpression(expression).filter(({ text }) => text !== '');
	const textAt = (index: number): string => {
		const chunk = chunks[index];
		return chunk?.type === 'code' ? '' : (chunk?.text ?? EDGE);
	};
	const codes = chunks.filter(({ type }) => type === 'code');
	return {
		codes: codes.map((chunk) => ExpressionParser.joinExpression([chunk])),
		texts: chunks.flatMap(({ type, text }) => (type === 'text' ? [text] : [])),
		joints: codes.map((chunk) => {
			const index = chunks.indexOf(chunk);
			return textAt(index - 1) + textAt(index + 1);
		}),
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

/** A setting whose value is, or may be, the text of an expression. */
export interface Setting {
	/** The field's name as the editor shows it. */
	label: string;
	/** Where the field is saved. */
	path: string;
	value: unknown;
}

/**
 * Warnings about a text in which an expression gives something that is hardly meant: an object, which
 * n8n turns into `[object Object]`, or nothing, which leaves a gap.
 */
export function warnOfExpressions(
	context: IExecuteFunctions,
	itemIndex: number,
	{ label, path, value }: Setting,
): string[] {
	if (isUnset(value)) return [];
	const raw = context.getNodeParameter(path, itemIndex, null, { rawExpressions: true });
	const { codes, texts, joints } = partsOf(
		typeof raw === 'string' && raw.startsWith('=') ? raw.slice(1) : '',
	);
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const isObject = text.includes(OBJECT_AS_TEXT);
	// Most texts show without another evaluation that they have no gap.
	const mayHaveGap =
		(codes.length > 1 || texts.length > 0) &&
		joints.some((joint) => `${EDGE}${text}${EDGE}`.includes(joint));
	if (!isObject && !mayHaveGap) return [];
	const values = codes.map((code): unknown => context.evaluateExpression(code, itemIndex));
	const codesOf = (isMeant: (given: unknown) => boolean): string =>
		codes.filter((_, index) => isMeant(values[index])).join(' and ');
	const warnings: string[] = [];
	if (isObject) {
		const objects = codesOf((given) => String(given).includes(OBJECT_AS_TEXT));
		const where = objects && ` Look at ${objects}.`;
		warnings.push(
			`'${label}' contains "${OBJECT_AS_TEXT}", which n8n makes of an object in a text.${where} Choose a field of the object instead.`,
		);
	}
	const gaps = mayHaveGap ? codesOf((given) => given === undefined) : '';
	if (gaps) {
		warnings.push(
			`'${label}' has a gap: ${gaps} gives nothing for this item. Check the name of the field, or let it give an empty text.`,
		);
	}
	return warnings;
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
