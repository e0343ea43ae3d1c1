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
				if (writing === '1K' && fact.presets.some(({ resolution }) => resolution === '1K'))
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
			if (!resolution) continue;
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
		expect(accepted({ size: { size: 'Auto' } })).toEqual({ prompt: PROMPT });
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
		const [ratio] = issues({ size: { size: '40:1' } });
		if (ratio) expect(ratio.message).toMatch(/The nearest is \d+x\d+\./);
		expect(Boolean(ratio)).toBe(Boolean(fact.ratio ?? fact.side));
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
