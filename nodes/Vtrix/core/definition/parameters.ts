import { z } from 'zod/v3';
import { parseExactJson } from '../shared/exactJson';
import { formatNumber } from '../shared/format';
import { trimPasted } from '../shared/pasted';
import { declareParameter, type Choice, type Parameter, type ParameterBase } from './parameter';

/** Length as people count characters: one for each code point, so an emoji is one. */
export const characterCount = (text: string): number => Array.from(text).length;

/** A length that works best: what goes beyond it only warns. */
export interface Recommendation {
	exceeds: (text: string) => boolean;
	/** `about 300 characters` */
	upTo: string;
	/** What happens beyond it, as the second half of a sentence. */
	because: string;
}

/** An ID, without the invisible characters and blanks that are pasted along with it. */
export const id = (common: ParameterBase): Parameter => {
	const { schema, ...rest } = text({ ...common, rows: 1 });
	return declareParameter({
		...rest,
		schema: schema.transform((value) => trimPasted(String(value))),
	});
};

/** `maxCharacters` is a hard limit in code points; `recommended` and `discouraged` only warn. */
export function text({
	maxCharacters,
	recommended,
	discouraged,
	rows = 4,
	...common
}: ParameterBase & {
	maxCharacters?: number;
	recommended?: Recommendation;
	discouraged?: string;
	rows?: number;
	default?: string;
}): Parameter {
	const warn = (value: unknown): string | undefined => {
		if (typeof value !== 'string') return undefined;
		return [
			recommended?.exceeds(value) &&
				`'${common.displayName}' is long. Up to ${recommended.upTo} work best: ${recommended.because}`,
			discouraged &&
				value.includes(discouraged) &&
				`'${common.displayName}' contains ${discouraged}. Vtrix advises against special characters like it for this model.`,
		]
			.filter(Boolean)
			.join(' ');
	};
	return declareParameter({
		...common,
		field: { kind: 'text', rows },
		start: '',
		kindInWords: 'text',
		holdsText: true,
		otherwise: 'is not text. Enter text here.',
		schema: z.preprocess(
			(value) => (typeof value === 'number' ? String(value) : value),
			maxCharacters === undefined
				? z.string()
				: z.string().refine(
						(value) => characterCount(value) <= maxCharacters,
						(value) => ({
							message: `is too long. At most ${formatNumber(maxCharacters)} characters are allowed, this has ${formatNumber(characterCount(value))}.`,
						}),
					),
		),
		...((recommended ?? discouraged) && {
			warn,
			recommended: [
				recommended && `up to ${recommended.upTo}`,
				discouraged && `no special characters such as ${discouraged}`,
			]
				.filter(Boolean)
				.join(', '),
		}),
		limits: maxCharacters === undefined ? '' : `at most ${formatNumber(maxCharacters)} characters`,
	});
}

const NUMERIC = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Expressions deliver numbers as text: "12" is taken as 12, "12px" is left to be rejected. */
const numberFromText = (value: unknown): unknown =>
	typeof value === 'string' && NUMERIC.test(value.trim()) ? Number(value) : value;

interface NumberLimits {
	min: number;
	max?: number;
	default?: number;
}

const NUMBER = {
	start: 0,
	kindInWords: 'number',
	holdsText: false,
	otherwise: 'is not a number. Enter digits only.',
};

const numberSchema = ({ min, max }: NumberLimits) => {
	const atLeast = z.number().min(min, `is too low. The smallest value is ${formatNumber(min)}.`);
	return max === undefined
		? atLeast.finite(NUMBER.otherwise)
		: atLeast.max(max, `is too high. The largest value is ${formatNumber(max)}.`);
};

const rangeInWords = ({ min, max }: NumberLimits): string =>
	max === undefined ? `${min} or more` : `${min} to ${max}`;

/** A whole number within `min` to `max`, both included; never beyond what JSON carries exactly. */
export function integer({ min, max, ...rest }: ParameterBase & NumberLimits): Parameter {
	return declareParameter({
		...rest,
		...NUMBER,
		field: { kind: 'number', min, max, decimals: 0 },
		schema: z.preprocess(
			numberFromText,
			numberSchema({ min, max: max ?? Number.MAX_SAFE_INTEGER }).refine(Number.isInteger, {
				message: 'is not a whole number. Remove the decimals.',
			}),
		),
		limits: `${rangeInWords({ min, max })}, whole numbers`,
	});
}

/** A number with up to two decimals in the form; a longer one from an expression is sent as it is. */
export function decimal({ min, max, ...rest }: ParameterBase & NumberLimits): Parameter {
	return declareParameter({
		...rest,
		...NUMBER,
		field: { kind: 'number', min, max, decimals: 2 },
		schema: z.preprocess(numberFromText, numberSchema({ min, max })),
		limits: rangeInWords({ min, max }),
	});
}

/** A seed: -1 draws a new one each time, a positive whole number repeats a result. */
export function seed(): Parameter {
	const base = integer({
		displayName: 'Seed',
		description:
			'Number that fixes the randomness: the same positive seed with the same settings gives nearly the same image, -1 gives a new one each time',
		min: -1,
		default: -1,
	});
	return declareParameter({
		...base,
		schema: base.schema.refine((value) => value !== 0, {
			message: 'is not allowed. Use -1 for a random result, or a positive whole number.',
		}),
		limits: '-1 or a positive whole number',
	});
}

/** One of a fixed set of values. */
export function choice({
	options,
	...rest
}: ParameterBase & { options: readonly Choice[]; default?: string }): Parameter {
	const allowed = options.map(({ value }) => value);
	return declareParameter({
		...rest,
		field: { kind: 'choice', options },
		start: allowed[0] ?? '',
		kindInWords: 'choice',
		holdsText: false,
		otherwise: `is not one of the options. Use ${allowed.join(' or ')}.`,
		schema: z.unknown().refine((value) => typeof value === 'string' && allowed.includes(value)),
		limits: allowed.join(', '),
	});
}

const booleanFromText = (value: unknown): unknown => {
	const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
	return word === 'true' ? true : word === 'false' ? false : value;
};

/** A boolean; the texts `true` and `false` of expressions are taken too. */
export function toggle(common: ParameterBase & { default?: boolean }): Parameter {
	return declareParameter({
		...common,
		field: { kind: 'toggle' },
		start: false,
		kindInWords: 'on / off',
		holdsText: false,
		otherwise: 'is neither true nor false. Use one of the two.',
		schema: z.preprocess(booleanFromText, z.boolean()),
		limits: 'true, false',
	});
}

const jsonFromText = (value: unknown, context: z.RefinementCtx): unknown => {
	if (typeof value !== 'string') return value;
	try {
		return parseExactJson(value);
	} catch {
		const message = 'is not valid JSON. Check quotes, commas and brackets.';
		context.addIssue({ code: z.ZodIssueCode.custom, message, fatal: true });
		return z.NEVER;
	}
};

/** A JSON object, typed as text (of which every digit is kept) or given by an expression. */
export function json(common: ParameterBase & { default?: string }): Parameter {
	return declareParameter({
		...common,
		field: { kind: 'json' },
		start: '{}',
		kindInWords: 'JSON',
		holdsText: true,
		otherwise: 'is not a JSON object. It starts with { and ends with }.',
		schema: z.preprocess(jsonFromText, z.record(z.string(), z.unknown())),
		limits: 'a JSON object',
	});
}

const JSON_KIND = { start: '', kindInWords: 'JSON', holdsText: true };

const jsonOr = (text: string, otherwise: unknown): unknown => {
	try {
		return parseExactJson(text);
	} catch {
		return otherwise;
	}
};

/** Any JSON value: what is no JSON text is taken as text. */
export const jsonValue = (common: ParameterBase): Parameter => ({
	...common,
	...JSON_KIND,
	field: { kind: 'json', shape: 'any' },
	otherwise: 'is no JSON.',
	schema: z
		.unknown()
		.transform((value) => (typeof value === 'string' ? jsonOr(value, value) : value)),
	limits: 'any JSON value',
});

/** A list, as JSON or by an expression; one of texts also as text with a line for each. */
export function list({
	isOfTexts,
	maxItems = Infinity,
	...common
}: ParameterBase & { isOfTexts: boolean; maxItems?: number }): Parameter {
	const fromText = (text: string, context: z.RefinementCtx): unknown => {
		if (!isOfTexts) return jsonFromText(text, context);
		const json = jsonOr(text, undefined);
		const lines = text.split(/[\r\n]/).map((line) => line.trim());
		return Array.isArray(json) ? json : lines.filter(Boolean);
	};
	return {
		...common,
		...JSON_KIND,
		field: isOfTexts ? { kind: 'text', rows: 3 } : { kind: 'json', shape: 'list' },
		otherwise: 'is not a JSON list. It starts with [ and ends with ].',
		schema: z.preprocess(
			(value, context) => {
				if (typeof value === 'string') return fromText(value, context);
				return Array.isArray(value) ? value : [value];
			},
			z.array(z.unknown()).refine(
				(entries) => entries.length <= maxItems,
				(entries) => ({
					message: `has ${entries.length} entries. At most ${formatNumber(maxItems)} are allowed.`,
				}),
			),
		),
		limits: maxItems === Infinity ? 'a list' : `a list of at most ${formatNumber(maxItems)}`,
	};
}

/** Documented, but not offered at present: shown as such, never sent. */
export function unavailable({
	reason,
	options,
	...common
}: ParameterBase & { reason: string; options: readonly Choice[] }): Parameter {
	return {
		...common,
		field: { kind: 'unavailable', options, reason },
		start: [],
		kindInWords: 'not offered at present',
		holdsText: false,
		otherwise: 'is not sent at present.',
		schema: z.unknown(),
		limits: 'unavailable at present, not sent',
	};
}
