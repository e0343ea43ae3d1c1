import type { Range } from '../standin/facts';

/** Width and height in pixels. */
export interface Sides {
	width: number;
	height: number;
}

/** The heights that a picture of so many pixels can have within a ratio. */
export const heightsFor = (pixels: number, ratio: Range): Range => ({
	min: Math.ceil(Math.sqrt(pixels / ratio.max)),
	max: Math.floor(Math.sqrt(pixels / ratio.min)),
});

const found = new Map<string, Sides>();

/** The sides, within a ratio, whose pixels come nearest to `bound` from above or from below. */
export function nearestSides(bound: number, ratio: Range, from: 'above' | 'below'): Sides {
	const key = JSON.stringify([bound, ratio, from]);
	const known = found.get(key) ?? search(bound, ratio, from === 'above' ? Math.ceil : Math.floor);
	found.set(key, known);
	return known;
}

function search(bound: number, ratio: Range, round: (value: number) => number): Sides {
	const { min, max } = heightsFor(bound, ratio);
	const all = Array.from({ length: max - min + 1 }, (_, index): Sides => {
		const height = min + index;
		return { width: round(bound / height), height };
	}).filter(({ width, height }) => width / height >= ratio.min && width / height <= ratio.max);
	const away = ({ width, height }: Sides) => Math.abs(width * height - bound);
	return all.reduce((best, next) => (away(next) < away(best) ? next : best));
}
