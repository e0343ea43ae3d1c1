/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { imagesField } from '../models/checking';
import { fileItem } from '../support/binaryStore';
import { listen, type Listening } from '../support/listen';
import { plainPng } from '../thorough/plainPng';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const jpeg = async (width: number, height: number, orientation = 1) =>
	await sharp({ create: { width, height, channels: 3, background: '#2a6f97' } })
		.jpeg()
		.withMetadata({ orientation })
		.toBuffer();

const rows = (...names: string[]) => ({ image: names.map((fieldName) => ({ fieldName })) });

/** Runs a model over photos, by the names of their fields, with a size that follows the first row. */
async function run(model: string, photos: Record<string, Buffer>, more: INodeParameters = {}) {
	const files = Object.entries(photos).map(([name, bytes]) => [
		name,
		{ bytes, fileName: `${name}.jpg`, mimeType: 'image/jpeg' },
	]);
	const { error, hints, items } = await at.run(
		{
			model,
			prompt: 'A lighthouse',
			size: 'like_input',
			inputImages: rows(...Object.keys(photos)),
			...more,
		},
		[await fileItem(Object.fromEntries(files))],
	);
	return { error, hints: hints.map(({ message }) => message), json: items[0]?.[0]?.json };
}

/** The size that the API received. */
const sent = () => {
	const { size, width, height } = at.sentParams();
	return size ?? `${width}x${height}`;
};

describe('a size like the input image', () => {
	test.each([
		['spark_dream_5_0', '1728x2304'],
		['spark_dream_4_5', '1728x2304'],
		['spark_dreamo', '1104x1472'],
		['spark_multi_dreamo', '1104x1472'],
		['spark_i2i_3_0', '1104x1472'],
	])('is upright for an upright photo: %s', async (model, size) => {
		const { error, hints } = await run(model, { photo: await jpeg(1536, 2048) });
		expect(error).toBeUndefined();
		expect(sent()).toBe(size);
		expect(hints).toEqual([]);
		expect(at.standIn.complaints).toEqual([]);
	});

	test('follows the first image of several', async () => {
		const photos = { wide: await jpeg(1600, 900), tall: await jpeg(900, 1600) };
		await run('spark_dream_5_0', photos, { inputImages: rows('tall', 'wide') });
		expect(sent()).toBe('1539x2736');
	});

	test('is the shape that people see, not the one that is stored, and a hint says so', async () => {
		const { hints } = await run('spark_dreamo', { photo: await jpeg(2048, 1536, 6) });
		expect(sent()).toBe('1104x1472');
		expect(hints).toContainEqual(
			"'Size' follows the image 'photo' of 1536 × 2048 pixels as people see it, upright.",
		);
	});

	test('is the nearest that the model makes for a panorama, and a hint says so', async () => {
		const { error, hints } = await run('spark_dreamo', { photo: await jpeg(4000, 13) });
		expect(error).toBeUndefined();
		expect(sent()).toBe('2048x512');
		expect(hints).toContainEqual(
			"'Size' follows the image 'photo' of 4000 × 13 pixels, a shape that this model does not make: the nearest is 2048 × 512.",
		);
	});

	test('is the default where there is no image and none is needed, and a hint says so', async () => {
		const { error, hints } = await run('spark_dream_5_0', {});
		expect(error).toBeUndefined();
		expect(at.sentParams()).not.toHaveProperty('size');
		expect(hints).toContainEqual(
			"'Size' follows the first input image, and there is none, so the image has the model's default of 2048 × 2048 pixels.",
		);
	});

	test('differs from item to item', async () => {
		const item = async (width: number, height: number) =>
			await fileItem({
				photo: { bytes: plainPng(width, height), fileName: 'a.png', mimeType: 'image/png' },
			});
		const { error } = await at.run(
			{
				model: 'spark_dreamo',
				prompt: 'A lighthouse',
				size: '={{ $json.none ?? "like_input" }}',
				inputImages: rows('photo'),
			},
			[await item(900, 1200), await item(1200, 900), await item(700, 700)],
		);
		expect(error).toBeUndefined();
		const sizes = [0, 1, 2].map((creation) => {
			const { width, height } = at.sentParams(creation);
			return `${width}x${height}`;
		});
		expect(sizes.sort()).toEqual(['1104x1472', '1328x1328', '1472x1104']);
	});

	test('is shown by a dry run', async () => {
		const { json } = await run(
			'spark_i2i_3_0',
			{ photo: await jpeg(1536, 2048) },
			{ options: { dryRun: true } },
		);
		expect(json).toMatchObject({
			request: { input: [{ params: { width: 1104, height: 1472 } }] },
		});
		expect(at.standIn.requests).toEqual([]);
	});

	test('adds nothing to what is wrong with the image', async () => {
		const { error } = await run('spark_i2i_3_0', { photo: await jpeg(4000, 1000) });
		expect(error?.message).toMatch(/^Input Image: "photo" is 4000 × 1000 pixels[^\n]*$/);
		expect(at.standIn.requests).toEqual([]);
	});

	test('is refused for a model without input images', async () => {
		const { error } = await run('spark_t2i_3_0', {});
		expect(error?.message).toBe(
			'Size: "like_input" follows the input image, and this model takes none. Choose another Size.',
		);
		expect(at.standIn.requests).toEqual([]);
	});
});

describe('a size like an input image behind a URL', () => {
	let server: Listening;
	let received: string[];
	let sentBytes: number;
	const answers: Record<string, () => Promise<Buffer>> = {
		'/tall.jpg': async () => await jpeg(900, 1600),
		'/turned.jpg': async () => await jpeg(1600, 900, 8),
		'/tall.png': async () => plainPng(900, 1600),
		'/tall.webp': async () => await flat(900, 1600).webp().toBuffer(),
		'/tall.gif': async () => await flat(900, 1600).gif().toBuffer(),
		'/tall.tiff': async () => await flat(900, 1600).tiff({ compression: 'none' }).toBuffer(),
		'/long.png': async () => Buffer.concat([plainPng(900, 1600)], 9_000_000),
		'/panorama.png': async () => Buffer.from(plainPng(4000, 13)),
		'/page.html': async () => Buffer.from('<!doctype html><p>Sign in</p>'),
		'/empty': async () => Buffer.alloc(0),
	};
	const flat = (width: number, height: number) =>
		sharp({ create: { width, height, channels: 3, background: '#2a6f97' } });

	beforeAll(async () => {
		const web = createServer(({ url = '' }, response) => {
			received.push(url);
			const answer = answers[url];
			if (!answer) response.writeHead(404).end();
			else {
				response.on('close', () => {
					sentBytes += response.socket?.bytesWritten ?? 0;
				});
				void answer().then((bytes) => response.end(bytes));
			}
		});
		server = await listen(web);
	});
	afterAll(async () => await server.close());
	beforeEach(() => {
		received = [];
		sentBytes = 0;
	});

	const linked = async (model: string, paths: string[], more: INodeParameters = {}) =>
		await at.run({
			model,
			prompt: 'A lighthouse',
			size: 'like_input',
			inputImages: {
				image: paths.map((path) => ({ source: 'url', url: `http://${server.host}${path}` })),
			},
			...more,
		});

	test.each(['/tall.jpg', '/turned.jpg', '/tall.png', '/tall.webp', '/tall.gif', '/tall.tiff'])(
		'follows what is there: %s',
		async (path) => {
			const { error } = await linked('spark_dream_5_0', [path]);
			expect(error).toBeUndefined();
			expect(sent()).toBe('1539x2736');
			expect(new Set(received)).toEqual(new Set([path]));
		},
	);

	test('opens the first one only, once for all items, and reads no more than its beginning', async () => {
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const { error } = await at.run(
			{
				model: 'spark_dream_5_0',
				prompt: 'A lighthouse',
				size: 'like_input',
				inputImages: {
					image: ['/long.png', '/other.png'].map((path) => ({
						source: 'url',
						url: `http://${server.host}${path}`,
					})),
				},
			},
			items,
		);
		expect(error).toBeUndefined();
		expect(received).toEqual(['/long.png']);
		expect(at.standIn.creationsAccepted).toBe(5);
		expect(sent()).toBe('1539x2736');
		expect(sentBytes).toBeLessThan(8_000_000);
	});

	test('names the URL in the hint that the size is another one', async () => {
		const { hints } = await linked('spark_dreamo', ['/panorama.png']);
		expect(sent()).toBe('2048x512');
		expect(hints.map(({ message }) => message).join()).toMatch(
			/follows the image 'http:[^']*\/panorama\.png' of 4000 × 13 pixels/,
		);
	});

	test('opens nothing for another size', async () => {
		await linked('spark_dream_5_0', ['/tall.jpg'], { size: 'default' });
		expect(received).toEqual([]);
	});

	test.each([
		[
			'spark_dream_5_0',
			'/missing.jpg',
			'could not be opened: its server answered with HTTP 404. Check that it opens in a browser without signing in, or choose another Size than that of this image.',
		],
		['spark_dream_5_0', '/page.html', 'is a web page. Use JPEG, PNG, WebP, BMP, TIFF or GIF.'],
		[
			'spark_dream_5_0',
			'/empty',
			'is not a readable image file. Use JPEG, PNG, WebP, BMP, TIFF or GIF.',
		],
		['spark_i2i_3_0', '/tall.gif', 'is in the GIF format. Use JPEG or PNG.'],
	])(
		'is refused before anything is charged where it cannot be known: %s, %s',
		async (model, path, message) => {
			const { error } = await linked(model, [path]);
			const field = imagesField(model);
			expect(error?.message).toBe(`${field}: "http://${server.host}${path}" ${message}`);
			expect(at.standIn.requests).toEqual([]);
		},
	);

	test('takes the whole file with Check Image URLs, once', async () => {
		const { error } = await linked('spark_dream_5_0', ['/tall.jpg'], {
			options: { checkImageUrls: true },
		});
		expect(error).toBeUndefined();
		expect(received).toEqual(['/tall.jpg']);
		expect(sent()).toBe('1539x2736');
	});
});
