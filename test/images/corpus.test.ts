import sharp from 'sharp';
import { isCutOff, readHeader } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import { PictureFile } from '../../nodes/Vtrix/core/imageFile/pictureFile';
import { otherSpecimens, specimens, type Specimen } from './corpus';

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

test('none of them is taken for cut off', () => {
	for (const { what, bytes } of [...all, ...otherSpecimens]) {
		expect([what, isCutOff(new PictureFile(bytes)) === true]).toEqual([what, false]);
	}
});
