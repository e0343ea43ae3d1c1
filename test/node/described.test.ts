import type { INodeExecutionData, INodeParameters, ResourceMapperField } from 'n8n-workflow';
import { LISTED_MODELS } from '../standin/spec/specServer';
import { mediaSample } from '../standin/media/mediaSamples';
import { fileItem, readBinary } from '../support/binaryStore';
import { loadOptions } from '../support/loadOptions';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';
import { dataUri } from './filesSent';
import { credentialFor } from './runVtrix';

const at = atStandIn();

/** A new stand-in address for each test: what was described there is kept for a while. */
let tests = 0;
const host = () => `${at.standIn.specUrl}/${(tests += 1)}`;

const credentialAt = (descriptionsUrl: string) => {
	const credential = credentialFor(at.standIn);
	return { ...credential, data: { ...credential.data, descriptionsUrl } };
};

const form = (model: string, value: INodeParameters = {}, more: INodeParameters = {}) => ({
	model: 'custom',
	parametersAs: 'form',
	describedModel: { __rl: true, mode: 'list', value: model },
	describedParameters: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
	...more,
});

const run = async (
	parameters: INodeParameters,
	items: INodeExecutionData[] = [{ json: {} }],
	url = at.standIn.specUrl,
) => await at.run(parameters, items, { credentials: [credentialAt(url)] });

const creations = () => at.standIn.requests.filter(({ kind }) => kind === 'create');
const sent = () => JSON.parse(JSON.stringify(at.sentParams()));

async function refusal(parameters: INodeParameters, url?: string) {
	const { error } = await run(parameters, undefined, url);
	expect(creations()).toEqual([]);
	expect(error).toBeDefined();
	return error?.message ?? '';
}

const { searchModels } = at.node.methods?.listSearch ?? {};
const { describeParameters } = at.node.methods?.resourceMapping ?? {};

const search = async (filter?: string, url = at.standIn.specUrl) => {
	const found = await searchModels?.call(
		loadOptions(at.node, form(''), [credentialAt(url)]),
		filter,
	);
	return found?.results ?? [];
};
const fields = async (model: string, url = at.standIn.specUrl): Promise<ResourceMapperField[]> => {
	const described = await describeParameters?.call(
		loadOptions(at.node, form(model), [credentialAt(url)]),
	);
	return described?.fields ?? [];
};

describe('the list of models', () => {
	test('has all that are described, by their names', async () => {
		const found = await search();
		expect(found.map(({ value }) => value).sort()).toEqual(
			LISTED_MODELS.map(({ id }) => id).sort(),
		);
		expect(found.map(({ name }) => name)).toContain('Spark Dance 2.0 (video)');
	});

	test.each([
		['dance', ['spark_dance_v2_0']],
		['VIDEO photo', ['kirin_i2v', 'viduq3_reference']],
		['nothing of the kind', []],
	])('is searched for %j', async (filter, ids) => {
		expect((await search(filter)).map(({ value }) => value).sort()).toEqual(ids);
	});

	test('is fetched without the key', async () => {
		await search();
		expect(at.standIn.leaks).toEqual([]);
		expect(at.standIn.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
	});
});

describe('the form', () => {
	test('has required parameters first, in view, and says what each takes', async () => {
		expect(
			(await fields('kirin_i2v')).map(({ displayName, type, removed }) => [
				displayName,
				type,
				removed,
			]),
		).toEqual([
			['image (required)', 'string', false],
			['prompt (required, at most 2,500 characters)', 'string', false],
			['negative_prompt (at most 2,500 characters)', 'string', true],
			['duration (default 5)', 'options', true],
			['cfg_scale (0 to 1, default 0.5)', 'number', true],
			['camera_control.type', 'options', true],
			['camera_control.config.zoom (-10 to 10)', 'number', true],
			['camera_control.config.pan (-10 to 10)', 'number', true],
		]);
	});

	test.each(LISTED_MODELS.map(({ id }) => id))('is there for %s', async (id) => {
		expect((await fields(id)).length).toBeGreaterThan(1);
	});

	test('offers a list for what has a list of values, JSON for lists, and text for unknown kinds', async () => {
		const types = async (id: string) =>
			Object.fromEntries((await fields(id)).map((field) => [field.id, field.type]));
		expect(await types('wan27_image_pro')).toMatchObject({
			color_palette: 'array',
			enable_sequential: 'boolean',
			n: 'number',
		});
		expect(await types('kirin_text_to_audio')).toMatchObject({ voice: 'string' });
		expect(await types('viduq3_reference')).toMatchObject({ images: 'string', audio: 'boolean' });
	});
});

describe('a task by the form', () => {
	test('is sent with numbers as numbers, nested as described, and nothing that was left out', async () => {
		const value = {
			image: 'https://example.com/a.png',
			prompt: '={{ $json.text }}',
			duration: '10',
			cfg_scale: '={{ "0.7" }}',
			'camera_control.type': 'simple',
			'camera_control.config.zoom': -3,
			negative_prompt: '',
		};
		const { items, error } = await run(form('kirin_i2v', value), [{ json: { text: 'Waves' } }]);
		expect(error).toBeUndefined();
		expect(at.standIn.complaints).toEqual([]);
		expect(sent()).toEqual({
			image: 'https://example.com/a.png',
			prompt: 'Waves',
			duration: 10,
			cfg_scale: 0.7,
			camera_control: { type: 'simple', config: { zoom: -3 } },
		});
		expect(items[0][0].json).toMatchObject({ model: 'kirin_i2v', prompt: 'Waves' });
		expect((await mediaSample('mp4')).equals(await readBinary(items[0][0]))).toBe(true);
	});

	test.each<[string, INodeParameters, INodeParameters]>([
		['an expression in a field', { image: '={{ $binary.photo }}' }, {}],
		['its ID in a field', { image: '={{ $binary.photo.id }}' }, {}],
		['a row', {}, { inputFiles: { file: [{ parameter: 'image', fieldName: 'photo' }] } }],
	])('takes a file by %s', async (_, value, more) => {
		const item = await fileItem({ photo: await sampleFile({ color: '#d62828' }) });
		const { error } = await run(form('kirin_i2v', { prompt: 'Waves', ...value }, more), [item]);
		expect(error).toBeUndefined();
		expect(sent()).toEqual({
			prompt: 'Waves',
			image: dataUri(await sampleImage({ color: '#d62828' })),
		});
	});

	test.each([
		['="{{ $binary.photo }}"', 1],
		['={{ [$binary.photo, $binary.photo] }}', 2],
		['={{ $binary.photo }}', 1],
	])('takes files for a list: %s', async (images, count) => {
		const item = await fileItem({ photo: await sampleFile({ color: '#d62828' }) });
		const { error } = await run(form('viduq3_reference', { prompt: 'Two', images }), [item]);
		expect(error).toBeUndefined();
		const photo = dataUri(await sampleImage({ color: '#d62828' }));
		expect(sent().images).toEqual(Array.from({ length: count }, () => photo));
	});

	test('takes a list as lines, and one of objects as JSON', async () => {
		const images = 'https://example.com/a.png\n\nhttps://example.com/b.png\n';
		await run(form('viduq3_reference', { prompt: 'Two', images }));
		expect(sent().images).toEqual(['https://example.com/a.png', 'https://example.com/b.png']);
		at.standIn.reset();
		const color_palette = '[{"hex": "#fff", "ratio": "0.5"}]';
		await run(form('wan27_image_pro', { prompt: 'Two', color_palette }));
		expect(sent().color_palette).toEqual([{ hex: '#fff', ratio: 0.5 }]);
	});

	test.each([
		'{"scene": "dawn"}',
		'{"file": {"mimeType": "image/png"}}',
		'={"scene": "{{ $binary.photo.fileName }}"}',
	])('takes a prompt that is JSON as the text that it is: %s', async (prompt) => {
		const item = await fileItem({ photo: await sampleFile({ name: 'dawn' }) });
		const { error } = await run(form('kirin_image', { prompt }), [item]);
		expect(error).toBeUndefined();
		expect(sent()).toEqual({
			prompt: prompt.replace(/^=/, '').replace(/\{\{.*\}\}/, String(item.binary?.photo.fileName)),
		});
	});

	test('is created by a model named by ID, each item its own', async () => {
		const parameters = {
			...form('', { prompt: 'x' }),
			describedModel: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
		};
		await run(parameters, [
			{ json: { model: 'kirin_image' } },
			{ json: { model: ' pixverse_v6_t2v' } },
		]);
		expect(at.standIn.tasks.map(({ model }) => model).sort()).toEqual([
			'kirin_image',
			'pixverse_v6_t2v',
		]);
	});
});

describe('what breaks the description is refused before anything is paid for', () => {
	test.each<[string, INodeParameters, RegExp]>([
		['kirin_image', {}, /^prompt is empty\. Fill it in/],
		['kirin_image', { prompt: 'x', n: 12 }, /^n: 12 is too high\. The largest value is 9/],
		['kirin_image', { prompt: 'x', n: '={{ "many" }}' }, /^n: "many" is not a number/],
		['kirin_image', { prompt: 'x', aspect_ratio: '7:3' }, /^aspect_ratio: "7:3" is not one of/],
		['kirin_image', { prompt: 'x'.repeat(2501) }, /is too long\. At most 2,500 characters/],
		['kirin_image', { prompt: '{{ $json.a }}' }, /as plain text, which n8n does not fill in/],
		[
			'kirin_i2v',
			{ image: 'a', prompt: 'x', 'camera_control.config.zoom': 1 },
			/^camera_control\.type is empty\. Fill it in, or leave all of 'camera_control' empty/,
		],
		['wan27_image_pro', { prompt: 'x', color_palette: '[{"ratio": 3}]' }, /has no \[0\]\.hex/],
		[
			'wan27_image_pro',
			{ prompt: 'x', color_palette: '[{"hex": "a", "ratio": 3}]' },
			/has a \[0\]\.ratio that is too high/,
		],
		['wan27_image_pro', { prompt: 'x', color_palette: '{"a"' }, /is not valid JSON/],
		['qwen_image_edit_plus', { prompt: 'x', images: '[1,2,3,4]' }, /has 4 entries\. At most 3/],
		[
			'kirin_i2v',
			{ prompt: 'x', image: '={{ $binary.none }}' },
			/^image: the expression \{\{ \$binary\.none/,
		],
		[
			'kirin_i2v',
			{ prompt: 'x', image: 'filesystem-v2' },
			/^image: "filesystem-v2" is n8n's own name/,
		],
		[' ', {}, /^Vtrix Model is empty\. Choose one from the list/],
		[
			'no_such_model',
			{},
			/knows no description of the model 'no_such_model'\. Try again later, or choose JSON under 'Parameters As'/,
		],
	])('%s with %j', async (model, value, message) => {
		expect(await refusal(form(model, value))).toMatch(message);
	});
});

test('a value of another type is told in our words also with the schema that the editor saves', async () => {
	const parameters = form('kirin_image', { prompt: 'x', n: '={{ "many" }}' });
	const schema = JSON.parse(JSON.stringify(await fields('kirin_image')));
	Object.assign(parameters.describedParameters, { schema });
	at.standIn.reset();
	expect(await refusal(parameters)).toMatch(/^n: "many" is not a number/);
});

describe('a host of descriptions that', () => {
	test.each([
		[
			'answers 500',
			{ type: 'status', code: 500 },
			/127\.0\.0\.1:\d+ gave no description of .*: its server answered with HTTP 500/,
		],
		['ends the connection', { type: 'reset' }, /gave no description of .*connection/],
		['answers a page', { type: 'html' }, /What came as the description of .* is none\./],
		['answers 10 MB', { type: 'huge', megabytes: 10 }, /gave an answer of more than 2 MB/],
		['answers in another form', { type: 'otherForm', body: { models: {} } }, /is none\./],
		['answers nothing in it', { type: 'otherForm', body: null }, /is none\./],
		['redirects', { type: 'redirect', to: 'file' }, /gave no description of/],
	] as const)('%s is told in a sentence, and JSON still works', async (_, fault, message) => {
		at.standIn.fault('spec', fault);
		const url = host();
		await expect(search('', url)).rejects.toThrow(message);
		await expect(fields('kirin_image', url)).rejects.toThrow(message);
		const told = await refusal(form('kirin_image', { prompt: 'x' }), url);
		expect(told).toMatch(message);
		expect(told).toMatch(/choose JSON under 'Parameters As'/);
		const { error } = await run({
			model: 'custom',
			customModelId: 'kirin_image',
			customParameters: '{"prompt": "x"}',
		});
		expect(error).toBeUndefined();
	});

	test('fell silent after it was asked once is not missed for a while', async () => {
		const url = host();
		await run(form('kirin_image', { prompt: 'x' }), undefined, url);
		at.standIn.fault('spec', { type: 'status', code: 500 });
		const { error } = await run(form('kirin_image', { prompt: 'y' }), undefined, url);
		expect(error).toBeUndefined();
	});

	test('is asked once for twenty runs at a time', async () => {
		const url = host();
		const parameters = form('kirin_image', { prompt: 'x' });
		await Promise.all(
			Array.from({ length: 20 }, async () => await run(parameters, undefined, url)),
		);
		expect(at.standIn.stats.requests.spec).toBe(1);
		expect(at.standIn.creationsAccepted).toBe(20);
	});
});
