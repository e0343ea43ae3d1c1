import { readValue, type Parameter } from '../../nodes/Vtrix/core/definition/parameter';
import {
	choice,
	decimal,
	id,
	integer,
	json,
	jsonValue,
	list,
	seed,
	text,
	toggle,
	unavailable,
} from '../../nodes/Vtrix/core/definition/parameters';

const label = { displayName: 'Brush', description: 'What to paint with' };
const options = [
	{ value: 'oil', name: 'Oil' },
	{ value: 'ink', name: 'Ink' },
];
const short = { exceeds: (value: string) => value.length > 9, upTo: '9 letters', because: 'So.' };
const three = { ...label, maxItems: 3 };

describe('form and documentation are told of', () => {
	const number = { start: 0, kindInWords: 'number', holdsText: false };
	const anyJson = { kindInWords: 'JSON', holdsText: true };
	test.each<[string, Parameter, Partial<Parameter>]>([
		[
			'text',
			text(label),
			{
				field: { kind: 'text', rows: 4 },
				start: '',
				kindInWords: 'text',
				holdsText: true,
				limits: '',
			},
		],
		[
			'text with an end',
			text({ ...label, maxCharacters: 1000 }),
			{ limits: 'at most 1,000 characters' },
		],
		[
			'text with advice',
			text({ ...label, recommended: short, discouraged: '$' }),
			{ recommended: 'up to 9 letters, no special characters such as $' },
		],
		[
			'text with a bad sign',
			text({ ...label, discouraged: '$' }),
			{ recommended: 'no special characters such as $' },
		],
		[
			'text with a best length',
			text({ ...label, recommended: short }),
			{ recommended: 'up to 9 letters' },
		],
		['an ID', id(label), { field: { kind: 'text', rows: 1 }, holdsText: true }],
		[
			'a whole number',
			integer({ ...label, min: 1, max: 9 }),
			{
				...number,
				field: { kind: 'number', min: 1, max: 9, decimals: 0 },
				limits: '1 to 9, whole numbers',
			},
		],
		[
			'a whole number without an end',
			integer({ ...label, min: 1 }),
			{ limits: '1 or more, whole numbers' },
		],
		[
			'a number',
			decimal({ ...label, min: 0.5, max: 1 }),
			{ ...number, field: { kind: 'number', min: 0.5, max: 1, decimals: 2 }, limits: '0.5 to 1' },
		],
		['a number without an end', decimal({ ...label, min: 0.5 }), { limits: '0.5 or more' }],
		[
			'a choice',
			choice({ ...label, options }),
			{
				field: { kind: 'choice', options },
				start: 'oil',
				kindInWords: 'choice',
				holdsText: false,
				limits: 'oil, ink',
			},
		],
		[
			'a switch',
			toggle(label),
			{
				field: { kind: 'toggle' },
				start: false,
				kindInWords: 'on / off',
				holdsText: false,
				limits: 'true, false',
			},
		],
		[
			'an object',
			json(label),
			{ ...anyJson, field: { kind: 'json' }, start: '{}', limits: 'a JSON object' },
		],
		[
			'anything',
			jsonValue(label),
			{
				...anyJson,
				field: { kind: 'json', shape: 'any' },
				start: '',
				limits: 'any JSON value',
			},
		],
		[
			'a list',
			list({ ...label, isOfTexts: false }),
			{ ...anyJson, field: { kind: 'json', shape: 'list' }, start: '', limits: 'a list' },
		],
		[
			'a list of texts',
			list({ ...three, isOfTexts: true }),
			{ ...anyJson, field: { kind: 'text', rows: 3 }, limits: 'a list of at most 3' },
		],
		[
			'what is not offered',
			unavailable({ ...label, options, reason: 'it is off' }),
			{ start: [], holdsText: false, kindInWords: 'not offered at present' },
		],
	])('%s', (_, parameter, told) => {
		expect(parameter).toMatchObject({ ...label, ...told });
	});
});

describe('a value', () => {
	const amount = decimal({ ...label, min: -1000, max: 1000 });
	const many = list({ ...three, isOfTexts: false });
	const texts = list({ ...three, isOfTexts: true });
	const any = jsonValue(label);

	test.each<[Parameter, unknown, unknown]>([
		[text(label), 7, '7'],
		[id(label), ' \u200babc\n', 'abc'],
		...['+12.25', ' 12.25 ', '1225e-2', '.1225E+2', '1.225e1', '000000000012.25'].map(
			(written): [Parameter, unknown, unknown] => [amount, written, 12.25],
		),
		[amount, '5.', 5],
		[amount, '.25', 0.25],
		[amount, '0.0000000001e12', 100],
		[seed(), '-1', -1],
		[toggle(label), ' TRUE ', true],
		[toggle(label), 'false', false],
		[json(label), { a: 1 }, { a: 1 }],
		[json(label), '{"a": 12345678901234567890}', { a: 12345678901234567890n }],
		[any, '[1]', [1]],
		[any, 'no JSON', 'no JSON'],
		[any, 5, 5],
		[many, '[1, 2]', [1, 2]],
		[many, [1, 2, 3], [1, 2, 3]],
		[many, 5, [5]],
		[texts, 'one\r\n\n two ', ['one', 'two']],
		[texts, '["one"]', ['one']],
		[texts, '{"one": 1}', ['{"one": 1}']],
	])('of %# is sent as it is meant', (parameter, given, sent) => {
		expect(readValue(parameter, given)).toEqual({ value: sent, issues: [] });
	});

	test.each<[Parameter, unknown, string]>([
		[
			text({ ...label, maxCharacters: 2 }),
			'😀😀😀',
			'is too long. At most 2 characters are allowed, this has 3.',
		],
		...['about 12', '12px', '1.x', '.x', '1ex', 'x1'].map(
			(written): [Parameter, unknown, string] => [amount, written, amount.otherwise],
		),
		[amount, Infinity, 'is too high. The largest value is 1,000.'],
		[amount, -Infinity, 'is too low. The smallest value is -1,000.'],
		[decimal({ ...label, min: 1 }), Infinity, amount.otherwise],
		[integer({ ...label, min: 1 }), 1.5, 'is not a whole number. Remove the decimals.'],
		[choice({ ...label, options }), 'Oil', 'is not one of the options. Use oil or ink.'],
		[toggle(label), 'yes', 'is neither true nor false. Use one of the two.'],
		[json(label), '{', 'is not valid JSON. Check quotes, commas and brackets.'],
		[json(label), '[]', 'is not a JSON object. It starts with { and ends with }.'],
		[many, '[1', 'is not valid JSON. Check quotes, commas and brackets.'],
		[many, '{}', 'is not a JSON list. It starts with [ and ends with ].'],
		[many, [1, 2, 3, 4], 'has 4 entries. At most 3 are allowed.'],
	])('of %# that is refused is told of once', (parameter, value, message) => {
		expect(readValue(parameter, value).issues).toEqual([{ label: 'Brush', value, message }]);
	});

	test('of a seed is refused where it would be none', () => {
		expect(readValue(seed(), 0).issues).toEqual([
			{ label: 'Seed', value: 0, message: expect.stringMatching(/^is not allowed\. Use -1/) },
		]);
	});
});

test('what a text is advised against is told together, and nothing where it follows the advice', () => {
	const { warn } = text({ ...label, recommended: short, discouraged: '$' });
	expect(warn?.('short')).toBeFalsy();
	expect(warn?.('a long $ text')).toBe(
		"'Brush' is long. Up to 9 letters work best: So. 'Brush' contains $. Vtrix advises against special characters like it for this model.",
	);
	expect(text(label).warn).toBeUndefined();
});
