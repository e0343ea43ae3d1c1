import type {
	IBinaryData,
	IDataObject,
	INodeExecutionData,
	INodeParameterResourceLocator,
	INodeParameters,
} from 'n8n-workflow';
import sharp from 'sharp';
import { passThrough, withoutFiles } from '../support/builtInNodes';
import { fileItem, initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { atStandIn } from './atStandIn';
import { filesSent } from './filesSent';

const at = atStandIn();

const COLORS = { red: '#d62828', green: '#2a9d8f', blue: '#2a6f97' };
type Color = keyof typeof COLORS;

const picture = async (color: Color) => await sampleImage({ color: COLORS[color] });
const pictureFile = async (color: Color) => await sampleFile({ color: COLORS[color] });

/** An item whose pictures are told apart by nothing but their content. */
async function colored(json: IDataObject = {}): Promise<INodeExecutionData> {
	const files = { photo: 'red', 'a, b.png': 'green', logo: 'blue' } as const;
	const entries = await Promise.all(
		Object.entries(files).map(async ([name, color]) => [name, await pictureFile(color)] as const),
	);
	return await fileItem(Object.fromEntries(entries), json);
}

const parametersFor = (rows: INodeParameters[]) => ({
	model: 'spark_multi_dreamo',
	prompt: 'A lighthouse',
	inputImages: { image: rows },
});
const rowsOf = (...fieldNames: unknown[]) =>
	parametersFor(fieldNames.map((fieldName) => ({ source: 'file', fieldName: String(fieldName) })));

/** What the API received as images, the parameters beside them left out. */
const imagesSent = () => {
	const { binary_data_base64, image_urls, image } = at.sentParams();
	return JSON.parse(JSON.stringify({ binary_data_base64, image_urls, image }));
};

const sentAs = async (...colors: Color[]) =>
	filesSent('split', await Promise.all(colors.map(picture)));

type More = Parameters<typeof at.run>[2];

async function expectSent(
	fieldName: string,
	colors: Color[],
	item: Promise<INodeExecutionData> | INodeExecutionData = colored(),
	more?: More,
) {
	const { error } = await at.run(rowsOf(fieldName), [await item], more);
	expect(error).toBeUndefined();
	expect(at.standIn.complaints).toEqual([]);
	expect(imagesSent()).toEqual(await sentAs(...colors));
}

/** What a run is refused with before anything is sent. */
async function refusal(
	parameters: INodeParameters,
	item: Promise<INodeExecutionData> | INodeExecutionData = colored(),
	more?: More,
) {
	const { error } = await at.run(parameters, [await item], more);
	expect(at.standIn.requests).toEqual([]);
	expect(error).toBeDefined();
	return error?.message ?? '';
}

describe.each(['filesystem', 'default'] as const)('with files in the store "%s"', (mode) => {
	let store: BinaryStore;
	beforeEach(async () => {
		store = await initBinaryData(mode);
	});
	afterEach(() => store.cleanup());

	test.each<[string, string, Color[]]>([
		['a file object', '={{ $binary.photo }}', ['red']],
		['a file object with blanks around its expression', '= {{ $binary.logo }}\n', ['blue']],
		['the file of the input item', '={{ $input.item.binary.photo }}', ['red']],
		['the file of a node before', "={{ $('Start').item.binary.photo }}", ['red']],
		[
			'the file of a node before, as it was written once',
			'={{ $node["Start"].binary.logo }}',
			['blue'],
		],
		[
			"the same with the node's name between other marks",
			"={{ $node['Start'].binary.logo }}",
			['blue'],
		],
		['the same with the name as it is', '={{ $node.Start.binary.logo }}', ['blue']],
		['all files of the item', '={{ $binary }}', ['red', 'green', 'blue']],
		['all files of a node before', "={{ $('Start').item.binary }}", ['red', 'green', 'blue']],
		['a list of objects', '={{ [$binary.logo, $binary.photo] }}', ['blue', 'red']],
		['the values of an object', '={{ Object.values($binary) }}', ['red', 'green', 'blue']],
		['a list of names and objects', '={{ ["logo", $binary.photo] }}', ['blue', 'red']],
		[
			'lists inside a list',
			'={{ [["photo"], [$binary.logo, [$binary["a, b.png"]]]] }}',
			['red', 'blue', 'green'],
		],
		['names that hold commas, in a list', '={{ ["a, b.png", "logo"] }}', ['green', 'blue']],
		['a name that holds a comma', 'a, b.png', ['green']],
		['a name that holds a comma, by expression', '={{ Object.keys($binary)[1] }}', ['green']],
		['names of which one holds a comma', 'logo, a, b.png ,photo', ['blue', 'green', 'red']],
		['a name that holds a comma before others', ' a, b.png, logo', ['green', 'blue']],
		['a name that holds a comma at the end', 'logo,, a, b.png', ['blue', 'green']],
		['a name in a field for expressions', '=logo', ['blue']],
		['a name of two expressions', '={{ "lo" }}{{ "go" }}', ['blue']],
		['a name between an expression and its end', '=lo{{ "go" }}', ['blue']],
		['the JSON of a list', '["logo", "a, b.png"]', ['blue', 'green']],
		['the JSON of a list behind a line break', '\n ["logo", "a, b.png"]', ['blue', 'green']],
		['names on lines of their own', 'logo\r\na, b.png\n\nphoto\n', ['blue', 'green', 'red']],
		['names between blanks, as a browser pastes lines', ' logo  photo ', ['blue', 'red']],
		['names between blanks of other kinds', 'logo\u00a0photo\tphoto', ['blue', 'red', 'red']],
		['names in quotes between blanks', '"logo" “photo”', ['blue', 'red']],
		['names in quotes', '"logo", “photo”', ['blue', 'red']],
		['a name with what is pasted along unseen', '\ufefflogo\u200b', ['blue']],
		['a choice between two files', '={{ $binary.nothing ?? $binary.logo }}', ['blue']],
	])('%s is taken', async (_, fieldName, colors) => {
		await expectSent(fieldName, colors);
	});

	test('the name of a field is taken as it is, whatever else it could mean', async () => {
		const named = await fileItem({ '[1]': await pictureFile('red'), 1: await pictureFile('blue') });
		await expectSent('[1]', ['red'], named);
	});

	test('of names that hold commas the longest one is meant', async () => {
		const [logo, short, long] = await Promise.all(
			(['blue', 'red', 'green'] as const).map(pictureFile),
		);
		const named = fileItem({ logo, 'a, b': short, 'a, b, c': long });
		await expectSent('logo, a, b, c', ['blue', 'green'], named);
	});

	test('what is said of a file is said once, however often it is named', async () => {
		const wide = await sampleFile({ width: 5000, height: 10 });
		expect(await refusal(rowsOf('a', 'a, a'), fileItem({ a: wide }))).toMatch(
			/^Input Images: "a" is 5000 × 10 pixels/,
		);
		const turned = await sharp(await picture('red'))
			.jpeg()
			.withMetadata({ orientation: 6 })
			.toBuffer();
		const photo = { bytes: turned, fileName: 'a.jpg', mimeType: 'image/jpeg' };
		const { error, hints } = await at.run(rowsOf('a', 'a, a'), [await fileItem({ a: photo })]);
		expect(error).toBeUndefined();
		expect(hints).toHaveLength(1);
		expect(at.sentParams().binary_data_base64).toHaveLength(3);
	});

	test('names, objects and lists may stand in different rows', async () => {
		const { error } = await at.run(rowsOf('logo', '={{ $binary.photo }}', '={{ ["a, b.png"] }}'), [
			await colored(),
		]);
		expect(error).toBeUndefined();
		expect(imagesSent()).toEqual(await sentAs('blue', 'red', 'green'));
	});

	test.each([
		"={{ $('Start').item.binary.logo }}",
		'={{ $node["Start"].binary.logo }}',
		'={{ $node.Start.binary.logo }}',
		"={{ $('Start').all()[$itemIndex].binary.logo }}",
		"={{ [$('Start').item.binary.logo] }}",
	])('a file that the node between has dropped is taken by %s', async (fieldName) => {
		await expectSent(fieldName, ['blue'], colored(), {
			extraNodes: [{ name: 'Between', type: withoutFiles, after: [{ node: 'Start' }] }],
			after: [{ node: 'Between' }],
		});
	});

	test.each(['={{ $binary.logo }}', '={{ [$binary.logo] }}', ' logo', '={{ $binary.logo }} '])(
		'the field of a model that takes one image takes %j',
		async (value) => {
			const inputImage: INodeParameterResourceLocator = { __rl: true, mode: 'file', value };
			const parameters = { model: 'spark_i2i_3_0', prompt: 'A lighthouse', inputImage };
			const { error } = await at.run(parameters, [await colored()]);
			expect(error).toBeUndefined();
			expect(imagesSent()).toEqual(await sentAs('blue'));
		},
	);

	test('a file object that stands in the JSON is taken', async () => {
		const { binary } = await colored();
		await expectSent('={{ $json.attachment }}', ['red'], { json: { attachment: binary?.photo } });
	});

	test('each item brings its own file', async () => {
		const items = await Promise.all(
			(['red', 'blue', 'green'] as const).map(
				async (color) => await fileItem({ photo: await pictureFile(color) }),
			),
		);
		await at.run({ ...rowsOf('={{ $binary.photo }}'), options: { maxConcurrency: 1 } }, items);
		const sent = [0, 1, 2].map((creation) => at.sentParams(creation).binary_data_base64);
		const wanted = await Promise.all(
			(['red', 'blue', 'green'] as const).map(async (color) => await sentAs(color)),
		);
		expect(sent).toEqual(wanted.map(({ binary_data_base64 }) => binary_data_base64));
	});

	test('a message names a file of the item by its field, whoever names it', async () => {
		const wide = await fileItem({
			photo: await sampleFile({ width: 5000, height: 10 }),
			other: await pictureFile('red'),
		});
		expect(await refusal(rowsOf('={{ $binary.photo }}'), wide)).toMatch(/"photo" is 5000 × 10/);
	});
});

/** How a Code node may leave a file field. */
const broken = (file: unknown): INodeExecutionData => ({
	json: {},
	// what a Code node returns is not looked at by n8n
	binary: { photo: file as unknown as IBinaryData },
});

describe('what is no file is refused before anything is sent, in a sentence', () => {
	test.each<[string, unknown, RegExp]>([
		['nothing', null, /^Input Images: "photo" is a file field without a file in it\. Check/],
		['text', 'iVBORw0KGgo', /^Input Images: "photo" is a file field that holds text in the place/],
		['an empty object', {}, /"photo" is a file field without a file in it/],
		['a number', 7, /"photo" is a file field that holds something else/],
		[
			'a file without content',
			{ mimeType: 'image/png' },
			/"photo" is a file field whose file has no/,
		],
		[
			'a file whose place in the store is not told',
			{ mimeType: 'image/png', data: 'filesystem-v2' },
			/"photo" is a file field whose file has no content/,
		],
		['an empty file', { mimeType: 'image/png', data: '' }, /"photo" is an empty file/],
		[
			'a file that was deleted from the store',
			{ mimeType: 'image/png', data: 'filesystem-v2', id: 'filesystem-v2:workflows/x/gone' },
			/^Input Images: "photo" is no longer in n8n's file store\. Run the node/,
		],
		[
			'a file of another service',
			{
				mimeType: 'image/png',
				id: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
				kind: 'drive#file',
			},
			/^Input Images: "photo" describes a file that is somewhere else\. Download it/,
		],
		[
			'a file in a store that this n8n does not have',
			{ mimeType: 'image/png', data: 's3', id: 's3:workflows/x/y' },
			/^Input Images: "photo" could not be read from n8n's file store: .*s3/,
		],
	])('%s in the field', async (_, file, message) => {
		expect(await refusal(rowsOf('photo'), broken(file))).toMatch(message);
	});

	test.each<[string, RegExp]>([
		['={{ $binary }}', /is an object without a file in it.*null where no image/],
		['={{ true }}', /^Input Images: true is not a file\. Enter the name of a file field/],
		['={{ new Date(0) }}', /is not a file/],
		['={{ $json.customer }}', /\{"name":"Ada"\} is not a file/],
		['={{ $json.attachment }}', /is an object with a URL, not a file\. Choose URL as the source/],
		['={{ $json.signed }}', /is an object with a URL, not a file/],
		['={{ $json.bare }}', /^Input Images: "file" is a file object without its content/],
		['={{ $json.file }}', /"ad\.png" is a file object without its content.*\$\('Node'\)/],
		[
			'https://example.com/a,b.png',
			/^Input Images: "https:\/\/example\.com\/a,b\.png" is a URL, not a file field\. Choose URL as the source/,
		],
		[
			' http://example.com/a,b.png',
			/^Input Images: "http:\/\/example\.com\/a,b\.png" is a URL, not/,
		],
		['={{ [" http://example.com/a.png"] }}', /is a URL, not a file field/],
		['photo, https://example.com/a.png', /: "https:\/\/example\.com\/a\.png" is a URL, not/],
		['see https://example.com/a.png', /is not there: the item carries no files/],
		[
			'data:image/png;base64,AAAA',
			/^Input Images: "data:image\/png;base64,AAAA" is image data, not a file field\. Cut.*Convert to File/,
		],
		['={{ [" data:image/png,AAAA"] }}', /is image data, not a file field\. Cut/],
		['={{ ["a\\u0001"] }}', /is not there: the item carries no files/],
		['my data: here', /is not there: the item carries no files/],
		[
			'={{ $json.base64 }}',
			/is image data, not a file field\. Turn it into a file with the Convert/,
		],
		['{{ $binary.photo }}', /is an expression that n8n takes as text\. Choose 'Expression'/],
		['$binary.photo', /is an expression that n8n takes as text/],
		['\n {{ $binary.photo }}', /is an expression that n8n takes as text/],
		['={{ $json.typed }}', /is an expression that n8n takes as text/],
		['my$json.photo', /"my\$json\.photo" is not there: the item carries no files/],
		['={{ 5 }}', /"5" is not there: the item carries no files/],
		['constructor', /"constructor" is not there/],
		['__proto__', /"__proto__" is not there/],
	])('%s', async (fieldName, message) => {
		const json = {
			customer: { name: 'Ada' },
			attachment: { url: 'https://example.com/a.png', filename: 'a.png' },
			signed: { signedUrl: 'https://example.com/a.png', title: 'a.png' },
			bare: { fileExtension: 'png' },
			typed: '= {{ $binary.photo }}',
			file: { fileName: 'ad.png', mimeType: 'image/png' },
			base64: (await picture('red')).toString('base64'),
		};
		expect(await refusal(rowsOf(fieldName), { json })).toMatch(message);
	});

	test.each([
		['logo sketch', /"logo sketch" is not a file field/],
		['logo, phot , photo', /"phot" is not a file field/],
		['logo, a, b.png2', /"b\.png2" is not a file field/],
	])('a name of no field beside others, as it is written: %s', async (fieldName, message) => {
		expect(await refusal(rowsOf(fieldName))).toMatch(message);
	});

	test.each<[string, (base64: string) => string]>([
		['as it is', (base64) => base64],
		['with line breaks', (base64) => base64.replace(/.{76}/g, '$&\r\n')],
		['in the alphabet for URLs', (base64) => base64.replace(/\+/g, '-').replace(/\//g, '_')],
		['without padding', (base64) => base64.replace(/=+$/, '')],
		['as a data URI', (base64) => `data:image/png;base64,${base64}`],
	])('but base64 that a Code node left in the item is taken: %s', async (_, written) => {
		const data = written((await picture('red')).toString('base64'));
		await expectSent('photo', ['red'], broken({ mimeType: 'image/png', data }));
	});

	test('a file object beside other text', async () => {
		expect(await refusal(rowsOf('=the file {{ $binary.photo }}'))).toMatch(
			/^Input Images: "the file \[object Object\]" is what n8n makes of an object beside other text\. Leave nothing but/,
		);
	});

	test('several at once, each by its name', async () => {
		const item = await colored();
		const message = await refusal(rowsOf('={{ ["photo", "phot", $binary.logo, true, {}] }}'), item);
		expect(message).toContain('3 settings need a correction');
		expect(message).toContain(
			"\"phot\" is not a file field of this item. It has 'photo', 'a, b.png', 'logo'",
		);
	});
});

describe('with the workflow\'s setting "binary mode" on "combined"', () => {
	const combined = { settings: { binaryMode: 'combined' as const } };
	let store: BinaryStore;
	beforeEach(async () => {
		store = await initBinaryData();
	});
	afterEach(() => store.cleanup());

	test.each<[string, string, Color[]]>([
		['its name', 'photo', ['red']],
		['its name with a comma', 'a, b.png', ['green']],
		['names', 'logo, photo', ['blue', 'red']],
		['its path, as n8n names it', '_files.photo', ['red']],
		['an expression', '={{ $json._files.logo }}', ['blue']],
		['an expression for all of them', '={{ $json._files }}', ['red', 'green', 'blue']],
		['an expression for a node before', "={{ $('Start').item._files.photo }}", ['red']],
	])('a file is found by %s', async (_, fieldName, colors) => {
		await expectSent(fieldName, colors, colored(), combined);
	});

	test('a file that a node put elsewhere in the JSON is found by its name and named in messages', async () => {
		const { binary, json } = await colored();
		const item = { json: { ...json, attachment: binary?.logo, order: { photo: binary?.photo } } };
		const asRun = JSON.parse(JSON.stringify(item));
		await expectSent('attachment', ['blue'], asRun, combined);
		at.standIn.reset();
		await expectSent('order.photo', ['red'], asRun, combined);
		at.standIn.reset();
		expect(await refusal(rowsOf('data'), asRun, combined)).toMatch(/It has 'attachment'\.$/);
	});

	test('in another workflow the same JSON holds no files of the item', async () => {
		const { binary } = await colored();
		const asRun = JSON.parse(JSON.stringify({ json: { attachment: binary?.logo } }));
		expect(await refusal(rowsOf('attachment'), asRun)).toMatch(/the item carries no files/);
	});

	test('a file is found by a name that holds quotation marks and backslashes', async () => {
		const name = 'the "\\" logo';
		await expectSent(name, ['blue'], fileItem({ [name]: await pictureFile('blue') }), combined);
	});

	test('a message tells which files the item has', async () => {
		expect(await refusal(rowsOf('data'), colored(), combined)).toMatch(
			/^Input Images: "data" is not a file field of this item\. It has 'photo', 'a, b\.png', 'logo'\./,
		);
	});

	test('results are where the next node finds them', async () => {
		const { items, error, itemsOf } = await at.run(
			{ ...rowsOf('photo'), options: { binaryPropertyName: 'result' } },
			[await colored()],
			{
				...combined,
				extraNodes: [{ name: 'Next', type: passThrough, after: [{ node: 'Vtrix' }] }],
			},
		);
		expect(error).toBeUndefined();
		const [item] = itemsOf('Next')[0];
		expect(item?.json).toMatchObject({
			width: expect.any(Number),
			_files: { result: { mimeType: expect.stringContaining('image/'), id: expect.any(String) } },
		});
		expect(items[0][0]?.binary).toBeUndefined();
		const { result } = item?.json._files as unknown as Record<string, IBinaryData>;
		expect(await readBinary({ json: {}, binary: { data: result } })).toHaveProperty('length');
	});
});
