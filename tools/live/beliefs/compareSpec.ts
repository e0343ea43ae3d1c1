import {
	readDescription,
	type DescribedParameter,
} from '../../../nodes/Vtrix/core/description/readDescription';
import {
	FACTS,
	type FactType,
	type ModelFacts,
	type ParameterFact,
} from '../../../test/standin/facts';
import type { RecordedExchange, RecordedStep } from '../../../test/standin/playback/format';
import { jsonOf } from './world';

/** What one of our models declares differently from the vendor's description of it. */
export interface SpecDifference {
	model: string;
	parameter: string;
	/** `type`, `required`, `smallest` and so on; `parameter` where one side has none. */
	field: string;
	/** In a few words; `nothing` if this side says nothing. */
	ours: string;
	theirs: string;
}

/** Our models beside the vendor's descriptions. */
export interface SpecComparison {
	/** Models that have no difference. */
	agreeing: string[];
	differences: SpecDifference[];
	/** Why models could not be compared, a sentence each. */
	untold: string[];
}

/**
 * Holds our models against the descriptions of a recording, field by field. What we declare is taken
 * from the facts, which the tests of the models hold the declarations to.
 *
 * @returns nothing if the recording did not ask for descriptions
 */
export function compareSpec(steps: readonly RecordedStep[]): SpecComparison | undefined {
	const asked = steps.flatMap(({ exchanges }) => exchanges.filter(({ to }) => to === 'spec'));
	if (asked.length === 0) return undefined;
	const result: SpecComparison = { agreeing: [], differences: [], untold: [] };
	for (const exchange of asked) {
		const id = /\/models\/([^/]+)\/spec$/.exec(exchange.path)?.[1];
		const facts = Object.entries(FACTS).find(([model]) => model === id)?.[1];
		const subject = id ?? 'the list of models';
		const json = jsonOf(exchange.answer);
		const problem = problemOf(exchange, subject);
		if (problem !== undefined) result.untold.push(problem);
		if (problem !== undefined || id === undefined) continue;
		const description = readDescription(json);
		if (!description) result.untold.push(`The description of ${subject} has another form.`);
		if (!description || !facts) continue;
		const differences = differencesOf(id, facts, description.parameters);
		if (differences.length === 0) result.agreeing.push(id);
		result.differences.push(...differences);
	}
	return result;
}

/** What kept an answer from being one, as a sentence. */
function problemOf({ host, answer, broke }: RecordedExchange, about: string): string | undefined {
	if (!answer) return `${host} gave no whole answer about ${about} (${broke ?? 'cut off'}).`;
	const { status, body, headers } = answer;
	if (status === 404) return `${host} does not know ${about} (HTTP 404).`;
	if (status !== 200) return `${host} did not tell about ${about} (HTTP ${status}).`;
	if (body.kind === 'json') return undefined;
	const type = (headers['content-type'] ?? 'no type').split(';')[0];
	return `${host} answered about ${about} with something else than JSON (${type}).`;
}

type Side = Record<string, string>;

function differencesOf(
	model: string,
	facts: ModelFacts,
	described: readonly DescribedParameter[],
): SpecDifference[] {
	const ours = new Map(facts.parameters.map((fact) => [fact.name, ourSide(fact, facts)]));
	const flat = flatten(described).filter(([name]) => name !== 'model');
	const theirs = new Map(flat.map(([name, one]) => [name, theirSide(one)]));
	return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((parameter) => {
		const [own, other] = [ours.get(parameter), theirs.get(parameter)];
		if (!own || !other) {
			const field = 'parameter';
			const [has, none] = ['declared', 'nothing'];
			return [
				{ model, parameter, field, ours: own ? has : none, theirs: other ? 'described' : none },
			];
		}
		return [...new Set([...Object.keys(own), ...Object.keys(other)])].flatMap((field) => {
			const [one = 'nothing', two = 'nothing'] = [own[field], other[field]];
			const same = field === 'type' ? one.split(' or ').includes(two) : one === two;
			return same ? [] : [{ model, parameter, field, ours: one, theirs: two }];
		});
	});
}

/** Each value by its name, the field of an object with its path. */
const flatten = (
	parameters: readonly DescribedParameter[],
	before = '',
): Array<[string, DescribedParameter]> =>
	parameters.flatMap((one): Array<[string, DescribedParameter]> => {
		const name = before + one.name;
		const isObject = one.type === 'object' && one.children.length > 0;
		return isObject ? flatten(one.children, `${name}.`) : [[name, one]];
	});

/** Types by the names that are the same to us. */
const OUR_TYPES: Record<FactType, string> = {
	string: 'string',
	integer: 'integer',
	number: 'number',
	boolean: 'boolean',
	'string[]': 'list of string or list',
	'object[]': 'list of object or list',
	'string | string[]': 'string or list of string or list',
};
const THEIR_TYPES: Record<string, string> = {
	int: 'integer',
	float: 'number',
	bool: 'boolean',
	array: 'list',
};

function ourSide(fact: ParameterFact, { prompt, images }: ModelFacts): Side {
	const { name, type, required, min, max, options, default: byDefault } = fact;
	const isImages = /^(image|image_urls|binary_data_base64)$/.test(name);
	return said({
		type: OUR_TYPES[type],
		required: required === true,
		'smallest value': min,
		'largest value': max,
		'longest text': name === 'prompt' ? prompt.maxCharacters : undefined,
		'longest list': isImages ? images.maxCount : undefined,
		'allowed values': sorted(options),
		default: byDefault,
	});
}

function theirSide(one: DescribedParameter): Side {
	const [, entry] = /^array\[(.+)\]$/.exec(one.type) ?? [];
	// of a list of objects the kind of each is what has values
	const ofEntries = one.children.find(({ name }) => name === 'type')?.options;
	return said({
		type: entry ? `list of ${THEIR_TYPES[entry] ?? entry}` : (THEIR_TYPES[one.type] ?? one.type),
		required: one.required,
		'smallest value': one.min,
		'largest value': one.max,
		'shortest text': one.minLength && one.minLength > 1 ? one.minLength : undefined,
		'longest text': one.maxLength,
		'longest list': one.maxItems,
		'allowed values': sorted(one.options.length > 0 ? one.options : ofEntries),
		default: one.default,
	});
}

const sorted = (options: readonly string[] | undefined): string | undefined =>
	options && [...options].sort().join(', ');

const said = (side: Record<string, string | number | boolean | undefined>): Side =>
	Object.fromEntries(
		Object.entries(side).flatMap(([field, value]) =>
			value === undefined ? [] : [[field, String(value)]],
		),
	);
