import sharp from 'sharp';
import { fileInWords, type InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import { PictureFile } from '../../nodes/Vtrix/core/imageFile/formats/pictureFile';
import {
	checkCount,
	checkFile,
	checkUrl,
	makingSmaller,
	tooLarge,
} from '../../nodes/Vtrix/core/request/checkImage';
import { sampleImage, type SampleImage } from '../support/sampleImage';

const base: InputImages = {
	min: 1,
	max: 3,
	formats: ['png', 'jpg'],
	maxBytes: 1_000_000,
	sentAs: 'separate',
};

/** What is said of a file's bytes under limits. */
function check(
	bytes: Buffer | PictureFile,
	limits: Partial<InputImages> = {},
	source?: 'file' | 'url',
) {
	const picture = Buffer.isBuffer(bytes) ? new PictureFile(bytes) : bytes;
	const file = { binaryPropertyName: 'photo', picture };
	const { issues, warnings, header } = checkFile({ ...base, ...limits }, file, source);
	for (const { label, value } of issues) expect([label, value]).toEqual(['Input Images', 'photo']);
	return { told: issues.map(({ message }) => message), warnings, header };
}
const told = async (wish: SampleImage, limits?: Partial<InputImages>, source?: 'file' | 'url') =>
	check(await sampleImage(wish), limits, source).told;

describe('a file', () => {
	test('that keeps to all limits meets no objection, and shows its pixels', async () => {
		const {
			told: said,
			warnings,
			header,
		} = check(await sampleImage({ width: 60, height: 40 }), {
			maxSide: 60,
			longerThan: 39,
			maxPixels: 2400,
			maxRatio: 1.5,
			recommendedRatio: 1.5,
		});
		expect([said, warnings]).toEqual([[], []]);
		expect(header).toMatchObject({ width: 60, height: 40 });
	});

	test('that is empty is told as such', () => {
		expect(check(Buffer.alloc(0)).told).toEqual([expect.stringMatching(/^is an empty file/)]);
	});

	test('that is no picture is told by what it is, with the formats to use or what helps', async () => {
		expect(check(Buffer.from('%PDF-1.7\n')).told).toEqual(['is a PDF document. Use PNG or JPEG.']);
		expect(check(Buffer.from('\x01\x02\x03\x04')).told).toEqual([
			'is not a readable image file. Use PNG or JPEG.',
		]);
		const text = (await sampleImage()).toString('base64');
		expect(check(Buffer.from(text)).told).toEqual([
			expect.stringMatching(/^is base64 text, not a picture\. Decode it/),
		]);
	});

	test('of another format is told which to use', async () => {
		expect(await told({ format: 'gif' })).toEqual(['is in the GIF format. Use PNG or JPEG.']);
	});

	test('that is cut off is told so, and nothing against it besides', async () => {
		const whole = await sampleImage({ width: 60, height: 40 });
		expect(check(whole.subarray(0, -20)).told).toEqual([
			'is cut off: its end is missing. Load the whole file again.',
		]);
	});

	test('whose pixels do not show is refused only where all of it is known', async () => {
		const png = Buffer.from(await sampleImage({ width: 60, height: 40 }));
		png.writeUInt32BE(0, 16);
		expect(check(png).told).toEqual([
			'is not a readable PNG file. Save it again, or use another one.',
		]);
		const beginning = new PictureFile(png.subarray(0, 30), {
			tail: png.subarray(-20),
			length: png.length,
		});
		const { told: said, warnings, header } = check(beginning, { recommendedRatio: 1 });
		expect([said, warnings, header]).toEqual([[], [], undefined]);
	});

	test.each<[string, Partial<InputImages>, Partial<InputImages>, RegExp]>([
		[
			'with too long a side',
			{ maxSide: 60 },
			{ maxSide: 59 },
			/^is 60 × 40 pixels\. No side may be longer than 59 pixels\. Put an Edit Image node .* Width and Height 59, Option 'Only if Larger'\.$/,
		],
		[
			'with too short a side',
			{ longerThan: 39 },
			{ longerThan: 40 },
			/^is 60 × 40 pixels\. Each side must be longer than 40 pixels\.$/,
		],
		[
			'of too many pixels',
			{ maxPixels: 2400 },
			{ maxPixels: 2399 },
			/^is 60 × 40 pixels\. Width × height may be at most 2,399\. Put an Edit Image node .* Width and Height 48,/,
		],
		[
			'of too long a shape',
			{ maxRatio: 1.5 },
			{ maxRatio: 1.4 },
			/^is 60 × 40 pixels\. The longer side may be at most 1\.4 times the shorter\. Crop the image\.$/,
		],
	])('%s is refused, wide or upright, and not before', async (_, allowed, limits, message) => {
		expect(await told({ width: 60, height: 40 }, allowed)).toEqual([]);
		expect(await told({ width: 60, height: 40 }, limits)).toEqual([expect.stringMatching(message)]);
		const [upright] = await told({ width: 40, height: 60 }, limits);
		expect(upright.replace('40 × 60', '60 × 40')).toMatch(message);
	});

	test('of an unusual shape is warned about, and not before', async () => {
		const image = await sampleImage({ width: 64, height: 36 });
		expect(check(image, { recommendedRatio: 16 / 9 }).warnings).toEqual([]);
		expect(check(image, { recommendedRatio: 1.5 }).warnings).toEqual([
			"The image 'photo' is 64 × 36 pixels. Shapes between 3:2 and 2:3 work best, others may give poor results or fail.",
		]);
		expect(check(image, { recommendedRatio: 1.5 }).told).toEqual([]);
	});

	test.each([
		[1, undefined],
		[2, 'mirrored'],
		[3, 'upside down'],
		[4, 'upside down'],
		[5, 'lying on its side'],
		[6, 'lying on its side'],
		[8, 'lying on its side'],
	])(
		'that is turned by a mark is told how it is stored (orientation %i)',
		async (orientation, how) => {
			const create = { width: 60, height: 40, channels: 3, background: '#2a6f97' } as const;
			const jpeg = await sharp({ create }).jpeg().withMetadata({ orientation }).toBuffer();
			const { warnings, told: said } = check(jpeg, { maxSide: 59 });
			expect(warnings).toEqual(
				how === undefined
					? []
					: [
							expect.stringContaining(
								`is stored ${how} and turned by a mark (EXIF orientation ${orientation})`,
							),
						],
			);
			expect(said).toEqual([expect.stringContaining(orientation < 5 ? '60 × 40' : '40 × 60')]);
		},
	);
});

describe('a file that is too large', () => {
	test('is told with a way to make it smaller, once, and not before it is', async () => {
		expect(await told({ width: 60, height: 40, bytes: 1_000_000 })).toEqual([]);
		const [message, ...others] = await told(
			{ width: 60, height: 40, bytes: 1_000_001 },
			{ maxSide: 50 },
		);
		expect(message).toMatch(
			/^is 1\.01 MB large\. The largest file allowed is 1 MB\. Put an Edit Image node before this one: Operation 'Resize', Width and Height 50, Option 'Only if Larger', and under Options the Format 'jpeg'\.$/,
		);
		expect(others).toEqual(['is 60 × 40 pixels. No side may be longer than 50 pixels.']);
	});

	test('is told before it is read', () => {
		expect(tooLarge(base, 'photo', 1_000_000)).toBeUndefined();
		expect(tooLarge(base, 'photo', 2_000_000)).toMatchObject({
			label: 'Input Images',
			value: 'photo',
			message: expect.stringMatching(/^is 2 MB large/),
		});
	});

	test('is made smaller to a side at which any picture fits', () => {
		const side = (limits: Partial<InputImages>) =>
			/Width and Height (\d+)/.exec(makingSmaller({ ...base, ...limits }, 'file'))?.[1];
		expect(side({ maxBytes: 4_700_000 })).toBe('2100');
		expect(side({ maxBytes: 4_700_000, maxPixels: 2_000_000 })).toBe('1414');
		expect(side({ maxBytes: 4_700_000, maxSide: 1000, maxPixels: 100 })).toBe('1000');
	});

	test('behind a link is to be downloaded first', async () => {
		const [message] = await told({ width: 60, height: 40 }, { maxSide: 50 }, 'url');
		expect(message).toMatch(
			/Download it with an HTTP Request node, choose File as the source, and put an Edit Image node before this one/,
		);
	});
});

test('what a model takes is told in few words', () => {
	expect(fileInWords(base)).toBe('PNG or JPEG of up to 1 MB');
});

describe('a link', () => {
	const said = (url: string) => checkUrl({ max: 1 }, url);

	test.each(['https://example.com/data:1.png', 'HTTP://example.com/a%20b.png?c=d@e'])(
		'that is complete meets no objection: %s',
		(url) => expect(said(url)).toBeUndefined(),
	);

	test.each([
		['example.com/a.png', /^is not a complete URL/],
		['ftp://example.com/a.png', /^is not a complete URL/],
		['ftp://example.com/https://a.png', /^is not a complete URL/],
		['https://', /^is not a complete URL/],
		['see https://example.com/a.png', /^is not a complete URL/],
		['https://example.com/a b.png', /^has a space inside\. Write %20/],
	])('is told of as it is: %s', (url, message) => {
		expect(said(url)).toEqual({
			label: 'Input Image',
			value: url,
			message: expect.stringMatching(message),
		});
	});

	test.each(['https://user@example.com/a.png', 'https://:word@example.com/a.png'])(
		'with a login is refused, and the login told to nobody: %s',
		(url) => {
			expect(said(url)).toMatchObject({
				value: 'https://example.com/a.png',
				message: expect.stringMatching(/^has a user name or password inside/),
			});
		},
	);

	test.each(['data:image/png;base64,AAAA', 'DATA:,'])(
		'that is the data itself is told without it: %s',
		(url) => {
			expect(said(url)).toMatchObject({
				value: 'data:…',
				message: expect.stringMatching(/^is image data, not a URL/),
			});
		},
	);
});

describe('the number of images', () => {
	const links = (count: number) => Array.from({ length: count }, () => ({ url: 'x' }));
	const said = (limits: Partial<InputImages>, images: object[]) =>
		checkCount({ ...base, ...limits }, images).map(({ label, message }) => `${label} ${message}`);

	test.each<[number, Partial<InputImages>, RegExp]>([
		[0, {}, /^Input Images must hold at least one image, there is none\./],
		[0, { max: 1 }, /^Input Image must hold exactly one image, there is none\./],
		[5, {}, /^Input Images may hold up to 3 images, there are 5\. Remove 2\.$/],
		[2, { max: 1 }, /^Input Image may hold one image, there are 2\. Remove 1\.$/],
	])('is refused outside of its limits: %i', (count, limits, message) => {
		expect(said(limits, links(count))).toEqual([expect.stringMatching(message)]);
	});

	test('is free within them', () => {
		expect([1, 3].map((count) => said({}, links(count)))).toEqual([[], []]);
		expect(said({ min: 0 }, [])).toEqual([]);
	});

	test('may be of files and links together only where the model takes both alike', () => {
		const both = [{ url: 'x' }, { binaryPropertyName: 'photo' }];
		expect(said({}, both)).toEqual([expect.stringMatching(/^Input Images mixes files and URLs/)]);
		expect(said({ sentAs: 'mixed' }, both)).toEqual([]);
		for (const one of both) expect(said({}, [one, one])).toEqual([]);
	});
});
