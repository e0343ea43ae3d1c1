import type { Model } from '../../../nodes/Vtrix/core/definition/model';
import { brokenBounds, type Sides } from '../../../nodes/Vtrix/core/definition/sizeBounds';

/** Models round to multiples of it, or might. */
const STEP = 16;
const LARGEST_SIDE = 8192;

type Sized = Pick<Model, 'size'>;

/** What a model's declaration has to say about a square. */
function judge({ size }: Sized, side: number): { wrong: boolean; discouraged: boolean } {
	if (!size) return { wrong: false, discouraged: false };
	return {
		wrong: brokenBounds({ width: side, height: side }, size).length > 0,
		discouraged: size.discouraged?.includes(side, side) === true,
	};
}

/** Sides from `from` up, the first of which `wanted` is taken. */
function firstSide(from: number, wanted: (side: number) => boolean): number | undefined {
	for (let side = from; side <= LARGEST_SIDE; side += STEP) if (wanted(side)) return side;
	return undefined;
}

/** The smallest square that a model makes well, by its own declaration; nothing if it takes no size. */
export function smallestSquare(model: Sized): Sides | undefined {
	if (!model.size) return undefined;
	const side = firstSide(STEP, (one) => {
		const { wrong, discouraged } = judge(model, one);
		return !wrong && !discouraged;
	});
	return side === undefined ? undefined : { width: side, height: side };
}

/** A square that breaks the model's limits: a tiny one, or where there is no lower limit one too large. */
export function wrongSquare(model: Sized): Sides | undefined {
	const smallest = smallestSquare(model);
	if (!smallest) return undefined;
	const tiny = STEP / 2;
	const side = judge(model, tiny).wrong
		? tiny
		: firstSide(smallest.width, (one) => judge(model, one).wrong);
	return side === undefined ? undefined : { width: side, height: side };
}
