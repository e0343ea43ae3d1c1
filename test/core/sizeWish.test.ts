import { readSizeWish, type SizeWish } from '../../nodes/Vtrix/core/request/sizeWish';

describe('a size in words', () => {
	test.each<[SizeWish, unknown[]]>([
		[{ shape: 3 / 4 }, ['upright', 'portrait']],
		[{ shape: 9 / 16 }, ['vertical', 'tall', 'story', 'Reel']],
		[{ shape: 16 / 9 }, ['horizontal', 'wide', 'widescreen']],
		[{ shape: 21 / 9 }, ['ultrawide', 'cinematic', 'panorama']],
		[{ resolution: '2K' }, ['2K', '2 k', '2k resolution']],
		[
			{ shape: 16 / 9, resolution: '2K' },
			['16:9 2K', '2K widescreen', { aspect_ratio: '16:9', resolution: '2K' }],
		],
		[{ sides: { width: 1920, height: 1080 } }, ['Full HD', 'FHD', '1080p', '1080p landscape']],
		[{ sides: { width: 2560, height: 1440 } }, ['QHD', '1440p']],
		[{ sides: { width: 3840, height: 2160 } }, ['UHD', '4K UHD', '2160p']],
		[
			{ sides: { width: 1024, height: 768 } },
			[
				'w: 1024, h: 768',
				'width=1024&height=768',
				'width: 1024px; height: 768px',
				'{"width": "1024", "height": "768"}',
			],
		],
	])('means %j, written %j', (wish, writings) => {
		for (const writing of writings) expect(readSizeWish(writing)).toEqual(wish);
	});

	test('is a ratio up to 64, and beside a colon as soon as one of its numbers is', () => {
		expect(readSizeWish('64x64')).toEqual({ shape: 1 });
		expect(readSizeWish('65x65')).toEqual({ sides: { width: 65, height: 65 } });
		expect(readSizeWish('100:16')).toEqual({ shape: 6.25 });
		expect(readSizeWish('100x16')).toEqual({ sides: { width: 100, height: 16 } });
	});

	test.each([
		...['portrait banana', 'portrait landscape', '16:9 4:3', '0:9', '16:0', '0x1080', '1080x0'],
		...[null, { aspect_ratio: '16:9', resolution: null }, [1024, 768, 1]],
	])('of which any part is not understood means nothing: %j', (writing) => {
		expect(readSizeWish(writing)).toBeUndefined();
	});

	test('is read up to a hundred characters', () => {
		expect(readSizeWish('16:9'.padEnd(100))).toEqual({ shape: 16 / 9 });
		expect(readSizeWish('16:9'.padEnd(101))).toBeUndefined();
	});
});
