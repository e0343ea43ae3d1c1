import { z } from 'zod';
import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import type { BinaryMode } from './n8nEnvironment';
import { NEWEST } from './versions';
import { load, manualStart, vtrix, workflow } from './vtrixWorkflows';

const OLDEST = '1.123.5';

/** How n8n marks a file that it keeps there; inline files carry no mark. */
const MODES: Array<[BinaryMode, string, string | undefined]> = [
	['filesystem', NEWEST, 'filesystem'],
	['database', NEWEST, 'database'],
	['default', OLDEST, undefined],
];

const creationSchema = z.object({
	input: z.tuple([
		z.object({ params: z.object({ image: z.object({ bytes: z.number(), sha256: z.string() }) }) }),
	]),
});

describe.each(MODES)('binary data in mode %s of n8n %s', (binaryMode, version, place) => {
	let at: InstalledNode;

	beforeAll(async () => {
		at = await startInstalledNode({ version, binaryMode });
		at.standIn.configure({ drawing: 'scene' });
	});
	afterAll(async () => await at?.close());

	test('pictures are read and written byte for byte, and handed from node to node', async () => {
		const { n8n, standIn, photos, credential } = at;
		const file = { inputImages: { image: [{ source: 'file', fieldName: 'data' }] } };
		const steps = [
			manualStart,
			load('Photo', photos.photoUrl, 'file'),
			vtrix(
				credential,
				{
					model: 'spark_dream_4_5',
					prompt: 'Three mugs',
					options: { sequentialImageGeneration: 'auto', maxImages: 3 },
					...file,
				},
				{ name: 'Three' },
			),
			vtrix(
				credential,
				{
					model: 'spark_dream_5_0',
					prompt: '=Mug {{ $itemIndex }} again',
					options: { responseFormat: 'b64_json' },
					...file,
				},
				{ name: 'Again' },
			),
		];
		const { id } = await n8n.workflows.create(workflow('Files', steps));
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		for (const name of ['Three', 'Again']) {
			const items = itemsOf(execution, name);
			expect(items).toHaveLength(3);
			await at.expectServedBytes(items);
			for (const { binary } of items) {
				expect(binary?.data.id?.split(/[-:]/)[0]).toBe(place);
			}
		}
		expect(standIn.complaints).toEqual([]);
		expect(standIn.creationsReceived).toBe(4);
	});

	test('a Custom Model takes a file by itself, and by its ID where it has one', async () => {
		const { n8n, standIn, photos, credential } = at;
		standIn.reset();
		const file = "$('Photo').item.binary.data";
		const codes = [file, ...(place ? [`${file}.id`] : [])];
		const steps = [
			manualStart,
			load('Photo', photos.photoUrl, 'file'),
			...codes.map((code, index) =>
				vtrix(
					credential,
					{
						model: 'custom',
						customModelId: 'custom_painter',
						customParameters: `={"prompt": "Mug ${index}", "image": "{{ ${code} }}"}`,
					},
					{ name: `Custom ${index}` },
				),
			),
		];
		const { id } = await n8n.workflows.create(workflow('Custom', steps));
		const execution = await n8n.executions.run(id, 'Start');
		expect(errorOf(execution)).toBe('');
		expect(standIn.complaints).toEqual([]);
		const images = standIn.requests.flatMap(({ body }) => {
			const creation = creationSchema.safeParse(body);
			return creation.success ? [creation.data.input[0].params.image] : [];
		});
		expect(images).toEqual(codes.map(() => expect.objectContaining({ bytes: expect.any(Number) })));
		expect(new Set(images.map(({ sha256 }) => sha256)).size).toBe(1);
	});
});
