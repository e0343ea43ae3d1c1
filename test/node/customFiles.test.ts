import type { INodeParameters } from 'n8n-workflow';
import { MEDIA_KINDS, mediaSample, mediaType, SAMPLE_SIZE } from '../standin/media/mediaSamples';
import { readBinary } from '../support/binaryStore';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const custom = (kind: string, params: Record<string, unknown> = {}): INodeParameters => ({
	model: 'custom',
	customModelId: `custom_${kind}`,
	customParameters: JSON.stringify({ prompt: 'A mug', ...params }),
});
const FILES = MEDIA_KINDS.filter((kind) => kind !== 'html');
const PICTURES = ['avif', 'heic', 'svg'];

describe.each(FILES)('a custom model that makes a file of the kind %s', (kind) => {
	test('delivers it as it is, named and typed, at the first try', async () => {
		const { items, error, hints } = await at.run({ ...custom(kind), simplify: false });
		expect(error).toBeUndefined();
		expect(hints).toEqual([]);
		const [{ id }] = at.standIn.tasks;
		const [{ json, binary }] = items[0];
		const mimeType = mediaType(kind).split(';')[0];
		expect(binary?.data).toMatchObject({ fileName: `custom_${kind}-${id}-1.${kind}`, mimeType });
		const size = PICTURES.includes(kind) ? SAMPLE_SIZE : { width: null, height: null };
		expect(json).toMatchObject({ ...size, mimeType, cost: 0.02 });
		expect((await mediaSample(kind)).equals(await readBinary(items[0][0]))).toBe(true);
		expect(at.standIn.stats.requests.download).toBe(1);
	});

	test('delivers it also inside the answer', async () => {
		const { items, error } = await at.run(custom(kind, { response_format: 'b64_json' }));
		expect(error).toBeUndefined();
		expect((await mediaSample(kind)).equals(await readBinary(items[0][0]))).toBe(true);
	});

	test('is fetched by Task → Get too', async () => {
		at.standIn.fault('create', { type: 'completeAtOnce' });
		await at.run({ ...custom(kind), options: { downloadImages: false } });
		const [{ id }] = at.standIn.tasks;
		const { items } = await at.run({ resource: 'task', operation: 'get', taskId: id });
		expect(items[0][0].binary?.data.fileName).toBe(`vtrix-${id}-1.${kind}`);
		expect((await mediaSample(kind)).equals(await readBinary(items[0][0]))).toBe(true);
	});
});

describe('a custom model', () => {
	test.each([
		['mp4', 'application/octet-stream', 'video/mp4', 'mp4'],
		['mp3', '', 'audio/mpeg', 'mp3'],
		['wav', 'text/html', 'audio/wav', 'wav'],
		['bin', 'audio/x-voice', 'audio/x-voice', 'png'],
		['bin', '', 'application/octet-stream', 'png'],
	] as const)(
		'delivers a file (%s) that its server calls %j as %s',
		async (kind, contentType, mimeType, extension) => {
			at.standIn.fault('download', { type: 'media', kind, contentType });
			const { items } = await at.run(custom('painter'));
			expect(items[0][0].binary?.data).toMatchObject({
				mimeType,
				fileName: expect.stringMatching(new RegExp(`-1\\.${extension}$`)),
			});
		},
	);

	test('still delivers pictures as before', async () => {
		const { items } = await at.run(custom('painter'));
		expect(items[0][0].binary?.data.mimeType).toBe('image/png');
		expect(items[0][0].json).toMatchObject({ width: 24, height: 24 });
	});

	test('gets a page told, asked for twice: it is no result', async () => {
		at.standIn.fault('download', { type: 'html' });
		const { error } = await at.run(custom('mp4'));
		expect(error?.message).toMatch(/what came was a web page: Sign in$/);
		expect(at.standIn.stats.requests.download).toBe(2);
	});

	test('that makes pages, by their address, gets them delivered', async () => {
		const { items, error } = await at.run(custom('html'));
		expect(error).toBeUndefined();
		expect(items[0][0].binary?.data).toMatchObject({ mimeType: 'text/html' });
	});

	test.each([' custom_painter\n', '\u00a0custom_painter', '\u200bcustom_painter\ufeff'])(
		'has its ID trimmed: %j',
		async (customModelId) => {
			const { items, error } = await at.run({ ...custom('painter'), customModelId });
			expect(error).toBeUndefined();
			expect(at.standIn.tasks[0].model).toBe('custom_painter');
			expect(items[0][0].json.model).toBe('custom_painter');
		},
	);

	test('shows long numbers of its parameters digit for digit', async () => {
		const { items, error } = await at.run({
			...custom('painter'),
			customParameters: '{"seed": 12345678901234567890}',
			options: { dryRun: true },
		});
		expect(error).toBeUndefined();
		expect(items[0][0].json.request).toMatchObject({
			input: [{ params: { seed: '12345678901234567890' } }],
		});
	});
});

describe('a model of the list', () => {
	const PROMPT = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };

	test.each(['mp4', 'mp3', 'json', 'zip', 'txt', 'bin'] as const)(
		'delivers nothing but images: %s is told, asked for twice',
		async (kind) => {
			at.standIn.fault('download', { type: 'media', kind });
			const { error } = await at.run(PROMPT);
			expect(error?.message).toMatch(/could not be downloaded: what came was not an image/);
			expect(at.standIn.stats.requests.download).toBe(2);
		},
	);

	test.each(['avif', 'heic', 'svg'] as const)('delivers images of new kinds: %s', async (kind) => {
		at.standIn.fault('download', { type: 'media', kind });
		const { items, error } = await at.run(PROMPT);
		expect(error).toBeUndefined();
		expect(items[0][0].binary?.data.mimeType).toBe(mediaType(kind));
		expect(items[0][0].json).toMatchObject(SAMPLE_SIZE);
	});
});

describe.each([
	['a model of the list', { model: 'spark_dream_5_0', prompt: 'A lighthouse' }, 'jpg'],
	['a custom model', custom('painter'), 'png'],
] as const)('a picture of %s that arrives whole by its length', (_, parameters, extension) => {
	test.each([
		['without its end', { type: 'noEnd' }],
		['cut off by a proxy', { type: 'truncated', how: 'consistent' }],
	] as const)('%s is delivered with a hint, asked for twice', async (__, fault) => {
		at.standIn.fault('download', fault);
		const { items, error, hints } = await at.run(parameters);
		expect(error).toBeUndefined();
		const [{ id }] = at.standIn.tasks;
		expect(items[0][0].binary?.data.fileName).toMatch(new RegExp(`${id}-1\\.${extension}$`));
		const whole = await at.standIn.imageBytes(id, 0);
		const file = await readBinary(items[0][0]);
		const common = Math.min(whole.length, file.length);
		expect(file.subarray(0, common).equals(whole.subarray(0, common))).toBe(true);
		expect(file.length).not.toBe(whole.length);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(new RegExp(`^Image 1 of task ${id} may be incomplete`)),
		]);
		expect(at.standIn.stats.requests.download).toBe(2);
	});

	test.each([300, 3000, 30_000])(
		'with %i bytes behind its end is delivered as it comes, asked for once',
		async (bytes) => {
			at.standIn.fault('download', { type: 'tail', bytes });
			const { items, hints } = await at.run(parameters);
			const whole = await at.standIn.imageBytes(at.standIn.tasks[0].id, 0);
			const file = await readBinary(items[0][0]);
			expect(file.equals(Buffer.concat([whole, Buffer.alloc(bytes, ' ')]))).toBe(true);
			expect(hints).toEqual([]);
			expect(at.standIn.stats.requests.download).toBe(1);
		},
	);

	test('and is incomplete is delivered whole when the next try has it', async () => {
		at.standIn.fault('download', { type: 'truncated', how: 'consistent' }, { times: 1 });
		const { items, hints } = await at.run(parameters);
		const whole = await at.standIn.imageBytes(at.standIn.tasks[0].id, 0);
		expect(whole.equals(await readBinary(items[0][0]))).toBe(true);
		expect(hints).toEqual([]);
	});

	test('and is incomplete is delivered when no other try brings anything', async () => {
		at.standIn.fault('download', { type: 'noEnd' }, { times: 1 });
		at.standIn.fault('download', { type: 'expired' });
		const { items, error, hints } = await at.run(parameters);
		expect(error).toBeUndefined();
		expect(items[0]).toHaveLength(1);
		expect(hints).toHaveLength(1);
	});
});
