import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { toFieldName } from '../../nodes/Vtrix/core/definition/model';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { DOCUMENTED_MODELS, MODELS_WITH_IMAGES, type DocumentedModel } from './checking';
import { declared, documentedSizes, plainParameters } from './documented';
import type { ParameterFact } from '../standin/facts';
import savedForms from './savedForms.json';
import { dropdownValues, generating, innerFields, shownField, shownFields } from './shownFields';

const node = new Vtrix();
const names = (fields: INodeProperties[]) => fields.map(({ name }) => name);

/** Options of the node itself, offered beside the model's own parameters. */
const DELIVERY_OPTIONS = [
	'binaryPropertyName',
	'combineImages',
	'downloadImages',
	'fileName',
	'maxConcurrency',
	'maxFileSize',
	'maxPollsPerSecond',
	'pollInterval',
	'timeout',
	'waitForCompletion',
];
const GENERATE_OPTIONS = [...DELIVERY_OPTIONS, 'dryRun', 'spendingLimit'];
const IMAGE_OPTIONS = ['checkImageUrls'];

/** Names of the models' options as saved workflows hold them: a renamed one would be lost. */
const MODEL_OPTIONS: Record<string, string[]> = {
	spark_dreamo: ['seed', 'useRephraser'],
	spark_multi_dreamo: [
		'seed',
		'useRephraser',
		'guidanceScale1',
		'guidanceScale2',
		'ddimSteps',
		'swapFace',
		'rephraserLevel',
	],
	spark_i2i_3_0: ['seed', 'scale'],
	spark_t2i_3_0: ['usePreLlm', 'seed'],
	spark_image_3_1: ['usePreLlm', 'seed'],
	spark_dream_3_0: ['usePreLlm', 'seed', 'scale'],
	spark_dream_4_5: [
		'sequentialImageGeneration',
		'maxImages',
		'stream',
		'watermark',
		'optimizePromptMode',
	],
	spark_dream_5_0: [
		'sequentialImageGeneration',
		'maxImages',
		'stream',
		'watermark',
		'optimizePromptMode',
		'outputFormat',
		'responseFormat',
		'tools',
	],
};

describe('saved workflows find again', () => {
	test('the node and its credential under their names', () => {
		const credential = new VtrixApi();
		expect(node.description.name).toBe('vtrix');
		expect(credential.name).toBe('vtrixApi');
		expect(names(credential.properties)).toEqual(['apiKey', 'baseUrl', 'descriptionsUrl']);
		expect(node.description.credentials).toEqual([
			expect.objectContaining({ name: 'vtrixApi', required: true }),
		]);
	});

	test('every resource, operation and model under its value', () => {
		const { properties } = node.description;
		const [resource] = properties;
		expect(resource.name).toBe('resource');
		expect(dropdownValues(resource)).toEqual(['image', 'task']);
		const operations = (resourceName: string) =>
			dropdownValues(shownField(node, { resource: resourceName }, 'operation'));
		expect(operations('image')).toEqual(['generate']);
		expect(operations('task')).toEqual(['get']);
		const models = dropdownValues(
			shownField(node, { resource: 'image', operation: 'generate' }, 'model'),
		);
		expect([...models].sort()).toEqual([...Object.keys(MODEL_OPTIONS), 'custom'].sort());
	});

	test('every field of the form under its name', () => {
		expect([...new Set(names(node.description.properties))].sort()).toEqual([
			'customModelId',
			'customParameters',
			'describedModel',
			'describedParameters',
			'height',
			'inputFiles',
			'inputImage',
			'inputImages',
			'model',
			'operation',
			'options',
			'parametersAs',
			'prompt',
			'resource',
			'simplify',
			'size',
			'taskId',
			'width',
		]);
	});
});

describe('the form shows', () => {
	const CHOSEN = ['resource', 'operation', 'model'];

	/** The field for input images: one of its own for a single image. */
	const imageField = ({ facts: { images } }: DocumentedModel) =>
		images.maxCount === 0 ? [] : [images.maxCount === 1 ? 'inputImage' : 'inputImages'];

	test.each(DOCUMENTED_MODELS)('prompt, input images and size for $id', (documented) => {
		const values = { ...generating(documented.id), size: 'default' };
		expect(names(shownFields(node, values))).toEqual([
			...CHOSEN,
			'prompt',
			...imageField(documented),
			'size',
			'simplify',
			'options',
		]);
	});

	test.each(DOCUMENTED_MODELS)(
		'width and height too for $id with a size of its own',
		(documented) => {
			const fields = names(shownFields(node, { ...generating(documented.id), size: 'custom' }));
			expect(fields).toEqual([
				...CHOSEN,
				'prompt',
				...imageField(documented),
				'size',
				'width',
				'height',
				'simplify',
				'options',
			]);
		},
	);

	test('an ID and parameters for Custom Model', () => {
		expect(names(shownFields(node, generating('custom')))).toEqual([
			...CHOSEN,
			'parametersAs',
			'customModelId',
			'customParameters',
			'inputFiles',
			'simplify',
			'options',
		]);
	});

	test('nothing but an ID for a task', () => {
		const task = { resource: 'task', operation: 'get' };
		expect(names(shownFields(node, task))).toEqual([
			'resource',
			'operation',
			'taskId',
			'simplify',
			'options',
		]);
		expect(names(innerFields(shownField(node, task, 'options'))).sort()).toEqual(
			[...DELIVERY_OPTIONS].sort(),
		);
	});
});

describe.each([...DOCUMENTED_MODELS.map(({ id }) => id), 'custom'])('the options of %s', (id) => {
	const offered = innerFields(shownField(node, generating(id), 'options'));

	test('are those of the model and of the node, and no others', () => {
		const takesImages = MODELS_WITH_IMAGES.some((documented) => documented.id === id);
		const expected = [
			...(MODEL_OPTIONS[id] ?? []),
			...(takesImages ? IMAGE_OPTIONS : []),
			...(id === 'custom' ? ['maxUpload'] : []),
			...GENERATE_OPTIONS,
		];
		expect(names(offered).sort()).toEqual(expected.sort());
	});

	test('are in alphabetical order', () => {
		const labels = offered.map(({ displayName }) => displayName);
		expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b, 'en')));
	});

	test('are all unset in a new node', () => {
		const { properties } = node.description;
		const values = NodeHelpers.getNodeParameters(
			properties,
			generating(id),
			true,
			false,
			{ typeVersion: 1 },
			node.description,
		);
		expect(values?.options).toEqual({});
	});
});

describe.each(DOCUMENTED_MODELS)('fields of $id', ({ id, model, facts }) => {
	const values = { ...generating(id), size: 'custom' };
	const inView = shownFields(node, values);
	const offered = innerFields(shownField(node, values, 'options'));

	test.each(plainParameters(facts))(
		'$name has the documented kind, range, choices and default',
		(fact) => {
			const { name } = declared(model, fact);
			const place = fact.required === true ? inView : offered;
			const field = place.find((candidate) => candidate.name === toFieldName(name));
			expect(field).toMatchObject(documentedField(fact));
			expect(dropdownValues(field ?? { ...offered[0], options: [] }).sort()).toEqual(
				[...(fact.options ?? [])].sort(),
			);
			expect(Boolean(field?.required)).toBe(fact.required === true);
		},
	);

	const explained = [...inView, ...offered].filter(
		({ name }) => !['resource', 'operation', 'options'].includes(name),
	);
	test.each(explained)('$displayName is explained in one sentence', (field) => {
		const { description = '', type } = field;
		expect(description).toMatch(/^[A-Z0-9].{15,}[^.]$/);
		if (type === 'boolean') expect(description).toMatch(/^Whether /);
	});

	test('the sizes are the documented ones, upright and lying, and that of the input image', () => {
		const { keywords, presets } = facts.size;
		const start = ['default', ...(facts.images.maxCount > 0 ? ['like_input'] : []), ...keywords];
		const rest = dropdownValues(shownField(node, values, 'size')).map(String);
		expect([...rest.splice(0, start.length), rest.pop()]).toEqual([...start, 'custom']);
		expect(rest.sort()).toEqual(documentedSizes(presets).sort());
	});

	test('width and height start at the documented size, within the documented range', () => {
		const { size } = facts;
		for (const side of ['width', 'height'] as const) {
			const field = shownField(node, values, side);
			expect(field).toMatchObject({ type: 'number', default: size.default[side] });
			if (size.side) {
				expect(field.typeOptions).toEqual({
					minValue: size.side.min,
					maxValue: size.side.max,
					numberPrecision: 0,
				});
			}
		}
	});
});

const ROW = { image: [{ source: 'url', url: 'https://example.com/photo.jpg' }] };

describe.each(MODELS_WITH_IMAGES.filter(({ facts }) => facts.images.maxCount > 1))(
	'input images of $id',
	({ id, facts }) => {
		const rows = shownField(node, generating(id), 'inputImages');

		test('have a row from the start only if the model needs one', () => {
			const { minCount, maxCount } = facts.images;
			expect(rows.default).toEqual(minCount > 0 ? { image: [{}] } : {});
			expect(Boolean(rows.required)).toBe(minCount > 0);
			expect(rows.typeOptions).toMatchObject({ multipleValues: true, maxAllowedFields: maxCount });
		});

		test('name their source, and their reference type where there is one', () => {
			const fact = facts.parameters.find(({ onePerImage }) => onePerImage);
			const inRow = innerFields(rows);
			expect(names(inRow)).toEqual(['source', 'fieldName', 'url', ...(fact ? ['refType'] : [])]);
			const [source, file, url, refType] = inRow;
			expect(dropdownValues(source)).toEqual(['file', 'url']);
			expect([source, file, url].map((field) => field.default)).toEqual(['file', 'data', '']);
			if (fact) {
				expect(refType.default).toBe(fact.default);
				expect(dropdownValues(refType).sort()).toEqual([...(fact.options ?? [])].sort());
			}
		});
	},
);

describe.each(MODELS_WITH_IMAGES.filter(({ facts }) => facts.images.maxCount === 1))(
	'the input image of $id',
	({ id }) => {
		/** What n8n makes of saved parameters, with all defaults or as it saves them again. */
		const kept = (saved: INodeParameters, withDefaults: boolean) =>
			NodeHelpers.getNodeParameters(
				node.description.properties,
				{ ...generating(id), ...saved },
				withDefaults,
				false,
				{ typeVersion: 1 },
				node.description,
			);

		test('is one field, without a button for another', () => {
			const field = shownField(node, generating(id), 'inputImage');
			expect(field).toMatchObject({ type: 'resourceLocator', required: true });
			expect(field.modes?.map(({ name }) => name)).toEqual(['file', 'url']);
			expect(kept({}, true)?.inputImage).toEqual({ __rl: true, mode: 'file', value: 'data' });
		});

		test.each([
			['one row', ROW],
			[
				'two rows',
				{ image: [...ROW.image, { source: 'url', url: 'https://example.com/two.jpg' }] },
			],
		])('keeps %s of a workflow that was saved with them', (_, inputImages) => {
			expect(names(shownFields(node, { ...generating(id), inputImages }))).toContain('inputImages');
			expect(names(shownFields(node, { ...generating(id), inputImages }))).not.toContain(
				'inputImage',
			);
			for (const withDefaults of [true, false]) {
				expect(kept({ inputImages }, withDefaults)?.inputImages).toEqual(inputImages);
			}
		});

		test('takes the place of the rows when the last one is deleted', () => {
			const values = { ...generating(id), inputImages: {} };
			expect(names(shownFields(node, values))).toContain('inputImage');
		});
	},
);

test('a parameter that is switched off at Vtrix says so', () => {
	const [tools] = innerFields(shownField(node, generating('spark_dream_5_0'), 'options')).filter(
		({ name }) => name === 'tools',
	);
	expect(tools.displayName).toMatch(/unavailable/i);
	expect(tools.description).toMatch(/switched it off/);
});

test.each([
	['ddim_steps', 'ddimSteps'],
	['guidance_scale1', 'guidanceScale1'],
	['sequential_image_generation', 'sequentialImageGeneration'],
	['prompt', 'prompt'],
	['use_2nd_pass', 'use2ndPass'],
])('the field of %s is called %s', (apiName, name) => {
	expect(toFieldName(apiName)).toBe(name);
});

/** The field that the editor has to show for a documented parameter. */
function documentedField({
	type,
	min,
	max,
	options,
	default: fallback,
	unavailable,
}: ParameterFact) {
	if (unavailable) return { type: 'multiOptions', default: [] };
	if (type === 'boolean') return { type: 'boolean', default: fallback };
	if (options) return { type: 'options', default: fallback };
	if (type === 'string') return { type: 'string', default: '' };
	return {
		type: 'number',
		default: fallback,
		typeOptions: {
			minValue: min,
			...(max !== undefined && { maxValue: max }),
			numberPrecision: type === 'integer' ? 0 : 2,
		},
	};
}

test.each(DOCUMENTED_MODELS)('width and height of $id are there for Custom alone', ({ id }) => {
	const sides = (size: string) =>
		names(shownFields(node, { ...generating(id), size })).filter((name) =>
			['width', 'height'].includes(name),
		);
	for (const size of dropdownValues(shownField(node, generating(id), 'size')).map(String)) {
		expect([size, sides(size)]).toEqual([size, size === 'custom' ? ['width', 'height'] : []]);
	}
	// an expression may give Custom
	expect(sides('={{ $json.size }}')).toEqual(['width', 'height']);
});

describe('a form that was filled in when each model still had fields of its own', () => {
	const kept = (saved: INodeParameters, withDefaults: boolean) =>
		NodeHelpers.getNodeParameters(
			node.description.properties,
			saved,
			withDefaults,
			false,
			{ typeVersion: 1 },
			node.description,
		);

	test.each(savedForms.map((form) => [JSON.stringify(form.saved), form] as const))(
		'keeps %s',
		(_, { saved, filledIn }) => {
			expect(kept(saved, false)).toEqual(saved);
			const since = saved.model === 'custom' ? { inputFiles: {}, parametersAs: 'json' } : {};
			expect(kept(saved, true)).toEqual({ ...filledIn, ...since });
		},
	);

	test('keeps what fits when the model is changed', () => {
		const dream = { ...generating('spark_dream_5_0'), prompt: 'Both of them', inputImages: ROW };
		const options = { watermark: false, timeout: 30, fileName: 'both' };
		const before = kept({ ...dream, size: '2848x1600', options }, true);
		const after = kept({ ...before, model: 'spark_multi_dreamo' }, true);
		expect(after).toMatchObject({
			prompt: 'Both of them',
			inputImages: { image: [{ ...ROW.image[0], refType: 'AUTO' }] },
			options: { timeout: 30, fileName: 'both' },
		});
		expect(after?.options).not.toHaveProperty('watermark');
	});
});

test('what is the same for all models is one field', () => {
	const generate = node.description.properties.filter(
		({ displayOptions }) => displayOptions?.show?.operation?.includes('generate') ?? false,
	);
	for (const name of ['model', 'prompt', 'size', 'simplify', 'options']) {
		expect(names(generate).filter((other) => other === name)).toEqual([name]);
	}
});

test("every model's documentation is a click away from the Model field", () => {
	const { description = '' } = shownField(node, generating('custom'), 'model');
	for (const { model } of DOCUMENTED_MODELS) {
		expect(description).toContain(`<a href="${model.documentationUrl}">${model.displayName}</a>`);
	}
});

test('a size is offered by its shape, ratio and pixels, and its resolution where there are several', () => {
	const { options = [] } = shownField(node, generating('spark_dream_5_0'), 'size');
	const offered = Object.fromEntries(
		options.map((option) => ['value' in option ? option.value : '', option.name]),
	);
	expect(offered).toMatchObject({
		default: 'Default (2048 × 2048)',
		'2K': '2K, Model Decides the Shape',
		'2048x2048': '2K Square 1:1 (2048 × 2048)',
		'2848x1600': '2K Landscape 16:9 (2848 × 1600)',
		'2304x4096': '3K Portrait 9:16 (2304 × 4096)',
		custom: 'Custom',
	});
	const single = shownField(node, generating('spark_dreamo'), 'size');
	expect(single.options).toContainEqual(
		expect.objectContaining({ name: 'Landscape 16:9 (1664 × 936)' }),
	);
	expect(single.options?.at(-1)).toMatchObject({
		description: expect.stringMatching(/^Set width and height yourself: each side 512 to 2048/),
	});
});
