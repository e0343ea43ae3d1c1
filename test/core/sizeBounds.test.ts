import { brokenBounds, type SizeBounds } from '../../nodes/Vtrix/core/definition/sizeBounds';
import { sizeOfShape } from '../../nodes/Vtrix/core/definition/size';
import { sparkDream50 } from '../../nodes/Vtrix/models/sparkDream50';

describe('a size', () => {
	const side = { min: 512, max: 2048 };
	const area = { min: 10_000, max: 20_000 };
	const ratio = { min: 1 / 3, max: 3 };

	test.each<[number, number, SizeBounds, string]>([
		[2049, 600, { side }, 'is too large. The longest side allowed is 2,048.'],
		[511, 600, { side }, 'is too small. The shortest side allowed is 512.'],
		[
			101,
			99,
			{ area },
			'has too few pixels. Width × height must be 10,000 to 20,000, this is 9,999.',
		],
		[
			59,
			339,
			{ area },
			'has too many pixels. Width × height must be 10,000 to 20,000, this is 20,001.',
		],
		[100, 301, { ratio }, 'is too tall. One side may be at most 3 times the other.'],
		[301, 100, { ratio }, 'is too wide. One side may be at most 3 times the other.'],
	])('of %d × %d is told which of its bounds it breaks: %j', (width, height, bounds, told) => {
		expect(brokenBounds({ width, height }, bounds)).toEqual([told]);
	});

	test('may reach each of its bounds', () => {
		const reaching: Array<[number, number, SizeBounds]> = [
			[512, 2048, { side }],
			[100, 100, { area }],
			[100, 200, { area }],
			[100, 300, { ratio }],
			[300, 100, { ratio }],
		];
		for (const [width, height, bounds] of reaching) {
			expect(brokenBounds({ width, height }, bounds)).toEqual([]);
		}
	});

	test('that breaks several is told of each', () => {
		expect(brokenBounds({ width: 5000, height: 10 }, { side, area, ratio })).toHaveLength(4);
	});
});

test('a class in which a shape is not documented is kept, instead of the shape in another class', () => {
	const { size } = sparkDream50;
	if (!size) throw new Error('The model has no sizes');
	const without = {
		...size,
		presets: size.presets.filter(({ resolution, ratio }) => resolution !== '3K' || ratio === '1:1'),
	};
	expect(sizeOfShape(size, 3 / 2, { resolution: '3K' })).toMatchObject({ width: 3744 });
	const { width, height } = sizeOfShape(without, 3 / 2, { resolution: '3K' });
	expect(width / height).toBeCloseTo(3 / 2, 1);
	expect(width * height).toBeGreaterThan(9_000_000);
});
