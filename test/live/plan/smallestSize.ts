import type { Model } from '../../../nodes/Vtrix/core/definition/model';

const LARGEST_SIDE = 8192;

/** A width and a height, pixels. */
export interface Sides {
	width: number;
	height: number;
}

/** The smallest square that a model makes, by its own declaration; nothing if it takes no size. */
export function smallestSquare({ size }: Pick<Model, 'size'>): Sides | undefined {
	if (!size) return undefined;
	for (let side = 1; side <= LARGEST_SIDE; side += 1) {
		const text = `${side}x${side}`;
		if (size.parse({ size: text, width: undefined, height: undefined }).issues.length === 0) {
			return { width: side, height: side };
		}
	}
	return undefined;
}
