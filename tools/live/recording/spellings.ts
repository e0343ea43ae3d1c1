/** A key that is shorter is no key: it would tear holes into every text. */
const SHORTEST = 6;
/** Of a long key a piece from its begin or end is replaced too, as services cut and mask keys. */
const LONG = 24;
const PIECE = 12;

const NAMED: Record<string, string> = {
	'&': 'amp',
	'<': 'lt',
	'>': 'gt',
	'"': 'quot',
	"'": 'apos',
};

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** One character in every way in which URLs, JSON and HTML write it. */
function character(letter: string): string {
	const code = letter.charCodeAt(0);
	const hex = code.toString(16).padStart(2, '0');
	// the letter itself comes last: it can be the first one of its own escape
	const ways = [
		`%(?:25)*${hex}`,
		`\\\\+u00${hex}`,
		`\\\\+x${hex}`,
		`&#0*${code};`,
		`&#x0*${hex};`,
		...(NAMED[letter] ? [`&${NAMED[letter]};`] : []),
		...(/[/"\\]/.test(letter) ? [`\\\\+${literally(letter)}`] : []),
		literally(letter),
	];
	return `(?:${ways.join('|')})`;
}

/** A beginning of the key of `PIECE` characters or more, as far as the text has it. */
const beginning = (letters: string[]): string =>
	letters.slice(0, PIECE).join('') +
	letters.slice(PIECE).reduceRight((rest, one) => `(?:${one}${rest})?`, '');

/** An end of the key of `PIECE` characters or more. */
const ending = (letters: string[]): string =>
	letters.slice(0, -PIECE).reduce((before, one) => `(?:${before}${one})?`, '') +
	letters.slice(-PIECE).join('');

/** What base64 makes of the key, whatever stands before and behind it. */
function inBase64(key: string): string[] {
	return [0, 1, 2].flatMap((shift) => {
		const encoded = Buffer.from('x'.repeat(shift) + key).toString('base64');
		// the characters that depend on the key alone
		const begin = Math.ceil((shift * 8) / 6);
		const end = Math.floor(((shift + key.length) * 8) / 6);
		const own = encoded.slice(begin, end);
		if (own.length < SHORTEST) return [];
		return [...own].map((one) => (one === '+' ? '[-+]' : one === '/' ? '[_/]' : one)).join('');
	});
}

/**
 * Finds a key however it is written: as it is, in either case, with the escapes of URLs (also twice), JSON and
 * HTML mixed as one likes, in hex, and in base64 at any place of what was encoded; of a long key also
 * a piece of its beginning or end.
 *
 * @returns `undefined` for what is too short to be a key
 */
export function spellingsOf(key: string): RegExp | undefined {
	const trimmed = key.trim();
	if (trimmed.length < SHORTEST) return undefined;
	const letters = [...trimmed].map(character);
	const plain = trimmed.length >= LONG ? [beginning(letters), ending(letters)] : [letters.join('')];
	const hex = Buffer.from(trimmed).toString('hex');
	return new RegExp([...plain, hex, ...inBase64(trimmed)].join('|'), 'gi');
}
