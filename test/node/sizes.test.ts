import type { INodeParameters } from 'n8n-workflow';
import { FACTS, type ModelId } from '../standin/facts';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const PHOTO = { image: [{ source: 'url', url: 'https://example.com/photo.png' }] };

/** The size that the API receives, and the one of the image that comes out. */
async function sizesFor(model: ModelId, fields: INodeParameters) {
	const { items, error } = await at.run({
		model,
		prompt: 'A lighthouse',
		...(FACTS[model].images.minCount > 0 && { inputImages: PHOTO }),
		...fields,
	});
	expect(error).toBeUndefined();
	expect(at.standIn.complaints).toEqual([]);
	const { size, width, height } = at.sentParams();
	const { json } = items[0][0];
	return { sent: { size, width, height }, made: `${json.width}x${json.height}` };
}

describe.each(['spark_dreamo', 'spark_multi_dreamo', 'spark_i2i_3_0'] as const)('%s', (model) => {
	test('decides the size itself unless told', async () => {
		expect((await sizesFor(model, {})).sent).toEqual({});
	});

	test.each([
		['landscape', '2016x864', { width: 2016, height: 864 }],
		['portrait', '936x1664', { width: 936, height: 1664 }],
	])('takes a documented size in %s', async (_, size, sent) => {
		expect((await sizesFor(model, { size })).sent).toEqual(sent);
	});

	test('takes a width and a height of your own', async () => {
		const { sent } = await sizesFor(model, { size: 'custom', width: 700, height: 900 });
		expect(sent).toEqual({ width: 700, height: 900 });
	});
});

describe.each([
	['spark_dream_4_5', '4K', '2560x1440', '1440x2560'],
	['spark_dream_5_0', '3K', '4096x2304', '2304x4096'],
] as const)('%s', (model, word, landscape, portrait) => {
	test('decides the size itself unless told', async () => {
		expect((await sizesFor(model, {})).sent).toEqual({});
	});

	test.each(['2K', word, landscape, portrait])('takes %s', async (size) => {
		expect((await sizesFor(model, { size })).sent).toEqual({ size });
	});

	test('takes a width and a height of your own', async () => {
		const { sent } = await sizesFor(model, { size: 'custom', width: 3750, height: 1250 });
		expect(sent).toEqual({ size: '3750x1250' });
	});
});

describe.each([
	['spark_t2i_3_0', '3024x1296', '936x1664'],
	['spark_image_3_1', '1472x1104', '1296x3024'],
	['spark_dream_3_0', '2016x864', '864x2016'],
] as const)('%s', (model, ...listed) => {
	test('decides the size itself unless told', async () => {
		expect((await sizesFor(model, {})).sent).toEqual({});
	});

	test.each(listed)('takes the documented size %s as two numbers', async (size) => {
		const [width, height] = size.split('x').map(Number);
		expect((await sizesFor(model, { size })).sent).toEqual({ width, height });
	});

	test('takes a width and a height of your own', async () => {
		const { sent } = await sizesFor(model, { size: 'custom', width: 600, height: 1800 });
		expect(sent).toEqual({ width: 600, height: 1800 });
	});
});

test('a size by expression may be written as people write it', async () => {
	const { sent } = await sizesFor('spark_dream_4_5', { size: '={{ "2304 × 1728" }}' });
	expect(sent).toEqual({ size: '2304x1728' });
});

test('width and height of the output are those of the picture', async () => {
	at.standIn.configure({ tinyImages: false });
	const { made } = await sizesFor('spark_dreamo', { size: 'custom', width: 640, height: 512 });
	at.standIn.configure({ tinyImages: true });
	expect(made).toBe('640x512');
});

test('what the service made of the wish is told, not the wish', async () => {
	at.standIn.configure({ tinyImages: false });
	const { sent, made } = await sizesFor('spark_i2i_3_0', {
		size: 'custom',
		width: 600,
		height: 1700,
	});
	at.standIn.configure({ tinyImages: true });
	expect(sent).toEqual({ width: 600, height: 1700 });
	expect(made).toBe('608x1536');
});
