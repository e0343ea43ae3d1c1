import type { INodeParameterResourceLocator, INodeParameters } from 'n8n-workflow';
import { fileItem } from '../support/binaryStore';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';
import { dataUri, filesSent } from './filesSent';

const at = atStandIn();

const [URL_A, URL_B, URL_C] = ['a', 'b', 'c'].map((name) => `https://example.com/${name}.png`);
const COLORS = { red: '#d62828', green: '#2a9d8f', blue: '#2a6f97' };

/** An item with three pictures that differ. */
const threeFiles = async (json = {}) =>
	await fileItem(
		{
			red: await sampleFile({ color: COLORS.red }),
			green: await sampleFile({ color: COLORS.green }),
			blue: await sampleFile({ color: COLORS.blue }),
		},
		json,
	);
const pictures = async (...names: Array<keyof typeof COLORS>) =>
	await Promise.all(names.map(async (name) => await sampleImage({ color: COLORS[name] })));

const file = (fieldName: string, more: INodeParameters = {}): INodeParameters => ({
	source: 'file',
	fieldName,
	...more,
});
const url = (link: string, more: INodeParameters = {}): INodeParameters => ({
	source: 'url',
	url: link,
	...more,
});

/** What the API receives for these rows, without the prompt. */
async function sentFor(model: string, rows: INodeParameters[], json = {}) {
	const { error } = await at.run({ model, prompt: 'A lighthouse', inputImages: { image: rows } }, [
		await threeFiles(json),
	]);
	expect(error).toBeUndefined();
	expect(at.standIn.complaints).toEqual([]);
	const images = { ...at.sentParams() };
	delete images.prompt;
	return images;
}

describe('files of the item', () => {
	test('go out as base64 in the order of the rows', async () => {
		const rows = [file('green'), file('blue'), file('red')];
		expect(await sentFor('spark_multi_dreamo', rows)).toEqual(
			filesSent('split', await pictures('green', 'blue', 'red')),
		);
	});

	test.each([
		['a comma-separated list', 'blue, red ,green,'],
		['a list by expression', '={{ ["blue", "red", "green"] }}'],
		['a list that the item carries', '={{ $json.fields }}'],
		['all the files that the item has, by expression', '={{ Object.keys($binary).reverse() }}'],
	])('may be named by %s in one row', async (_, fieldName) => {
		const sent = await sentFor('spark_multi_dreamo', [file(fieldName)], {
			fields: ['blue', 'red', 'green'],
		});
		const order = fieldName.includes('$binary')
			? (['blue', 'green', 'red'] as const)
			: (['blue', 'red', 'green'] as const);
		expect(sent).toEqual(filesSent('split', await pictures(...order)));
	});

	test('may be used twice', async () => {
		const rows = [file('red'), file('red,blue')];
		expect(await sentFor('spark_multi_dreamo', rows)).toEqual(
			filesSent('split', await pictures('red', 'red', 'blue')),
		);
	});

	test('is "data" in the row that is there from the start', async () => {
		const { error } = await at.run({ model: 'spark_dreamo', prompt: 'A lighthouse' }, [
			await fileItem({ data: await sampleFile() }),
		]);
		expect(error).toBeUndefined();
		expect(at.sentParams()).toMatchObject(filesSent('split', [await sampleImage()]));
	});

	test('come from each item itself', async () => {
		const items = await Promise.all(
			(['red', 'blue'] as const).map(
				async (name) => await fileItem({ data: await sampleFile({ color: COLORS[name] }) }),
			),
		);
		await at.run(
			{
				model: 'spark_dreamo',
				prompt: 'A lighthouse',
				inputImages: { image: [{}] },
				options: { maxConcurrency: 1 },
			},
			items,
		);
		const [red, blue] = await pictures('red', 'blue');
		expect([at.sentParams(0), at.sentParams(1)]).toMatchObject([
			filesSent('split', [red]),
			filesSent('split', [blue]),
		]);
	});
});

describe('the field of a model that takes exactly one image', () => {
	const single = (mode: 'file' | 'url', value: string) => ({
		inputImage: { __rl: true, mode, value } satisfies INodeParameterResourceLocator,
	});
	const sentWith = async (parameters: INodeParameters, json = {}) => {
		const { error } = await at.run(
			{ model: 'spark_i2i_3_0', prompt: 'A lighthouse', ...parameters },
			[await threeFiles(json)],
		);
		return { error, requests: at.standIn.requests.length };
	};

	test('takes a file of the item', async () => {
		expect((await sentWith(single('file', 'blue'))).error).toBeUndefined();
		expect(at.sentParams()).toMatchObject(filesSent('split', await pictures('blue')));
	});

	test('takes a URL, by expression too', async () => {
		await sentWith(single('url', '={{ $json.link }}'), { link: URL_B });
		expect(at.sentParams()).toMatchObject({ image_urls: [URL_B] });
	});

	test.each([
		['none', single('url', '={{ $json.missing }}')],
		['two', single('file', 'red, blue')],
	])('refuses %s', async (_, parameters) => {
		const { error, requests } = await sentWith(parameters);
		expect(error?.message).toMatch(/^Input Image[: ]/);
		expect(requests).toBe(0);
	});

	test('is not asked where a saved workflow has its image in a row', async () => {
		await sentWith({ ...single('file', 'red'), inputImages: { image: [url(URL_C)] } });
		expect(at.sentParams()).toMatchObject({ image_urls: [URL_C] });
	});

	test('is not asked by a model that takes several', async () => {
		await sentWith({ ...single('file', 'red'), model: 'spark_dream_5_0' });
		expect(at.sentParams()).toEqual({ prompt: 'A lighthouse' });
	});
});

describe('URLs', () => {
	test('go out as they are, in the order of the rows', async () => {
		expect(await sentFor('spark_multi_dreamo', [url(URL_C), url(URL_A), url(URL_B)])).toEqual({
			image_urls: [URL_C, URL_A, URL_B],
		});
	});

	test.each([
		['a comma-separated list', `${URL_B}, ${URL_A},${URL_C},`],
		['lines', `${URL_B}\n${URL_A}\r\n\n${URL_C}`],
		['a list by expression', `={{ ["${URL_B}", "${URL_A}", "${URL_C}"] }}`],
		['a list that the item carries', '={{ $json.links }}'],
	])('may be given as %s in one row', async (_, links) => {
		const sent = await sentFor('spark_multi_dreamo', [url(links)], {
			links: [URL_B, URL_A, URL_C],
		});
		expect(sent).toEqual({ image_urls: [URL_B, URL_A, URL_C] });
	});

	test('may hold commas and escapes of their own', async () => {
		const link = 'https://example.com/w_100,h_200/a%20b.png?sig=a%2Fb,c&x=1';
		expect(await sentFor('spark_dreamo', [url(link)])).toEqual({ image_urls: [link] });
	});
});

describe('reference types', () => {
	test('stand beside each image, in the order of the images', async () => {
		const rows = [
			file('red', { refType: 'ID' }),
			file('green,blue', { refType: 'STYLE' }),
			file('red', { refType: 'IP' }),
		];
		expect(await sentFor('spark_multi_dreamo', rows)).toEqual({
			...filesSent('split', await pictures('red', 'green', 'blue', 'red')),
			ref_type_list: ['ID', 'STYLE', 'STYLE', 'IP'],
		});
	});

	test('are as many as there are images even if only one has one', async () => {
		const rows = [url(URL_A), url(URL_B, { refType: 'STYLE' })];
		expect(await sentFor('spark_multi_dreamo', rows)).toEqual({
			image_urls: [URL_A, URL_B],
			ref_type_list: ['AUTO', 'STYLE'],
		});
	});

	test('may come by expression', async () => {
		const rows = [url(URL_A, { refType: '={{ $json.kind }}' })];
		expect(await sentFor('spark_multi_dreamo', rows, { kind: 'ID' })).toEqual({
			image_urls: [URL_A],
			ref_type_list: ['ID'],
		});
	});
});

describe.each(['spark_dreamo', 'spark_multi_dreamo', 'spark_i2i_3_0'])('%s', (model) => {
	test('takes a file as base64 and nothing else', async () => {
		expect(await sentFor(model, [file('red')])).toEqual(filesSent('split', await pictures('red')));
	});

	test('takes a URL and nothing else', async () => {
		expect(await sentFor(model, [url(URL_A)])).toEqual({ image_urls: [URL_A] });
	});
});

test('a model that takes files or URLs refuses both together, before anything is sent', async () => {
	const { error } = await at.run(
		{
			model: 'spark_multi_dreamo',
			prompt: 'A lighthouse',
			inputImages: { image: [file('red'), url(URL_A)] },
		},
		[await threeFiles()],
	);
	expect(error?.message).toContain('Input Images mixes files and URLs');
	expect(at.standIn.requests).toEqual([]);
});

describe.each(['spark_dream_4_5', 'spark_dream_5_0'])('%s', (model) => {
	test('works without an image', async () => {
		expect(await sentFor(model, [])).toEqual({});
	});

	test('takes one image as text: a URL', async () => {
		expect(await sentFor(model, [url(URL_A)])).toEqual({ image: URL_A });
	});

	test('takes one image as text: a file', async () => {
		const [red] = await pictures('red');
		expect(await sentFor(model, [file('red')])).toEqual({ image: dataUri(red) });
	});

	test('takes several as a list, files and URLs mixed, in their order', async () => {
		const [red, blue] = await pictures('red', 'blue');
		const rows = [url(URL_A), file('red'), url(`${URL_B},${URL_C}`), file('blue')];
		expect(await sentFor(model, rows)).toEqual({
			image: [URL_A, dataUri(red), URL_B, URL_C, dataUri(blue)],
		});
	});
});

test.each(['jpeg', 'webp', 'bmp', 'tiff', 'gif'] as const)(
	'a %s file is named by its bytes, whatever its name and type say',
	async (format) => {
		const bytes = await sampleImage({ format, width: 64, height: 64 });
		const { error } = await at.run(
			{ model: 'spark_dream_5_0', prompt: 'A lighthouse', inputImages: { image: [file('data')] } },
			[await fileItem({ data: { bytes, fileName: 'photo.png', mimeType: 'image/png' } })],
		);
		expect(error).toBeUndefined();
		expect(at.sentParams().image).toEqual(dataUri(bytes, format));
	},
);

describe('before anything is sent, the error names', () => {
	const refusal = async (parameters: INodeParameters, item = threeFiles()) => {
		const { error } = await at.run({ prompt: 'A lighthouse', ...parameters }, [await item]);
		expect(at.standIn.requests).toEqual([]);
		return error?.message ?? '';
	};

	test('a missing file field, with those that the item has', async () => {
		const message = await refusal({
			model: 'spark_dreamo',
			inputImages: { image: [file('photo')] },
		});
		expect(message).toMatch(/^Input Image: "photo" is not a file field.*'red', 'green', 'blue'/);
	});

	test('an item without files', async () => {
		const message = await refusal(
			{ model: 'spark_dreamo', inputImages: { image: [file('data')] } },
			Promise.resolve({ json: {} }),
		);
		expect(message).toMatch(/carries no files/);
	});

	test.each([file(''), url(''), file('={{ [] }}'), url('={{ null }}')])(
		'a missing image that the model needs: %j',
		async (row) => {
			const message = await refusal({ model: 'spark_dreamo', inputImages: { image: [row] } });
			expect(message).toMatch(/^Input Image must hold exactly one image, there is none/);
		},
	);

	test('a URL that is not complete', async () => {
		const message = await refusal({
			model: 'spark_dreamo',
			inputImages: { image: [url('example.com/a.png')] },
		});
		expect(message).toMatch(/"example.com\/a.png" is not a complete URL/);
	});
});
