const STRING_OR_NUMBER = /"|-?\d[\d.eE+-]*/g;
/** Numbers of fewer digits always fit a JavaScript number exactly. */
const LONG_NUMBER = /\d{16}/;
/** Marks a number written as text; no real string begins with it, except on purpose. */
const MARK = '\u0000whole number ';

const isUnsafe = (literal: string): boolean =>
	/^-?\d+$/.test(literal) && !Number.isSafeInteger(Number(literal));

function endOfString(json: string, start: number): number {
	let quote = json.indexOf('"', start + 1);
	const isEscaped = () => {
		let before = quote;
		while (json[before - 1] === '\\') before -= 1;
		return (quote - before) % 2 === 1;
	};
	while (isEscaped()) quote = json.indexOf('"', quote + 1);
	return quote + 1;
}

function rewriteUnsafe(json: string, write: (digits: string) => string): string {
	const parts: string[] = [];
	let copied = 0;
	const tokens = new RegExp(STRING_OR_NUMBER);
	for (let token = tokens.exec(json); token; token = tokens.exec(json)) {
		const [literal] = token;
		if (literal === '"') tokens.lastIndex = endOfString(json, token.index);
		else if (isUnsafe(literal)) {
			parts.push(json.slice(copied, token.index), write(literal));
			copied = tokens.lastIndex;
		}
	}
	return parts.join('') + json.slice(copied);
}

/** Whole numbers that a JavaScript number cannot hold become bigints. @throws SyntaxError */
export function parseExactJson(text: string): unknown {
	const plain: unknown = JSON.parse(text);
	if (!LONG_NUMBER.test(text)) return plain;
	const marked = rewriteUnsafe(text, (digits) => JSON.stringify(MARK + digits));
	return JSON.parse(marked, (_, value: unknown) =>
		typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
	);
}

/** The same JSON with such numbers as strings, so that ids in it keep every digit. */
export const quoteLongNumbers = (json: string): string =>
	LONG_NUMBER.test(json) ? rewriteUnsafe(json, (digits) => `"${digits}"`) : json;
