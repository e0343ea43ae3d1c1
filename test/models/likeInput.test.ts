import { defineSize, sizeLike } from '../../nodes/Vtrix/core/definition/size';
import { followInput } from '../../nodes/Vtrix/core/request/parseSize';
import { DOCUMENTED_MODELS } from './checking';
import { apart, isLegal, leastDifference } from './legalSizes';

/** Pictures as people have them, and some that hardly anybody has; width × height. */
const PICTURES: ReadonlyArray<readonly [number, number]> = [
	[1000, 1000],
	[1, 1],
	[3024, 4032],
	[4032, 3024],
	[3000, 4000],
	[4000, 6000],
	[6000, 4000],
	[1080, 1350],
	[1350, 1080],
	[1080, 1920],
	[1920, 1080],
	[1179, 2556],
	[2560, 1080],
	[2100, 900],
	[1200, 630],
	[1024, 683],
	[683, 1024],
	[1333, 1000],
	[2480, 3508],
	[3508, 2480],
	[1414, 1000],
	[1000, 2970],
	[3000, 1000],
	[2999, 1000],
	[1000, 3990],
	[100, 1600],
	[1600, 100],
	[4000, 13],
	[13, 4000],
	[15, 239],
	[1366, 768],
	[853, 480],
	[36_000, 1000],
];

/** Models of one documented size behave alike. */
const SIZES = DOCUMENTED_MODELS.filter(
	({ facts }, index) =>
		DOCUMENTED_MODELS.findIndex((one) => one.facts.size === facts.size) === index,
);

describe.each(SIZES)('the size like an input image of $id', ({ id, model, facts }) => {
	const { size: fact } = facts;
	const { multipleOf: step = 1, side } = fact.roundedTo ?? { side: fact.side };
	const sizes = PICTURES.map(([width, height]) => {
		if (!model.size) throw new Error(`${id} has no size`);
		const shape = width / height;
		return { picture: `${width}x${height}`, shape, ...sizeLike(model.size, shape) };
	});

	test('is one that the model takes, and that the service does not round', () => {
		const wrong = sizes.filter(
			(size) =>
				!isLegal(size, { ...fact, ...(side && { side }) }) ||
				size.width % step !== 0 ||
				size.height % step !== 0,
		);
		expect(wrong).toEqual([]);
	});

	test('is as near in shape as any that the model takes, but for a step of rounding', () => {
		const farther = sizes.filter(({ shape, width, height }) => {
			const more = apart(width / height, shape) - leastDifference(shape, fact);
			return more >= step / Math.min(width, height);
		});
		expect(farther).toEqual([]);
	});

	test('has about as many pixels as the default, where the shape leaves room for them', () => {
		const usual = fact.default.width * fact.default.height;
		const others = sizes.filter(({ shape, width, height }) => {
			const oblong = Math.max(shape, 1 / shape);
			const hasRoom =
				Math.sqrt(usual * oblong) <= (side?.max ?? Infinity) && oblong <= (fact.ratio?.max ?? 50);
			return hasRoom && apart(width * height, usual) > 0.2;
		});
		expect(others).toEqual([]);
	});

	test('is the documented one for a picture of the same shape', () => {
		const documented = fact.presets.flatMap(({ width, height }) => [
			`${width}x${height}`,
			`${height}x${width}`,
		]);
		for (const { width, height } of sizes.filter(({ picture }) => picture === '3024x4032')) {
			expect(documented).toContain(`${width}x${height}`);
		}
	});
});

describe('of a model of another kind the size like an input image', () => {
	const sides = { sentAs: 'sides', presets: [] } as const;

	test('is one of the resolution of the default', () => {
		const size = defineSize({
			...sides,
			default: { width: 2000, height: 2000 },
			presets: [
				{ ratio: '4:3', width: 1200, height: 900, resolution: '1K' },
				{ ratio: '1:1', width: 2000, height: 2000, resolution: '2K' },
				{ ratio: '4:3', width: 2400, height: 1800, resolution: '2K' },
			],
		});
		expect(sizeLike(size, 4 / 3)).toMatchObject({ width: 2400, height: 1800 });
	});

	test('need not be a documented one', () => {
		const size = defineSize({ ...sides, default: { width: 1000, height: 1000 } });
		expect(sizeLike(size, 4)).toEqual({ width: 2000, height: 500 });
	});

	test('is one that the service does not round, within the sides of both', () => {
		const rounded = {
			...sides,
			default: { width: 1024, height: 1024 },
			rounding: { multipleOf: 16, min: 512, max: 1536 },
			presets: [{ ratio: '5:4', width: 1000, height: 800 }],
		};
		for (const shape of [5 / 4, 4 / 5]) {
			const { width, height } = sizeLike(defineSize(rounded), shape);
			expect([width % 16, height % 16]).toEqual([0, 0]);
		}
		expect(sizeLike(defineSize(rounded), 10)).toEqual({ width: 1536, height: 512 });
		const narrower = defineSize({ ...rounded, side: { min: 600, max: 1400 } });
		const { width, height } = sizeLike(narrower, 10);
		expect([height >= 600, width <= 1400]).toEqual([true, true]);
	});
});

test.each(SIZES)('the size of $id follows no image whose sides do not show', ({ model }) => {
	const { issues, params } = model.size ? followInput(model.size, { name: 'photo' }) : {};
	expect(params).toEqual({});
	expect(issues).toEqual([
		{ label: 'Size', message: expect.stringMatching(/^cannot follow the image 'photo', whose/) },
	]);
});
