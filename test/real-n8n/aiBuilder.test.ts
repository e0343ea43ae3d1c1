/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';
import { z } from 'zod';
import { DOCUMENTED_MODELS } from '../models/checking';
import { run } from './command';
import { packedNode } from './installedNode';
import { installN8n } from './installN8n';
import { NEWEST } from './versions';

const SEARCHES = [
	'generate image',
	'edit image',
	'text to image',
	'combine photos',
	'product photo',
	'make image from prompt',
];

const viewSchema = z.object({
	definition: z.string(),
	found: z.array(
		z.array(z.object({ name: z.string(), builderHintMessage: z.string().optional() })),
	),
	catalogue: z.number(),
});

let view: z.infer<typeof viewSchema>;
/** What is told of generating. */
let generate: string;

beforeAll(async () => {
	const { modules, node } = await installN8n(NEWEST);
	await packedNode();
	const script = path.join(__dirname, 'builderView.cjs');
	const folder = path.join(__dirname, '..', '..');
	const answer = await run(node, [script, modules, folder, JSON.stringify(SEARCHES)], {
		env: { NODE_PATH: modules },
	});
	view = viewSchema.parse(JSON.parse(answer));
	[, generate = ''] = /ImageGenerateParams = \{([\s\S]*?)\n\};/.exec(view.definition) ?? [];
});

/** The comment above a field that n8n's AI builder is given. */
const told = (field: string): string =>
	new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*${field}\\??: `).exec(generate)?.[1] ?? '';

test.each(SEARCHES.map((words, index) => [words, index] as const))(
	'n8n finds the node among the first five for "%s", with what it is for',
	(_, index) => {
		expect(view.catalogue).toBeGreaterThan(500);
		const first = view.found[index].slice(0, 5);
		const ours = first.find(({ name }) => name === 'vtrix');
		expect(first.map(({ name }) => name)).toContain('vtrix');
		expect(ours?.builderHintMessage).toContain('spark_multi_dreamo');
	},
);

describe("n8n's AI builder is told", () => {
	test.each(['prompt', 'size', 'width', 'height', 'options'])(
		'of %s as a field of every documented model',
		(field) => {
			const conditions =
				told(field)
					.match(/displayOptions.*/g)
					?.join(' ') ?? '';
			expect(told(field)).not.toBe('');
			for (const { id } of DOCUMENTED_MODELS) {
				// hidden for others alone, and shown for none in particular
				expect(conditions).not.toContain(id);
			}
			expect(conditions).not.toContain('displayOptions.show');
		},
	);

	test.each(DOCUMENTED_MODELS)('what $id is for, its sizes and its images', ({ id, facts }) => {
		expect(told('model')).toMatch(new RegExp(`@builderHint .*${id}: [A-Z]`));
		for (const size of facts.size.keywords) {
			expect(told('size')).toMatch(new RegExp(`${id}: [^;]*\\b${size}\\b`));
		}
		expect(told('width')).toContain(`${facts.size.default.width} × ${facts.size.default.height}`);
		const { maxCount } = facts.images;
		const field = maxCount === 1 ? 'inputImage' : 'inputImages';
		const hidden = /displayOptions.hide \{ model: (.*)/.exec(told(field))?.[1] ?? '';
		if (maxCount > 0) {
			expect(told('inputImages')).toMatch(new RegExp(`${id}: [^;]*(${maxCount}|one)`));
			expect(hidden).not.toContain(`"${id}"`);
		} else {
			expect(hidden).toContain(`"${id}"`);
		}
	});

	test('of reference types, and of options that models share', () => {
		expect(generate).toContain("refType?: 'AUTO' | 'ID' | 'STYLE' | 'IP'");
		for (const option of ['seed', 'maxImages', 'scale', 'usePreLlm', 'ddimSteps', 'timeout']) {
			expect(generate).toMatch(new RegExp(`\\b${option}\\?: `));
		}
	});
});
