/** What file systems take for one name, in bytes of UTF-8; Windows and macOS take at least as much. */
const LONGEST_BYTES = 255;
const CONSIDERED_LENGTH = 1000;

/** Characters that show nothing, such as marks of direction, with which a name can show as another. */
const INVISIBLE = /(?!\p{Join_Control}|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/gu;
/** Joiners and selectors where they shape no letter (as in Persian or Hindi) and no emoji. */
const STRAY =
	/(?<!\P{ASCII})(\p{Join_Control}|\p{Variation_Selector})(?!\u20e3)|\p{Join_Control}(?!\P{ASCII})/gu;
/** What Windows, other file systems or mail headers refuse, line breaks and halves of characters too. */
const REFUSED = /[<>:"/\\|?*\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+/gu;
/** Endings by which a typed extension is known. */
const EXTENSION =
	/\.(jpe?g|jpe|jfif|png|apng|webp|gif|bmp|tiff?|heic|heif|avif|jxl|svg|ico|mp4|m4v|mov|webm|mkv|avi|mp3|m4a|wav|ogg|flac)$/i;
/** Names that Windows keeps for devices, whatever extension follows. */
const DEVICE = /^(con|prn|aux|nul|(com|lpt)[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/** A file of a task: `index` counts from 1, `total` are all of the task. */
export interface NumberedFile {
	index: number;
	total: number;
	/** By its bytes: `png`. */
	extension: string;
}

/**
 * A given name as a file name that file systems and mail take: `A-17` becomes `A-17.png`, and
 * `A-17-2.png` in a group; `undefined` if nothing is left that could name a file.
 */
export function toFileName(
	given: string,
	{ index, total, extension }: NumberedFile,
): string | undefined {
	const cleaned = given
		.trim()
		.slice(0, CONSIDERED_LENGTH)
		.replace(INVISIBLE, '')
		.replace(STRAY, '')
		.normalize('NFC')
		.replace(/\p{Zs}+/gu, ' ')
		.replace(REFUSED, '-');
	// A dot at the beginning hides a file.
	const name = withoutExtension(cleaned, extension).replace(/^[. ]+/, '');
	if (/^[-_ .]*$/.test(name)) return undefined;
	const ending = `${total > 1 ? `-${index}` : ''}.${extension}`;
	const prefix = DEVICE.test(name + ending) ? '_' : '';
	const room = LONGEST_BYTES - Buffer.byteLength(prefix + ending);
	return `${prefix}${trimEnd(cut(name, room))}${ending}`;
}

/** Dots and blanks at the end are lost on Windows. */
const trimEnd = (name: string): string => name.replace(/[. ]+$/, '');

function withoutExtension(name: string, extension: string): string {
	const trimmed = trimEnd(name);
	const own = `.${extension}`;
	const typed =
		EXTENSION.exec(trimmed)?.[0] ?? (trimmed.toLowerCase().endsWith(own) ? own : undefined);
	return typed === undefined
		? trimmed
		: withoutExtension(trimmed.slice(0, -typed.length), extension);
}

/** As many whole characters, as people see them, as fit into so many bytes. */
function cut(name: string, bytes: number): string {
	if (Buffer.byteLength(name) <= bytes) return name;
	const seen = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name);
	const characters = Array.from(seen, ({ segment }) => segment);
	// One character can be made longer than all the room, by marks above marks.
	return fitting(characters, bytes) || fitting(Array.from(name), bytes);
}

function fitting(parts: readonly string[], bytes: number): string {
	let kept = '';
	for (const part of parts) {
		if (Buffer.byteLength(kept + part) > bytes) break;
		kept += part;
	}
	return kept;
}
