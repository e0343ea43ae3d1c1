import { cleanApiKey, parseApiKey, redactorFor } from '../../nodes/Vtrix/core/exchange/apiKey';

const KEY = 'sk-Ab1_cd.2~e/f+g=';

test.each([
	['a blank and a line break', ` ${KEY}\r\n`],
	['no-break spaces', `\u00a0${KEY}\u202f`],
	['zero-width characters', `\u200b${KEY}\u200d\ufeff`],
	['a zero-width space inside', `sk-\u200b${KEY.slice(3)}`],
	['soft hyphens inside', `sk-\u00ad${KEY.slice(3)}`],
	['the word Bearer', `Bearer ${KEY}`],
	['the word twice, in any case', `bearer  BEARER\t${KEY}`],
	['the word and a no-break space', `Bearer\u00a0${KEY}`],
	['the word and a line break', `Bearer\n${KEY}`],
	['the whole header', `Authorization: Bearer ${KEY}`],
	['the whole header with blanks', `authorization\t= bearer : ${KEY}`],
	['quotes', `"${KEY}"`],
	['single quotes', `'${KEY}'`],
	['backticks', `\`${KEY}\``],
	['typographic quotes', `“${KEY}”`],
	['German quotes', `„${KEY}“`],
	['French quotes', `« ${KEY} »`],
	['quotes around the word', `"Bearer ${KEY}"`],
	['quotes behind the word', `Bearer '${KEY}'`],
	['one quote', `${KEY}"`],
	['all of it', ` “Bearer\u00a0"\u200b${KEY}"” \n`],
])('a key with %s around it is the key', (_, pasted) => {
	expect(cleanApiKey(pasted)).toBe(KEY);
	expect(parseApiKey(pasted)).toEqual({ apiKey: KEY });
});

test.each([KEY, 'my-bearer x', 'Bearertoken-1', 'bearer', 'a"b', 'x'])(
	'%j stays as it is, or is nothing',
	(key) => {
		expect(cleanApiKey(key)).toBe(key === 'bearer' ? '' : key);
	},
);

test.each(['', ' \n', '""', 'Bearer', '“Bearer ”', undefined, 7])('%j is no key', (pasted) => {
	expect(parseApiKey(pasted)).toEqual({ problem: expect.stringMatching(/^is empty/) });
});

test.each(['ключ', 'see https://cloud.vtrix.ai', 'two\nlines', 'two words', 'sk-•••••1234'])(
	'%j can be no key',
	(pasted) => {
		expect(parseApiKey(pasted)).toEqual({
			problem: expect.stringMatching(/characters that no key/),
		});
	},
);

test.each(['https', 'http'])('an address in the place of a key is told as one: %s', (scheme) => {
	expect(parseApiKey(`${scheme}://cloud.vtrix.ai`)).toEqual({
		problem: expect.stringMatching(/^is an address/),
	});
});

describe('a key in texts', () => {
	const key = 'vk/live+51&"<Zv>?>>>';
	test.each([
		['as it is', key],
		['as in a URL', encodeURIComponent(key)],
		[
			'as in a URL in lower case',
			encodeURIComponent(key).replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase()),
		],
		['as in a page', 'vk/live+51&amp;&quot;&lt;Zv&gt;?&gt;&gt;&gt;'],
		['in lower case', key.toLowerCase()],
		['in base64', Buffer.from(key).toString('base64')],
		['in base64 for URLs', Buffer.from(key).toString('base64url')],
	])('is taken out %s', (_, form) => {
		expect(redactorFor(key)(`before ${form} after`)).toMatch(/^before \[API key\]=* after$/);
	});

	test.each([
		['in base64 for URLs, where that has an underscore', 'sk-???', 'c2stPz8_'],
		['in base64 that is not filled up', 'sk-t', 'c2stdA'],
		['whole, as in a URL, where it begins with the key itself', 'sk-test%', 'sk-test%25'],
	])('is taken out %s', (_, ownKey, form) => {
		expect(redactorFor(ownKey)(`before ${form} after`)).toBe('before [API key] after');
	});

	test('leaves other texts alone, and a key that is too short to be one', () => {
		expect(redactorFor(key)('nothing here')).toBe('nothing here');
		expect(redactorFor('a')('a banana')).toBe('a banana');
		expect(redactorFor('abcd')('abcd and more')).toBe('[API key] and more');
	});
});
