import { formatNumber, formatRatio } from '../shared/format';

/** Pixels. */
export interface Sides {
	width: number;
	height: number;
}

/** Width / height. */
export const shapeOf = ({ width, height }: Sides): number => width / height;

/** Width × height. */
export const areaOf = ({ width, height }: Sides): number => width * height;

/** What a size has to keep to, in pixels. */
export interface SizeBounds {
	side?: { min: number; max: number };
	area?: { min?: number; max: number };
	/** Smallest and largest width / height; each the other's reciprocal. */
	ratio?: { min: number; max: number };
}

/** `262,144 to 4,194,304`, or `at most 4,194,304` */
export const areaInWords = ({ min, max }: NonNullable<SizeBounds['area']>): string =>
	min === undefined
		? `at most ${formatNumber(max)}`
		: `${formatNumber(min)} to ${formatNumber(max)}`;

/** `a ratio of 1:3 to 3:1` */
export const ratioInWords = ({ min, max }: NonNullable<SizeBounds['ratio']>): string =>
	`a ratio of ${formatRatio(min)} to ${formatRatio(max)}`;

/** Every bound that a size breaks, as a predicate and a sentence. */
export function brokenBounds(
	{ width, height }: Sides,
	{ side, area, ratio }: SizeBounds,
): string[] {
	const pixels = width * height;
	const broken: string[] = [];
	if (side && Math.max(width, height) > side.max) {
		broken.push(`is too large. The longest side allowed is ${formatNumber(side.max)}.`);
	}
	if (side && Math.min(width, height) < side.min) {
		broken.push(`is too small. The shortest side allowed is ${formatNumber(side.min)}.`);
	}
	if (area && (pixels < (area.min ?? 0) || pixels > area.max)) {
		broken.push(
			`has too ${pixels > area.max ? 'many' : 'few'} pixels. Width × height must be ${areaInWords(area)}, this is ${formatNumber(pixels)}.`,
		);
	}
	if (ratio && (width / height < ratio.min || width / height > ratio.max)) {
		broken.push(
			`is too ${width < height ? 'tall' : 'wide'}. One side may be at most ${ratio.max} times the other.`,
		);
	}
	return broken;
}

/** What no larger size of the shape can mend: sides or pixels beyond the most, a wrong ratio. */
export const withoutMinimum = ({ side, area, ratio }: SizeBounds): SizeBounds => ({
	...(side && { side: { min: 1, max: side.max } }),
	...(area && { area: { max: area.max } }),
	...(ratio && { ratio }),
});

/** Shortest and longest side, pixels; by area and ratio where sides have no bounds of their own. */
export const sideWithin = ({ side, area, ratio }: SizeBounds): { min: number; max?: number } =>
	side ?? {
		min: Math.max(1, Math.ceil(Math.sqrt((area?.min ?? 0) * (ratio?.min ?? 0)))),
		...(area && ratio && { max: Math.floor(Math.sqrt(area.max * ratio.max)) }),
	};

/** How far two positive numbers are apart, whichever is the larger: 0.1 for a tenth. */
export const distance = (a: number, b: number): number => Math.abs(Math.log(a / b));

/** Short sides are looked at so far around the one that gives the number of pixels. */
const SEARCHED = 0.1;
/** A tenth more or fewer pixels counts as much as a thousandth in the ratio. */
const PIXELS_WEIGHT = 0.01;

/** A wished size: `shape` is width by height, `pixels` their product. */
export interface SizeAim {
	shape: number;
	pixels: number;
	/** Sizes to take rather than others that are as near in shape. */
	preferred?: readonly Sides[];
	/** What each side must be a multiple of. */
	step?: number;
}

/**
 * The size within the bounds that is nearest in shape, and of several that are about as near the one
 * nearest in pixels. A shape beyond the bounds gives the most extreme one within them.
 */
export function nearestSize(
	bounds: SizeBounds,
	{ shape, pixels, preferred = [], step = 1 }: SizeAim,
): Sides | undefined {
	const { side = { min: 1, max: Infinity }, area, ratio } = bounds;
	const isTall = shape < 1;
	const mostOblong = Math.min(ratio?.max ?? Infinity, side.max / side.min);
	const oblong = Math.min(isTall ? 1 / shape : shape, mostOblong);
	const within = isTall ? 1 / oblong : oblong;
	let best: { sides: Sides; cost: number } | undefined;
	const consider = (sides: Sides, pixelsWeight: number): void => {
		const cost = distance(shapeOf(sides), within) + pixelsWeight * distance(areaOf(sides), pixels);
		if (best && best.cost <= cost) return;
		if (brokenBounds(sides, bounds).length === 0) best = { sides, cost };
	};
	for (const sides of preferred) consider(sides, 0);

	const least = Math.max(side.min, Math.sqrt((area?.min ?? 0) / oblong));
	const most = Math.min(side.max / oblong, Math.sqrt((area?.max ?? Infinity) / oblong));
	const middle = Math.max(least, Math.min(Math.sqrt(pixels / oblong), most));
	const end = Math.ceil((middle * (1 + SEARCHED)) / step);
	for (let n = Math.max(1, Math.floor((middle * (1 - SEARCHED)) / step)); n <= end; n += 1) {
		const short = n * step;
		const long = Math.round((short * oblong) / step) * step;
		consider(
			isTall ? { width: short, height: long } : { width: long, height: short },
			PIXELS_WEIGHT,
		);
	}
	return best?.sides;
}
