import type { IExecuteFunctions } from 'n8n-workflow';
import { isUnset, type Parameter } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import { codesOf, OBJECT_AS_TEXT, partsOf, shortenExpression } from './expressions';

/** Stands for the beginning and the end of a text. */
const EDGE = '\0';
/** `{{ … }}` that begins with one of n8n's variables or functions. */
const UNEVALUATED =
	/\{\{\s*\$(?:\(|(?:json|binary|input|node|items?|itemIndex|runIndex|now|today|vars|env|execution|workflow|prevNode|parameter|fromAI|if|ifEmpty|min|max|jmespath)\b)[^]{0,2000}?\}\}/;

/**
 * Rejects text with an expression in it that n8n has not evaluated, as it is in a fixed field or in
 * the data: it would be paid for as it is. Fields that take no text reject it by themselves.
 */
export function checkEvaluated({ displayName, holdsText }: Parameter, value: unknown): Issue[] {
	if (!holdsText) return [];
	const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
	const [expression] = UNEVALUATED.exec(text) ?? [];
	if (expression === undefined) return [];
	const message = `contains ${shortenExpression(expression)} as plain text, which n8n does not fill in. Choose 'Expression' above the field, or correct the data that it comes from.`;
	return [{ label: displayName, message }];
}

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
	const parts = partsOf(typeof raw === 'string' && raw.startsWith('=') ? raw.slice(1) : '');
	const codes = codesOf(parts);
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const isObject = text.includes(OBJECT_AS_TEXT);
	const textAt = (index: number): string => {
		const { isCode, text: written } = parts[index] ?? { isCode: false, text: EDGE };
		return isCode ? '' : written;
	};
	// Most texts show without another evaluation that they have no gap: what is beside a code stands apart.
	const mayHaveGap = parts.some(
		({ isCode }, index) =>
			isCode && `${EDGE}${text}${EDGE}`.includes(textAt(index - 1) + textAt(index + 1)),
	);
	if (!isObject && !mayHaveGap) return [];
	const values = codes.map((code): unknown => context.evaluateExpression(code, itemIndex));
	const codesThat = (isMeant: (given: unknown) => boolean): string =>
		codes
			.filter((_, index) => isMeant(values[index]))
			.map(shortenExpression)
			.join(' and ');
	const warnings: string[] = [];
	if (isObject) {
		const objects = codesThat((given) => String(given).includes(OBJECT_AS_TEXT));
		const where = objects && ` Look at ${objects}.`;
		warnings.push(
			`'${label}' contains "${OBJECT_AS_TEXT}", which n8n makes of an object in a text.${where} Choose a field of the object instead.`,
		);
	}
	const gaps = mayHaveGap ? codesThat((given) => given === undefined) : '';
	if (gaps) {
		warnings.push(
			`'${label}' has a gap: this item has nothing for ${gaps}. Check the name of the field, or let it give an empty text.`,
		);
	}
	return warnings;
}
