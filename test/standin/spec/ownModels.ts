import { FACTS, type FactType, type ModelFacts, type ParameterFact } from '../facts';
import type { DescribedModel, DescribedParameter } from './descriptions';

const TYPES: Record<FactType, string> = {
	string: 'string',
	integer: 'int',
	number: 'float',
	boolean: 'bool',
	'string[]': 'array[string]',
	'object[]': 'array[object]',
	'string | string[]': 'array[string]',
};

/** The models with pages of their own, described as those pages document them. */
export const OWN_MODELS: readonly DescribedModel[] = Object.entries(FACTS).map(([id, facts]) => ({
	id,
	name: id,
	type: 'image',
	description: '',
	inputs: facts.images.maxCount > 0 ? ['text', 'image'] : ['text'],
	outputs: ['image'],
	makes: 'png',
	parameters: nested(facts),
}));

/** `options.mode` as a field of the object `options`. */
function nested(facts: ModelFacts): DescribedParameter[] {
	const all: DescribedParameter[] = [];
	for (const fact of facts.parameters) {
		const [outer = '', inner] = fact.name.split('.');
		if (inner === undefined) {
			all.push(described(fact.name, fact, facts));
			continue;
		}
		const before = all.find(({ name }) => name === outer);
		const object = before ?? { name: outer, type: 'object', children: [] };
		if (!before) all.push(object);
		object.children?.push(described(inner, fact, facts));
	}
	return all;
}

function described(name: string, fact: ParameterFact, facts: ModelFacts): DescribedParameter {
	const { type, required, min, max, options, default: byDefault } = fact;
	const isImages = /^(image|image_urls|binary_data_base64)$/.test(name);
	const { maxCharacters } = facts.prompt;
	return {
		name,
		type: TYPES[type],
		required: required === true,
		constraints: {
			...(min !== undefined && { min }),
			...(max !== undefined && { max }),
			...(options && type !== 'object[]' && { enum: [...options] }),
			...(byDefault !== undefined && { default: byDefault }),
			...(name === 'prompt' && maxCharacters !== undefined && { max_length: maxCharacters }),
			...(isImages && { max_items: facts.images.maxCount }),
		},
		...(options &&
			type === 'object[]' && {
				children: [{ name: 'type', type: 'string', constraints: { enum: [...options] } }],
			}),
	};
}
