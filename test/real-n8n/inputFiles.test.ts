import { z } from 'zod';
import { filesSent } from '../node/filesSent';
import { sampleImage } from '../support/sampleImage';
import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import type { BinaryMode } from './n8nEnvironment';
import { chosenVersions, NEWEST } from './versions';
import { load, manualStart, vtrix, workflow, type Step } from './vtrixWorkflows';

const LOGO_FIELD = 'logo, small.png';

type Picture = 'photo' | 'logo';

/** What an Input File Field holds, and which pictures it means. */
const FIELDS: Array<[fieldName: string, pictures: Picture[]]> = [
	['data', ['photo']],
	[LOGO_FIELD, ['logo']],
	[`data, ${LOGO_FIELD}`, ['photo', 'logo']],
	['={{ $binary.data }}', ['photo']],
	['= {{ $binary.data }} ', ['photo']],
	['={{ $binary }}', ['photo', 'logo']],
	['={{ Object.keys($binary).reverse() }}', ['logo', 'photo']],
	[`={{ [$binary["${LOGO_FIELD}"], "data"] }}`, ['logo', 'photo']],
	["={{ $('Photo').item.binary.data }}", ['photo']],
	[`={{ $node["Logo"].binary["${LOGO_FIELD}"] }}`, ['logo']],
];
/** Behind a node that hands on no files. */
const FROM_BEFORE: typeof FIELDS = [
	["={{ $('Photo').item.binary.data }}", ['photo']],
	["={{ $('Logo').item.binary }}", ['photo', 'logo']],
	['={{ $node["Photo"].binary.data }}', ['photo']],
];
/** In a workflow whose files stand in the JSON. */
const COMBINED: typeof FIELDS = [
	['data', ['photo']],
	[`${LOGO_FIELD}, data`, ['logo', 'photo']],
	['_files.data', ['photo']],
	['={{ $json._files.data }}', ['photo']],
	['={{ $json._files }}', ['photo', 'logo']],
	["={{ $('Photo').item._files.data }}", ['photo']],
];

/** Hands on items without their files. */
const withoutFiles: Step = {
	name: 'Without Files',
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		mode: 'raw',
		jsonOutput: '{"photo_url": "https://example.com/a.png"}',
		options: {},
	},
};

/** Loads two pictures into one item. */
const pictures = ({ photos }: InstalledNode): Step[] => {
	const logo = load('Logo', photos.logoUrl, 'file');
	return [
		manualStart,
		load('Photo', photos.photoUrl, 'file'),
		{
			...logo,
			parameters: {
				...logo.parameters,
				options: {
					response: { response: { responseFormat: 'file', outputPropertyName: LOGO_FIELD } },
				},
			},
		},
	];
};

const model = (
	{ credential }: InstalledNode,
	name: string,
	row: Record<string, unknown>,
	settings: Record<string, unknown> = {},
) =>
	vtrix(
		credential,
		{ model: 'spark_multi_dreamo', prompt: name, inputImages: { image: [row] } },
		{ name, ...settings },
	);

const creationSchema = z.object({
	input: z.tuple([z.object({ params: z.object({ prompt: z.string() }).passthrough() })]),
});

/** What the API received as images of the creation with this prompt. */
function imagesOf({ standIn }: InstalledNode, prompt: string): unknown {
	const params = standIn.requests.flatMap(({ body }) => {
		const creation = creationSchema.safeParse(body);
		return creation.success ? [creation.data.input[0].params] : [];
	});
	return params.find((sent) => sent.prompt === prompt)?.binary_data_base64;
}

async function bytesOf(picture: Picture): Promise<Buffer> {
	return await sampleImage(
		picture === 'photo' ? { width: 800, height: 600 } : { width: 400, height: 300 },
	);
}

async function expectSent(at: InstalledNode, prefix: string, fields: typeof FIELDS) {
	for (const [index, [fieldName, wanted]] of fields.entries()) {
		const bytes = await Promise.all(wanted.map(bytesOf));
		expect({ fieldName, images: imagesOf(at, prefix + index) }).toEqual({
			fieldName,
			images: filesSent('split', bytes).binary_data_base64,
		});
	}
}

/** n8n 2 keeps files on disk unless told otherwise, n8n 1 in the items. */
const N8N: Array<{ version: string; files: string; binaryMode?: BinaryMode }> = [
	...chosenVersions().map((version) => ({ version, files: 'where it keeps them by default' })),
	...chosenVersions()
		.filter((version) => version === NEWEST)
		.map((version) => ({ version, files: 'in the items', binaryMode: 'default' as const })),
];

describe.each(N8N)('n8n $version with files $files', ({ version, binaryMode }) => {
	let at: InstalledNode;
	beforeAll(async () => {
		at = await startInstalledNode({ version, ...(binaryMode && { binaryMode }) });
	});
	afterAll(async () => await at?.close());
	beforeEach(() => at.standIn.reset());

	const run = async (steps: Step[], wires: Parameters<typeof workflow>[2], settings = {}) => {
		const file = { ...workflow('Input files', steps, wires), settings };
		const { id } = await at.n8n.workflows.create(file);
		return await at.n8n.executions.run(id, 'Start');
	};

	test('files are taken by name, by expression, in lists, and from a node before', async () => {
		const here = FIELDS.map(([fieldName], index) =>
			model(at, `here ${index}`, { source: 'file', fieldName }),
		);
		const behind = FROM_BEFORE.map(([fieldName], index) =>
			model(at, `behind ${index}`, { source: 'file', fieldName }),
		);
		const execution = await run(
			[...pictures(at), withoutFiles, ...here, ...behind],
			[
				['Start', 'Photo'],
				['Photo', 'Logo'],
				['Logo', 'Without Files'],
				...here.map(({ name }) => ['Logo', name] as const),
				...behind.map(({ name }) => ['Without Files', name] as const),
			],
		);
		expect(errorOf(execution)).toBe('');
		expect(at.standIn.complaints).toEqual([]);
		await expectSent(at, 'here ', FIELDS);
		await expectSent(at, 'behind ', FROM_BEFORE);
	});

	test.each([
		[
			'a URL',
			{ source: 'url', url: '={{ $json.photoUrl }}' },
			'{{ $json.photoUrl }}',
			"'photo_url'",
		],
		['a file', { source: 'file', fieldName: '={{ $binary.data }}' }, '{{ $binary.data }}', ''],
		[
			'a part of a URL',
			{ source: 'url', url: '=https://example.com/{{ $json.photo }}.png' },
			'{{ $json.photo }}',
			"'photo_url'",
		],
	])(
		'%s that an expression does not give is refused, with the expression',
		async (_, row, expression, has) => {
			const steps = [manualStart, withoutFiles, model(at, 'A mug', row)];
			const execution = await run(steps, undefined);
			expect(errorOf(execution)).toContain(
				`Input Images, row 1: the expression ${expression} gives nothing for this item`,
			);
			expect(errorOf(execution)).toContain(has);
			expect(at.standIn.requests).toEqual([]);
		},
	);

	test('an object in a text is told of by a hint', async () => {
		const steps = [
			...pictures(at),
			vtrix(at.credential, { model: 'spark_dream_5_0', prompt: '=A mug like {{ $binary.data }}' }),
		];
		const execution = await run(steps, undefined);
		expect(errorOf(execution)).toBe('');
		const hints = execution.data?.resultData.runData.Vtrix[0].hints;
		expect(hints?.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^'Prompt' contains "\[object Object\]".*\{\{ \$binary\.data \}\}/),
		]);
	});

	// The older versions pass over the setting, and the newest one does with files in the items.
	if (version !== NEWEST || binaryMode === 'default') return;

	test('where files stand in the JSON they are found there, and results are put there', async () => {
		const here = COMBINED.map(([fieldName], index) =>
			model(at, `here ${index}`, { source: 'file', fieldName }),
		);
		const again = model(at, 'again', { source: 'file', fieldName: 'data' });
		const byExpression = model(at, 'by expression', {
			source: 'file',
			fieldName: "={{ $('here 0').item._files.data }}",
		});
		const wrong = model(
			at,
			'wrong',
			{ source: 'file', fieldName: 'photo' },
			{ onError: 'continueRegularOutput' },
		);
		const execution = await run(
			[...pictures(at), ...here, again, byExpression, wrong],
			[
				['Start', 'Photo'],
				['Photo', 'Logo'],
				...here.map(({ name }) => ['Logo', name] as const),
				['here 0', 'again'],
				['again', 'by expression'],
				['Logo', 'wrong'],
			],
			{ binaryMode: 'combined' },
		);
		expect(errorOf(execution)).toBe('');
		expect(at.standIn.complaints).toEqual([]);
		await expectSent(at, 'here ', COMBINED);
		const [made] = itemsOf(execution, 'here 0');
		const served = await at.standIn.imageBytes(String(made.json.taskId), 0);
		const sent = filesSent('split', [served]).binary_data_base64;
		expect(imagesOf(at, 'again')).toEqual(sent);
		expect(imagesOf(at, 'by expression')).toEqual(sent);
		expect(made.binary).toBeUndefined();
		const [refused] = itemsOf(execution, 'wrong');
		expect(refused.json.error).toContain(`It has 'data', '${LOGO_FIELD}'.`);
	});
});
