import { defineModel } from '../../nodes/Vtrix/core/definition/model';
import { choice, integer, text } from '../../nodes/Vtrix/core/definition/parameters';
import { defineSize } from '../../nodes/Vtrix/core/definition/size';
import { findErrorAdvice, MODELS } from '../../nodes/Vtrix/models';
import { startStandIn, type StandIn } from '../standin';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { dropdownValues, generating, innerFields, shownField, shownFields } from './shownFields';

/** What the new file would hold. */
const painter = defineModel({
	id: 'custom_painter',
	displayName: 'Painter',
	description: 'A model that nobody knows yet',
	parameters: {
		prompt: text({ displayName: 'Prompt', description: 'What to paint', required: true }),
		brush_size: integer({
			displayName: 'Brush Size',
			description: 'How broad the strokes are',
			min: 1,
			max: 9,
			default: 3,
		}),
		paint_kind: choice({
			displayName: 'Paint',
			description: 'What to paint with',
			path: ['params', 'paint_options', 'kind'],
			options: [
				{ value: 'oil', name: 'Oil' },
				{ value: 'water', name: 'Watercolor' },
			],
			default: 'oil',
		}),
	},
	images: { min: 0, max: 2, formats: ['png'], maxBytes: 1_000_000, sentAs: 'separate' },
	size: defineSize({
		sentAs: 'sides',
		side: { min: 64, max: 640 },
		default: { width: 640, height: 480 },
		presets: [{ ratio: '4:3', width: 640, height: 480 }],
	}),
	errorCodes: { '003099001': { message: 'The brush broke', advice: 'Use a smaller brush.' } },
});

let standIn: StandIn;
let store: BinaryStore;
let harness: typeof import('../node/runVtrix');

const run = async (parameters: Parameters<typeof harness.runVtrix>[1]) =>
	await harness.runVtrix(standIn, { model: painter.id, prompt: 'A cat', ...parameters });

beforeAll(async () => {
	// the one line in the registry, before the node derives its fields from it
	Array.prototype.push.call(MODELS, painter);
	harness = await import('../node/runVtrix');
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: 20, tinyImages: true });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());

describe('a sixth model, added by one file and one line', () => {
	const names = (fields: Array<{ name: string }>) => fields.map(({ name }) => name);

	test('is offered, with its own fields and no others', () => {
		const { node } = harness.vtrixOptions(standIn, {});
		const values = { ...generating(painter.id), size: 'custom' };
		expect(
			dropdownValues(shownField(node, { resource: 'image', operation: 'generate' }, 'model')),
		).toContain(painter.id);
		expect(names(shownFields(node, values))).toEqual([
			'resource',
			'operation',
			'model',
			'prompt',
			'inputImages',
			'size',
			'width',
			'height',
			'simplify',
			'options',
		]);
		const options = innerFields(shownField(node, values, 'options'));
		expect(options.find(({ name }) => name === 'brushSize')).toMatchObject({
			type: 'number',
			default: 3,
			typeOptions: { minValue: 1, maxValue: 9, numberPrecision: 0 },
		});
		expect(names(options)).toEqual(expect.arrayContaining(['brushSize', 'paintKind', 'timeout']));
		expect(names(options)).not.toContain('seed');
		expect(dropdownValues(shownField(node, values, 'size'))).toEqual([
			'default',
			'like_input',
			'640x480',
			'custom',
		]);
	});

	test('is checked against its own limits before anything is sent', async () => {
		const { error } = await run({
			size: 'custom',
			width: 63,
			height: 480,
			options: { brushSize: 10, paintKind: 'chalk' },
		});
		expect(error?.message).toContain('Brush Size: 10 is too high. The largest value is 9.');
		expect(error?.message).toContain('Paint: "chalk" is not one of the options.');
		expect(error?.message).toContain('Width: 63 is too low. The smallest value is 64.');
		expect(standIn.requests).toEqual([]);
	});

	test('is asked under the names of the API, and its image comes out as a file', async () => {
		const { items, error } = await run({
			size: '640x480',
			inputImages: { image: [{ source: 'url', url: 'https://example.com/cat.png' }] },
			options: { brushSize: '4', paintKind: 'water' },
		});
		expect(error).toBeUndefined();
		expect(standIn.requests[0].body).toEqual({
			model: painter.id,
			input: [
				{
					params: {
						prompt: 'A cat',
						brush_size: 4,
						paint_options: { kind: 'water' },
						width: 640,
						height: 480,
						image_urls: ['https://example.com/cat.png'],
					},
				},
			],
		});
		expect(await readBinary(items[0][0])).toEqual(await standIn.imageBytes(standIn.tasks[0].id, 0));
	});

	test('gives its own advice for its own error codes', () => {
		expect(findErrorAdvice('003099001')?.advice).toBe('Use a smaller brush.');
	});
});
