import type { Sides } from '../definition/sizeBounds';
import { isRecord } from '../shared/objectPath';
import { unquotePasted } from '../shared/pasted';

/** What a size by expression says, of whichever model: at least one of its parts. */
export interface SizeWish {
	sides?: Sides;
	shape?: number;
	/** A resolution class: `2K`. */
	resolution?: string;
}

const SHAPES = new Map(
	Object.entries({
		square: 1,
		portrait: 3 / 4,
		upright: 3 / 4,
		landscape: 4 / 3,
		vertical: 9 / 16,
		tall: 9 / 16,
		story: 9 / 16,
		reel: 9 / 16,
		horizontal: 16 / 9,
		wide: 16 / 9,
		widescreen: 16 / 9,
		ultrawide: 21 / 9,
		cinematic: 21 / 9,
		panorama: 21 / 9,
	}),
);

const SCREENS = new Map(
	Object.entries({
		hd: '720p',
		'full hd': '1080p',
		fhd: '1080p',
		qhd: '1440p',
		uhd: '2160p',
		'4k uhd': '2160p',
	}),
);

/** What stands beside a size without saying anything of it. */
const FILLERS = new Set(
	'a an the in aspect ratio size shape format orientation resolution image picture px pixel pixels'.split(
		' ',
	),
);
const NUMBER = String.raw`(\d{1,5}(?:\.\d{1,4})?)`;
const PAIR = new RegExp(
	String.raw`(?<![\d.-])${NUMBER}\s*(?:px)?\s*(?:[:/x×✕*х∶_,-]|by|to)\s*${NUMBER}(?!\s*[:/x×✕*х∶]|[.,_-]?\d|\.)`,
);
/** `width: 1024, height: 768` */
const NAMED_PAIR =
	/\bw(?:idth)?[\s:=]{1,3}(\d{1,5})(?:px)?[\s,;&]{1,3}h(?:eight)?[\s:=]{1,3}(?=\d)/;
/** `1080p`: the lines of a screen of 16:9. */
const LINES = /\b(\d{3,4})p\b/;
const RESOLUTION = /\b([1-8])\s?k\b/;
/** No picture is as small: two numbers up to it are a ratio, and beside a colon one of them is enough. */
const LARGEST_OF_RATIO = 64;
const LONGEST = 100;

/**
 * Reads what people and agents write into the field by expression: `16:9`, `portrait`, `1024 × 768`,
 * `2K`, `4:5 portrait`, `1080p`, `{ "width": 1024, "height": 768 }`. `undefined` if any of it is not
 * understood, so that nothing is paid for by guess.
 */
export function readSizeWish(value: unknown): SizeWish | undefined {
	const written = asText(value);
	if (written === undefined || written.length > LONGEST) return undefined;
	const trimmed = unquotePasted(written.normalize('NFKC')).toLowerCase();
	const text = (SCREENS.get(trimmed) ?? trimmed)
		.replace(NAMED_PAIR, '$1x')
		.replace(LINES, (_, lines: string) => `${2 * Math.round((Number(lines) * 8) / 9)}x${lines}`);
	const pair = PAIR.exec(text);
	const besides = text.replace(PAIR, ' ');
	const thousands = RESOLUTION.exec(besides)?.[1];
	const [word, ...others] = besides
		.replace(RESOLUTION, ' ')
		.split(/[\s,;:=_()"'-]/)
		.filter((part) => part !== '' && !FILLERS.has(part));
	const shape = SHAPES.get(word ?? '');
	if (others.length > 0 || (word !== undefined && shape === undefined)) return undefined;
	const wish: SizeWish = thousands === undefined ? {} : { resolution: `${thousands}K` };
	if (pair) {
		const sides = turned({ width: Number(pair[1]), height: Number(pair[2]) }, shape);
		if (!sides) return undefined;
		const { width, height } = sides;
		const decisive = /[:/∶]/.test(pair[0]) ? Math.min(width, height) : Math.max(width, height);
		if (decisive <= LARGEST_OF_RATIO) {
			return { ...wish, shape: width / height };
		}
		return Number.isInteger(width) && Number.isInteger(height) ? { ...wish, sides } : undefined;
	}
	if (shape !== undefined) return { ...wish, shape };
	return wish.resolution === undefined ? undefined : wish;
}

/** `16:9` beside "portrait" is 9:16; beside "square", or with a zero, it says nothing certain. */
function turned({ width, height }: Sides, shape?: number): Sides | undefined {
	if (width === 0 || height === 0) return undefined;
	if (shape === 1 && width !== height) return undefined;
	return shape === undefined || shape < 1 === width < height
		? { width, height }
		: { width: height, height: width };
}

/** A size as text, also where it is `{ "width": 1024, "height": 768 }` or a list of two numbers. */
function asText(value: unknown): string | undefined {
	if (typeof value === 'string') {
		try {
			return asText(JSON.parse(value));
		} catch {
			return value;
		}
	}
	if (Array.isArray(value)) return joined(value, 'x');
	if (!isRecord(value)) return undefined;
	const { width, height } = value;
	return joined([width, height], 'x') ?? joined(Object.entries(value).flat(), ' ');
}

/** Texts and numbers as one text; `undefined` if there is anything else. */
const joined = (parts: readonly unknown[], between: string): string | undefined =>
	parts.every((part) => ['string', 'number'].includes(typeof part))
		? parts.join(between)
		: undefined;
