import type { ModelFacts, ParameterFact } from '../facts';
import {
	atMostCharacters,
	decimal,
	integer,
	listOf,
	objectOf,
	oneOf,
	text,
	toggle,
} from './checks';
import type { Check } from './checks';
import type { Issue } from './modelRules';
import { sizeCheck } from './size';

/** Whether a parameter carries the input images, which are judged by themselves. */
const carriesImages = ({ required, type }: ParameterFact): boolean =>
	required === 'one of two' || type === 'string | string[]';

/** Everything that is wrong with single parameters, and with those that are not there. */
export function parameterIssues(params: Record<string, unknown>, facts: ModelFacts): Issue[] {
	const checks = checksOf(facts);
	const isMissing = ({ name, required }: ParameterFact) =>
		required === true && (params[name] === undefined || params[name] === '');
	return [
		...facts.parameters
			.filter(isMissing)
			.map(({ name }): Issue => ({ param: name, problem: 'missing', why: 'is missing' })),
		...Object.entries(params).flatMap(([param, value]): Issue[] => {
			const check = checks.get(param);
			if (!check) return [{ param, problem: 'unknown', why: 'is not a parameter' }];
			const why = check(value);
			return why === undefined ? [] : [{ param, problem: 'invalid', why }];
		}),
	];
}

const known = new Map<ModelFacts, Map<string, Check>>();

/** The check of each parameter, made once for a model. */
function checksOf(facts: ModelFacts): Map<string, Check> {
	const made = known.get(facts);
	if (made) return made;
	const checks = new Map<string, Check>();
	const fieldsOf = new Map<string, Record<string, Check>>();
	for (const fact of facts.parameters) {
		const [name, field] = fact.name.split('.');
		if (field === undefined) checks.set(name, checkOf(fact, facts));
		else fieldsOf.set(name, { ...fieldsOf.get(name), [field]: checkOf(fact, facts) });
	}
	for (const [name, fields] of fieldsOf) checks.set(name, objectOf(fields));
	known.set(facts, checks);
	return checks;
}

function checkOf(fact: ParameterFact, { prompt, size }: ModelFacts): Check {
	const { name, type, min = -Infinity, max = Infinity, options = [] } = fact;
	if (fact.unavailable) return () => 'is temporarily unavailable';
	if (carriesImages(fact)) return () => undefined;
	if (name === 'size') return sizeCheck(size);
	if (name === 'prompt') return atMostCharacters(prompt.maxCharacters ?? Infinity);
	switch (type) {
		case 'boolean':
			return toggle;
		case 'number':
			return decimal(min, max);
		case 'integer': {
			// no picture has a side of nothing, whether the page says so or not
			const isSide = name === 'width' || name === 'height';
			return integer(isSide ? Math.max(min, 1) : min, max, fact.excluded);
		}
		case 'string[]':
			return listOf(oneOf(...options));
		default:
			return options.length > 0 ? oneOf(...options) : text;
	}
}
