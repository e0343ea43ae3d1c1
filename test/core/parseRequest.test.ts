import { defineModel } from '../../nodes/Vtrix/core/definition/model';
import {
	choice,
	id,
	integer,
	json,
	text,
	unavailable,
} from '../../nodes/Vtrix/core/definition/parameters';
import { PlacedFile } from '../../nodes/Vtrix/core/definition/placedFile';
import { defineSize } from '../../nodes/Vtrix/core/definition/size';
import { parseRequest, type RawParameters } from '../../nodes/Vtrix/core/request/parseRequest';

const label = (displayName: string) => ({ displayName, description: 'What it is' });
const CAMERA = ['params', 'shot', 'camera'];

/** A model that is named by its user, with an object in its parameters, and files anywhere. */
const filmer = defineModel({
	id: 'filmer',
	...label('Filmer'),
	parameters: {
		name: id({ ...label('Name'), path: ['model'] }),
		prompt: text({ ...label('Prompt'), required: true, discouraged: '$' }),
		camera_move: text({ ...label('Move'), path: [...CAMERA, 'move'], requiredWith: CAMERA }),
		camera_speed: integer({ ...label('Speed'), path: [...CAMERA, 'speed'], min: 1 }),
		settings: json({ ...label('Settings') }),
		tools: unavailable({ ...label('Tools'), options: [], reason: 'it is closed' }),
	},
	takesFiles: true,
	errorCodes: {},
});

const size = defineSize({
	sentAs: 'sides',
	area: { max: 1_000_000 },
	ratio: { min: 1 / 3, max: 3 },
	default: { width: 800, height: 800 },
	presets: [],
});

/** A model with images, a size, and groups. */
const painter = defineModel({
	id: 'painter',
	...label('Painter'),
	parameters: {
		group: choice({ ...label('Group'), options: [{ value: 'auto', name: 'Auto' }] }),
		most: integer({ ...label('Most'), min: 1, max: 9 }),
	},
	images: {
		min: 0,
		max: 4,
		maxBytes: 1_000_000,
		formats: ['png'],
		sentAs: 'mixed',
		referenceTypes: choice({ ...label('Type'), options: [{ value: 'face', name: 'Face' }] }),
	},
	size,
	imageGroup: {
		maxTotal: 5,
		limitedBy: 'most',
		enabledBy: { parameter: 'group', value: 'auto' },
	},
	errorCodes: {},
});

interface Wish extends Partial<Omit<RawParameters, 'size'>> {
	size?: unknown;
}
const parse = (model: typeof filmer, { size: chosen, ...wish }: Wish) =>
	parseRequest(model, {
		parameters: {},
		images: [],
		...wish,
		size: { size: chosen, width: undefined, height: undefined },
	});
const toldOf = ({ issues }: ReturnType<typeof parse>) =>
	issues.map((issue) => `${issue.label} ${issue.message}`);

const prompt = { prompt: 'a cat' };
const at = (path: string) => ({ label: 'File', path, files: [new PlacedFile()] });

describe('what is sent', () => {
	test('goes to the model of the declaration, unless the user names one', () => {
		expect(parse(filmer, { parameters: prompt }).request).toEqual({
			model: 'filmer',
			params: prompt,
		});
		expect(parse(filmer, { parameters: { ...prompt, name: 'other' } }).request).toEqual({
			model: 'other',
			params: prompt,
		});
	});

	test('is nothing of what is wrong', () => {
		const parsed = parse(filmer, { parameters: { ...prompt, settings: '{', camera_speed: 'x' } });
		expect(parsed.issues.map((issue) => issue.label)).toEqual(['Speed', 'Settings']);
		expect(parsed.request.params).toEqual(prompt);
	});

	test('is also what is advised against, with a warning', () => {
		const parameters = { prompt: 'a $ sign' };
		const { request, warnings, issues } = parse(filmer, { parameters });
		expect(request.params).toEqual(parameters);
		expect(warnings).toEqual([expect.stringContaining("'Prompt' contains $")]);
		expect(issues).toEqual([]);
	});
});

test('what is not offered at present is not sent, and a warning says so', () => {
	const { request, warnings, issues } = parse(filmer, { parameters: { ...prompt, tools: ['a'] } });
	expect(request.params).toEqual(prompt);
	expect(warnings).toEqual(["'Tools' was not sent: it is closed."]);
	expect(issues).toEqual([]);
});

describe('a parameter that is required', () => {
	test('comes also as a file', () => {
		const missing = parse(filmer, {});
		expect(toldOf(missing)).toEqual(['Prompt is empty. Fill it in.']);
		expect(missing.request.params).toEqual({});
		const mark = at('prompt');
		expect(parse(filmer, { files: [at('photo'), mark] })).toMatchObject({
			issues: [],
			request: { params: { prompt: mark.files[0] } },
		});
		expect(toldOf(parse(filmer, { files: [at('photo')] }))).toEqual(toldOf(missing));
	});

	test('of an object is asked for once another one of the object is set', () => {
		expect(toldOf(parse(filmer, { parameters: { ...prompt, camera_speed: 1 } }))).toEqual([
			"Move is empty. Fill it in, or leave all of 'shot.camera' empty.",
		]);
		const camera = { camera_speed: 1, camera_move: 'left' };
		const { issues, request } = parse(filmer, { parameters: { ...prompt, ...camera } });
		expect(issues).toEqual([]);
		expect(request.params).toEqual({
			...prompt,
			shot: { camera: { speed: 1, move: 'left' } },
		});
	});
});

describe('a file that the user has named a place for', () => {
	const placed = (path: string, settings?: string) => {
		const file = at(path);
		const { request, issues } = parse(filmer, {
			parameters: { ...prompt, ...(settings && { settings }) },
			files: [file],
		});
		const marked = JSON.stringify(request.params, (_, value: unknown) =>
			value === file.files[0] ? 'FILE' : value,
		);
		return issues.length > 0 ? issues.map(({ message }) => message) : JSON.parse(marked);
	};

	test.each([
		['photo', { photo: 'FILE' }],
		[' $.photo ', { photo: 'FILE' }],
		['$photo', { photo: 'FILE' }],
		['photos[]', { photos: ['FILE'] }],
		['photos[0]', { photos: ['FILE'] }],
		['content[0].image_url.url', { content: [{ image_url: { url: 'FILE' } }] }],
		['content["image url"]', { content: { 'image url': 'FILE' } }],
		["content['an image']", { content: { 'an image': 'FILE' } }],
		['price$.image', { price$: { image: 'FILE' } }],
		['content[].url', { content: [{ url: 'FILE' }] }],
	])('stands there, with what is on the way: %s', (path, params) => {
		expect(placed(path)).toEqual({ ...prompt, ...params });
	});

	test.each([
		['settings.list[1]', { list: ['a', 'FILE'] }],
		['settings.list[0]', { list: ['FILE'] }],
		['settings.list[]', { list: ['a', 'FILE'] }],
		['settings.list', { list: ['a', 'FILE'] }],
		['settings.other', { list: ['a'], other: 'FILE' }],
		['settings.toString', { list: ['a'], toString: 'FILE' }],
	])('stands beside what else is set: %s', (path, settings) => {
		expect(placed(path, '{"list": ["a"]}')).toEqual({ ...prompt, settings });
	});

	test.each([
		['', /^is not the place of a parameter\. Write it as image_url, images\[\]/],
		['a b', /^is not the place of a parameter/],
		['a..b', /^is not the place of a parameter/],
		['[0]', /^is not the place of a parameter/],
		['prompt.inner', /^asks for 'inner' of something that is a single value\./],
		['settings.list.inner', /^asks for 'inner' of something that is a list\./],
		['settings[0]', /^asks for an entry of something that is an object\./],
		['settings.list[2]', /^asks for entry \[2\] of a list of 1 entry, counted from \[0\]/],
		['settings.list[12]', /^asks for entry \[12\] of a list of 1 entry/],
		['photos[1]', /^asks for entry \[1\] of a list of 0 entries, counted from \[0\]/],
		['photos[0][1]', /^asks for entry \[1\] of a list of 0 entries/],
	])('is refused where it cannot stand: %j', (path, message) => {
		expect(placed(path, '{"list": ["a"]}')).toEqual([expect.stringMatching(message)]);
	});

	test('has others beside it, in their order', () => {
		const [one, two] = [new PlacedFile(), new PlacedFile()];
		const files = [one, two];
		const parameters = { ...prompt, settings: '{"list": ["a"]}' };
		const params = (path: string) =>
			parse(filmer, { parameters, files: [{ label: 'File', path, files }] }).request.params;
		expect(params('photos')).toMatchObject({ photos: [one, two] });
		expect(params('photos[]')).toMatchObject({ photos: [one, two] });
		expect(params('settings.list')).toMatchObject({ settings: { list: ['a', one, two] } });
	});
});

describe('input images', () => {
	const url = 'https://example.com/a.png';

	test('are told of where their links or types are wrong', () => {
		const images = [
			{ url: 'nowhere' },
			{ url, referenceType: 'hand' },
			{ url, referenceType: 'face' },
			{ binaryPropertyName: 'photo', referenceType: '' },
		];
		expect(toldOf(parse(painter, { images }))).toEqual([
			expect.stringMatching(/^Type is not one of/),
			expect.stringMatching(/^Input Images is not a complete URL/),
		]);
	});

	test('decide the size only where it is to follow them', () => {
		expect(parse(painter, { size: 'like_input', images: [{ url }] }).isLikeInput).toBe(true);
		expect(parse(painter, { size: 'default', images: [{ url }] }).isLikeInput).toBe(false);
		expect(parse(filmer, { parameters: prompt }).isLikeInput).toBe(false);
		expect(toldOf(parse({ ...filmer, size }, { parameters: prompt, size: 'like_input' }))).toEqual([
			expect.stringMatching(/^Size follows the input image, and this model takes none/),
		]);
	});

	test('leave room for so many images of a group, and no more are asked for', () => {
		const images = [{ url }, { url }, { url }];
		const group = (most: number) =>
			parse(painter, { images, parameters: { group: 'auto', most }, size: '800x400' });
		expect(group(2)).toMatchObject({
			issues: [],
			warnings: [],
			request: { params: { group: 'auto', most: 2, width: 800, height: 400 } },
		});
		expect(toldOf(group(3))).toEqual([expect.stringMatching(/^Most is too high .* use 2 or less/)]);
		const alone = parse(painter, { images, parameters: { most: 2 } });
		expect(alone.warnings).toEqual([expect.stringMatching(/^'Most' has no effect unless 'Group'/)]);
	});
});
