import { getPath } from '../core/objectPath';
import { OBJECT_AS_TEXT } from './expressions';
import { BESIDE_TEXT, readEntries, type FieldEntry } from './fieldEntries';
import { isFileObject } from './fileObjects';

/** An image behind a link. */
export interface Link {
	url: string;
	/** Whether it may be meant as several: ",https://" stands inside it. */
	isAmbiguous?: boolean;
}

type LinkEntry = FieldEntry<Link>;

/** The URLs that a field's value names, in their order. */
export const readLinks = (value: unknown): LinkEntry[] =>
	readEntries(value, {
		readText: (text) => {
			const links = linksIn(text);
			return links.map((url) => writtenLink(url, links.length === 1));
		},
		readOne: (one) => [readOne(one)],
	});

/** A link in a text, which an expression may have put together. */
function writtenLink(url: string, isAlone: boolean): LinkEntry {
	if (url.includes(OBJECT_AS_TEXT)) return { kind: 'wrong', value: url, message: BESIDE_TEXT };
	return { kind: 'image', image: { url, isAmbiguous: isAlone && /,https?:\/\//i.test(url) } };
}

function readOne(value: unknown): LinkEntry {
	const url = typeof value === 'string' ? value.trim() : linkOf(value);
	if (url !== undefined) return { kind: 'image', image: { url } };
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
 * URLs in a text: on lines of their own, or after a comma and a blank. Without a blank a comma may
 * belong to a URL that has another one inside, as services have them that change images on their
 * way. There it separates only where a plain link to an image file ends before it.
 */
const linksIn = (text: string): string[] =>
	text
		.split(/[\r\n]+/)
		.flatMap(linksInLine)
		.map((url) => url.trim().replace(/,$/, ''))
		.filter(Boolean);

function linksInLine(line: string): string[] {
	const links: string[] = [];
	let start = 0;
	for (const { index } of line.matchAll(/https?:\/\//gi)) {
		const before = line.slice(start, index);
		const trimmed = before.trimEnd();
		if (!trimmed.endsWith(',')) continue;
		const link = trimmed.slice(0, -1).trimEnd();
		const hasBlank = link.length < before.length - 1;
		if (hasBlank || isPlainFileLink(link)) {
			links.push(link);
			start = index;
		}
	}
	return [...links, line.slice(start)];
}

/** `https://host/path/photo.png`: nothing behind the name of an image file, and no other URL inside. */
const isPlainFileLink = (link: string): boolean =>
	link === '' ||
	(/^\s*https?:\/\/[^/?#]+\/[^?#]*\.(jpe?g|png|webp|bmp|tiff?|gif|avif|heic)$/i.test(link) &&
		link.lastIndexOf('://') === link.indexOf('://'));
