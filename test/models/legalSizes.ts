import type { SizeFact } from '../standin/facts';
import type { Sides } from '../../nodes/Vtrix/core/definition/sizeBounds';

/** Whether the page allows a size. */
export function isLegal({ width, height }: Sides, { side, pixels, ratio }: SizeFact): boolean {
	const short = Math.min(width, height);
	const long = Math.max(width, height);
	const area = width * height;
	const shape = width / height;
	return (
		Number.isInteger(width) &&
		Number.isInteger(height) &&
		short >= (side?.min ?? 1) &&
		long <= (side?.max ?? Infinity) &&
		area >= (pixels?.min ?? 0) &&
		area <= (pixels?.max ?? Infinity) &&
		(!ratio || (shape >= ratio.min && shape <= ratio.max))
	);
}

/** A page's size as the service makes it: where it rounds, its own multiples and range count. */
const asMade = (fact: SizeFact): SizeFact =>
	fact.roundedTo ? { ...fact, side: fact.roundedTo.side } : fact;

/** A shape's difference from another, each width / height. */
export const apart = (one: number, other: number): number => Math.abs(Math.log(one / other));

/** A size of 1:16 is not larger with the fewest pixels of any model. */
const LONGEST_SIDE = 8192;

/** How near any legal size comes to a shape: of each height the nearest legal width is looked at. */
export function leastDifference(shape: number, documented: SizeFact): number {
	const fact = asMade(documented);
	const { side = { min: 1, max: LONGEST_SIDE }, pixels, ratio } = fact;
	const { multipleOf: step = 1 } = documented.roundedTo ?? {};
	let least = Infinity;
	for (let height = Math.ceil(side.min / step) * step; height <= side.max; height += step) {
		const from = Math.max(side.min, (pixels?.min ?? 1) / height, (ratio?.min ?? 0) * height);
		const to = Math.min(
			side.max,
			(pixels?.max ?? Infinity) / height,
			(ratio?.max ?? Infinity) * height,
		);
		const wanted = Math.max(from, Math.min(height * shape, to)) / step;
		for (let width = Math.floor(wanted) * step; width < wanted * step + step; width += step) {
			if (isLegal({ width, height }, fact)) least = Math.min(least, apart(width / height, shape));
		}
	}
	return least;
}
