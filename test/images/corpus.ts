import sharp, { type Sharp } from 'sharp';
import {
	bmpFile,
	exifSegment,
	frameAt,
	segment,
	tiffFile,
	withChunks,
	withInserted,
	withScreen,
} from './handMade';

/** A picture file that a decoder opens. */
export interface Specimen {
	what: string;
	bytes: Buffer;
}

/** A picture that does not compress well, the same each time. */
export function noise(width: number, height: number): Sharp {
	const pixels = Buffer.alloc(width * height * 3);
	// the linear congruential generator of Numerical Recipes
	for (let at = 0, state = width * height; at < pixels.length; at += 1) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		pixels[at] = 64 + (state >>> 25);
	}
	return sharp(pixels, { raw: { width, height, channels: 3 } });
}
const flat = (width: number, height: number, alpha = 1): Sharp =>
	sharp({
		create: { width, height, channels: 4, background: { r: 200, g: 90, b: 20, alpha } },
	});

/** Specimens that sharp writes: every option that changes how a file is laid out. */
async function written(): Promise<Specimen[]> {
	const wishes: Record<string, Sharp> = {
		'JPEG, baseline': noise(60, 40).jpeg(),
		'JPEG, progressive': noise(61, 40).jpeg({ progressive: true }),
		'JPEG, 4:4:4': noise(40, 61).jpeg({ chromaSubsampling: '4:4:4' }),
		'JPEG, optimised': noise(63, 20).jpeg({ mozjpeg: true }),
		'JPEG, grey': noise(30, 70).greyscale().jpeg(),
		'JPEG, CMYK': noise(30, 71).toColourspace('cmyk').jpeg(),
		'JPEG, with a colour profile': noise(64, 40).jpeg().withIccProfile('p3'),
		'JPEG, of one colour': flat(900, 600).jpeg(),
		'JPEG, as wide as possible': flat(65_500, 16).jpeg({ quality: 10 }),
		'PNG, 8 bits': noise(50, 30).png(),
		'PNG, interlaced': noise(51, 30).png({ progressive: true }),
		'PNG, palette': noise(52, 30).png({ palette: true }),
		'PNG, 16 bits': noise(53, 30).toColourspace('rgb16').png(),
		'PNG, grey': noise(54, 30).greyscale().png(),
		'PNG, transparent': flat(55, 30, 0.5).png(),
		'PNG, with a colour profile': noise(56, 30).png().withIccProfile('srgb'),
		'WebP, lossy': noise(70, 50).webp(),
		'WebP, lossless': noise(71, 50).webp({ lossless: true }),
		'WebP, lossless, height 1653': flat(20, 1653).webp({ lossless: true }),
		'WebP, lossless, width 1653': flat(1653, 20).webp({ lossless: true }),
		'WebP, lossless, as high as possible': flat(16, 16_383).webp({ lossless: true, effort: 0 }),
		'WebP, nearly lossless': noise(72, 50).webp({ nearLossless: true }),
		'WebP, transparent': flat(73, 50, 0.5).webp(),
		'WebP, with a colour profile': noise(74, 50).webp().withIccProfile('p3'),
		'GIF, still': noise(80, 25).gif(),
		'GIF, transparent': flat(81, 25, 0).gif(),
		'GIF, of few colours': flat(82, 25).gif({ colours: 2 }),
		'TIFF, plain': noise(90, 35).tiff({ compression: 'none' }),
		'TIFF, JPEG inside': noise(91, 35).tiff({ compression: 'jpeg' }),
		'TIFF, LZW': noise(92, 35).tiff({ compression: 'lzw' }),
		'TIFF, deflate': noise(93, 35).tiff({ compression: 'deflate', predictor: 'horizontal' }),
		'TIFF, packed bits': noise(94, 35).tiff({ compression: 'packbits' }),
		'TIFF, fax': noise(95, 35).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
		'TIFF, in tiles': noise(296, 235).tiff({ tile: true, tileWidth: 64, tileHeight: 64 }),
		'TIFF, pyramid': noise(397, 335).tiff({ tile: true, pyramid: true }),
		'TIFF, 16 bits': noise(98, 35).toColourspace('rgb16').tiff(),
		'TIFF, transparent': flat(99, 35, 0.5).tiff(),
	};
	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
		wishes[`JPEG, orientation ${orientation}`] = noise(66, 44).jpeg().withMetadata({ orientation });
	}
	for (const orientation of [3, 6]) {
		const turned = (picture: Sharp) => picture.withMetadata({ orientation });
		wishes[`PNG, orientation ${orientation}`] = turned(noise(57, 31).png());
		wishes[`WebP, orientation ${orientation}`] = turned(noise(75, 51).webp());
		wishes[`TIFF, orientation ${orientation}`] = turned(noise(96, 36).tiff());
	}
	return await Promise.all(
		Object.entries(wishes).map(async ([what, picture]) => ({
			what,
			bytes: await picture.toBuffer(),
		})),
	);
}

/** Specimens that other programs write, put together by hand. */
async function odd(): Promise<Specimen[]> {
	const jpeg = await noise(48, 32).jpeg().toBuffer();
	const large = await noise(5000, 40).jpeg().toBuffer();
	const png = await noise(49, 33).png().toBuffer();
	const gif = await noise(47, 31).gif().toBuffer();
	const webp = await noise(46, 30).webp().toBuffer();
	const frames = sharp(await noise(20, 60).png().toBuffer(), { pageHeight: 20 } as object);
	const thumbnail = await noise(16, 12).jpeg().toBuffer();
	const exif = exifSegment(1, thumbnail);
	const first = 4 + jpeg.readUInt16BE(4);
	const at = frameAt(jpeg);
	const filled = { 'a text': Buffer.from('Comment\0A lighthouse', 'latin1') };
	const jpegs: Record<string, Buffer> = {
		'fill bytes before the frame': withInserted(jpeg, at, [0xff, 0xff, 0xff]),
		'a stray byte behind the start': withInserted(jpeg, 2, [0]),
		'a stray byte before the frame': withInserted(jpeg, at, [0x17]),
		'stray bytes that look like stuffed ones': withInserted(jpeg, first, [0xff, 0x00]),
		'a restart marker between two segments': withInserted(jpeg, first, [0xff, 0xd3]),
		'a thumbnail': withInserted(large, 2, exif),
		'a thumbnail and a stray byte before it': withInserted(large, 2, [0, ...exif]),
		'a thumbnail and a stray byte behind it': withInserted(large, 2, [...exif, 0]),
		'a comment that looks like a frame': withInserted(
			jpeg,
			2,
			segment(0xfe, Buffer.from([0xff, 0xc0, 0, 17, 8, 0, 9, 0, 9, 3])),
		),
		'much metadata': withInserted(
			jpeg,
			2,
			Buffer.concat(Array.from({ length: 12 }, () => segment(0xe2, Buffer.alloc(65_000, 0xc0)))),
		),
		'zeros behind the end': Buffer.concat([jpeg, Buffer.alloc(5000)]),
		'another picture behind the end': Buffer.concat([jpeg, large]),
		'a number of lines behind its scan': withInserted(
			jpeg,
			jpeg.length - 2,
			segment(0xdc, Buffer.from([0, 32])),
		),
	};
	const tiffs: Record<string, Buffer> = {};
	for (const isBigEndian of [false, true]) {
		for (const isShort of [false, true]) {
			for (const directoryLast of [false, true]) {
				const order = isBigEndian ? 'big-endian' : 'little-endian';
				const numbers = isShort ? 'SHORT' : 'LONG';
				const place = directoryLast ? 'behind' : 'before';
				tiffs[`two pages, ${order}, ${numbers} sizes, directory ${place} the pixels`] = tiffFile({
					pages: [
						[40, 30],
						[16, 90],
					],
					isBigEndian,
					isShort,
					directoryLast,
				});
			}
		}
	}
	tiffs['many strips'] = tiffFile({ pages: [[33, 300]], rowsPerStrip: 7 });
	tiffs['a large page behind a small one'] = tiffFile({
		pages: [
			[20, 30],
			[500, 400],
		],
	});
	const others: Record<string, Buffer> = {
		'PNG, chunks before the pixels': withChunks(
			png,
			['tEXt', filled['a text']],
			['pHYs', Buffer.from([0, 0, 0x0b, 0x13, 0, 0, 0x0b, 0x13, 1])],
		),
		'PNG, something behind the end': Buffer.concat([png, Buffer.alloc(300, 7)]),
		'GIF, logical screen of 0 × 0': withScreen(gif, 0, 0),
		'GIF, logical screen without a width': withScreen(gif, 0, 31),
		'GIF, animated': await frames.gif({ loop: 0 }).toBuffer(),
		'WebP, animated': await frames.webp({ loop: 0 }).toBuffer(),
		'WebP, something behind the end': Buffer.concat([webp, Buffer.alloc(33, 1)]),
	};
	const named = (format: string, made: Record<string, Buffer>) =>
		Object.entries(made).map(([what, bytes]) => ({ what: `${format}, ${what}`, bytes }));
	return [
		...named('JPEG', jpegs),
		...named('TIFF', tiffs),
		...Object.entries(others).map(([what, bytes]) => ({ what, bytes })),
	];
}

/** Files that are whole and legal, whoever wrote them; sharp reads each of them. */
export const specimens = async (): Promise<Specimen[]> => [...(await written()), ...(await odd())];

/** Files that are whole and legal but not for sharp, with their pixels. */
export const otherSpecimens: ReadonlyArray<Specimen & { width: number; height: number }> = [
	...[12, 40, 52, 56, 64, 108, 124].map((header) => ({
		what: `BMP with a header of ${header} bytes`,
		bytes: bmpFile(header, 34, 21),
		width: 34,
		height: 21,
	})),
	{ what: 'BMP from top to bottom', bytes: bmpFile(40, 35, -22), width: 35, height: 22 },
];
