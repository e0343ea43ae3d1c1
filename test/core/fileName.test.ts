import fc from 'fast-check';
import { toFileName } from '../../nodes/Vtrix/core/imageFile/fileName';

const alone = { index: 1, total: 1, extension: 'jpg' };
const named = (given: string, file: Partial<typeof alone> = {}) =>
	toFileName(given, { ...alone, ...file });

describe('a given name', () => {
	test.each([
		['A-17', 'A-17.jpg'],
		['Kaffeebecher weiß', 'Kaffeebecher weiß.jpg'],
		['  A-17\n', 'A-17.jpg'],
		['report.v2', 'report.v2.jpg'],
		['1.5 l', '1.5 l.jpg'],
		['-A_17 (2), 50% #1;', '-A_17 (2), 50% #1;.jpg'],
	])('%j becomes %j', (given, name) => expect(named(given)).toBe(name));

	test.each([
		['A-17.jpg', 'jpg', 'A-17.jpg'],
		['A-17.JPG', 'jpg', 'A-17.jpg'],
		['A-17.jpeg', 'jpg', 'A-17.jpg'],
		['A-17.jpg', 'png', 'A-17.png'],
		['A-17.png.webp', 'jpg', 'A-17.jpg'],
		['A-17.jpg.', 'jpg', 'A-17.jpg'],
		['A-17 .jpg', 'jpg', 'A-17.jpg'],
		['clip.mov', 'mp4', 'clip.mp4'],
		['A-17.unheardof', 'unheardof', 'A-17.unheardof'],
		['price.list.xlsx', 'jpg', 'price.list.xlsx.jpg'],
	])('%j of a %s ends as its bytes say: %j', (given, extension, name) => {
		expect(named(given, { extension })).toBe(name);
	});

	test.each([
		[1, 'A-17-1.jpg'],
		[2, 'A-17-2.jpg'],
		[15, 'A-17-15.jpg'],
	])('is numbered in a group: image %d is %j', (index, name) => {
		expect(named('A-17.png', { index, total: 15 })).toBe(name);
	});

	test.each([
		['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j.jpg'],
		['../../etc/passwd', '-..-etc-passwd.jpg'],
		['line\r\nBcc: someone', 'line-Bcc- someone.jpg'],
		['tab\there\u0000and\u0085there\u2028', 'tab-here-and-there.jpg'],
		['.htaccess', 'htaccess.jpg'],
		['dots... ', 'dots.jpg'],
		['no\u00a0break\u3000space', 'no break space.jpg'],
		['half \ud83d', 'half -.jpg'],
	])('loses what file systems and mail refuse: %j becomes %j', (given, name) => {
		expect(named(given)).toBe(name);
	});

	test.each(['con', 'NUL', 'Com1', 'lpt9', 'nul.tar', 'CON .x', 'CONIN$', 'com¹'])(
		'is no device of Windows: %j',
		(given) => expect(named(given)).toBe(`_${given}.jpg`),
	);
	test.each(['console', 'com', 'com10', 'auxiliary', 'my con'])('stays near one: %j', (given) => {
		expect(named(given)).toBe(`${given}.jpg`);
	});

	test.each([
		'Löwe',
		'马克杯',
		'マグカップ',
		'머그잔',
		'чашка',
		'كوب',
		'כוס',
		'कप क्ष',
		'می‌خواهم',
		'क्‍ष',
		'👩🏽‍🚀 🇩🇪 ❤️‍🔥 1️⃣',
	])('keeps the letters of every language: %j', (given) => {
		expect(named(given)).toBe(`${given.normalize('NFC')}.jpg`);
	});

	test.each([
		['Lo\u0308we', 'Löwe.jpg'],
		['invoice\u202egpj.exe', 'invoicegpj.exe.jpg'],
		['A\u200b-\u200d1\u20607\ufeff\u00ad', 'A-17.jpg'],
		['A\u2066-17\u2069\u200f', 'A-17.jpg'],
		['A\ufe0f\u034f\u3164', 'A.jpg'],
	])('is written in one way, and hides nothing: %j becomes %j', (given, name) => {
		expect(named(given)).toBe(name);
	});

	test.each(['', '   ', '.jpg', '...', '\u200b\u202e', '///', ' - ', '.jpg.png'])(
		'names nothing if nothing is left of it: %j',
		(given) => expect(named(given)).toBeUndefined(),
	);
});

describe('a long name', () => {
	const bytes = (name = '') => Buffer.byteLength(name);

	test.each([
		['a', 255],
		['ä', 255],
		['杯', 254],
		['👩🏽‍🚀', 255],
	])('of %s is cut between characters, its number and extension kept', (character, length) => {
		const name = named(character.repeat(300), { index: 12, total: 15 }) ?? '';
		expect(name).toMatch(/-12\.jpg$/);
		const kept = name.slice(0, -'-12.jpg'.length);
		expect(kept.replaceAll(character, '')).toBe('');
		expect(bytes(name)).toBeLessThanOrEqual(length);
		expect(bytes(name)).toBeGreaterThan(length - bytes(character));
	});

	test('of one endless character is cut within it', () => {
		const name = named(`a${'\u0323\u0301'.repeat(500)}`);
		expect(bytes(name)).toBeGreaterThan(250);
		expect(bytes(name)).toBeLessThanOrEqual(255);
	});

	test('is not left with a dot or a blank where it is cut', () => {
		expect(named(`${'a'.repeat(250)}. . .b`)).toBe(`${'a'.repeat(250)}.jpg`);
	});

	test.each(['.jpg', ' .', '\u200d', 'a\u0301', '/', '👩🏽‍🚀'])(
		'of many megabytes is read no further than it can be kept: %j',
		(part) => expect(named(part.repeat(1_000_000))).toBe(named(part.repeat(1000))),
	);
});

test('whatever is given, a name is one that every file system takes', () => {
	const anything = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 400 }),
		fc.string({ unit: 'grapheme', maxLength: 400 }),
		fc.string({
			unit: fc.constantFrom('.', ' ', '/', 'jpg', '.png', '\u200d', '\u0301', 'con', '\ud83d', 'é'),
		}),
	);
	fc.assert(
		fc.property(anything, fc.integer({ min: 1, max: 15 }), (given, index) => {
			const name = named(given, { index, total: 15 });
			if (name === undefined) return;
			expect(name).toMatch(new RegExp(`-${index}\\.jpg$`));
			expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cs}\p{Bidi_Control}\u200b]/u);
			expect(name).not.toMatch(/^[. ]|[. ]-\d+\.jpg$/);
			expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
			expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
		}),
		{ numRuns: 2000 },
	);
});
