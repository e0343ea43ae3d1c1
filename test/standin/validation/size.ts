import type { ModelFacts, SizeFact } from '../facts';
import { text, type Check } from './checks';
import type { Issue } from './modelRules';

interface Sides {
	width: number;
	height: number;
}

/** What is wrong with the area and the shape of a picture. */
function shapeProblem({ width, height }: Sides, { pixels = {}, ratio }: SizeFact) {
	const { min = -Infinity, max = Infinity } = pixels;
	const area = width * height;
	if (area < min) return `must give at least ${min} pixels, ${area} are asked for`;
	if (area > max) return `must give at most ${max} pixels, ${area} are asked for`;
	if (ratio && Math.max(width, height) > ratio.max * Math.min(width, height)) {
		return `must give a ratio of at most ${ratio.max}, got ${width}x${height}`;
	}
	return undefined;
}

/** `size`: one of the words, or WIDTHxHEIGHT. */
export const sizeCheck =
	(size: SizeFact): Check =>
	(value) => {
		if (typeof value !== 'string') return text(value);
		if (size.keywords.includes(value)) return undefined;
		const sides = sidesOf(value);
		if (!sides) return `must be ${size.keywords.join(', ')} or WIDTHxHEIGHT, got ${value}`;
		return shapeProblem(sides, size);
	};

/** What is wrong with `width` and `height` together. */
export function sideIssues(params: Record<string, unknown>, { size }: ModelFacts): Issue[] {
	if (size.sentAs === 'text') return [];
	const given = ['width', 'height'].filter((name) => Object.hasOwn(params, name));
	const [param = 'width'] = given;
	const invalid = (why: string): Issue[] => [{ param, problem: 'invalid', why }];
	if (size.together && given.length === 1) return invalid('needs the other side too');
	const why = shapeProblem(askedFor(params, size), size);
	return why === undefined ? [] : invalid(`and the other side ${why}`);
}

/** Width and height of the pictures that a request gets. */
export function servedSides(params: Record<string, unknown>, { size }: ModelFacts): Sides {
	const { width, height } = askedFor(params, size);
	const { roundedTo } = size;
	if (!roundedTo) return { width, height };
	const { multipleOf, side } = roundedTo;
	const served = (wish: number) =>
		Math.min(side.max, Math.max(side.min, Math.round(wish / multipleOf) * multipleOf));
	return { width: served(width), height: served(height) };
}

/** The size as asked for, or the documented default; for 2K, 3K and 4K, where the model chooses, the square. */
function askedFor(params: Record<string, unknown>, { sentAs, default: usual }: SizeFact): Sides {
	if (sentAs === 'text') {
		const text = typeof params.size === 'string' ? params.size : '';
		const thousands = Number(/^(\d)K$/.exec(text)?.[1]);
		if (thousands) return { width: thousands * 1024, height: thousands * 1024 };
		return sidesOf(text) ?? usual;
	}
	const { width, height } = params;
	return {
		width: typeof width === 'number' ? width : usual.width,
		height: typeof height === 'number' ? height : usual.height,
	};
}

function sidesOf(size: string): Sides | undefined {
	const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(size);
	return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
}
