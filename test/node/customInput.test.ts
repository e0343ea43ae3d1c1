import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { mediaSample } from '../standin/media/mediaSamples';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { withoutFiles } from '../support/builtInNodes';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';
import { dataUri } from './filesSent';

const at = atStandIn();

let store: BinaryStore;
beforeEach(async () => {
	store = await initBinaryData();
});
afterEach(() => store.cleanup());

type More = Parameters<typeof at.run>[2];

const clip = async () => await mediaSample('mp4');

/** An item with a photo, a logo and a video. */
const loaded = async (): Promise<INodeExecutionData> =>
	await fileItem(
		{
			photo: await sampleFile({ color: '#d62828' }),
			logo: await sampleFile({ color: '#2a6f97' }),
			clip: { bytes: await clip(), fileName: 'clip.mp4', mimeType: 'video/mp4' },
		},
		{ text: 'A "quoted" mug', seed: 7 },
	);

const custom = (customParameters: string, more: INodeParameters = {}): INodeParameters => ({
	model: 'custom',
	customModelId: 'custom_painter',
	customParameters,
	...more,
});

type Row = { parameter: string; fieldName?: string; sendAs?: string };
const withRows = (rows: Row[], customParameters = '{"prompt": "A mug"}', more = {}) =>
	custom(customParameters, { inputFiles: { file: rows }, ...more });

/** The parameters that the service received. */
async function sent(
	parameters: INodeParameters,
	item: Promise<INodeExecutionData> | INodeExecutionData = loaded(),
	more?: More,
) {
	const { error, hints } = await at.run(parameters, [await item], more);
	expect(error).toBeUndefined();
	expect(hints.filter(({ message }) => message.includes('earlier try'))).toEqual([]);
	expect(at.standIn.complaints).toEqual([]);
	return JSON.parse(JSON.stringify(at.sentParams()));
}

/** What is told while nothing has been sent. */
async function refusal(
	parameters: INodeParameters,
	item: Promise<INodeExecutionData> | INodeExecutionData = loaded(),
	more?: More,
) {
	const { error } = await at.run(parameters, [await item], more);
	expect(at.standIn.requests).toEqual([]);
	expect(error).toBeDefined();
	return error?.message ?? '';
}

const photo = async () => dataUri(await sampleImage({ color: '#d62828' }));
const logo = async () => dataUri(await sampleImage({ color: '#2a6f97' }));
const video = async () => ({ ...dataUri(await clip()), dataUri: 'data:video/mp4;base64' });

describe.each(['filesystem', 'default'] as const)('with files in the store "%s"', (mode) => {
	beforeEach(async () => {
		store.cleanup();
		store = await initBinaryData(mode);
	});

	test.each<[string, string]>([
		['an object by expression', '={{ { image: $binary.photo } }}'],
		['an object by expression with a line behind it', '={{ { image: $binary.photo } }}\n'],
		['a node before', "={{ { image: $('Start').item.binary.photo } }}"],
		['the input item', '={{ { image: $input.item.binary.photo } }}'],
		['text with the file in quotes', '={"image": "{{ $binary.photo }}"}'],
		['text with the file without quotes', '={"image": {{ $binary.photo }} }'],
		['text with a node before', '={"image": "{{ $(\'Start\').item.binary.photo }}"}'],
		['text with its JSON', '={"image": {{ JSON.stringify($binary.photo) }} }'],
		['text with its ID', '={"image": "{{ $binary.photo.id }}"}'],
		['text with its ID, close to the braces', '={"image": "{{$binary.photo.id}}"}'],
		['text with a choice', '={"image": "{{ $binary.none ?? $binary.photo }}"}'],
	])('a file in the JSON is sent in its place: %s', async (_, parameters) => {
		expect(await sent(custom(parameters))).toEqual({ image: await photo() });
	});

	test('files stand in lists, deep inside, and beside other values', async () => {
		const parameters = `={
			"prompt": {{ JSON.stringify($json.text) }},
			"seed": 12345678901234567890,
			"images": ["{{ $binary.photo }}", {{ $binary.logo }}, "https://example.com/a.png"],
			"all": {{ [$binary.logo, $binary.photo] }},
			"content": [{"type": "image_url", "image_url": {"url": "{{ $binary.clip }}"}, "note": "{{ $json.seed }} \\" files"}]
		}`;
		expect(await sent(custom(parameters))).toEqual({
			prompt: 'A "quoted" mug',
			seed: Number('12345678901234567890'),
			images: [await photo(), await logo(), 'https://example.com/a.png'],
			all: [await logo(), await photo()],
			content: [{ type: 'image_url', image_url: { url: await video() }, note: '7 " files' }],
		});
	});

	test('an object by expression holds files as deep as the service wants them', async () => {
		const parameters =
			'={{ { content: [{ text: $json.text }, { image_url: { url: $binary.clip } }], list: Object.values($binary), seed: $json.none } }}';
		expect(await sent(custom(parameters))).toEqual({
			content: [{ text: 'A "quoted" mug' }, { image_url: { url: await video() } }],
			list: [await photo(), await logo(), await video()],
		});
	});

	test.each(['{{ $binary.photo.data }}', '{{ $binary.photo?.data }}'])(
		'the content of a file goes as base64: %s',
		async (code) => {
			const { bytes, sha256 } = await photo();
			const head = 'data:image/png;base64,';
			const parameters = `={"binary_data_base64": ["${code}"], "image": "${head}${code}"}`;
			expect(await sent(custom(parameters))).toEqual({
				binary_data_base64: [{ bytes, sha256 }],
				image: await photo(),
			});
		},
	);

	test('a file of which a Code node tells no more than its type is sent by expression', async () => {
		const data = (await sampleImage({ color: '#d62828' })).toString('base64');
		const item = {
			json: {},
			binary: { photo: { mimeType: 'image/png', data }, other: { mimeType: 'a/b', data } },
		};
		expect(await sent(custom('={{ { image: $binary.photo } }}'), item)).toEqual({
			image: await photo(),
		});
	});

	test.each<[unknown, string]>([
		['audio/x-voice', 'audio/x-voice'],
		[null, 'application/octet-stream'],
	])('a file of unknown content goes by the type that the item tells: %j', async (type, head) => {
		const data = Buffer.from([0, 1, 2, 3]).toString('base64');
		// what a Code node returns is not looked at by n8n
		const voice = { mimeType: type, fileName: 'a.voice', fileSize: '4 B', data } as IBinaryData;
		const rows = [{ parameter: 'row', fieldName: 'voice' }];
		const parameters = withRows(rows, '={{ { field: $binary.voice } }}');
		const told = await sent(parameters, { json: {}, binary: { voice } });
		expect(told).toMatchObject({
			row: { dataUri: `data:${head};base64` },
			field: { dataUri: `data:${head};base64` },
		});
	});

	test('a row puts a file at a parameter, and Send As says how', async () => {
		const { bytes, sha256 } = await logo();
		const rows = [
			{ parameter: 'image_url', fieldName: 'photo' },
			{ parameter: 'content[1].image_url.url', fieldName: 'clip' },
			{ parameter: 'binary_data_base64[]', fieldName: '={{ $binary.logo }}', sendAs: 'base64' },
			{ parameter: 'images', fieldName: 'photo, logo', sendAs: 'dataUri' },
			{ parameter: 'media["a.b"].file', fieldName: 'logo' },
			{ parameter: 'list', fieldName: 'photo' },
		];
		const json =
			'{"content": [{"type": "text"}, {"image_url": {"url": ""}, "role": "first"}], "list": []}';
		expect(await sent(withRows(rows, json))).toEqual({
			image_url: await photo(),
			content: [{ type: 'text' }, { image_url: { url: await video() }, role: 'first' }],
			binary_data_base64: [{ bytes, sha256 }],
			images: [await photo(), await logo()],
			media: { 'a.b': { file: await logo() } },
			list: [await photo()],
		});
	});

	test('a row that names no file is left out, and told', async () => {
		const rows = [
			{ parameter: 'image', fieldName: '={{ $binary.none ?? null }}' },
			{ parameter: 'logo', fieldName: 'logo', sendAs: '={{ null }}' },
		];
		const { error, hints } = await at.run(withRows(rows, '{}'), [await loaded()]);
		expect(error).toBeUndefined();
		expect(JSON.parse(JSON.stringify(at.sentParams()))).toEqual({ logo: await logo() });
		expect(hints.map(({ message }) => message)).toEqual([
			'Files, row 1 names no file, so the request goes without it.',
		]);
	});

	test('a dozen files stand in one text, each in its place', async () => {
		const names = Array.from({ length: 12 }, (_, index) => (index === 10 ? 'logo' : 'photo'));
		const parameters = `={"images": [${names.map((name) => `"{{ $binary.${name} }}"`).join()}]}`;
		const { images } = await sent(custom(parameters));
		const [one, other] = [await photo(), await logo()];
		expect(images).toEqual(names.map((name) => (name === 'logo' ? other : one)));
	});

	test('a quotation mark inside a text is not its end', async () => {
		const parameters = '={"prompt": "19\\" rack", "image": {{ $binary.photo }} }';
		expect(await sent(custom(parameters))).toEqual({ prompt: '19" rack', image: await photo() });
	});

	test('a file that the node between has dropped is taken from the node before it', async () => {
		const more: More = {
			extraNodes: [{ name: 'Between', type: withoutFiles, after: [{ node: 'Start' }] }],
			after: [{ node: 'Between' }],
		};
		const code = "$('Start').item.binary.photo";
		expect(await sent(custom(`={"image": "{{ ${code} }}"}`), loaded(), more)).toEqual({
			image: await photo(),
		});
	});

	test('a dry run shows place and size of each file', async () => {
		const rows = [{ parameter: 'content[]', fieldName: 'clip', sendAs: 'base64' }];
		const parameters = withRows(rows, '={"image": "{{ $binary.photo }}"}', {
			options: { dryRun: true },
		});
		const { items, error } = await at.run(parameters, [await loaded()]);
		expect(error).toBeUndefined();
		const { bytes } = await photo();
		expect(items[0][0].json.request).toMatchObject({
			input: [
				{
					params: {
						image: `data:image/png;base64,<${bytes} bytes>`,
						content: [`<${(await clip()).length} bytes>`],
					},
				},
			],
		});
		expect(at.standIn.requests).toEqual([]);
	});

	test('a parameter of the item is not changed by the file that goes beside it', async () => {
		const { json, binary } = await loaded();
		const item = { json: { ...json, params: { content: [{ text: 'a' }] } }, binary };
		const parameters = {
			...withRows([{ parameter: 'content[]', fieldName: 'photo' }], '={{ $json.params }}'),
			options: { dryRun: true },
		};
		const { error } = await at.run(parameters, [item]);
		expect(error).toBeUndefined();
		expect(item.json.params).toEqual({ content: [{ text: 'a' }] });
	});
});

test('the ID of a file of the item stands for it in an object by expression', async () => {
	expect(await sent(custom('={{ { image: $binary.photo.id } }}'))).toEqual({
		image: await photo(),
	});
});

test('a request without a prompt comes out with none', async () => {
	const { items } = await at.run(custom('{"text": "A mug"}'), [await loaded()]);
	expect(items[0][0].json.prompt).toBeNull();
});

describe('with the workflow\'s setting "binary mode" on "combined"', () => {
	const more: More = { settings: { binaryMode: 'combined' } };
	test.each([
		['={{ { image: $json._files.photo } }}'],
		['={"image": "{{ $json._files.photo }}"}'],
		['={"image": "{{ $json._files.photo.id }}"}'],
	])('%s is sent', async (parameters) => {
		expect(await sent(custom(parameters), loaded(), more)).toEqual({ image: await photo() });
	});

	test('a row finds it by its name', async () => {
		const rows = [{ parameter: 'image', fieldName: 'photo' }];
		expect(await sent(withRows(rows, '{}'), loaded(), more)).toEqual({ image: await photo() });
	});
});

const UUID = '01234567-89ab-cdef-0123-456789abcdef';

describe('what is not there or too large is told before anything is paid for', () => {
	test.each<[string, RegExp]>([
		[
			'={"image": "{{ $binary.none }}"}',
			/^Parameters: the expression \{\{ \$binary\.none \}\} gives nothing for this item\. The item has 'photo', 'logo', 'clip'\./,
		],
		['={{ { image: $binary.none } }}', /^Parameters, image: the expression .* gives nothing/],
		['={{ { a: [{ "url": $binary.none }] } }}', /^Parameters, a\[0\]\.url: the expression/],
		['={{ { a: [$binary.photo, $binary.none] } }}', /^Parameters, a\[1\]: the expression/],
		['={{ $binary.none }}', /^Parameters: the expression .* gives nothing for this item\./],
		...[
			'see {{ $binary.photo }}',
			'{{ $binary.photo }} too',
			'a data:image/png;base64,{{ $binary.photo.data }}',
			'data:image/png;base64,a{{ $binary.photo.data }}',
		].map((text): [string, RegExp] => [
			`={"image": "${text}"}`,
			/^Parameters, image: a file is what n8n makes of/,
		]),
		[
			"={{ { image: $('Start').item.binary.photo.data } }}",
			/^Parameters, image: "filesystem-v2" is n8n's own name/,
		],
		['={"image": "{{ $json.id }}"}', /^Parameters, image: "filesystem-v2:.*" is n8n's own name/],
		['={"a": ["{{ $json.inDatabase }}"]}', /^Parameters, a\[0\]: "database:.*" is n8n's own name/],
		[`{"image": "s3:workflows/x/binary_data/${UUID}"}`, /^Parameters, image: "s3:.*" is n8n's own/],
		[
			'={{ { image: $json.hollow } }}',
			/^Parameters: "hollow\.png" is a file object without its content\./,
		],
		[
			'={{ { image: $binary.photo, prompt: $json.template } }}',
			/^Parameters contains \{\{ \$json\.name \}\} as plain text/,
		],
		['={{ { image: $json.gone } }}', /^Files: "gone\.png" is no longer in n8n's file store/],
		['={{ { image: $json.empty } }}', /^Files: "empty\.png" is an empty file/],
	])('%s', async (parameters, message) => {
		const item = await loaded();
		const id = `filesystem-v2:workflows/x/executions/y/binary_data/${UUID}`;
		const inDatabase = `database:${UUID}`;
		const file = { mimeType: 'image/png', fileName: 'gone.png', data: 'filesystem-v2', id };
		const empty = { mimeType: 'image/png', fileName: 'empty.png', fileSize: '0 B', data: '' };
		const hollow = { ...file, fileName: 'hollow.png', fileSize: '1 kB', id: undefined };
		const template = 'A {{ $json.name }}';
		Object.assign(item.json, { id, inDatabase, gone: file, empty, hollow, template });
		expect(await refusal(custom(parameters), item)).toMatch(message);
	});

	test.each<[Row, RegExp]>([
		[{ parameter: 'image', fieldName: 'none' }, /^Files, row 1: "none" is not a file field/],
		[{ parameter: ' ', fieldName: 'photo' }, /^Files, row 1, Parameter is empty\./],
		[{ parameter: '={{ $json.none }}', fieldName: 'photo' }, /^Files, row 1, Parameter is empty\./],
		[{ parameter: '={{ 5 }}', fieldName: 'photo' }, /^Files, row 1, Parameter is empty\./],
		[{ parameter: 'a b', fieldName: 'photo' }, /^Files, row 1: "a b" is not the place of a/],
		[{ parameter: '[0]', fieldName: 'photo' }, /^Files, row 1: "\[0\]" is not the place of a/],
		[{ parameter: 'list[3].url', fieldName: 'photo' }, /asks for entry \[3\] of a list of 1 entry/],
		[
			{ parameter: 'prompt.url', fieldName: 'photo' },
			/asks for 'url' of something that is a single/,
		],
		[
			{ parameter: 'prompt[0]', fieldName: 'photo' },
			/asks for an entry of something that is a single/,
		],
		[{ parameter: 'image', fieldName: '={{ $binary.none }}' }, /^Files, row 1: the expression/],
		[
			{ parameter: 'image', fieldName: 'photo', sendAs: 'hex' },
			/^Files, row 1, Send As: "hex" is not one/,
		],
	])('a row %j', async (row, message) => {
		expect(await refusal(withRows([row], '{"prompt": "x", "list": ["a"]}'))).toMatch(message);
	});

	test('a path reaches no further than the parameters', async () => {
		await sent(withRows([{ parameter: '__proto__.polluted', fieldName: 'photo' }]));
		expect({}).not.toHaveProperty('polluted');
	});

	const large = { bytes: Buffer.alloc(600_000, 1), fileName: 'a.bin', mimeType: 'video/mp4' };

	test("a file that is larger than 'Max Upload'", async () => {
		const item = fileItem({ one: { ...large, bytes: Buffer.alloc(1_200_000) } });
		const parameters = custom('={{ { video: $binary.one } }}', { options: { maxUpload: 1 } });
		expect(await refusal(parameters, item)).toMatch(
			/^Files: "one" is 1\.2 MB large\. At most 1 MB are sent: /,
		);
	});

	test("but files of just 'Max Upload' together are sent", async () => {
		const half = { ...large, bytes: Buffer.alloc(500_000, 1) };
		const item = fileItem({ one: half, two: { ...half, bytes: Buffer.alloc(500_000, 2) } });
		const parameters = custom('={{ { videos: Object.values($binary) } }}', {
			options: { maxUpload: 1 },
		});
		expect((await sent(parameters, item)).videos).toHaveLength(2);
	});

	test("files that are larger together than 'Max Upload'", async () => {
		const item = fileItem({ one: large, two: { ...large, bytes: Buffer.alloc(600_000, 2) } });
		const parameters = custom('={{ { videos: Object.values($binary) } }}', {
			options: { maxUpload: 1 },
		});
		expect(await refusal(parameters, item)).toMatch(
			/^Files: "one, two" are 1\.2 MB large together\. At most 1 MB are sent: .*'Max Upload \(MB\)'/,
		);
	});
});

describe('what is no file of n8n is sent as it was', () => {
	test.each<[string, string]>([
		[
			"an object of the service's own",
			'{"inline": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}',
		],
		[
			'one with a name',
			'{"file": {"mimeType": "image/png", "fileName": "a.png", "url": "https://example.com/a.png"}}',
		],
		['the type of an image to make', '{"output": {"mimeType": "image/png"}}'],
		['what another node has made of an object', '{"prompt": "[object Object]"}'],
		['words that name a store', '{"storage": "s3", "url": "s3://bucket/a.png", "db": "database"}'],
	])('%s', async (_, json) => {
		expect(await sent(custom(json))).toEqual(JSON.parse(json));
		at.standIn.reset();
		const item = { json: JSON.parse(json) };
		expect(await sent(custom('={{ $json }}'), item)).toEqual(JSON.parse(json));
	});

	test('the type of an image to make beside a file of that type', async () => {
		const parameters = '={"output": {"mimeType": "image/png"}, "image": "{{ $binary.photo }}"}';
		expect(await sent(custom(parameters))).toEqual({
			output: { mimeType: 'image/png' },
			image: await photo(),
		});
	});

	test('the ID of a file of another service, in a text beside a file', async () => {
		const { binary } = await loaded();
		const item = { json: { doc: { fileName: 'a.png', id: 'drive-1' } }, binary };
		const parameters = '={"doc": "{{ $json.doc.id }}", "image": "{{ $binary.photo }}"}';
		expect(await sent(custom(parameters), item)).toEqual({ doc: 'drive-1', image: await photo() });
	});

	test('an object with a file name in a text, in the place of its expression', async () => {
		const item = { json: { about: { fileName: 'a.png', pages: 2 } } };
		expect(await sent(custom('={"about": {{ $json.about }} }'), item)).toEqual(item.json);
	});

	test('an expression that gives nothing leaves its key out where no file is meant', async () => {
		expect(await sent(custom('={{ { prompt: "x", seed: $json.none } }}'))).toEqual({ prompt: 'x' });
	});
});

describe('a retry finds the task that was paid for', () => {
	const retried = async (parameters: INodeParameters) => {
		at.standIn.fault('poll', { type: 'status', code: 400 }, { times: 1 });
		const { items, hints, error } = await at.run(
			{ ...parameters, simplify: false },
			[await loaded()],
			{
				nodeOverrides: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
			},
		);
		expect(error).toBeUndefined();
		expect(at.standIn.creationsAccepted).toBe(1);
		return { sent: items[0][0].json.parameters, told: hints.map(({ message }) => message).join() };
	};

	test.each<[string, INodeParameters]>([
		['text', custom('={"image": "{{ $binary.photo }}", "text": "A mug"}')],
		['an object', custom('={{ { image: $binary.photo, text: "A mug" } }}')],
		['a row', withRows([{ parameter: 'image', fieldName: 'photo' }], '{"text": "A mug"}')],
		[
			'a row, as base64',
			withRows([{ parameter: 'image', fieldName: 'photo', sendAs: 'base64' }], '{"text": "A mug"}'),
		],
	])('of the same file, by %s, and finds nothing changed', async (_, parameters) => {
		const { sent: shown, told } = await retried(parameters);
		expect(told).toBe('');
		expect(shown).toEqual({ image: expect.stringMatching(/<\d+ bytes>$/), text: 'A mug' });
	});

	test('of a text beside a file that is another one now, and tells it', async () => {
		const { told } = await retried(
			custom('={{ { n: 1, content: [{ url: $binary.photo }, { text: String(Math.random()) }] } }}'),
		);
		expect(told).toMatch(/^An earlier try .* 'content' would be different now;/);
	});
});
