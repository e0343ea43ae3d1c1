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
});
