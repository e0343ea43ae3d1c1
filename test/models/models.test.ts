import { MODELS } from '../../nodes/Vtrix/models';
import { checking, DOCUMENTED_MODELS, PROMPT } from './checking';
import { declared, plainParameters, sentNames } from './documented';
import { FACTS, type ParameterFact } from '../standin/facts';

test('the dropdown offers the documented models and Custom Model, nothing else', () => {
	expect(MODELS.map(({ id }) => id).sort()).toEqual([...Object.keys(FACTS), 'custom'].sort());
});

describe.each(DOCUMENTED_MODELS)('$id', (documented) => {
	const { model, facts } = documented;
	const { accepted, refused } = checking(documented);

	test('sends every parameter of its page under its documented name, and no other', () => {
		expect(sentNames(model).sort()).toEqual(facts.parameters.map(({ name }) => name).sort());
	});

	test('asks for what is required, and for nothing else', () => {
		const required = plainParameters(facts).filter((fact) => fact.required === true);
		const asked = Object.values(model.parameters).filter((parameter) => parameter.required);
		expect(asked).toEqual(required.map((fact) => declared(model, fact).parameter));
		for (const fact of required) {
			const { name, parameter } = declared(model, fact);
			refused({ parameters: { [name]: '' } }, parameter.displayName);
		}
	});

	test.each([undefined, null, '', '  ', []])('does not send what is unset (%p)', (unset) => {
		const names = Object.keys(model.parameters).filter((name) => name !== 'prompt');
		const parameters = Object.fromEntries(names.map((name) => [name, unset]));
		const size = { size: unset, width: unset, height: unset };
		expect(accepted({ parameters, size })).toEqual({ prompt: PROMPT });
	});

	describe.each(plainParameters(facts))('$name', (fact) => {
		const { name, parameter } = declared(model, fact);

		/** The value that a request carries at the documented place. */
		const sent = (value: unknown): unknown => {
			let found: unknown = accepted({ parameters: { [name]: value } });
			for (const key of fact.name.split('.')) {
				found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
			}
			return found;
		};
		const refuses = (value: unknown) =>
			refused({ parameters: { [name]: value } }, parameter.displayName);

		test('starts at the documented default', () => {
			expect(parameter.default).toBe(fact.default);
		});

		test('takes the documented values, however they arrive, and refuses all others', () => {
			expectDocumentedValues(fact, sent, refuses);
		});
	});
});

function expectDocumentedValues(
	{ type, min, max, excluded = [], options, unavailable }: ParameterFact,
	sent: (value: unknown) => unknown,
	refuses: (value: unknown) => void,
) {
	if (unavailable) {
		expect(sent([...(options ?? [])])).toBeUndefined();
		return;
	}
	switch (type) {
		case 'boolean':
			expect([true, false, 'true', 'FALSE'].map(sent)).toEqual([true, false, true, false]);
			['yes', 1, {}].forEach(refuses);
			return;
		case 'integer':
		case 'number': {
			const step = type === 'integer' ? 1 : 0.01;
			const bounds = [min ?? 0, max ?? Number.MAX_SAFE_INTEGER];
			expect(bounds.map(sent)).toEqual(bounds);
			expect(bounds.map((value) => sent(` ${value} `))).toEqual(bounds);
			if (min !== undefined) refuses(min - step);
			if (max !== undefined) refuses(max + step);
			excluded.forEach(refuses);
			if (type === 'integer') refuses((min ?? 0) + 2.5);
			else expect(sent((min ?? 0) + 0.55)).toBe((min ?? 0) + 0.55);
			[`${max ?? 1}px`, NaN, Infinity, true, {}, [1, 2]].forEach(refuses);
			return;
		}
		case 'string':
			if (options) {
				expect(options.map(sent)).toEqual(options);
				['something else', options[0].toUpperCase(), 1, {}].forEach(refuses);
				return;
			}
			expect(['Ein Löwe 🦁', 7].map(sent)).toEqual(['Ein Löwe 🦁', '7']);
			[{}, true].forEach(refuses);
			return;
		default:
			throw new Error(`No parameter of the type ${type} has a field of its own`);
	}
}
