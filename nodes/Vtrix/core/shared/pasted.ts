/** Comes along unseen when text is copied: soft hyphens, zero-width and direction marks. */
const INVISIBLE = /\p{Cf}/gu;
const BLANK = /[\s\p{Cc}]/u;
const QUOTE = /["'`´“”„‟‘’‚‛«»‹›「」]/;

/** Without invisible characters, and without blanks at its ends. */
export const trimPasted = (text: string): string => trimAll(text.replace(INVISIBLE, ''), BLANK);

/** The same without quotes around it. */
export const unquotePasted = (text: string): string => trimPasted(trimAll(trimPasted(text), QUOTE));

/** A regular expression that ends with `+$` would take quadratic time for a long row inside. */
function trimAll(text: string, kind: RegExp): string {
	let [start, end] = [0, text.length];
	while (start < end && kind.test(text.charAt(start))) start += 1;
	while (start < end && kind.test(text.charAt(end - 1))) end -= 1;
	return text.slice(start, end);
}
