import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { fileItem } from '../support/binaryStore';
import { sampleFile } from '../support/sampleImage';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const LINK = 'https://example.com/photo.jpg';
const TEXT_MODEL = { model: 'spark_dream_5_0', prompt: 'A lighthouse' };

const withRows = (...rows: INodeParameters[]) => ({ ...TEXT_MODEL, inputImages: { image: rows } });
const url = (link: string): INodeParameters => ({ source: 'url', url: link });
const file = (fieldName: string): INodeParameters => ({ source: 'file', fieldName });

const run = async (parameters: INodeParameters, json: IDataObject = { photo_url: LINK, id: 7 }) =>
	await at.run(parameters, [{ json }]);

describe('an image row whose expression gives nothing is refused before paying', () => {
	test.each<[string, INodeParameters, string]>([
		['a URL', url('={{ $json.photoUrl }}'), '{{ $json.photoUrl }}'],
		['a file', file('={{ $json.photo }}'), '{{ $json.photo }}'],
		['a field of a field', url('={{ $json.product.photo.url }}'), '{{ $json.product.photo.url }}'],
		['a blank behind it', url('={{ $json.photoUrl }} '), '{{ $json.photoUrl }}'],
		['a line break before it', file('=\n{{ $json.photo }}'), '{{ $json.photo }}'],
		['text before it', url('=https://example.com/{{ $json.photo }}'), '{{ $json.photo }}'],
		[
			'another expression beside it',
			url('=https://example.com/{{ $json.id }}/{{ $json.photo }}.png'),
			'{{ $json.photo }}',
		],
		['null beside text', url('=https://example.com/{{ $json.none ?? null }}.png'), '?? null }}'],
		['the source', { source: '={{ $json.kind }}', url: LINK }, '{{ $json.kind }}'],
	])('%s', async (_, row, expression) => {
		const { error } = await run(withRows(url(LINK), row));
		expect(error?.message).toContain('Input Images, row 2: the expression ');
		expect(error?.message).toContain(`${expression} gives nothing for this item`);
		expect(error?.message).toMatch(/let the field give null where no image is wanted\.$/);
		expect(at.standIn.requests).toEqual([]);
	});

	test.each([
		url('={{ [$json.photo_url, $json.photoUrl] }}'),
		file('={{ [$binary.photo] }}'),
		file('={{ [[null, $json.photo]] }}'),
	])('an entry of the list in %j', async (row) => {
		const { error } = await run(withRows(row));
		expect(error?.message).toMatch(
			/^Input Images, row 1: the expression \{\{ .* \}\} gives a list in which an entry is undefined/,
		);
		expect(at.standIn.requests).toEqual([]);
	});

	test.each(['file', 'url'])('the one image of a model that takes no more (%s)', async (mode) => {
		const { error } = await run({
			model: 'spark_dreamo',
			prompt: 'A lighthouse',
			inputImage: { __rl: true, mode, value: '={{ $json.photoUrl }}' },
		});
		expect(error?.message).toMatch(
			/^Input Image: the expression \{\{ \$json\.photoUrl \}\} gives nothing for this item/,
		);
		expect(at.standIn.requests).toEqual([]);
	});

	test('the message tells what the item has instead', async () => {
		const { error } = await run(withRows(url('={{ $json.photoUrl }}')));
		expect(error?.message).toContain("The item has 'photo_url', 'id'.");
	});

	test('of an item with many fields it tells the first ten', async () => {
		const json = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}`, n]));
		const { error } = await run(withRows(url('={{ $json.photoUrl }}')), json);
		expect(error?.message).toMatch(/The item has 'f0', .*, 'f9'\. Correct/);
	});

	test.each([100, 101])(
		'an expression of %d characters is shown as far as it helps',
		async (length) => {
			const code = `{{ $json.a${' '.repeat(length - 12)}}}`;
			const { error } = await run(withRows(url(`=${code}`)));
			const shown = length > 100 ? `${code.slice(0, 100)}…` : code;
			expect(error?.message).toContain(`the expression ${shown} gives nothing`);
		},
	);

	test('for a file it tells which files the item has', async () => {
		const { error } = await at.run(withRows(file('={{ $binary.data }}')), [
			await fileItem({ photo: await sampleFile() }, { id: 7 }),
		]);
		expect(error?.message).toContain("The item has 'photo'.");
		expect(at.standIn.requests).toEqual([]);
	});

	test('with an error branch only the item that it concerns is refused', async () => {
		const { items, hints } = await at.run(
			withRows(url('={{ $json.photo_url }}')),
			[{ json: { photo_url: LINK } }, { json: { photoUrl: LINK } }],
			{ nodeOverrides: { onError: 'continueErrorOutput' } },
		);
		expect(items[0]).toHaveLength(1);
		expect(items[1]?.[0]?.json.error).toContain("The item has 'photoUrl'.");
		expect(hints).toEqual([]);
		expect(at.standIn.creationsReceived).toBe(1);
	});
});

test.each([
	url('={{ null }}'),
	url("={{ '' }}"),
	url('={{ [] }}'),
	url(''),
	url('  '),
	url(','),
	url('={{ [null] }}'),
	url("={{ [''] }}"),
	url('={{ $json.photoUrl ?? null }}'),
	url("=\u200b{{ '' }}"),
	file('={{ null }}'),
	file('={{ [] }}'),
	file(''),
])('the row %j says that no image is wanted: it goes without, and tells it', async (row) => {
	const { error, hints } = await run(withRows(row));
	expect(error).toBeUndefined();
	expect(at.sentParams()).not.toHaveProperty('image');
	expect(hints.map(({ message }) => message)).toEqual([
		"A row of 'Input Images' is empty, so the request goes without it.",
	]);
});

test.each([
	['={{ "ftp" }}', '"ftp" is not one of the options. Use file or url.'],
	['={{ 5 }}', '5 is not one of the options. Use file or url.'],
])('a source that is neither is refused, and nothing beside it: %s', async (source, told) => {
	const row = { source, url: LINK };
	const { error } = await run({ ...withRows(row), model: 'spark_dreamo' });
	expect(error?.message).toBe(`Input Image, Source: ${told}`);
	expect(at.standIn.requests).toEqual([]);
});

test('a source that is null is a file', async () => {
	const { error } = await run(withRows({ source: '={{ null }}', fieldName: 'photo' }));
	expect(error?.message).toMatch(/^Input Images: "photo" is not there/);
});

test('a list in which an entry is null goes without that one, and tells it', async () => {
	const { error, hints } = await run(withRows(url('={{ ["https://example.com/a.png", null] }}')));
	expect(error).toBeUndefined();
	expect(at.sentParams().image).toBe('https://example.com/a.png');
	expect(hints.map(({ message }) => message)).toEqual([
		"A list of 'Input Images' has an empty entry, so the request goes without that.",
	]);
});

describe('an expression that n8n has not evaluated is refused before paying', () => {
	const PLAIN_TEXT = ` as plain text, which n8n does not fill in. Choose 'Expression' above the field, or correct the data that it comes from.`;

	test.each<[string, INodeParameters, string]>([
		[
			'in a fixed prompt',
			{ ...TEXT_MODEL, prompt: 'A photo of {{ $json.product }}, at dawn' },
			'Prompt contains {{ $json.product }}',
		],
		[
			'in a prompt that comes from data',
			{ ...TEXT_MODEL, prompt: '={{ $json.template }}' },
			'Prompt contains {{$json.name}}',
		],
		[
			'in the parameters of a custom model',
			{
				model: 'custom',
				customModelId: 'spark_dream_5_0',
				customParameters: `{"prompt": "{{ $('Form').item.json.text }}"}`,
			},
			`Parameters contains {{ $('Form').item.json.text }}`,
		],
		[
			'inside parameters that are an object',
			{
				model: 'custom',
				customModelId: 'spark_dream_5_0',
				customParameters: '={{ { prompt: $json.template } }}',
			},
			'Parameters contains {{$json.name}}',
		],
		[
			'of an item',
			{ ...TEXT_MODEL, prompt: 'A {{ $item(0).$json.product }}' },
			'Prompt contains {{ $item(0).$json.product }}',
		],
		[
			'with braces inside',
			{ ...TEXT_MODEL, prompt: 'A {{ $json.tags.map((t) => ({ t })).join() }}' },
			'Prompt contains {{ $json.tags.map((t) => ({ t })).join() }}',
		],
		[
			'over several lines',
			{ ...TEXT_MODEL, prompt: 'On {{\n$now.toISO()\n}}' },
			'Prompt contains {{\n$now.toISO()\n}}',
		],
		[
			'of the editor of AI tools',
			{ ...TEXT_MODEL, prompt: "{{ $fromAI('prompt') }}" },
			"Prompt contains {{ $fromAI('prompt') }}",
		],
		[
			'in a file name',
			{ ...TEXT_MODEL, options: { fileName: '{{ $json.sku }}' } },
			'File Name contains {{ $json.sku }}',
		],
	])('%s', async (_, parameters, message) => {
		const { error } = await run(parameters, { template: 'A {{$json.name}}' });
		expect(error?.message).toBe(message + PLAIN_TEXT);
		expect(at.standIn.requests).toEqual([]);
	});

	test('but where no text is wanted it is told to be none, once', async () => {
		const { error } = await run({
			model: 'spark_t2i_3_0',
			prompt: 'A lighthouse',
			options: { seed: '{{ $json.seed }}' },
		});
		expect(error?.message).toBe('Seed: "{{ $json.seed }}" is not a number. Enter digits only.');
	});

	test.each(['A sign that says {{ $5 }}, {{ name }} and {{ $jsonette }}', '"{{ name }}"'])(
		'other braces are part of a prompt: %s',
		async (prompt) => {
			const { error, hints } = await run({ ...TEXT_MODEL, prompt });
			expect(error).toBeUndefined();
			expect(hints).toEqual([]);
			expect(at.sentParams().prompt).toBe(prompt);
		},
	);
});

describe('a gap that an expression leaves in a text is told of', () => {
	test.each<[string, INodeParameters]>([
		['the prompt', { prompt: '=A photo of {{ $json.produkt }}, {{ $json.id }}' }],
		['a file name', { options: { fileName: '={{ $json.produkt }}-{{ $json.id }}' } }],
	])('in %s, with the expression', async (_, fields) => {
		const { error, hints } = await run({ ...TEXT_MODEL, ...fields });
		expect(error).toBeUndefined();
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(
				/^'(Prompt|File Name)' has a gap: this item has nothing for \{\{ \$json\.produkt \}\}\. Check/,
			),
		]);
	});

	test('once for all items, with those that it concerns', async () => {
		const { hints } = await at.run(
			{ ...TEXT_MODEL, prompt: '=A photo of {{ $json.product }}' },
			[{ product: 'a mug' }, {}, { product: 'a cup' }, {}].map((json) => ({ json })),
		);
		expect(hints.map(({ message }) => message)).toEqual([expect.stringMatching(/\(item 1, 3\)$/)]);
	});

	test('but not where the field is there and empty', async () => {
		const { hints } = await run(
			{ ...TEXT_MODEL, prompt: '=A photo{{ $json.note }}{{ $json.more }}{{ $json.none ?? "" }}' },
			{ note: '', more: null },
		);
		expect(hints).toEqual([]);
	});
});

describe('a text that has become "[object Object]" is told of', () => {
	const PRODUCT = { product: { name: 'mug' }, mood: 'calm' };

	test('in the prompt, with the expression', async () => {
		const { error, hints } = await run(
			{ ...TEXT_MODEL, prompt: '=A photo of {{ $json.product }}, {{ $json.mood }}' },
			PRODUCT,
		);
		expect(error).toBeUndefined();
		expect(hints.map(({ message }) => message)).toEqual([
			`'Prompt' contains "[object Object]", which n8n makes of an object in a text. Look at {{ $json.product }}. Choose a field of the object instead.`,
		]);
	});

	test('in the parameters of a custom model', async () => {
		const { hints } = await run(
			{
				model: 'custom',
				customModelId: 'spark_dream_5_0',
				customParameters: '={"prompt": "A photo of {{ $json.product }}"}',
			},
			PRODUCT,
		);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(
				/^'Parameters' contains "\[object Object\]".*\{\{ \$json\.product \}\}/,
			),
		]);
	});

	test('where it comes so from the node before', async () => {
		const { hints } = await run(
			{ ...TEXT_MODEL, prompt: '={{ $json.text }}' },
			{ text: 'A photo of [object Object]' },
		);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^'Prompt' contains.*Look at \{\{ \$json\.text \}\}/),
		]);
	});

	test('in the name of the output field', async () => {
		const { hints } = await run(
			{ ...TEXT_MODEL, options: { binaryPropertyName: '=of {{ $json.product }}' } },
			PRODUCT,
		);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^'Put Output File in Field' contains/),
		]);
	});

	test('as a task ID it is refused', async () => {
		const { error } = await at.run(
			{ resource: 'task', operation: 'get', taskId: '={{ $json.product }}' },
			[{ json: PRODUCT }],
		);
		expect(error?.message).toMatch(/^Task ID: .*is an object, not an ID/);
		expect(at.standIn.requests).toEqual([]);
	});
});

test.each([
	['blanks', ' \n\t '],
	['no-break spaces', '\u00a0\u2003'],
	['zero-width spaces', '\u200b\u200d\ufeff'],
	['Braille blanks', '\u2800'],
	['Hangul fillers', '\u3164'],
])('a prompt of %s is refused as empty', async (_, prompt) => {
	const { error } = await run({ ...TEXT_MODEL, prompt: '={{ $json.prompt }}' }, { prompt });
	expect(error?.message).toBe('Prompt is empty. Fill it in.');
	expect(at.standIn.requests).toEqual([]);
});
