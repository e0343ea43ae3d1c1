import type { Choice } from './parameter';
import {
	areaInWords,
	areaOf,
	brokenBounds,
	distance,
	nearestSize,
	ratioInWords,
	shapeOf,
	sideWithin,
	type Sides,
	type SizeAim,
	type SizeBounds,
} from './sizeBounds';

export const SIZE_LABEL = 'Size';
export const SIZE_DESCRIPTION =
	'Shape and size of the image in pixels; an expression may also give 16:9, portrait, 1024x1024 or 2K';

/** Start value of the dropdown: nothing is sent, the API's default holds. */
export const DEFAULT_SIZE = 'default';
/** The dropdown's entry for the shape of the first input image. */
export const LIKE_INPUT = 'like_input';
/** The dropdown's entry for a width and a height of one's own. */
export const CUSTOM_SIZE = 'custom';

/** A documented size, named by the ratio people know it by. */
export interface Preset extends Sides {
	ratio: string;
	/** The resolution class it belongs to, where a model has several: `2K`, `3K`. */
	resolution?: string;
}

/** Sizes that the API accepts, but that seldom give what one wants. */
interface DiscouragedSizes {
	includes: (width: number, height: number) => boolean;
	/** `both sides under 600 pixels` */
	inWords: string;
	/** What happens then and what to do, as sentences behind "With both sides under 600 pixels". */
	because: string;
}

interface SizeFacts extends SizeBounds {
	/** As one parameter, `size`: `2048x1024`, or as two, `width` and `height`. */
	sentAs: 'text' | 'sides';
	/** Resolutions within which the model picks the shape itself: `2K`. */
	keywords?: readonly string[];
	default: Sides;
	presets: readonly Preset[];
	/** Whether one of the two sides alone is rejected. */
	bothOrNeither?: boolean;
	discouraged?: DiscouragedSizes;
	/** What the service itself makes of each side: the nearest multiple within a range of pixels. */
	rounding?: { multipleOf: number; min: number; max: number };
}

/** A model's output size: what the editor offers, what is accepted, what is sent. */
export interface Size extends SizeFacts {
	keywords: readonly string[];
	bothOrNeither: boolean;
	sideRange: { min: number; max?: number };
	limits: string;
	/** The limits that a width and a height of one's own have to keep to. */
	sideLimits: string;
	/** The API's names of what is sent. */
	sends: readonly string[];
}

/** @throws if a size that would be offered is not within the declared bounds, or not of its ratio */
export function defineSize(facts: SizeFacts): Size {
	const { sentAs, keywords = [], side, area, ratio } = facts;
	const asText = sentAs === 'text';
	const bothOrNeither = asText || facts.bothOrNeither === true;
	for (const sides of [facts.default, ...facts.presets]) {
		const [broken] = brokenBounds(sides, facts);
		if (broken) throw new Error(`The size ${sizeText(sides)} ${broken}`);
	}
	for (const preset of facts.presets) {
		const [across = 1, down = 1] = preset.ratio.split(':').map(Number);
		if (!isSameShape(shapeOf(preset), across / down)) {
			throw new Error(`The size ${sizeText(preset)} is not ${preset.ratio}`);
		}
	}
	const sideLimits = [
		side && `each side ${side.min} to ${side.max} pixels`,
		area && `width × height ${areaInWords(area)} pixels`,
		ratio && ratioInWords(ratio),
		bothOrNeither && !asText && 'both or neither',
	]
		.filter(Boolean)
		.join(', ');
	return {
		...facts,
		keywords,
		bothOrNeither,
		sideRange: sideWithin(facts),
		limits: asText ? [...keywords, `or WIDTHxHEIGHT with ${sideLimits}`].join(', ') : sideLimits,
		sideLimits,
		sends: asText ? ['size'] : ['width', 'height'],
	};
}

/** As the API takes it: `1024x768`, pixels. */
export const sizeText = ({ width, height }: Sides): string => `${width}x${height}`;

/** The entries of the dropdown, in their order. */
export const sizeEntries = (
	{ default: usual, keywords, presets, sideLimits }: Size,
	takesImages: boolean,
): Choice[] => [
	{ value: DEFAULT_SIZE, name: `Default (${usual.width} × ${usual.height})` },
	...(takesImages
		? [
				{
					value: LIKE_INPUT,
					name: 'Like the Input Image',
					description:
						'The shape of the first input image as people see it, as near as the model makes it',
				},
			]
		: []),
	...keywords.map((value) => ({
		value,
		name: `${value}, Model Decides the Shape`,
		description: 'Say in the prompt which shape or use you have in mind',
	})),
	...presets.map(({ ratio, width, height, resolution }) => ({
		value: sizeText({ width, height }),
		name: `${resolution ? `${resolution} ` : ''}${shapeName(width, height)} ${ratio} (${width} × ${height})`,
	})),
	{
		value: CUSTOM_SIZE,
		name: 'Custom',
		description: `Set width and height yourself: ${sideLimits}`,
	},
];

const shapeName = (width: number, height: number): string =>
	width === height ? 'Square' : width > height ? 'Landscape' : 'Portrait';

const turn = ({ ratio, width, height, ...rest }: Preset): Preset => ({
	...rest,
	ratio: ratio.split(':').reverse().join(':'),
	width: height,
	height: width,
});

/** The presets, each landscape one followed by its portrait counterpart. */
export const withPortraits = (presets: readonly Preset[]): Preset[] =>
	presets.flatMap((preset) => (preset.width === preset.height ? [preset] : [preset, turn(preset)]));

/** Shapes that differ by less count as one: 7:4 and 16:9, not 3:2 and 1.45:1. */
const SAME_SHAPE = 0.02;

/** Whether two shapes, each width / height, look the same. */
export const isSameShape = (a: number, b: number): boolean => distance(a, b) < SAME_SHAPE;

/** Pixels of a resolution class: 2048 × 2048 for `2K`. */
export const pixelsOf = (resolution: string): number =>
	(1024 * Number.parseInt(resolution, 10)) ** 2;

/** Number of pixels within which a size without a resolution class still belongs to one. */
const SAME_CLASS = 0.4;

const inBothDirections = ({ presets }: Size): Preset[] => [...presets, ...presets.map(turn)];

/** The documented size of a shape, else the nearest that the model makes; near the default's pixels. */
export function sizeOfShape(
	size: Size,
	shape: number,
	aim: { resolution?: string; pixels?: number } = {},
): Sides {
	const { resolution } = aim;
	const pixels = aim.pixels ?? (resolution ? pixelsOf(resolution) : areaOf(size.default));
	const isOfClass = (preset: Preset): boolean =>
		resolution === undefined || preset.resolution === undefined
			? resolution === undefined || distance(areaOf(preset), pixels) < SAME_CLASS
			: preset.resolution === resolution;
	const [documented] = inBothDirections(size)
		.filter((preset) => isSameShape(shapeOf(preset), shape) && isOfClass(preset))
		.sort((a, b) => distance(areaOf(a), pixels) - distance(areaOf(b), pixels));
	return documented ?? nearestMade(size, { shape, pixels });
}

/** The size nearest to a picture's shape, with about as many pixels as the API's default. */
export function sizeLike(size: Size, shape: number): Sides {
	const { default: usual, rounding: { multipleOf = 1 } = {} } = size;
	const all = inBothDirections(size);
	const usualClass = all.find((preset) => sizeText(preset) === sizeText(usual))?.resolution;
	const preferred = all.filter(
		({ resolution, width, height }) =>
			resolution === usualClass && width % multipleOf === 0 && height % multipleOf === 0,
	);
	return nearestMade(size, { shape, pixels: areaOf(usual), preferred });
}

/** The nearest size that the service makes as it is asked for, without rounding it. */
function nearestMade(size: Size, aim: Omit<SizeAim, 'step'>): Sides {
	const { side, rounding } = size;
	const bounds = rounding
		? {
				...size,
				side: {
					min: Math.max(side?.min ?? 1, rounding.min),
					max: Math.min(side?.max ?? Infinity, rounding.max),
				},
			}
		: size;
	return nearestSize(bounds, { ...aim, step: rounding?.multipleOf ?? 1 }) ?? size.default;
}
