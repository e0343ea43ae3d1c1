import sharp from 'sharp';
import { inspectImage } from '../standin/validation/inspectImage';
import { sampleFile, sampleImage, type SampleFormat } from './sampleImage';

const formats: SampleFormat[] = ['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'];

test.each(formats)('a %s is what it says', async (format) => {
	const image = await inspectImage(await sampleImage({ format, width: 60, height: 20 }));
	expect(image).toMatchObject({ format, width: 60, height: 20 });
});

test.each(formats)('a %s can be padded to a size and still opens', async (format) => {
	const wish = { format, width: 33, height: 17, bytes: 100_000 };
	const file = await sampleImage(wish);
	expect(file.length).toBe(100_000);
	expect(await inspectImage(file)).toMatchObject({ width: 33, height: 17 });
	// sharp has no BMP
	if (format === 'bmp') return;
	const { info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
	expect(info).toMatchObject({ width: 33, height: 17 });
});

test('the same wish is drawn once', async () => {
	expect(await sampleImage({ width: 9 })).toBe(await sampleImage({ width: 9, format: 'png' }));
	expect(await sampleImage({ width: 9 })).not.toEqual(
		await sampleImage({ width: 9, color: 'red' }),
	);
});

test('a size below that of the picture is refused', async () => {
	await expect(sampleImage({ bytes: 10 })).rejects.toThrow('takes');
});

test('36 million pixels of BMP fit into 5 MB', async () => {
	const file = await sampleImage({ format: 'bmp', width: 6000, height: 6000 });
	expect(file.length).toBeLessThan(5_000_000);
});

test('a sample as a file has the name and type of its format', async () => {
	expect(await sampleFile({ format: 'jpeg', name: 'cat' })).toMatchObject({
		fileName: 'cat.jpg',
		mimeType: 'image/jpeg',
	});
});
