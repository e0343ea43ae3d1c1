import { CUSTOM_SIZE, DEFAULT_SIZE } from '../../nodes/Vtrix/core/definition/size';
import {
	checking,
	DOCUMENTED_MODELS,
	imagesField,
	MODELS_WITH_IMAGES,
	PROMPT,
	urls,
	type DocumentedModel,
} from './checking';
import { declared, documentedImages, sizeValue } from './documented';

const custom = (width: unknown, height: unknown) => ({
	size: { size: CUSTOM_SIZE, width, height },
});

describe.each(MODELS_WITH_IMAGES)('input images of $id', (documented) => {
	const { id, model, facts } = documented;
	const { accepted, refused } = checking(documented);

	test('are limited as documented', () => {
		const limits = { ...model.images, referenceTypes: undefined };
		expect(limits).toEqual(documentedImages(facts.images));
	});

	test('are counted', () => {
		const { minCount, maxCount } = facts.images;
		accepted({ images: urls(minCount) });
		accepted({ images: urls(maxCount) });
		refused({ images: urls(maxCount + 1) }, imagesField(id));
		if (minCount > 0) refused({ images: urls(minCount - 1) }, imagesField(id));
	});

	test('share a limit with the images to be made where the page says so', () => {
		const fact = facts.parameters.find(({ onlyWhen }) => onlyWhen);
		const group = fact?.onlyWhen && {
			maxTotal: facts.images.maxWithOutput,
			limitedBy: declared(model, fact).name,
			enabledBy: { parameter: fact.onlyWhen.name, value: fact.onlyWhen.value },
		};
		expect(model.imageGroup).toEqual(group);
	});
});

describe.each(
	DOCUMENTED_MODELS.flatMap((documented) =>
		documented.facts.parameters
			.filter(({ onePerImage }) => onePerImage)
			.map((fact) => ({ ...documented, fact })),
	),
)('$fact.name of $id', ({ fact, ...documented }) => {
	const { referenceTypes } = documented.model.images ?? {};
	const { accepted, refused } = checking(documented);
	const typed = (referenceType: string) => ({ images: [{ ...urls(1)[0], referenceType }] });

	test('may have each documented value for each image, and no other', () => {
		for (const type of fact.options ?? []) accepted(typed(type));
		refused(typed('FACE'), 'Reference Type');
		expect(referenceTypes?.field).toMatchObject({ kind: 'choice' });
		expect(referenceTypes?.limits.split(', ').sort()).toEqual([...(fact.options ?? [])].sort());
	});

	test('starts at the documented default', () => {
		expect(referenceTypes?.default).toBe(fact.default);
	});
});

test('a model that takes no images declares none', () => {
	const none = DOCUMENTED_MODELS.filter((documented) => !MODELS_WITH_IMAGES.includes(documented));
	expect(none.map(({ model }) => model.images)).toEqual(none.map(() => undefined));
});

/** The parameters of a request with a size, in the form that the model takes it. */
const sentSize = ({ facts }: DocumentedModel, width: number, height: number) => ({
	prompt: PROMPT,
	...(facts.size.sentAs === 'text' ? { size: sizeValue({ width, height }) } : { width, height }),
});

describe.each(DOCUMENTED_MODELS)('size of $id', (documented) => {
	const { size } = documented.facts;
	const { accepted, refused, warnings } = checking(documented);

	test('is the documented one unless chosen', () => {
		expect(documented.model.size?.default).toEqual(size.default);
		for (const unset of [{ size: { size: DEFAULT_SIZE } }, custom('', '')]) {
			expect(accepted(unset)).toEqual({ prompt: PROMPT });
		}
	});

	test('may be any documented one', () => {
		for (const { width, height } of size.presets) {
			const chosen = accepted({ size: { size: sizeValue({ width, height }) } });
			expect(chosen).toEqual(sentSize(documented, width, height));
		}
	});

	test('may be a documented word, and no other', () => {
		for (const word of size.keywords) {
			expect(accepted({ size: { size: word } })).toEqual({ prompt: PROMPT, size: word });
		}
		for (const word of ['8K', 'big']) refused({ size: { size: word } }, 'Size');
	});

	test('is advised against only where the page does', () => {
		const { recommendedMinSide: best, side, presets, lessWell = [] } = size;
		for (const { width, height } of [size.default, ...presets]) {
			expect(warnings(custom(width, height))).toEqual([]);
		}
		const fine = best ?? side?.min;
		if (fine) expect(warnings(custom(fine, fine))).toEqual([]);
		if (best) {
			expect(warnings(custom(best - 1, best - 1))).toEqual([expect.stringContaining(String(best))]);
		}
		for (const { width, height } of lessWell) {
			const { width: usual } = size.default;
			expect(warnings(custom(width, height))).toEqual([expect.stringContaining(String(usual))]);
		}
	});
});

describe.each(DOCUMENTED_MODELS.filter(({ facts }) => facts.size.side))(
	'each side of $id',
	(documented) => {
		const { side = { min: 0, max: 0 } } = documented.facts.size;
		const { min, max } = side;
		const { accepted, refused } = checking(documented);

		test('keeps to the documented range', () => {
			expect(documented.model.size?.sideRange).toEqual(side);
			for (const [width, height] of [
				[min, min],
				[min, max],
				[max, max],
			]) {
				expect(accepted(custom(width, height))).toEqual({ prompt: PROMPT, width, height });
			}
			refused(custom(min - 1, min), 'Width');
			refused(custom(min, min - 1), 'Height');
			refused(custom(max + 1, min), 'Width');
			refused(custom(min, max + 1), 'Height');
			refused(custom(min + 0.5, min), 'Width');
		});
	},
);

describe.each(DOCUMENTED_MODELS)('a size of $id with one side alone', (documented) => {
	const { sentAs, together } = documented.facts.size;
	const { accepted, refused, warnings } = checking(documented);

	if (together || sentAs === 'text') {
		test('is refused', () => {
			refused(custom(1920, ''), 'Height');
			refused(custom('', 1920), 'Width');
		});
	} else {
		test('is sent as it is', () => {
			expect(accepted(custom(1920, ''))).toEqual({ prompt: PROMPT, width: 1920 });
			expect(accepted(custom('', 1920))).toEqual({ prompt: PROMPT, height: 1920 });
			expect(warnings(custom(1920, ''))).toEqual([]);
		});
	}
});

describe.each(DOCUMENTED_MODELS.filter(({ facts }) => !facts.size.side))(
	'width × height of $id',
	(documented) => {
		const { pixels = {}, ratio } = documented.facts.size;
		const { min, max = 0 } = pixels;
		const { accepted, refused } = checking(documented);
		const accepts = (width: number, height: number) =>
			expect(accepted(custom(width, height))).toEqual(sentSize(documented, width, height));
		const words = documented.model.size?.limits ?? '';

		test('keeps to the documented number of pixels', () => {
			const largest = sidesNear(max, Math.floor);
			accepts(largest.width, largest.height);
			refused(custom(largest.width + 1, largest.height), 'Size');
			expect(words).toContain(max.toLocaleString('en-US'));
			if (min === undefined) {
				accepts(1, 1);
				return;
			}
			const smallest = sidesNear(min, Math.ceil);
			accepts(smallest.width, smallest.height);
			refused(custom(smallest.width - 1, smallest.height), 'Size');
			expect(words).toContain(min.toLocaleString('en-US'));
		});

		test('keeps to the documented ratio, if there is one', () => {
			const short = 512;
			if (!ratio) {
				accepts(short * 15, short);
				return;
			}
			accepts(short * ratio.max, short);
			accepts(short, short / ratio.min);
			refused(custom(short * ratio.max + 1, short), 'Size');
			refused(custom(short, short / ratio.min + 1), 'Size');
			expect(words).toContain(`1:${1 / ratio.min} to ${ratio.max}:1`);
		});

		test('is of two sides of at least a pixel, for which the editor leaves room', () => {
			refused(custom(0, 2048), 'Width');
			refused(custom(2048, -1), 'Height');
			const { min: shortest, max: longest } = documented.model.size?.sideRange ?? { min: 0 };
			expect(shortest).toBe(ratio && min ? Math.ceil(Math.sqrt(min * ratio.min)) : 1);
			expect(longest).toBe(ratio && Math.floor(Math.sqrt(max * ratio.max)));
		});
	},
);

describe.each(DOCUMENTED_MODELS)('prompt of $id', (documented) => {
	const { maxCharacters, recommended } = documented.facts.prompt;
	const { accepted, refused, warnings } = checking(documented);
	const counted = [
		{ what: 'characters', unit: '😀', limit: recommended.characters },
		{ what: 'Chinese characters', unit: '字', limit: recommended.chineseCharacters },
		{ what: 'English words', unit: 'word ', limit: recommended.englishWords },
	].flatMap(({ limit, ...unit }) => (limit === undefined ? [] : [{ ...unit, limit }]));

	for (const { what, unit, limit } of counted) {
		test(`is advised to have at most ${limit} ${what}`, () => {
			expect(warnings({ parameters: { prompt: unit.repeat(limit) } })).toEqual([]);
			const longer = { parameters: { prompt: unit.repeat(limit + 1) } };
			expect(warnings(longer)).toEqual([expect.stringContaining(String(limit))]);
			accepted(longer);
		});
	}

	test('is advised to go without the characters that the page names', () => {
		const { without } = recommended;
		expect(warnings({ parameters: { prompt: 'For $9' } })).toEqual(
			without ? [expect.stringContaining(`contains ${without}`)] : [],
		);
		expect(warnings({ parameters: { prompt: 'For nine dollars' } })).toEqual([]);
	});

	test(`is refused ${maxCharacters ? `beyond ${maxCharacters} characters` : 'at no length'}`, () => {
		accepted({ parameters: { prompt: '😀'.repeat(maxCharacters ?? 20_000) } });
		if (maxCharacters !== undefined) {
			refused({ parameters: { prompt: '😀'.repeat(maxCharacters + 1) } }, 'Prompt');
		}
	});
});

/** Sides whose product is the bound, or comes as near to it as it can without crossing it. */
function sidesNear(pixels: number, round: (value: number) => number) {
	const root = Math.floor(Math.sqrt(pixels));
	const candidates = Array.from({ length: root / 2 }, (_, n) => {
		const height = root - n;
		const width = round(pixels / height);
		return { width, height, away: Math.abs(width * height - pixels) };
	});
	return candidates.reduce((best, next) => (next.away < best.away ? next : best));
}
