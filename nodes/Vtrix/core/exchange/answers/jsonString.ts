/** A part of the inside of a JSON string. */
export interface StringPart {
	content: string;
	/** A possible beginning of an escape that the next part completes. */
	rest: string;
	/** Where the text continues after the closing quote; absent until that has come. */
	end?: number;
}

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescape = (text: string): string =>
	text.includes('\\')
		? text.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, code?: string, sign = '') =>
				code === undefined ? (ESCAPES[sign] ?? sign) : String.fromCharCode(parseInt(code, 16)),
			)
		: text;

/** Reads the inside of a JSON string as far as it has come; `text` begins outside of any escape. */
export function readStringPart(text: string): StringPart {
	let quote = text.indexOf('"');
	for (let at = text.indexOf('\\'); at >= 0 && (quote < 0 || at < quote); ) {
		const next = at + (text[at + 1] === 'u' ? 6 : 2);
		if (next > text.length) return { content: unescape(text.slice(0, at)), rest: text.slice(at) };
		if (quote >= 0 && quote < next) quote = text.indexOf('"', next);
		at = text.indexOf('\\', next);
	}
	if (quote < 0) return { content: unescape(text), rest: '' };
	return { content: unescape(text.slice(0, quote)), rest: '', end: quote + 1 };
}
