import fc, { type Arbitrary } from 'fast-check';
import type { ModelFacts, ParameterFact } from '../standin/facts';
import { plainParameters } from '../models/documented';
import { heightsFor, nearestSides, type Sides } from './nearestSides';
import type { Picture, Pictures } from './pictures';
import {
	allowedRequest,
	ANY_RATIO,
	image,
	images,
	links,
	number,
	unset,
	whole,
	type GivenImage,
	type Wish,
} from './requests';

/** One documented limit, and requests that break it and no other. */
export interface Breach {
	/** What the counterexample calls it. */
	limit: string;
	/** The field that the refusal has to name: a parameter by its name in the facts, or a field of the node. */
	field: string;
	requests: Arbitrary<Wish>;
}

const notANumber: Arbitrary<unknown> = fc.constantFrom<unknown[]>(
	'12px',
	'abc',
	'1,5',
	'0x10',
	'1e',
	'--1',
	'1 2',
	'NaN',
	'Infinity',
	'1e999',
	NaN,
	Infinity,
	true,
	{},
	{ value: 1 },
	[1],
	'५',
);

const raw = (values: Arbitrary<number>): Arbitrary<unknown> =>
	values.chain(number).map((given) => given.raw);

/** The nearest numbers on the wrong side of a bound, and some far from it. */
function beyond({
	type,
	min,
	max,
}: ParameterFact): Array<{ limit: string; values: Arbitrary<unknown> }> {
	const step = (bound: number) =>
		type === 'integer' ? 1 : Math.max(Math.abs(bound), 1) * 2 * Number.EPSILON;
	const far = fc.integer({ min: 2, max: 1_000_000 });
	return [
		...(min === undefined
			? []
			: [
					{
						limit: 'smallest value',
						values: raw(
							fc.oneof(
								fc.constant(min - step(min)),
								far.map((by) => min - by),
							),
						),
					},
				]),
		...(max === undefined
			? []
			: [
					{
						limit: 'largest value',
						values: raw(
							fc.oneof(
								fc.constant(max + step(max)),
								far.map((by) => max + by),
							),
						),
					},
				]),
	];
}

/** For one parameter: every way to break what is documented of it. */
function wrongValues(
	fact: ParameterFact,
	{ prompt }: ModelFacts,
): Array<{ limit: string; values: Arbitrary<unknown> }> {
	const { name, type, min = 0, max = 1000, options, excluded = [], required } = fact;
	const missing =
		required === true ? [{ limit: 'required', values: unset.map((given) => given.raw) }] : [];
	if (name === 'prompt') {
		const { maxCharacters } = prompt;
		const tooLong =
			maxCharacters === undefined
				? []
				: [
						{
							limit: 'length',
							values: fc
								.tuple(
									fc.constantFrom('a', '字', '😀'),
									whole(maxCharacters + 1, maxCharacters * 3),
								)
								.map(([unit, length]) => unit.repeat(length)),
						},
					];
		const notText = fc.constantFrom<unknown[]>({}, { text: 'hello' }, ['hello'], true, [[]]);
		return [...missing, ...tooLong, { limit: 'text', values: notText }];
	}
	if (type === 'boolean') {
		const values = fc.constantFrom<unknown[]>('yes', 'no', 'on', '1', '0', 1, 0, {}, 'truee');
		return [{ limit: 'true or false', values }];
	}
	if (options) {
		const others = [...options.map((option) => `${option}x`), 'none', 1, true, {}, [options[0]]];
		return [{ limit: 'options', values: fc.constantFrom<unknown[]>(...others) }];
	}
	return [
		...beyond(fact),
		{ limit: 'number', values: notANumber },
		...(type === 'integer'
			? [
					{
						limit: 'whole number',
						values: raw(fc.integer({ min: Math.max(min, 1), max: max - 1 }).map((n) => n + 0.5)),
					},
				]
			: []),
		...(excluded.length > 0
			? [
					{
						limit: 'excluded',
						values: fc.constantFrom(...excluded.flatMap((n) => [n, String(n), -n])),
					},
				]
			: []),
	];
}

const withParameter = (wish: Wish, name: string, value: unknown): Wish => ({
	...wish,
	parameters: { ...wish.parameters, [name]: { raw: value, meant: undefined } },
});

const sharedLimit = (facts: ModelFacts, pictures: readonly Picture[]): Breach[] => {
	const fact = facts.parameters.find(({ onlyWhen }) => onlyWhen);
	const { maxWithOutput = 0, maxCount } = facts.images;
	if (!fact) return [];
	const requests = allowedRequest(facts, pictures, { min: 1, max: maxCount }).chain((wish) =>
		raw(whole(maxWithOutput - wish.images.length + 1, fact.max ?? maxWithOutput)).map((value) =>
			withParameter(wish, fact.name, value),
		),
	);
	return [{ limit: `${fact.name} with input images`, field: fact.name, requests }];
};

const FEWEST = 'fewest pixels';

/** Sides on the wrong side of a number of pixels, next to it and far from it, within the ratio. */
function pixelsBeyond({ size }: ModelFacts): Array<{ limit: string; values: Arbitrary<Sides> }> {
	const { min, max = 1 } = size.pixels ?? {};
	const { ratio = ANY_RATIO } = size;
	const around = (area: number, round: (value: number) => number) =>
		fc
			.integer(heightsFor(area, ratio))
			.map((height): Sides => ({ width: round(area / height), height }))
			.filter(({ width, height }) => width / height >= ratio.min && width / height <= ratio.max);
	const few = (least: number) =>
		fc.oneof(
			fc.constant(nearestSides(least - 1, ratio, 'below')),
			...[least - 1, Math.floor(least / 2), 10_000].map((area) => around(area, Math.floor)),
		);
	const many = fc.oneof(
		fc.constant(nearestSides(max + 1, ratio, 'above')),
		...[max + 1, max * 2, max * 100].map((area) => around(area, Math.ceil)),
	);
	return [
		...(min === undefined ? [] : [{ limit: FEWEST, values: few(min) }]),
		{ limit: 'most pixels', values: many },
	];
}

/** Sides too far apart, with a number of pixels that is allowed. */
function ratioBeyond({ size }: ModelFacts): Arbitrary<Sides> {
	const { min = 1, max = 1 } = size.pixels ?? {};
	const { max: ratio } = size.ratio ?? { max: 1 };
	const near = fc
		.integer({
			min: Math.ceil(Math.sqrt(min / ratio)),
			max: Math.floor(Math.sqrt(max / ratio)) - 1,
		})
		.map((height): Sides => ({ width: height * ratio + 1, height }));
	const far = fc
		.integer({ min: 1, max: Math.floor(Math.sqrt(min / ratio)) - 1 })
		.map((height): Sides => ({ width: Math.ceil(min / height), height }));
	return fc
		.tuple(fc.oneof(near, far), fc.boolean())
		.map(([{ width, height }, tall]) =>
			tall ? { width: height, height: width } : { width, height },
		);
}

/** Every way to break what is documented of the size. */
function wrongSizes(
	facts: ModelFacts,
): Array<{ limit: string; field: string; sizes: Arbitrary<Wish['size']> }> {
	const { side, pixels, ratio, sentAs, together } = facts.size;
	const custom = (width: unknown, height: unknown) => ({ size: 'custom', width, height });
	const chosen = fc.constantFrom<unknown[]>(
		'8K',
		'big',
		'100:1:1',
		'1328',
		'x',
		'2048x',
		'2048x2048x1',
		'-1x-1',
		true,
		5,
		{},
	);
	const words = { limit: 'size', field: 'size', sizes: chosen.map((size) => ({ size })) };
	const alone = (
		given: 'width' | 'height',
		needed: 'width' | 'height',
		values: Arbitrary<number>,
	) => ({
		limit: `${needed} beside ${given}`,
		field: needed,
		sizes: fc
			.tuple(raw(values), unset)
			.map(([value, { raw: nothing }]) => ({ size: 'custom', [given]: value, [needed]: nothing })),
	});
	const anyTwo = side ? [] : pixelsBeyond(facts);
	const shapes = ratio ? [{ limit: 'ratio', values: ratioBeyond(facts) }] : [];
	const written = [...anyTwo, ...shapes].map(({ limit, values }) => ({
		limit: `size: ${limit}`,
		field: 'size',
		sizes: fc.tuple(values, fc.boolean()).map(([{ width, height }, asCustom]) =>
			// a size that is only too small becomes a larger one where it is written as a text
			asCustom || limit === FEWEST ? custom(String(width), height) : { size: `${width}x${height}` },
		),
	}));
	const { min, max } = side ?? { min: 1 };
	const within = side
		? whole(side.min, Math.min(side.max, Math.floor(Math.sqrt(pixels?.max ?? side.max ** 2))))
		: whole(1920, 2040);
	const one = (field: 'width' | 'height') =>
		wrongValues({ name: field, type: 'integer', required: false, min, max }, facts).map(
			({ limit, values }) => ({
				limit: `${field}: ${limit}`,
				field,
				sizes: fc
					.tuple(values, raw(within))
					.map(([wrong, right]) =>
						field === 'width' ? custom(wrong, right) : custom(right, wrong),
					),
			}),
		);
	return [
		words,
		...written,
		...one('width'),
		...one('height'),
		...(together || sentAs === 'text'
			? [alone('width', 'height', within), alone('height', 'width', within)]
			: []),
	];
}

const WRONG_LINKS = [
	'example.com/photo.jpg',
	'/photo.jpg',
	'photo.jpg',
	'ftp://example.com/photo.jpg',
	'file:///etc/passwd',
	'javascript:alert(1)',
	'https://',
	'http:photo.jpg',
	'https://user:secret@example.com/photo.jpg',
	'https://token@example.com/photo.jpg',
	'https://example.com/my photo.jpg',
	'data:image/png;base64,iVBORw0KGgo=',
	'{{ $json.url }}',
];

/** Every way to break what is documented of the input images. */
function wrongImages(facts: ModelFacts, { good, bad }: Pictures): Breach[] {
	const { minCount, maxCount, sentAs } = facts.images;
	if (maxCount === 0) return [];
	const one = { min: 1, max: maxCount };
	const allowed = allowedRequest(facts, good, one);
	const split = sentAs === 'split';
	const replaced = (wish: Wish, at: number, wrong: GivenImage): Wish => ({
		...wish,
		images: wish.images.map((given, index) => (index === at % wish.images.length ? wrong : given)),
	});
	const sameKind = (kind: 'url' | 'picture') =>
		allowed.filter((wish) => !split || wish.images.every((given) => kind in given));
	const position = fc.nat({ max: maxCount });
	const put = (
		kind: 'url' | 'picture',
		wrong: Arbitrary<{ url: string } | { picture: Picture }>,
	): Arbitrary<Wish> =>
		fc
			.tuple(sameKind(kind), position, image(facts, wrong))
			.map(([wish, at, given]) => replaced(wish, at, given));
	const counted = (min: number, max: number) =>
		fc
			.tuple(allowed, images(facts, good, { min, max }))
			.map(([wish, given]) => ({ ...wish, images: given }));
	const types = facts.parameters.find(({ onePerImage }) => onePerImage);
	const breach = (limit: string, requests: Arbitrary<Wish>, field = 'inputImages'): Breach => ({
		limit: `images: ${limit}`,
		field,
		requests,
	});
	return [
		breach('most', counted(maxCount + 1, maxCount + 4)),
		...(minCount > 0 ? [breach('fewest', counted(0, 0))] : []),
		...bad.map(({ limit, pictures }) =>
			breach(
				limit,
				put(
					'picture',
					fc.constantFrom(...pictures).map((picture) => ({ picture })),
				),
			),
		),
		breach(
			'links',
			put(
				'url',
				fc.constantFrom(...WRONG_LINKS).map((url) => ({ url })),
			),
		),
		...(split && maxCount > 1
			? [
					breach(
						'files and links together',
						allowedRequest(facts, good, { min: 2, max: maxCount })
							.chain((wish) =>
								fc.tuple(fc.constant(wish), fc.constantFrom(...good), fc.constantFrom(...links)),
							)
							.map(([wish, picture, url]) => {
								const [first, second, ...others] = wish.images;
								const { refType = { raw: undefined, meant: undefined } } = first ?? second ?? {};
								return { ...wish, images: [{ picture, refType }, { url, refType }, ...others] };
							}),
					),
				]
			: []),
		...(types
			? [
					breach(
						'reference type',
						fc
							.tuple(
								allowed,
								position,
								fc.constantFrom<unknown[]>('FACE', 'ip', 1, true, {}, ['IP']),
							)
							.map(([wish, at, wrong]) => ({
								...wish,
								images: wish.images.map((given, index) =>
									index === at % wish.images.length
										? { ...given, refType: { raw: wrong, meant: undefined } }
										: given,
								),
							})),
						'refType',
					),
				]
			: []),
	];
}

/** All documented limits of a model, each with requests that break it alone. */
export function breachesOf(facts: ModelFacts, pictures: Pictures): Breach[] {
	const allowed = allowedRequest(facts, pictures.good);
	const parameters = plainParameters(facts)
		.filter(({ unavailable }) => !unavailable)
		.flatMap((fact) =>
			wrongValues(fact, facts).map(({ limit, values }) => ({
				limit: `${fact.name}: ${limit}`,
				field: fact.name,
				requests: fc
					.tuple(allowed, values)
					.map(([wish, value]) => withParameter(wish, fact.name, value)),
			})),
		);
	const sizes = wrongSizes(facts).map(({ limit, field, sizes: chosen }) => ({
		limit,
		field,
		requests: fc.tuple(allowed, chosen).map(([wish, size]) => ({ ...wish, size, meantSize: {} })),
	}));
	return [
		...parameters,
		...sharedLimit(facts, pictures.good),
		...sizes,
		...wrongImages(facts, pictures),
	];
}
