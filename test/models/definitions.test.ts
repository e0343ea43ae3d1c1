import { z } from 'zod/v3';
import { defineModel, type Model } from '../../nodes/Vtrix/core/definition/model';
import {
	declareParameter,
	readValue,
	type Parameter,
} from '../../nodes/Vtrix/core/definition/parameter';
import {
	choice,
	decimal,
	id,
	integer,
	json,
	seed,
	text,
	toggle,
} from '../../nodes/Vtrix/core/definition/parameters';
import { defineSize } from '../../nodes/Vtrix/core/definition/size';
import { parseRequest } from '../../nodes/Vtrix/core/request/parseRequest';
import { MODELS } from '../../nodes/Vtrix/models';

const label = { displayName: 'Brush', description: 'What to paint with' };
const brushes = [{ value: 'oil', name: 'Oil' }];

describe('a declaration that contradicts itself is refused when it is made', () => {
	const bounds = { area: { max: 1_000_000 }, ratio: { min: 1 / 3, max: 3 } };
	const size = { sentAs: 'sides', ...bounds, default: { width: 800, height: 800 } } as const;

	test.each<[string, () => unknown, RegExp]>([
		['a number', () => integer({ ...label, min: 1, max: 9, default: 10 }), /Brush: 10 is too high/],
		['a decimal', () => decimal({ ...label, min: 1, default: 0.5 }), /Brush: 0.5 is too low/],
		[
			'a choice',
			() => choice({ ...label, options: brushes, default: 'ink' }),
			/"ink" is not one of/,
		],
		['a text', () => text({ ...label, maxCharacters: 2, default: 'ink' }), /"ink" is too long/],
		['a JSON object', () => json({ ...label, default: '{' }), /is not valid JSON/],
		[
			'a kind derived from another',
			() => declareParameter({ ...seed(), default: 0 }),
			/Seed: 0 is not allowed/,
		],
	])('by the default of %s', (_, declare, message) => {
		expect(declare).toThrow(message);
	});

	test.each<[string, () => unknown, RegExp]>([
		[
			'a default',
			() => defineSize({ ...size, default: { width: 2000, height: 800 }, presets: [] }),
			/2000x800 has too many pixels/,
		],
		[
			'a preset',
			() => defineSize({ ...size, presets: [{ ratio: '4:1', width: 1600, height: 400 }] }),
			/1600x400 is too wide/,
		],
		[
			"a preset's ratio",
			() => defineSize({ ...size, presets: [{ ratio: '3:4', width: 800, height: 600 }] }),
			/800x600 is not 3:4/,
		],
	])('by a size: %s', (_, declare, message) => {
		expect(declare).toThrow(message);
	});

	test.each([
		['no parameter', 'brushes', 'oil', /declares no parameter 'brushes'/],
		['a value that its parameter refuses', 'brush', 'ink', /Brush: "ink" is not one of/],
	])('by a group that is switched on by %s', (_, parameter, value, message) => {
		const declare = () =>
			defineModel({
				id: 'painter',
				displayName: 'Painter',
				description: 'Paints',
				parameters: {
					brush: choice({ ...label, options: brushes }),
					most: integer({ ...label, min: 1 }),
				},
				imageGroup: { maxTotal: 3, limitedBy: 'most', enabledBy: { parameter, value } },
				errorCodes: {},
			});
		expect(declare).toThrow(message);
	});
});

/** What an expression may give. */
const GIVEN: unknown[] = [
	{},
	{ text: 'oil' },
	['oil'],
	[['oil']],
	[1, 2],
	true,
	7,
	'7',
	'seven',
	'[1]',
	'null',
	NaN,
	Infinity,
	10n,
	Symbol('oil'),
	() => 'oil',
	new Date(0),
	new Map(),
];

const OWN_WORDS = /^(is|has|must) [^A-Z]*[^.]*\. ?/;
const WORDS_OF_ZOD = /expected|received|invalid|required|nan\b/i;

describe('whatever an expression gives, what is said is in words of our own', () => {
	const kinds: Array<[string, Parameter]> = [
		['text', text(label)],
		['id', id(label)],
		['integer', integer({ ...label, min: 1, max: 5 })],
		['decimal', decimal({ ...label, min: 1, max: 5 })],
		['seed', seed()],
		['choice', choice({ ...label, options: brushes })],
		['toggle', toggle(label)],
		['json', json(label)],
		// a kind that somebody adds without a thought for its words
		[
			'list',
			declareParameter({
				...text(label),
				schema: z.array(z.object({ name: z.string().email(), size: z.number().int() })).min(1),
				otherwise: 'is not a list. Give one by an expression.',
			}),
		],
	];

	test.each(kinds)('of the kind %s', (_, parameter) => {
		const said = GIVEN.flatMap((value) =>
			readValue(parameter, value).issues.map(({ message }) => message),
		);
		expect(said.length).toBeGreaterThan(3);
		for (const message of said) {
			expect(message).toMatch(OWN_WORDS);
			expect(message).not.toMatch(WORDS_OF_ZOD);
		}
	});

	test('in every field of every model', () => {
		const all = (model: Model, value: unknown) =>
			parseRequest(model, {
				parameters: Object.fromEntries(Object.keys(model.parameters).map((name) => [name, value])),
				size: { size: value, width: value, height: value },
				images: [{ url: 'https://example.com/photo.png', referenceType: value }],
			}).issues;
		for (const model of MODELS) {
			for (const value of GIVEN) {
				for (const { message } of all(model, value)) expect(message).not.toMatch(WORDS_OF_ZOD);
			}
		}
	});
});
