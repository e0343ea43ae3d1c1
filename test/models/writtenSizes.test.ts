import { CUSTOM_SIZE, LIKE_INPUT } from '../../nodes/Vtrix/core/definition/size';
import { checking, DOCUMENTED_MODELS, PROMPT } from './checking';
import { documentedSizes } from './documented';
import { apart, isLegal } from './legalSizes';

/** What people and agents write, by the shape that it means for every model: width / height. */
const SHAPES: ReadonlyArray<readonly [shape: number, writings: readonly unknown[]]> = [
	[
		16 / 9,
		['16:9', '16x9', ' 16 : 9 ', '16/9', '１６：９', '"16:9"', ['16:9'], 'aspect_ratio: 16:9'],
	],
	[16 / 9, ['wide', 'Widescreen', 'landscape_16_9', '9:16 landscape', { aspect_ratio: '16:9' }]],
	[9 / 16, ['9:16', 'vertical', 'portrait_16_9', 'Portrait 9:16']],
	[3 / 2, ['3:2', '3 x 2', '1.5:1']],
	[4 / 3, ['4:3', 'landscape', 'LANDSCAPE']],
	[3 / 4, ['3:4', 'portrait', ' Portrait ', 'Portrait (3:4)', '4:3 portrait']],
	[1, ['1:1', 'square', 'Square', '1x1', '1:1 square', 'a square image']],
	[21 / 9, ['21:9', '2.35:1', 'ultrawide']],
	[4 / 5, ['4:5', '4:5 portrait', '0.8:1']],
	[9 / 21, ['9:21']],
];

/** The same for pixels that some models take as they are, and for which others make a size. */
const PIXELS: ReadonlyArray<
	readonly [width: number, height: number, writings: readonly unknown[]]
> = [
	[1024, 1024, ['1024x1024', '1024*1024', '1024 X 1024', ' 1024×1024 ', '1024x1024px', '1K']],
	[
		1024,
		768,
		['1024 × 768', '1024, 768', [1024, 768], ['1024', '768'], { width: 1024, height: 768 }],
	],
	[
		1024,
		768,
		['{"height": 768, "width": 1024}', { width: '1024', height: '768' }, 'width=1024 height=768'],
	],
	[1280, 720, ['1280x720', 'HD', '720p']],
	[1920, 1080, ['1920x1080', '1080p', 'Full HD', '1920:1080']],
	[1365, 768, ['1365x768', '1K 16:9']],
	[1000, 700, ['1000x700']],
	[256, 256, ['256x256']],
	[1080, 1920, ['1080x1920', '1080p portrait']],
];

const NONSENSE: readonly unknown[] = [
	...['1328', 'x', '2048x', '2048x2048x1', '-1x-1', '0x0', '0:1', '16:', 'big', 'banana 16:9'],
	...['constructor', '1024.5x768', 'square 16:9', '10000x10000', '8K', '{"width":1024'],
	...[
		true,
		5,
		16,
		{},
		{ width: 1024 },
		{ width: {}, height: {} },
		[1, 2, 3],
		[[16, 9]],
		'x'.repeat(1e5),
	],
];

describe.each(DOCUMENTED_MODELS)('a size by expression for $id', (documented) => {
	const { facts } = documented;
	const { size: fact } = facts;
	const { accepted, refused, warnings, issues } = checking(documented);

	/** The sides that are sent. */
	const sides = (size: unknown) => {
		const params = accepted({ size: { size } });
		const text = fact.sentAs === 'text' ? params.size : `${params.width}x${params.height}`;
		const [width, height] = String(text).split('x').map(Number);
		return { width, height };
	};
	const shapesOf = ({ width, height }: { width: number; height: number }) => width / height;
	const presets = documentedSizes(fact.presets).map((size) => sides(size));

	test.each(SHAPES)('is the documented one of its shape: %d, written %j', (shape, writings) => {
		const [first] = writings;
		const usual = sides(first);
		expect(isLegal(usual, fact)).toBe(true);
		expect(apart(shapesOf(usual), shape)).toBeLessThan(0.02);
		const ofShape = presets.filter((one) => apart(shapesOf(one), shape) < 0.01);
		if (ofShape.length > 0) expect(ofShape).toContainEqual(usual);
		for (const writing of writings) expect(sides(writing)).toEqual(usual);
	});

	test.each(PIXELS)(
		'is sent as it stands where it is legal: %d × %d, written %j',
		(width, height, writings) => {
			const asked = { width, height };
			for (const writing of writings) {
				// 1K is the name of a size of some models
				if (
					/^1K/.test(String(writing)) &&
					fact.presets.some(({ resolution }) => resolution === '1K')
				)
					continue;
				const found = sides(writing);
				expect(isLegal(found, fact)).toBe(true);
				expect(apart(shapesOf(found), width / height)).toBeLessThan(0.02);
				if (isLegal(asked, fact)) expect(found).toEqual(asked);
				else {
					expect(warnings({ size: { size: writing } })).toEqual([
						expect.stringContaining(
							`was ${width}x${height}, which is smaller than this model makes`,
						),
					]);
					const [refusal] = issues({ size: { size: CUSTOM_SIZE, width, height } });
					if (refusal.label === 'Size') {
						expect(refusal.message).toContain(`nearest size is ${found.width}x${found.height}.`);
					}
				}
			}
		},
	);

	test('may be a resolution that the model has, in any case, and with a shape', () => {
		const { keywords } = fact;
		for (const word of keywords) {
			for (const writing of [word, word.toLowerCase(), ` ${word} `]) {
				expect(accepted({ size: { size: writing } })).toEqual({ prompt: PROMPT, size: word });
			}
		}
		for (const { resolution, ratio, width, height } of fact.presets) {
			if (!resolution) {
				for (const word of keywords) {
					const pixels = (1024 * Number.parseInt(word, 10)) ** 2;
					const found = sides(`${ratio} ${word}`);
					expect(apart(shapesOf(found), width / height)).toBeLessThan(0.02);
					expect(apart(found.width * found.height, pixels)).toBeLessThan(0.4);
					if (apart(width * height, pixels) < 0.4) expect(found).toEqual({ width, height });
				}
				continue;
			}
			expect(sides(`${ratio} ${resolution}`)).toEqual({ width, height });
			expect(sides(`${resolution.toLowerCase()}, ${ratio}`)).toEqual({ width, height });
			if (ratio === '1:1' && !keywords.includes(resolution)) {
				expect(sides(resolution)).toEqual({ width, height });
			}
		}
	});

	test('may be the label of an entry of the list', () => {
		const { width, height } = fact.default;
		expect(accepted({ size: { size: `default (${width} × ${height})` } })).toEqual({
			prompt: PROMPT,
		});
		for (const size of [' Auto ', 'Default']) {
			expect(accepted({ size: { size } })).toEqual({ prompt: PROMPT });
		}
		const custom = { size: 'Custom', width: fact.default.width, height: fact.default.height };
		expect(accepted({ size: custom })).toEqual(
			accepted({ size: { ...custom, size: CUSTOM_SIZE } }),
		);
	});

	test.each(NONSENSE)('is refused where it is none: %j', (nonsense) => {
		refused({ size: { size: nonsense } }, 'Size');
	});

	test('that is none is refused with what can be, and with the nearest', () => {
		const [{ message }] = issues({ size: { size: 'banana' } });
		expect(message).toMatch(/^is not a size of this model\. Use 1:1, 4:3, .*portrait/);
		const [tooWide] = issues({ size: { size: '5000x500' } });
		if (tooWide) expect(tooWide.message).toMatch(/The nearest size is \d+x\d+\./);
		const told = issues({ size: { size: '10000x100' } }).map((issue) => issue.message);
		if (told.length > 0) expect(told.join(' ').match(/nearest/g)).toHaveLength(1);
		const [ratio] = issues({ size: { size: '40:1' } });
		if (ratio) expect(ratio.message).toMatch(/The nearest is \d+x\d+\./);
		expect(Boolean(ratio)).toBe(Boolean(fact.ratio ?? fact.side));
	});

	test('that is smaller than any picture, or of no shape of the model, is refused, not enlarged', () => {
		if (!isLegal({ width: 255, height: 256 }, fact)) refused({ size: { size: '255x256' } }, 'Size');
		if (fact.side) refused({ size: { size: '1000x70' } }, 'Size');
		// too few pixels, and a hair beyond 16:1
		if (fact.ratio) refused({ size: { size: '7681x480' } }, 'Size');
	});

	test('follows an input image only where there can be one', () => {
		if (facts.images.maxCount === 0) {
			refused({ size: { size: LIKE_INPUT } }, 'Size');
			return;
		}
		for (const writing of [LIKE_INPUT, 'Like the Input Image']) {
			expect(accepted({ size: { size: writing } })).not.toHaveProperty('size');
		}
	});
});

test.each([
	[
		'spark_dreamo',
		'Use 1:1, 4:3, 3:4, 3:2, 2:3, 16:9, 9:16, 21:9, 9:21, square, portrait, landscape, or a size like 1328x1328: each side 512 to 2048 pixels, width × height at most 4,194,304 pixels.',
	],
	[
		'spark_t2i_3_0',
		'Use 1:1, 4:3, 3:4, 3:2, 2:3, 16:9, 9:16, 21:9, 9:21, square, portrait, landscape, 1K, 2K, or a size like 1328x1328: width × height 262,144 to 4,194,304 pixels, a ratio of 1:3 to 3:1, both or neither.',
	],
	[
		'spark_dream_5_0',
		'Use 1:1, 4:3, 3:4, 16:9, 9:16, 3:2, 2:3, 21:9, square, portrait, landscape, 2K, 3K, or WIDTHxHEIGHT with width × height 3,686,400 to 10,404,496 pixels, a ratio of 1:16 to 16:1.',
	],
])('all that %s takes as a size is listed where it refuses one', (id, usable) => {
	const [documented] = DOCUMENTED_MODELS.filter((one) => one.id === id);
	const [{ message }] = checking(documented).issues({ size: { size: 'banana' } });
	expect(message).toBe(`is not a size of this model. ${usable}`);
});

test.each([
	['spark_dream_5_0', '6000x6000', '3072x3072'],
	['spark_dream_5_0', '7000x3000', '4704x2016'],
	['spark_dream_5_0', '7000x5000', '3815x2725'],
	['spark_t2i_3_0', '3000x3000', '2048x2048'],
])(
	'%s tells of the size that is nearest to %s, of several documented ones of its shape too: %s',
	(id, size, nearest) => {
		const [documented] = DOCUMENTED_MODELS.filter((one) => one.id === id);
		const [{ message }] = checking(documented).issues({ size: { size } });
		expect(message).toContain(`The nearest size is ${nearest}.`);
	},
);
