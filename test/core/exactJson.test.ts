import { parseExactJson, quoteLongNumbers } from '../../nodes/Vtrix/core/shared/exactJson';

test('whole numbers keep every digit, wherever they stand', () => {
	expect(
		parseExactJson(
			'{"seed": 12345678901234567890, "ids": [-9007199254740993, 9007199254740991], "n": {"a":1e3}}',
		),
	).toEqual({
		seed: 12345678901234567890n,
		ids: [-9007199254740993n, 9007199254740991],
		n: { a: 1000 },
	});
});

test.each([
	'{"text": "12345678901234567890"}',
	'{"text": "a \\"12345678901234567890\\" b"}',
	'{"text": "ends with a backslash \\\\", "n": 1}',
	'{"12345678901234567890": 1.12345678901234567}',
	'{"n": 1e21, "m": -0.12345678901234567890}',
	'[]',
])('what is none stays as JSON has it: %s', (json) => {
	expect(parseExactJson(json)).toEqual(JSON.parse(json));
	expect(JSON.parse(quoteLongNumbers(json))).toEqual(JSON.parse(json));
});

test.each(['{"n": 01234567890123456789}', '{n: 12345678901234567890}', '12345678901234567890,'])(
	'what is no JSON is refused: %s',
	(json) => expect(() => parseExactJson(json)).toThrow(SyntaxError),
);

test('a text with millions of escapes is read', () => {
	const text = 'a\\n\\"'.repeat(1e6);
	expect(parseExactJson(`{"text": "${text}", "n": 12345678901234567890}`)).toMatchObject({
		n: 12345678901234567890n,
	});
});

test('for those who look for IDs long numbers are texts', () => {
	expect(JSON.parse(quoteLongNumbers('{"id": 1234567890123456789, "n": 1}'))).toEqual({
		id: '1234567890123456789',
		n: 1,
	});
});
