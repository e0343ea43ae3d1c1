import fc, { type Arbitrary } from 'fast-check';
import type { ModelFacts, ParameterFact, Range } from '../standin/facts';
import { plainParameters } from '../models/documented';
import { nearestSides, type Sides } from './nearestSides';
import type { Picture } from './pictures';

/** What a user sets, or an expression gives, and what it means: `"12"` means 12. */
export interface Given {
	raw: unknown;
	/** The value to be sent; `undefined` if nothing is. */
	meant: unknown;
}

/** An input image as the user names it. */
export type GivenImage = { refType: Given } & ({ url: string } | { picture: Picture });

/** A request as a user makes it, before anything is checked. */
export interface Wish {
	/** By the names of the facts: `optimize_prompt_options.mode`. */
	parameters: Readonly<Record<string, Given>>;
	/** The dropdown and its two fields. */
	size: { size?: unknown; width?: unknown; height?: unknown };
	/** What the size means, by API name. */
	meantSize: Readonly<Record<string, unknown>>;
	images: readonly GivenImage[];
}

const same = (value: unknown): Given => ({ raw: value, meant: value });

/** All the ways in which a field can be left alone. */
export const unset: Arbitrary<Given> = fc
	.constantFrom<unknown[]>(undefined, null, '', '   ', [])
	.map((raw) => ({ raw, meant: undefined }));

/** A number as a person types it, and as expressions deliver it. */
export const number = (value: number): Arbitrary<Given> =>
	fc
		.constantFrom<unknown[]>(value, String(value), ` ${value} `, `${value}\n`)
		.map((raw) => ({ raw, meant: value }));

const toggle: Arbitrary<Given> = fc.constantFrom(
	same(true),
	same(false),
	{ raw: 'true', meant: true },
	{ raw: 'FALSE', meant: false },
	{ raw: ' False ', meant: false },
);

const character = fc.oneof(
	{ weight: 3, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
	{ weight: 1, arbitrary: fc.constantFrom('狮', 'ä', '\n', '"', '\\', '%', '{{', '\u2028') },
	{ weight: 1, arbitrary: fc.constantFrom('😀', '👩🏽‍🚀', '🇩🇪', '𠮷') },
);

const codePoints = (text: string): string[] => Array.from(text);

/** Prompts of one character and more, up to the limit in code points, emoji and quotes among them. */
export function prompt({ maxCharacters = 3000 }: ModelFacts['prompt']): Arbitrary<string> {
	const short = fc.array(character, { minLength: 1, maxLength: 40 }).map((all) => all.join(''));
	const longest = fc
		.constantFrom('a', '字', '😀', 'a😀')
		.map((unit) => codePoints(unit.repeat(maxCharacters)).slice(0, maxCharacters).join(''));
	return fc
		.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: longest })
		.filter((text) => text.trim() !== '' && codePoints(text).length <= maxCharacters);
}

/** Whole numbers from `min` to `max`, the bounds more often than others. */
export const whole = (min: number, max: number): Arbitrary<number> =>
	fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));

const decimal = (min: number, max: number): Arbitrary<number> =>
	fc.oneof(
		fc.constantFrom(min, max, (min + max) / 2),
		fc.double({ min, max, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
	);

/** A value within the documented limits of a parameter; 15 images are shared with the input ones. */
function parameter(
	fact: ParameterFact,
	{ prompt: promptFact, images }: ModelFacts,
	inputImages: number,
): Arbitrary<Given> {
	const { type, min = 0, max = Number.MAX_SAFE_INTEGER, excluded = [], options } = fact;
	if (fact.name === 'prompt') return prompt(promptFact).map(same);
	if (fact.unavailable) {
		const raw = fc.constantFrom<unknown[]>(['web_search'], [], undefined);
		return raw.map((value) => ({ raw: value, meant: undefined }));
	}
	if (type === 'boolean') return fc.oneof(toggle, unset);
	if (options) return fc.oneof(fc.constantFrom(...options).map(same), unset);
	if (type === 'integer') {
		const most = fact.onlyWhen && images.maxWithOutput ? images.maxWithOutput - inputImages : max;
		const allowed = whole(min, most).filter((value) => !excluded.includes(value));
		return fc.oneof(allowed.chain(number), unset);
	}
	if (type === 'number') return fc.oneof(decimal(min, max).chain(number), unset);
	throw new Error(`No values are known for the type ${type} of ${fact.name}`);
}

type GivenSize = Pick<Wish, 'size' | 'meantSize'>;

const noSize: GivenSize = { size: {}, meantSize: {} };

/** Two numbers up to it are a ratio where they are written as a text. */
const LARGEST_OF_RATIO = 64;

/** A width and a height as "Custom" or as one text, meaning the same. */
function sides(width: number, height: number, sentAs: 'sides' | 'text'): Arbitrary<GivenSize> {
	const meantSize = sentAs === 'text' ? { size: `${width}x${height}` } : { width, height };
	const custom = fc
		.tuple(number(width), number(height))
		.map(([{ raw: w }, { raw: h }]) => ({ size: 'custom', width: w, height: h }));
	const written = fc
		.constantFrom('x', ' x ', '×', 'X', '*')
		.map((times) => ({ size: `${width}${times}${height}` }));
	const ways = Math.max(width, height) > LARGEST_OF_RATIO ? [custom, written] : [custom];
	return fc
		.oneof<Array<Arbitrary<GivenSize['size']>>>(...ways)
		.map((size) => ({ size, meantSize }));
}

/** Sides within a range of pixels and of ratios, those next to the bounds more often than others. */
function freeSides(pixels: Range, ratio: Range): Arbitrary<Sides> {
	const within = fc
		.tuple(decimal(pixels.min, pixels.max), decimal(Math.log(ratio.min), Math.log(ratio.max)))
		.map(([area, logRatio]): Sides => {
			const width = Math.round(Math.sqrt(area * Math.exp(logRatio)));
			return { width, height: Math.max(1, Math.floor(area / width)) };
		})
		.filter(({ width, height }) => {
			const area = width * height;
			const shape = width / height;
			return area >= pixels.min && area <= pixels.max && shape >= ratio.min && shape <= ratio.max;
		});
	const bounds = fc.constantFrom(
		nearestSides(pixels.min, ratio, 'above'),
		nearestSides(pixels.max, ratio, 'below'),
	);
	return fc.oneof({ weight: 4, arbitrary: within }, { weight: 1, arbitrary: bounds });
}

/** What is drawn where no ratio is documented. */
export const ANY_RATIO: Range = { min: 1 / 50, max: 50 };

/** A size within the documented limits, in every way of giving one. */
function size({ size: fact }: ModelFacts): Arbitrary<GivenSize> {
	const { sentAs, presets, keywords, side, pixels = {}, ratio, together, default: usual } = fact;
	const longest = side?.max ?? Math.floor((pixels.max ?? 1) / Math.max(usual.width, usual.height));
	const left = fc.oneof(
		fc.constant(noSize),
		fc.constantFrom('default', '', null).map((chosen) => ({ ...noSize, size: { size: chosen } })),
		unset.map(({ raw }) => ({ ...noSize, size: { size: 'custom', width: raw, height: raw } })),
	);
	const preset = fc
		.constantFrom(...presets)
		.chain(({ width, height }) => sides(width, height, sentAs));
	const free = side
		? fc
				.tuple(whole(side.min, side.max), whole(side.min, side.max))
				.filter(([width, height]) => width * height <= (pixels.max ?? Infinity))
				.chain(([width, height]) => sides(width, height, sentAs))
		: freeSides({ min: 1, max: 1, ...pixels }, ratio ?? ANY_RATIO).chain(({ width, height }) =>
				sides(width, height, sentAs),
			);
	const words = keywords
		.flatMap((word) => [word, word.toLowerCase()])
		.map((word) => ({ size: { size: word }, meantSize: { size: word.toUpperCase() } }));
	const alone = (name: 'width' | 'height') =>
		whole(side?.min ?? 1, longest)
			.chain(number)
			.map(({ raw, meant }) => ({
				size: { size: 'custom', [name]: raw },
				meantSize: { [name]: meant },
			}));
	return fc.oneof(
		left,
		preset,
		free,
		...(words.length > 0 ? [fc.constantFrom(...words)] : []),
		...(sentAs === 'sides' && !together ? [alone('width'), alone('height')] : []),
	);
}

/** Links that are complete and public, awkward ones among them. */
export const links: readonly string[] = [
	'https://example.com/photo.jpg',
	'http://example.com/photo',
	'HTTPS://EXAMPLE.COM/PHOTO.PNG',
	'https://example.com:8443/a%20b.png?signature=a%2Bb%3D&expires=1',
	'https://example.com/crop/w_400,h_300/photo.png',
	'https://example.com/löwe.png',
	'https://example.com/?u=someone@example.com',
];

/** One input image; its reference type where the model has such. */
export function image(facts: ModelFacts, kind: Arbitrary<{ url: string } | { picture: Picture }>) {
	const types = facts.parameters.find(({ onePerImage }) => onePerImage)?.options;
	const refType = types
		? fc.oneof(fc.constantFrom(...types).map(same), unset)
		: fc.constant(same(undefined));
	return fc
		.tuple(kind, refType)
		.map(([source, type]): GivenImage => ({ ...source, refType: type }));
}

const fileOf = (pictures: readonly Picture[]) =>
	fc.constantFrom(...pictures).map((picture) => ({ picture }));

const link = fc.constantFrom(...links).map((url) => ({ url }));

/** So many images that the model takes together. */
export function images(
	facts: ModelFacts,
	pictures: readonly Picture[],
	{ min, max }: { min: number; max: number },
): Arbitrary<GivenImage[]> {
	if (max === 0) return fc.constant([]);
	const many = (kind: Arbitrary<{ url: string } | { picture: Picture }>) =>
		fc.array(image(facts, kind), { minLength: min, maxLength: max, size: 'max' });
	return facts.images.sentAs === 'split'
		? fc.oneof(many(fileOf(pictures)), many(link))
		: many(fc.oneof(fileOf(pictures), link));
}

/** Requests within all documented limits of a model. */
export function allowedRequest(
	facts: ModelFacts,
	pictures: readonly Picture[],
	count: { min: number; max: number } = { min: facts.images.minCount, max: facts.images.maxCount },
): Arbitrary<Wish> {
	return images(facts, pictures, count).chain((given) => {
		const parameters = Object.fromEntries(
			plainParameters(facts).map((fact) => [fact.name, parameter(fact, facts, given.length)]),
		);
		return fc
			.record({ parameters: fc.record(parameters), size: size(facts) })
			.map(({ parameters: values, size: chosen }) => ({
				parameters: values,
				...chosen,
				images: given,
			}));
	});
}
