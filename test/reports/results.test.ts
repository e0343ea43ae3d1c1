/*
 * Results in another form than the one that a client waits for:
 * - CherryHQ/cherry-studio#18415, use-agent-os/agent-os#2446: a picture as link where base64 was expected
 * - vercel/ai#5315: a picture as bare base64
 * - googleapis/js-genai#321: an entry without a picture, and its reason beside it
 * - axios/axios#2419: JSON behind a byte order mark
 */
import { readBinary } from '../support/binaryStore';
import { sampleImage } from '../support/sampleImage';
import { atSmallGateway } from '../support/smallGateway';

const at = atSmallGateway({ pollInterval: 0.03 });
const CUSTOM = { model: 'custom', customModelId: 'spark_asset_get', customParameters: '{}' };
const completed = (content: unknown[], more = {}) => ({
	status: 'completed',
	output: [{ content }],
	...more,
});
const answer = (body: object) => {
	at.poll = ({ id }) => ({ body: { id, ...body } });
};
const jsonOf = async (parameters = {}) =>
	(await at.run(parameters)).items[0].map(({ json }) => json);
const text = (words: string) => ({ type: 'text', url: '', text: words });

describe('a result that is text', () => {
	test('comes out as text, without a file', async () => {
		answer(completed([text('A cat.'), text('And a dog.')], { usage: { cost: '0.01' } }));
		const { items, error } = await at.run(CUSTOM);
		expect(error).toBeUndefined();
		expect(items[0]).toEqual([
			{
				json: {
					taskId: 'task-0',
					model: 'spark_asset_get',
					prompt: null,
					text: 'A cat.\nAnd a dog.',
					cost: 0.01,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('is read where it is JSON, with every digit', async () => {
		answer(completed([text('{"Id": 1234567890123456789, "Status": "Active"}')]));
		expect(await jsonOf(CUSTOM)).toMatchObject([
			{
				text: '{"Id": 1234567890123456789, "Status": "Active"}',
				textJson: { Id: '1234567890123456789', Status: 'Active' },
			},
		]);
	});

	test.each([
		['several', ['{"a":1}', '[2]'], [{ a: 1 }, [2]]],
		['a number', ['7'], undefined],
		['broken', ['{"a":'], undefined],
		['one beside words', ['{"a":1}', 'words'], undefined],
		['nested too deep to be stored', [`${'['.repeat(5000)}${']'.repeat(5000)}`], undefined],
	])('is read only where all of it is an object or a list: %s', async (_, texts, textJson) => {
		answer(completed(texts.map(text)));
		const [json] = await jsonOf(CUSTOM);
		expect(json.text).toBe(texts.join('\n'));
		expect(json.textJson).toEqual(textJson);
	});

	test('stands beside the files of the same task, also in one item', async () => {
		answer(completed([text('Two cats.'), { url: at.link }, { url: at.link }]));
		expect(await jsonOf()).toMatchObject([{ text: 'Two cats.' }, { text: 'Two cats.' }]);
		const [one] = await jsonOf({ options: { combineImages: true } });
		expect(one).toMatchObject({ text: 'Two cats.', binaryPropertyNames: 'data,data_2' });
	});

	test('is not lost with the only image', async () => {
		answer(completed([text('No cat.'), { type: 'image', status: 'failed', message: 'blocked' }]));
		const { items, hints } = await at.run();
		expect(items[0].map(({ json }) => json.text)).toEqual(['No cat.']);
		expect(hints[0].message).toMatch(/blocked/);
	});

	test('is fetched by the ID of its task', async () => {
		answer(completed([text('A cat.')]));
		const get = { resource: 'task', operation: 'get', taskId: 't-7' };
		expect(await jsonOf(get)).toMatchObject([{ taskId: 't-7', text: 'A cat.' }]);
	});
});

describe('a picture', () => {
	const forms = ['a link', 'a data URI', 'bare base64', 'base64 in a URL'] as const;
	const keys = ['url', 'image', 'b64_json', 'base64'] as const;
	let picture: Buffer;
	beforeAll(async () => {
		picture = await sampleImage({ width: 64, height: 48, bytes: 300_000 });
	});
	const write = (form: (typeof forms)[number]): string => {
		const base64 = picture.toString('base64');
		if (form === 'a link') return at.link;
		if (form === 'a data URI') return `data:image/jpeg;base64,${base64}`;
		return form === 'bare base64' ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_');
	};

	test.each(keys.flatMap((key) => forms.map((form) => [form, key] as const)))(
		'that comes as %s under %s is delivered',
		async (form, key) => {
			answer(completed([{ type: 'image', [key]: write(form) }]));
			const { items, error, hints } = await at.run();
			expect(error).toBeUndefined();
			expect(items[0]).toHaveLength(1);
			expect(JSON.stringify(items[0][0].json).length).toBeLessThan(2000);
			if (form !== 'a link') expect((await readBinary(items[0][0])).equals(picture)).toBe(true);
			expect(hints.map(({ message }) => message.length < 500)).not.toContain(false);
		},
	);

	test.each(['a data URI', 'bare base64'] as const)(
		'that comes as %s in a list alone is delivered',
		async (form) => {
			answer({ status: 'completed', output: [write(form), write(form)] });
			const { items } = await at.run();
			expect(items[0]).toHaveLength(2);
			expect((await readBinary(items[0][1])).equals(picture)).toBe(true);
		},
	);

	test.each<[string, () => object]>([
		['under another form of link', () => ({ image_url: { url: at.link } })],
		['in an envelope', () => ({ images: [{ url: at.link }] })],
	])('is found %s', async (_, entry) => {
		answer({ status: 'completed', output: entry() });
		expect((await at.run()).items[0][0].binary).toBeDefined();
	});

	test('that was sent, and is repeated in the answer, is none of the result', async () => {
		const input = [{ params: { image: write('a data URI') } }];
		at.poll = ({ id }) => ({ body: { id, input, ...completed([{ url: at.link }]) } });
		expect((await at.run()).items[0]).toHaveLength(1);
	});

	test('that is no picture is told in a short message', async () => {
		answer(completed([{ url: `data:image/png;base64,${'A'.repeat(400_000)}` }]));
		const { error } = await at.run();
		expect(error?.message).toMatch(/could not be kept: what came was not an image/);
		expect(JSON.stringify(error).length).toBeLessThan(5000);
	});
});

describe('an entry that is called image and has no file', () => {
	test.each([
		[{ type: 'image', status: 'failed', message: 'blocked' }, /blocked/],
		[{ type: 'image', url: null, reason: 'unsafe content' }, /unsafe content/],
		[{ type: 'image', url: '', status: 'filtered' }, /filtered/],
		[{ type: 'image', finish_reason: 'content_filter' }, /content_filter/],
		[{ type: 'image' }, /no reason was given/],
	])('is a missing image: %j', async (entry, words) => {
		answer(completed([{ url: at.link }, entry]));
		const { items, hints } = await at.run();
		expect(items[0].map(({ json }) => [json.index, json.total])).toEqual([[1, 2]]);
		expect(hints[0].message).toMatch(words);
	});

	test('is told as the reason where it is alone', async () => {
		answer(completed([{ type: 'image', status: 'failed', message: 'blocked' }]));
		const { error } = await at.run();
		expect(`${error?.message} ${String(error?.description)}`).toMatch(/blocked/);
	});
});

describe('an answer behind a byte order mark', () => {
	const marked = (body: object) => ({
		body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(body))]),
	});

	test('is read like any other', async () => {
		at.create = () => marked({ id: 't-1', status: 'in_progress' });
		at.poll = ({ id }) => marked(at.done(id));
		expect((await at.run()).items[0][0].json.taskId).toBe('t-1');
	});

	test('tells a refusal, too', async () => {
		at.create = () => ({ ...marked({ message: 'bad size' }), status: 400 });
		expect((await at.run()).error?.description).toMatch(/bad size/);
	});
});
