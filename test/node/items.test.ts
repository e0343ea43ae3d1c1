import type { IBinaryData } from 'n8n-workflow';
import type { Task } from '../../nodes/Vtrix/core/exchange/answers/task';
import type { Outcome } from '../../nodes/Vtrix/core/pipeline/generate';
import { toItems } from '../../nodes/Vtrix/n8n/output/items';

type Facts = Parameters<typeof toItems>[1];
type Image = Outcome<IBinaryData>['images'][number];

const facts: Facts = {
	itemIndex: 3,
	model: 'painter',
	prompt: 'a cat',
	parameters: { prompt: 'a cat' },
	binaryPropertyName: 'data',
	simplify: true,
	forAgent: false,
	combineImages: false,
	filesInJson: false,
};
const CREATED = Date.UTC(2030, 0, 1);
const AT = '2030-01-01T00:00:00.000Z';

const picture = (name: string, id?: string): Image => ({
	url: `https://example.com/${name}`,
	picture: {
		stored: { data: '', mimeType: 'image/png', fileName: name, ...(id && { id }) },
		header: { extension: 'png', mimeType: 'image/png', width: 60, height: 40 },
		bytes: 1234,
	},
});
const missing: Image = { problem: new Error('It is gone') };

/** The items of a task that has ended, unless told. */
const itemsOf = (task: Partial<Task>, images: Image[] = [], more: Partial<Facts> = {}) =>
	toItems(
		{
			task: { id: 'task-1', state: 'completed', images: [], createdAt: CREATED, ...task },
			submittedAt: undefined,
			images,
			warnings: [],
		},
		{ ...facts, ...more },
	);
const jsonOf = (...args: Parameters<typeof itemsOf>) => itemsOf(...args).map(({ json }) => json);

describe('a running task', () => {
	test('is told by the service’s word for it, beside its item', () => {
		expect(itemsOf({ state: 'running', status: 'queued', progress: 0.5 })).toEqual([
			{
				json: {
					taskId: 'task-1',
					status: 'queued',
					progress: 0.5,
					model: 'painter',
					createdAt: AT,
					prompt: 'a cat',
				},
				pairedItem: { item: 3 },
			},
		]);
	});

	test('has a word of ours where the service gives none, and no prompt where none is known', () => {
		const [json] = jsonOf({ state: 'running', model: 'other' }, [], { prompt: null });
		expect(json).toEqual({
			taskId: 'task-1',
			status: 'in_progress',
			progress: null,
			model: 'other',
			createdAt: AT,
		});
	});

	test.each([0, -1, 9e15])('has no time of creation where %d is told', (createdAt) => {
		expect(jsonOf({ state: 'running', createdAt })[0].createdAt).toBeNull();
	});
});

describe('an image', () => {
	test('comes with its place in the task, its link with an end, and its file', () => {
		const one = picture('a.png');
		const items = itemsOf({ cost: 0.3 }, [missing, one, picture('b.png')]);
		expect(items[0]).toEqual({
			json: {
				taskId: 'task-1',
				model: 'painter',
				prompt: 'a cat',
				index: 2,
				total: 3,
				url: one.url,
				expiresAt: '2030-01-02T00:00:00.000Z',
				width: 60,
				height: 40,
				cost: 0.3,
			},
			binary: { data: one.picture?.stored },
			pairedItem: { item: 3 },
		});
		expect(items.map(({ json }) => json.index)).toEqual([2, 3]);
	});

	test('tells all else without Simplify, its share of the cost among those that came', () => {
		const usage = { tokens: 7 };
		const task = { cost: 0.3, usage, model: 'other' };
		const images = [picture('a.png'), missing, picture('b.png')];
		expect(jsonOf(task, images, { simplify: false })[0]).toMatchObject({
			model: 'other',
			fileName: 'a.png',
			mimeType: 'image/png',
			fileSize: 1234,
			costPerImage: 0.15,
			createdAt: AT,
			usage,
			parameters: facts.parameters,
		});
	});

	test('that was not downloaded has a link and no file, and nothing that it would show', () => {
		const [item] = itemsOf({}, [{ url: 'https://example.com/a' }], { simplify: false });
		expect(item).not.toHaveProperty('binary');
		expect(item.json).toMatchObject({
			url: 'https://example.com/a',
			...{ width: null, height: null, cost: null, costPerImage: null, usage: null },
			...{ fileName: null, mimeType: null, fileSize: null },
		});
	});

	test('that came inside the answer has no link, and none that ends', () => {
		const inline = picture('a.png');
		delete inline.url;
		expect(jsonOf({}, [inline])[0]).toMatchObject({ url: null, expiresAt: null, width: 60 });
	});
});

describe('texts', () => {
	test('come beside the images of a task, or by themselves', () => {
		const texts = ['one', 'two'];
		expect(jsonOf({ texts }, [picture('a.png')])).toMatchObject([{ index: 1, text: 'one\ntwo' }]);
		expect(itemsOf({ texts, cost: 0.1 })).toEqual([
			{
				json: {
					taskId: 'task-1',
					model: 'painter',
					prompt: 'a cat',
					text: 'one\ntwo',
					cost: 0.1,
				},
				pairedItem: { item: 3 },
			},
		]);
		expect(jsonOf({ texts, model: 'other' }, [], { simplify: false })[0]).toMatchObject({
			model: 'other',
			cost: null,
			createdAt: AT,
			usage: null,
			parameters: facts.parameters,
		});
		expect(jsonOf({ texts }, [missing])).toMatchObject([{ text: 'one\ntwo' }]);
		expect(jsonOf({}, [missing])).toEqual([]);
	});

	const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

	test.each([
		['an object', ['{"id": 12345678901234567890}'], { id: '12345678901234567890' }],
		['a list', [' \n[1]'], [1]],
		['one of each', ['{}', '[2]'], [{}, [2]]],
		['words', ['{ a'], undefined],
		['a number', ['7'], undefined],
		['a text that begins otherwise', ['see [1]'], undefined],
		['partly words', ['{}', 'and so on'], undefined],
		['nested as deep as n8n can store', [deep(65)], JSON.parse(deep(65))],
		['nested deeper', [deep(66)], undefined],
		['an object with nothing in it', ['{"a": null}'], { a: null }],
	])('are read where all of them are JSON: %s', (_, texts, read) => {
		expect(jsonOf({ texts })[0].textJson).toEqual(read);
	});
});

describe('images in one item', () => {
	const combined = (more: Partial<Facts> = {}, id?: string) =>
		itemsOf({}, [picture('a.png', id), { url: 'https://example.com/b' }, picture('c.png', id)], {
			combineImages: true,
			...more,
		});

	test('have their files side by side, each named by the image that it is of', () => {
		const [{ json, binary, pairedItem }, ...others] = combined();
		expect(others).toEqual([]);
		expect(Object.keys(binary ?? {})).toEqual(['data', 'data_2']);
		expect(binary?.data_2.fileName).toBe('c.png');
		expect(pairedItem).toEqual({ item: 3 });
		expect(json).toMatchObject({ taskId: 'task-1', binaryPropertyNames: 'data,data_2' });
		expect(json.images).toMatchObject([
			{ index: 1, fileName: 'a.png', binaryPropertyName: 'data', width: 60 },
			{ index: 2, fileName: null, binaryPropertyName: null, url: 'https://example.com/b' },
			{ index: 3, fileName: 'c.png', binaryPropertyName: 'data_2', expiresAt: expect.any(String) },
		]);
		expect(json.images).not.toMatchObject([{ mimeType: 'image/png' }, {}, {}]);
		expect(combined({ simplify: false })[0].json.images).toMatchObject([
			{ mimeType: 'image/png', fileSize: 1234 },
			{ mimeType: null, fileSize: null },
			{},
		]);
	});

	test('without files name none', () => {
		const [item] = itemsOf({}, [{ url: 'https://example.com/b' }], { combineImages: true });
		expect(item).not.toHaveProperty('binary');
		expect(item.json.binaryPropertyNames).toBe('');
	});

	test.each([
		['data', '_files.data,_files.data_2'],
		['my file', '_files.my file,_files.my file_2'],
		['a.b', '_files["a.b"],_files["a.b_2"]'],
		['a"b', '_files["a\\"b"],_files["a\\"b_2"]'],
	])('are named by their place where n8n moves them into the JSON: %s', (field, names) => {
		const more = { filesInJson: true, binaryPropertyName: field };
		expect(combined(more, 'stored')[0].json.binaryPropertyNames).toBe(names);
		expect(combined(more)[0].json.binaryPropertyNames).toBe(`${field},${field}_2`);
	});

	test('are nothing where none came, and a text stays as it is', () => {
		expect(itemsOf({}, [missing], { combineImages: true })).toEqual([]);
		expect(jsonOf({ texts: ['one'] }, [], { combineImages: true })[0].text).toBe('one');
	});
});

describe('an agent', () => {
	const forAgent = { forAgent: true };

	test('is told that a task still runs', () => {
		expect(jsonOf({ state: 'running' }, [], forAgent)[0].message).toMatch(/still running/);
		expect(jsonOf({ state: 'running' })[0]).not.toHaveProperty('message');
	});

	test('gets an answer for each image, or one for all of them, or the whole JSON', () => {
		const images = [picture('a.png'), picture('b.png')];
		const each = jsonOf({}, images, forAgent);
		expect(each.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Image 1 of 2 is ready/),
			expect.stringMatching(/^Image 2 of 2 is ready/),
		]);
		const all = itemsOf({}, images, { ...forAgent, combineImages: true });
		expect(all).toHaveLength(1);
		expect(all[0].json.images).toHaveLength(2);
		expect(all[0].json.message).toMatch(/^Image 1 of 2 .*\nImage 2 of 2 /);
		const whole = { ...forAgent, simplify: false };
		expect(jsonOf({}, images, whole)[0]).not.toHaveProperty('message');
		expect(jsonOf({}, images, { ...whole, combineImages: true })[0]).toMatchObject({
			binaryPropertyNames: 'data,data_2',
		});
	});
});
