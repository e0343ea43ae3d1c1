import { isUnset, readValue } from '../definition/parameter';
import { integer } from '../definition/parameters';
import {
	CUSTOM_SIZE,
	DEFAULT_SIZE,
	isSameShape,
	LIKE_INPUT,
	pixelsOf,
	SIZE_LABEL,
	sizeEntries,
	sizeLike,
	sizeOfShape,
	sizeText,
	type Size,
} from '../definition/size';
import {
	areaOf,
	brokenBounds,
	shapeOf,
	withoutMinimum,
	type Sides,
} from '../definition/sizeBounds';
import { uprightSize, type ImageHeader } from '../imageFile/imageHeader';
import type { Issue } from '../shared/issues';
import { readSizeWish, type SizeWish } from './sizeWish';

/** What the user chose: the `size` field, and `width` and `height` when it is "custom". */
export interface SizeValues {
	size: unknown;
	width: unknown;
	height: unknown;
}

/** What a size gives: the values to send (unset ones left out), what is wrong, and warnings. */
export interface ParsedSize {
	params: Record<string, unknown>;
	issues: Issue[];
	warnings: string[];
	isLikeInput?: boolean;
}

const nothing = (...issues: Issue[]): ParsedSize => ({ params: {}, issues, warnings: [] });

const sent = ({ sentAs }: Size, sides: Sides, ...warnings: string[]): ParsedSize => ({
	params:
		sentAs === 'text' ? { size: sizeText(sides) } : { width: sides.width, height: sides.height },
	issues: [],
	warnings,
});

/** Reads a size as the list gives it, or as people and agents write it in an expression. */
export function parseSize(size: Size, values: SizeValues, takesImages: boolean): ParsedSize {
	const value = chosenEntry(size, values.size, takesImages);
	if (isUnset(value) || value === DEFAULT_SIZE) return nothing();
	if (value === LIKE_INPUT && takesImages) return { ...nothing(), isLikeInput: true };
	if (value === CUSTOM_SIZE) return parseCustom(size, values);
	if (value === LIKE_INPUT) {
		const message = 'follows the input image, and this model takes none. Choose another Size.';
		return nothing({ label: SIZE_LABEL, value, message });
	}
	const wish = readSizeWish(value);
	if (!wish) return nothing(unknownSize(size, value));
	return wish.sides ? parseSides(size, wish.sides, value) : parseShape(size, wish, value);
}

/** What an entry of the list stands for, where its label is given instead, in any case. */
function chosenEntry(size: Size, value: unknown, takesImages: boolean): unknown {
	if (typeof value !== 'string') return value;
	const text = value.trim().toLowerCase();
	// What other services call their default.
	if (text === 'auto') return DEFAULT_SIZE;
	const entry = sizeEntries(size, takesImages).find(
		(one) => one.value.toLowerCase() === text || one.name.toLowerCase() === text,
	);
	return entry?.value ?? value;
}

function parseCustom(size: Size, values: SizeValues): ParsedSize {
	const issues: Issue[] = [];
	const read = (displayName: string, value: unknown): number | undefined => {
		if (isUnset(value)) return undefined;
		const limits = size.side ?? { min: 1 };
		const side = readValue(integer({ displayName, description: '', ...limits }), value);
		issues.push(...side.issues);
		return Number(side.value);
	};
	const width = read('Width', values.width);
	const height = read('Height', values.height);
	if (issues.length > 0 || (width ?? height) === undefined) return nothing(...issues);
	if (size.bothOrNeither && (width === undefined || height === undefined)) {
		return nothing({
			label: width === undefined ? 'Width' : 'Height',
			message: 'is empty. Enter both Width and Height, or choose another Size.',
		});
	}
	const { default: usual } = size;
	const checked = checkSides(size, { width: width ?? usual.width, height: height ?? usual.height });
	if (width !== undefined && height !== undefined) return checked;
	return {
		...checked,
		params: { ...(width === undefined ? { height } : { width }) },
		warnings: [],
	};
}

function checkSides(size: Size, sides: Sides, value: unknown = sizeText(sides)): ParsedSize {
	const broken = brokenBounds(sides, size);
	if (broken.length > 0) {
		const nearest = sizeText(sizeOfShape(size, shapeOf(sides), { pixels: areaOf(sides) }));
		return nothing(
			...broken.map((message, index) => ({
				label: SIZE_LABEL,
				value,
				message: index === 0 ? `${message} The nearest size is ${nearest}.` : message,
			})),
		);
	}
	const { discouraged } = size;
	return discouraged?.includes(sides.width, sides.height)
		? sent(size, sides, `With ${discouraged.inWords} ${discouraged.because}`)
		: sent(size, sides);
}

/** A smaller picture is hardly meant: it is no size that any model of this kind makes. */
const FEWEST_PIXELS = 256 * 256;

/**
 * Sides by expression. A size smaller than the model makes becomes the one of its shape, since that
 * can be made smaller afterwards; one that is larger is rejected.
 */
function parseSides(size: Size, sides: Sides, value: unknown): ParsedSize {
	const checked = checkSides(size, sides, value);
	if (checked.issues.length === 0 || areaOf(sides) < FEWEST_PIXELS) return checked;
	if (brokenBounds(sides, withoutMinimum(size)).length > 0) return checked;
	const found = sizeOfShape(size, shapeOf(sides), { pixels: areaOf(sides) });
	if (!isSameShape(shapeOf(found), shapeOf(sides))) return checked;
	const warning = `'${SIZE_LABEL}' was ${sizeText(sides)}, which is smaller than this model makes, so ${sizeText(found)} was asked for.`;
	return sent(size, found, warning);
}

/** An input image by name; without `header` its size could not be read. */
export interface NamedPicture {
	/** Name of its field, or its URL. */
	name: string;
	header?: ImageHeader;
}

/** The size that follows an input image, in the shape that people see. */
export function followInput(size: Size, image: NamedPicture | undefined): ParsedSize {
	const { default: usual } = size;
	if (!image) {
		const warning = `'${SIZE_LABEL}' follows the first input image, and there is none, so the image has the model's default of ${usual.width} × ${usual.height} pixels.`;
		return { ...nothing(), warnings: [warning] };
	}
	const { name, header } = image;
	if (!header) {
		return nothing({
			label: SIZE_LABEL,
			message: `cannot follow the image '${name}', whose width and height don't show. Save the image again, or choose another Size.`,
		});
	}
	const seen = uprightSize(header);
	const found = sizeLike(size, shapeOf(seen));
	const is = `the image '${name}' of ${seen.width} × ${seen.height} pixels`;
	const warnings: string[] = [];
	if (!isSameShape(shapeOf(found), shapeOf(seen))) {
		warnings.push(
			`'${SIZE_LABEL}' follows ${is}, a shape that this model does not make: the nearest is ${found.width} × ${found.height}.`,
		);
	} else if (seen.width !== header.width) {
		warnings.push(`'${SIZE_LABEL}' follows ${is} as people see it, upright.`);
	}
	return sent(size, found, ...warnings);
}

function parseShape(size: Size, { shape, resolution }: SizeWish, value: unknown): ParsedSize {
	if (resolution !== undefined && !resolutionsOf(size).includes(resolution)) {
		const [pixels, ratio] = [pixelsOf(resolution), shape ?? 1];
		const width = Math.round(Math.sqrt(pixels * ratio));
		return parseSides(size, { width, height: Math.round(pixels / width) }, value);
	}
	if (shape === undefined && resolution !== undefined && size.keywords.includes(resolution)) {
		return { ...nothing(), params: { size: resolution } };
	}
	const wanted = shape ?? shapeOf(size.default);
	const found = sizeOfShape(size, wanted, resolution === undefined ? {} : { resolution });
	return isSameShape(shapeOf(found), wanted)
		? sent(size, found)
		: nothing(unknownSize(size, value, sizeText(found)));
}

const resolutionsOf = ({ keywords, presets }: Size): string[] => [
	...new Set([...keywords, ...presets.flatMap(({ resolution }) => resolution ?? [])]),
];

function unknownSize(size: Size, value: unknown, nearest?: string): Issue {
	const ratios = [...new Set(size.presets.map(({ ratio }) => ratio))];
	const usable = [
		...ratios,
		'square',
		'portrait',
		'landscape',
		...resolutionsOf(size).filter((resolution) => !size.keywords.includes(resolution)),
		size.sentAs === 'text'
			? size.limits
			: `or a size like ${sizeText(size.default)}: ${size.limits}`,
	];
	return {
		label: SIZE_LABEL,
		value,
		message: `is not a size of this model.${nearest ? ` The nearest is ${nearest}.` : ''} Use ${usable.join(', ')}.`,
	};
}
