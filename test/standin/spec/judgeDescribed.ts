import { isRecord } from '../validation/checks';
import type { DescribedModel, DescribedParameter } from './descriptions';

const TYPES: ReadonlyArray<readonly [RegExp, (value: unknown) => boolean]> = [
	[/^string$/, (value) => typeof value === 'string'],
	[/^int(eger)?$/, Number.isInteger],
	[/^(float|number)$/, (value) => typeof value === 'number'],
	[/^bool(ean)?$/, (value) => typeof value === 'boolean'],
	[/^array/, Array.isArray],
	[/^object$/, isRecord],
];

/** What is wrong with a request by the model's description. */
export function describedIssues(
	{ parameters }: DescribedModel,
	params: Record<string, unknown>,
): string[] {
	return issuesIn(parameters, params, '');
}

function issuesIn(
	parameters: readonly DescribedParameter[],
	values: Record<string, unknown>,
	at: string,
): string[] {
	const unknown = Object.keys(values)
		.filter((name) => !parameters.some((parameter) => parameter.name === name))
		.map((name) => `${at}${name} is not a parameter`);
	return [...unknown, ...parameters.flatMap((one) => issuesOf(one, values[one.name], at))];
}

function issuesOf(
	{ name, type, required, constraints = {}, children }: DescribedParameter,
	value: unknown,
	at: string,
): string[] {
	const place = `${at}${name}`;
	if (value === undefined) return required ? [`${place} is missing`] : [];
	const isType = TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? (() => true);
	if (!isType(value)) return [`${place} is no ${type}`];
	const { enum: options, min = -Infinity, max = Infinity, max_length, max_items } = constraints;
	const issues: string[] = [];
	if (options && !options.includes(String(value))) issues.push(`${place} is none of ${options}`);
	if (typeof value === 'number' && (value < min || value > max)) issues.push(`${place} is off`);
	if (typeof value === 'string' && [...value].length > (max_length ?? Infinity)) {
		issues.push(`${place} is too long`);
	}
	if (!children) return issues;
	const inner = Array.isArray(value) ? value : [value];
	if (inner.length > (max_items ?? Infinity)) issues.push(`${place} has too many`);
	return [
		...issues,
		...inner.flatMap((one) => (isRecord(one) ? issuesIn(children, one, `${place}.`) : [])),
	];
}
