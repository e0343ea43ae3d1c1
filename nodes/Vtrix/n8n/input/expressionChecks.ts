import type { IExecuteFunctions } from 'n8n-workflow';
import { isUnset, type Parameter } from '../../core/definition/parameter';
import type { Issue } from '../../core/shared/issues';
import { EDGE, OBJECT_AS_TEXT, partsOf, shortenExpression } from './expressions';

/** `{{ … }}` that begins with one of n8n's variables or functions. */
const UNEVALUATED =
	/\{\{\s*\$(?:\(|(?:json|binary|input|node|items?|itemIndex|runIndex|now|today|vars|env|execution|workflow|prevNode|parameter|fromAI|if|ifEmpty|min|max|jmespath)\b)[^]{0,2000}?\}\}/;

/**
 * Refuses text with an expression in it that n8n has not evaluated, as it is in a fixed field or in
 * the data: it would be paid for as it is. Fields that take no text refuse it by themselves.
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
		codes
			.filter((_, index) => isMeant(values[index]))
			.map(shortenExpression)
			.join(' and ');
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
			`'${label}' has a gap: this item has nothing for ${gaps}. Check the name of the field, or let it give an empty text.`,
		);
	}
	return warnings;
}
