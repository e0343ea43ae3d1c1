import sharp from 'sharp';
import { isCutOff, readHeader } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import { PictureFile } from '../../nodes/Vtrix/core/imageFile/formats/pictureFile';
import { otherSpecimens, specimens, type Specimen } from './corpus';
import { frame, segment } from './handMade';

const SHARP_NAMES: Record<string, string> = { jpg: 'jpeg' };

let all: Specimen[];
beforeAll(async () => {
	all = await specimens();
});

test('there are at least sixty picture files that sharp reads', () => {
	expect(all.length).toBeGreaterThanOrEqual(60);
	expect(new Set(all.map(({ what }) => what)).size).toBe(all.length);
});

test('of each of them format, pixels and orientation are what sharp reads', async () => {
	for (const { what, bytes } of all) {
		const { format, width, height, pageHeight, orientation = 1 } = await sharp(bytes).metadata();
		const header = readHeader(bytes);
		expect({
			what,
			format: header && (SHARP_NAMES[header.extension] ?? header.extension),
			width: header?.width,
			height: header?.height,
			orientation: header?.orientation ?? 1,
		}).toEqual({ what, format, width, height: pageHeight ?? height, orientation });
	}
});

test.each(otherSpecimens)('$what is read as it was made', ({ bytes, width, height }) => {
	expect(readHeader(bytes)).toMatchObject({ extension: 'bmp', width, height });
});

test.each([
	[0xc0, 'baseline'],
	[0xc1, 'extended'],
	[0xc2, 'progressive'],
	[0xc3, 'lossless'],
	[0xc9, 'arithmetic coding'],
	[0xca, 'arithmetic coding, progressive'],
])('a JPEG of 8 or 12 bits with the frame %i (%s) tells its size', (marker) => {
	for (const bits of [8, 12]) {
		const scan = Buffer.concat([segment(0xda, Buffer.alloc(10)), Buffer.from([0, 0xff, 0xd9])]);
		const start = Buffer.from([0xff, 0xd8]);
		const file = Buffer.concat([start, frame(marker, 1653, 77, bits), scan]);
		expect(readHeader(file)).toMatchObject({ extension: 'jpg', width: 1653, height: 77 });
		expect(isCutOff(new PictureFile(file))).toBe(false);
	}
});

test('none of them is taken for cut off', () => {
	for (const { what, bytes } of [...all, ...otherSpecimens]) {
		expect([what, isCutOff(new PictureFile(bytes)) === true]).toEqual([what, false]);
	}
});
