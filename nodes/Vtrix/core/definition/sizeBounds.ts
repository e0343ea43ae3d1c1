import { formatNumber, formatRatio } from '../shared/format';
import type { Issue } from '../shared/issues';
import { SIZE_LABEL, type Size } from './size';

/** What a size has to keep to as a whole. */
export interface SizeBounds {
	/** Fewest and most pixels, width × height. */
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

/** Every bound that a size breaks. */
export function checkBounds(width: number, height: number, { area, ratio }: SizeBounds): Issue[] {
	const value = `${width}x${height}`;
	const pixels = width * height;
	const issues: Issue[] = [];
	if (area && (pixels < (area.min ?? 0) || pixels > area.max)) {
		issues.push({
			label: SIZE_LABEL,
			value,
			message: `has too ${pixels > area.max ? 'many' : 'few'} pixels. Width × height must be ${areaInWords(area)}, this is ${formatNumber(pixels)}.`,
		});
	}
	if (ratio && (width / height < ratio.min || width / height > ratio.max)) {
		issues.push({
			label: SIZE_LABEL,
			value,
			message: `is too ${width < height ? 'tall' : 'wide'}. One side may be at most ${ratio.max} times the other.`,
		});
	}
	return issues;
}

/** The shortest and the longest side that bounds of area and ratio leave room for. */
export const sideWithin = ({ area, ratio }: SizeBounds): Size['side'] => ({
	min: Math.max(1, Math.ceil(Math.sqrt((area?.min ?? 0) * (ratio?.min ?? 0)))),
	...(area && ratio && { max: Math.floor(Math.sqrt(area.max * ratio.max)) }),
});
