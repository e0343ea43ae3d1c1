import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { exifSegment, withInserted } from '../images/handMade';
import { imagesField } from '../models/checking';
import { FACTS } from '../standin/facts';
import { plainPng } from '../thorough/plainPng';
import { fileItem } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn();

/** Runs a model over one file in the field "photo". */
const runOver = async (model: string, bytes: Uint8Array, parameters: INodeParameters = {}) =>
	await at.run(
		{
			model,
			prompt: 'A lighthouse',
			inputImages: { image: [{ fieldName: 'photo' }] },
			...parameters,
		},
		[await fileItem({ photo: { bytes, fileName: 'photo.jpg', mimeType: 'image/jpeg' } })],
	);

/** What is said about a file that is refused before anything is sent. */
async function refusal(model: string, bytes: Uint8Array): Promise<string> {
	const { error } = await runOver(model, bytes);
	expect(at.standIn.requests).toEqual([]);
	return error?.message.replace(`${imagesField(model)}: "photo" `, '') ?? '';
}

const flat = (width: number, height: number) =>
	sharp({ create: { width, height, channels: 3, background: '#2a6f97' } });
const jpeg = async (width: number, height: number, orientation = 1) =>
	await flat(width, height).jpeg().withMetadata({ orientation }).toBuffer();

describe('a photo that is too large is refused with the way out in n8n', () => {
	const way = (side: number, more = '') =>
		`Put an Edit Image node before this one: Operation 'Resize', Width and Height ${side}, Option 'Only if Larger'${more}.`;
	const toJpeg = ", and under Options the Format 'jpeg'";

	test('by its sides', async () => {
		expect(await refusal('spark_i2i_3_0', await jpeg(5000, 2000))).toBe(
			`is 5000 × 2000 pixels. No side may be longer than 4,096 pixels. ${way(4096)}`,
		);
	});

	test('by its pixels', async () => {
		expect(await refusal('spark_dream_5_0', plainPng(7000, 6000))).toBe(
			`is 7000 × 6000 pixels. Width × height may be at most 36,000,000. ${way(6000)}`,
		);
	});

	test.each([
		['spark_i2i_3_0', '4.71 MB', '4.7 MB', 2100],
		['spark_dream_5_0', '10.01 MB', '10 MB', 3100],
	] as const)(
		'by its bytes, with a side that makes it small enough: %s',
		async (model, is, most, side) => {
			const { maxBytes } = FACTS[model].images;
			const file = Buffer.concat([await jpeg(600, 400)], maxBytes + 1);
			expect(await refusal(model, file)).toBe(
				`is ${is} large. The largest file allowed is ${most}. ${way(side, toJpeg)}`,
			);
		},
	);

	let detailed: Buffer;
	beforeAll(async () => {
		const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
		const picture = { width: 2400, height: 2200, channels: 3, background: 'grey', noise } as const;
		detailed = await sharp({ create: picture })
			.jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
			.toBuffer();
	});

	test.each(['spark_i2i_3_0', 'spark_dream_5_0'] as const)(
		'and done so it is taken, however rich in detail: %s',
		async (model) => {
			expect(detailed.length).toBeGreaterThan(FACTS[model].images.maxBytes);
			const side = Number(/Width and Height (\d+)/.exec(await refusal(model, detailed))?.[1]);
			// What the node does: no enlargement, the shape kept, quality 75.
			const resized = await sharp(detailed)
				.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
				.jpeg({ quality: 75 })
				.toBuffer();
			const { error } = await runOver(model, resized);
			expect(error).toBeUndefined();
			expect(at.standIn.complaints).toEqual([]);
		},
	);
});

describe('the size that is told', () => {
	test('is that of the photo and not that of the thumbnail inside', async () => {
		const exif = exifSegment(1, await jpeg(160, 120));
		const photo = withInserted(await jpeg(5000, 40), 2, [0, ...exif, 0]);
		expect(await refusal('spark_dreamo', photo)).toMatch(/^is 5000 × 40 pixels/);
	});

	test.each([
		[1, '5000 × 400'],
		[3, '5000 × 400'],
		[6, '400 × 5000'],
		[8, '400 × 5000'],
	])('is the one that people see: orientation %d', async (orientation, seen) => {
		const photo = await jpeg(5000, 400, orientation);
		expect(await refusal('spark_dreamo', photo)).toMatch(`is ${seen} pixels`);
	});
});

describe('a photo with a mark that turns it', () => {
	test.each([
		[2, 'mirrored'],
		[3, 'upside down'],
		[6, 'lying on its side'],
	])('is sent as it is, with a hint of how the service may see it: %d', async (mark, stored) => {
		const photo = await jpeg(400, 300, mark);
		const { error, hints } = await runOver('spark_i2i_3_0', photo);
		expect(error).toBeUndefined();
		expect(at.sentParams().binary_data_base64).toEqual([
			expect.objectContaining({ bytes: photo.length }),
		]);
		expect(hints.map(({ message }) => message)).toEqual([
			`The image 'photo' is stored ${stored} and turned by a mark (EXIF orientation ${mark}) when people see it. The service may see it ${stored}. Put an Edit Image node before this one to turn it for good (n8n 2.41 does so, older versions may not).`,
		]);
	});

	test('that says "upright" gives no hint', async () => {
		const { error, hints } = await runOver('spark_i2i_3_0', await jpeg(400, 300));
		expect(error).toBeUndefined();
		expect(hints).toEqual([]);
	});
});

describe('a picture that came as text is refused with what to do', () => {
	const DECODE = "the Convert to File node, Operation 'Move Base64 String to File'.";
	let base64: string;
	beforeAll(async () => {
		base64 = (await jpeg(400, 300)).toString('base64');
	});
	const inLines = (text: string) => text.replace(/.{76}/g, '$&\r\n');
	const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

	test.each<[string, (text: string) => string]>([
		['in one line', (text) => text],
		['in lines', inLines],
		['in quotation marks', (text) => `"${text}"`],
		['behind a byte order mark', (text) => `\uFEFF${text}\n`],
		['in the alphabet of URLs', urlSafe],
	])('base64 %s', async (_, write) => {
		expect(await refusal('spark_i2i_3_0', Buffer.from(write(base64)))).toBe(
			`is base64 text, not a picture. Decode it with ${DECODE}`,
		);
	});

	test.each<[string, (text: string) => string]>([
		['base64', (text) => text],
		['a data URI', (text) => `data:image/jpeg;base64,${text}`],
	])('base64 of %s', async (_, write) => {
		const twice = Buffer.from(Buffer.from(write(base64)).toString('base64'));
		expect(await refusal('spark_i2i_3_0', twice)).toBe(
			`is base64 text of encoded text: the picture was encoded twice. Encode it once only, or decode it twice with ${DECODE}`,
		);
	});

	test('a data URI', async () => {
		const text = Buffer.from(`data:image/jpeg;base64,${base64}`);
		expect(await refusal('spark_i2i_3_0', text)).toBe(
			`is the text of a data URI, not a picture. Cut 'data:…;base64,' off and decode the rest with ${DECODE}`,
		);
	});

	test.each(['image/jpeg', 'image/png', 'image/svg+xml', 'application/octet-stream', ''])(
		'a data URI of type "%s" that was decoded as if it were base64',
		async (type) => {
			const decoded = Buffer.from(`data:${type};base64,${base64}`, 'base64');
			expect(await refusal('spark_i2i_3_0', decoded)).toBe(
				"is a data URI that was decoded together with its head. Cut 'data:…;base64,' off the text before the Convert to File node decodes it.",
			);
		},
	);

	test.each([
		'Just a few words',
		'aHR0cHM6Ly9leGFtcGxlLmNvbS9hLnBuZw==',
		'BM, the company',
		'{"data":1}',
	])('but other text is called text: %s', async (text) => {
		expect(await refusal('spark_i2i_3_0', Buffer.from(text.padEnd(40)))).toBe(
			'is text. Use JPEG or PNG.',
		);
	});
});
