import { CUSTOM_SIZE, DEFAULT_SIZE } from '../../nodes/Vtrix/core/definition/size';
import { checking, DOCUMENTED_MODELS, PROMPT, urls } from './checking';
import { declared, documentedImages, sizeValue } from './documented';

const custom = (width: unknown, height: unknown) => ({
	size: { size: CUSTOM_SIZE, width, height },
});

describe.each(DOCUMENTED_MODELS)('input images of $id', (documented) => {
	const { model, facts } = documented;
	const { accepted, refused } = checking(documented);

	test('are limited as documented', () => {
		const limits = { ...model.images, referenceTypes: undefined };
		expect(limits).toEqual(documentedImages(facts.images));
	});

	test('are counted', () => {
		const { minCount, maxCount } = facts.images;
		accepted({ images: urls(minCount) });
		accepted({ images: urls(maxCount) });
		refused({ images: urls(maxCount + 1) }, 'Input Images');
		if (minCount > 0) refused({ images: urls(minCount - 1) }, 'Input Images');
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

describe.each(DOCUMENTED_MODELS)('size of $id', (documented) => {
	const { size } = documented.facts;
	const { accepted, refused, warnings } = checking(documented);
	const sent = (width: number, height: number) => ({
		prompt: PROMPT,
		...(size.sentAs === 'text' ? { size: sizeValue({ width, height }) } : { width, height }),
	});

	test('is the documented one unless chosen', () => {
		expect(documented.model.size?.default).toEqual(size.default);
		expect(accepted({ size: { size: DEFAULT_SIZE } })).toEqual({ prompt: PROMPT });
	});

	test('may be any documented one', () => {
		for (const { width, height } of size.presets) {
			const chosen = accepted({ size: { size: sizeValue({ width, height }) } });
			expect(chosen).toEqual(sent(width, height));
		}
	});

	test('may be a documented word, and no other', () => {
		for (const word of size.keywords) {
			expect(accepted({ size: { size: word } })).toEqual({ prompt: PROMPT, size: word });
		}
		const others = ['1K', '2K', '3K', '4K', '8K', 'big'].filter(
			(word) => !size.keywords.includes(word),
		);
		for (const word of others) refused({ size: { size: word } }, 'Size');
	});

	test('is advised against only where the page does', () => {
		const side = size.recommendedMinSide ?? size.side?.min ?? 2048;
		expect(warnings(custom(side, side))).toEqual([]);
		expect(warnings(custom(side - 1, side - 1))).toEqual(
			size.recommendedMinSide ? [expect.stringContaining(String(side))] : [],
		);
	});
});

describe.each(DOCUMENTED_MODELS.filter(({ facts }) => facts.size.sentAs === 'sides'))(
	'width and height of $id',
	(documented) => {
		const { side = { min: 0, max: 0 }, together } = documented.facts.size;
		const { min, max } = side;
		const { accepted, refused } = checking(documented);

		test('keep to the documented range', () => {
			expect(documented.model.size?.side).toEqual(side);
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

		test(together ? 'are refused one without the other' : 'may come one without the other', () => {
			if (together) {
				refused(custom(1024, ''), 'Height');
				refused(custom('', 1024), 'Width');
			} else {
				expect(accepted(custom(1024, ''))).toEqual({ prompt: PROMPT, width: 1024 });
				expect(accepted(custom('', 1024))).toEqual({ prompt: PROMPT, height: 1024 });
			}
		});
	},
);

describe.each(DOCUMENTED_MODELS.filter(({ facts }) => facts.size.sentAs === 'text'))(
	'WIDTHxHEIGHT of $id',
	(documented) => {
		const { pixels = {}, ratio = { min: 1, max: 1 } } = documented.facts.size;
		const { min = 0, max = 0 } = pixels;
		const { accepted, refused } = checking(documented);
		const accepts = (width: number, height: number) =>
			expect(accepted(custom(width, height))).toEqual({
				prompt: PROMPT,
				size: sizeValue({ width, height }),
			});

		test('keeps to the documented number of pixels', () => {
			const smallest = sidesNear(min, Math.ceil);
			accepts(smallest.width, smallest.height);
			refused(custom(smallest.width - 1, smallest.height), 'Size');
			const largest = sidesNear(max, Math.floor);
			accepts(largest.width, largest.height);
			refused(custom(largest.width + 1, largest.height), 'Size');
		});

		test('keeps to the documented ratio', () => {
			const short = 512;
			accepts(short * ratio.max, short);
			accepts(short, short / ratio.min);
			refused(custom(short * ratio.max + 1, short), 'Size');
			refused(custom(short, short / ratio.min + 1), 'Size');
		});

		test('tells the documented limits in words', () => {
			const words = documented.model.size?.limits ?? '';
			for (const pixelCount of [min, max]) {
				expect(words).toContain(pixelCount.toLocaleString('en-US'));
			}
			expect(words).toContain(`1:${1 / ratio.min} to ${ratio.max}:1`);
		});

		test('needs both sides', () => {
			refused(custom(2048, ''), 'Height');
			refused(custom('', 2048), 'Width');
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

	test.each(counted)('is advised to have at most $limit $what', ({ unit, limit }) => {
		expect(warnings({ parameters: { prompt: unit.repeat(limit) } })).toEqual([]);
		const longer = { parameters: { prompt: unit.repeat(limit + 1) } };
		expect(warnings(longer)).toEqual([expect.stringContaining(String(limit))]);
		accepted(longer);
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
