import { getPath } from '../../core/shared/objectPath';
import { trimPasted, unquotePasted } from '../../core/shared/pasted';
import { OBJECT_AS_TEXT } from './expressions';
import {
	AS_TEXT,
	BESIDE_TEXT,
	readEntries,
	TYPED_EXPRESSION,
	type FieldEntry,
} from './fieldEntries';
import { isFileObject } from './fileObjects';

/** An image behind a link. */
export interface Link {
	url: string;
	/** The separator before a second URL inside this one, where it may separate two: `,https://`. */
	inside?: string;
}

type LinkEntry = FieldEntry<Link>;

/** The URLs that a field's value names, in their order. */
export const readLinks = (value: unknown): LinkEntry[] =>
	readEntries(value, {
		readText: (text) => {
			const links = linksIn(text);
			return links.map((url) => writtenLink(url, links.length === 1));
		},
		readOne,
	});

/** A link in a text, which expressions may have composed. */
function writtenLink(url: string, isAlone: boolean): LinkEntry {
	if (url.includes(OBJECT_AS_TEXT)) return { kind: 'wrong', value: url, message: BESIDE_TEXT };
	if (TYPED_EXPRESSION.test(url)) return { kind: 'wrong', value: url, message: AS_TEXT };
	const [inside] = (isAlone && /[,;|]https?:\/\//i.exec(url)) || [];
	return { kind: 'named', named: { url, ...(inside !== undefined && { inside }) } };
}

function readOne(value: unknown): LinkEntry {
	const given = typeof value === 'string' ? value : linkOf(value);
	const url = given === undefined ? undefined : trimPasted(given);
	if (url !== undefined) return { kind: 'named', named: { url } };
	const message = isFileObject(value)
		? 'is a file, not a URL. Choose File as the source.'
		: 'is not a URL. Enter a link, a list of links, or a list of objects that have a url.';
	return { kind: 'wrong', value, message };
}

/** Where tables that deliver attachments put the link; a signed one opens without signing in. */
const LINK_PATHS = [['signedUrl'], ['url'], ['href'], ['file', 'url'], ['external', 'url']];

const linkOf = (value: unknown): string | undefined =>
	LINK_PATHS.map((path) => getPath(value, path)).find(
		(link): link is string => typeof link === 'string' && link !== '',
	);

/**
 * URLs in a text: on lines of their own, behind a blank, or behind a comma, semicolon or bar and a
 * blank. Without a blank such a character may belong to a URL that contains another one, as those
 * of image transformation services do. There it separates only after a plain link to an image file.
 */
const linksIn = (text: string): string[] =>
	text
		.split(/[\r\n]/)
		.flatMap(linksInLine)
		.map((link) => unwrapped(trimPasted(link).replace(/[,;|]$/, '')))
		.filter(Boolean);

function linksInLine(line: string): string[] {
	const links: string[] = [];
	let start = 0;
	for (const { index } of line.matchAll(WRAPPED_LINK)) {
		const before = line.slice(start, index);
		const trimmed = before.trimEnd();
		const hasSeparator = /[,;|]$/.test(trimmed);
		const link = hasSeparator ? trimmed.slice(0, -1).trimEnd() : trimmed;
		const hasBlank = link.length + Number(hasSeparator) < before.length;
		if (hasBlank || (hasSeparator && isPlainFileLink(link))) {
			links.push(LIST_MARK.test(link) ? '' : link);
			start = index;
		}
	}
	return [...links, line.slice(start)];
}

/** The beginning of a link, with what people and language models put around it. */
const WRAPPED_LINK = /(?:!?\[[^\]\n]{0,200}\]\(|[<"'“”„‘’«»])?https?:\/\//gi;
/** `-`, `*`, `1.` */
const LIST_MARK = /^\s*(?:[-*•]|\d{1,3}[.)])$/;

/** A link without the marks of Markdown, angle brackets or quotes around it. */
function unwrapped(text: string): string {
	const markdown = /^!?\[[^\]]{0,200}\]\((https?:\/\/[^\s()]+)\)$/i.exec(text);
	const bracketed = /^<(https?:\/\/[^\s<>]+)>$/i.exec(text);
	return markdown?.[1] ?? bracketed?.[1] ?? unquotePasted(text);
}

/**
 * `https://host/path/photo.png`: nothing behind the name of an image file, and no other URL inside.
 */
const isPlainFileLink = (link: string): boolean =>
	link === '' ||
	(/^\s*https?:\/\/[^/?#]+\/[^?#]*\.(jpe?g|png|webp|bmp|tiff?|gif|avif|heic)$/i.test(link) &&
		link.lastIndexOf('://') === link.indexOf('://'));
