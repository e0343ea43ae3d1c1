import { load, manualStart, setField } from '../../test/real-n8n/vtrixWorkflows';
import type { Scene } from './studio';

const PROMPT = 'A small lighthouse at dawn, soft morning light, oil painting';
const ONE = { model: 'spark_dream_5_0', prompt: PROMPT, size: '2848x1600' };
const GROUP = {
	model: 'spark_dream_4_5',
	prompt: 'Four posters for a summer sale, one for each week',
	options: { sequentialImageGeneration: 'auto', maxImages: 4, watermark: false },
};

const viewed = (name: string, view: 'Schema' | 'Table' | 'JSON' | 'Binary'): Scene => ({
	name: `run-group-${name}`,
	async arrange(studio) {
		await studio.run(GROUP);
		await studio.editor.showOutputAs(view);
	},
});

/** What comes out of the node, and the hints above it. */
export const runs: Scene[] = [
	...(['light', 'dark'] as const).map(
		(theme): Scene => ({
			name: theme === 'dark' ? 'run-picture-dark' : 'run-picture',
			...(theme === 'dark' && { theme }),
			async arrange(studio) {
				await studio.run(ONE);
				await studio.editor.showPicture();
			},
		}),
	),
	{
		name: 'run-combined-files',
		async arrange(studio) {
			const options = {
				...GROUP.options,
				maxImages: 3,
				combineImages: true,
				fileName: '={{ $json.campaign }}',
			};
			const campaign = { name: 'campaign', value: 'Summer sale', type: 'string' as const };
			const before = [manualStart, setField('Plan', campaign)];
			const prompt = 'Three posters for a summer sale, one for each week';
			await studio.run({ ...GROUP, prompt, options }, { before });
			await studio.editor.showOutputAs('Binary');
			await studio.editor.widenOutput();
			await studio.editor.panel.getByText('Put All Images in One Item').scrollIntoViewIfNeeded();
		},
	},
	viewed('files', 'Binary'),
	viewed('table', 'Table'),
	viewed('json', 'JSON'),
	viewed('schema', 'Schema'),
	{
		name: 'run-not-simplified',
		async arrange(studio) {
			await studio.run({ ...ONE, simplify: false });
			await studio.editor.showOutputAs('JSON');
		},
	},
	{
		name: 'run-dry',
		async arrange(studio) {
			await studio.run({ ...ONE, options: { dryRun: true } });
			await studio.editor.showOutputAs('JSON');
		},
	},
	{
		name: 'run-not-waiting',
		async arrange(studio) {
			await studio.run({ ...ONE, options: { waitForCompletion: false } });
			await studio.editor.showOutputAs('JSON');
		},
	},
	{
		name: 'run-custom-file',
		arrange: async (studio) => {
			const { photos } = studio.at;
			await studio.run(
				{
					model: 'custom',
					customModelId: 'custom_painter',
					customParameters: '={"prompt": "A mug", "image": "{{ $binary.data }}"}',
				},
				{ before: [manualStart, load('Photo', photos.photoUrl, 'file')] },
			);
		},
	},
	{
		name: 'hint-advice',
		async arrange(studio) {
			const { photos } = studio.at;
			await studio.run(
				{
					model: 'spark_i2i_3_0',
					prompt: `${'Make the sky a little brighter and the grass greener. '.repeat(3)}`,
					inputImage: { __rl: true, mode: 'file', value: 'data' },
					size: '512x512',
				},
				{ before: [manualStart, load('Photo', photos.photoUrl, 'file')] },
			);
		},
	},
	{
		name: 'hint-spending-limit',
		async arrange(studio) {
			await studio.run(
				{ ...ONE, options: { spendingLimit: 0.01, maxConcurrency: 1 } },
				{ before: [manualStart, load('Products', studio.at.photos.listUrl(4), 'items')] },
			);
		},
	},
	{
		name: 'hint-missing-image',
		async arrange(studio) {
			studio.at.standIn.fault('create', { type: 'entryError', index: 1, error: 'no luck' });
			await studio.run(GROUP);
		},
	},
];
