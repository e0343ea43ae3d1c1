/**
 * What comes along unseen when text is copied from a page, a chat or a PDF: soft hyphens, zero-width
 * and direction marks, byte order marks.
 */
const INVISIBLE = /\p{Cf}/gu;
const AROUND = /^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu;

/** Pasted text without what nobody sees in it, and without white space around it. */
export const trimPasted = (text: string): string => text.replace(INVISIBLE, '').replace(AROUND, '');

const QUOTES = /^["'`´“”„‟‘’‚‛«»‹›「」]+|["'`´“”„‟‘’‚‛«»‹›「」]+$/g;

/** The same without quotes around it. */
export const unquotePasted = (text: string): string =>
	trimPasted(trimPasted(text).replace(QUOTES, ''));
