import { manualStart, vtrix, workflow } from '../../test/real-n8n/vtrixWorkflows';
import { exampleWorkflows } from '../../test/real-n8n/trialWorkflow';
import type { Scene, Studio } from './studio';

const SEARCHES = ['vtrix', 'spark', 'seedream', 'dreamo', 'image generation'];

const openCanvas = async (studio: Studio): Promise<void> =>
	await studio.openWorkflow(
		workflow('Marketing images', [
			manualStart,
			vtrix(studio.at.credential, { model: 'spark_dream_5_0', prompt: 'A lighthouse' }),
		]),
	);

/** How the node is found, and what it looks like on the canvas. */
export const lists: Scene[] = [
	...SEARCHES.map(
		(query): Scene => ({
			name: `search-${query.replace(' ', '-')}`,
			async arrange(studio) {
				await openCanvas(studio);
				await studio.editor.searchNodes(query);
			},
		}),
	),
	{
		name: 'actions',
		async arrange(studio) {
			await openCanvas(studio);
			await studio.editor.searchNodes('vtrix');
			await studio.editor.showActions('Vtrix');
		},
	},
	...(['light', 'dark'] as const).map(
		(theme): Scene => ({
			name: `canvas-${theme}`,
			...(theme === 'dark' && { theme }),
			arrange: openCanvas,
		}),
	),
	...[
		'ai-agent-tool',
		'create-now-fetch-later',
		'photo-edit-form',
		'product-images',
		'prompt-to-image',
		'two-people',
	].map(
		(example): Scene => ({
			name: `example-${example}`,
			async arrange(studio) {
				const file = exampleWorkflows(studio.at.credential).get(`${example}.json`);
				if (!file) throw new Error(`There is no example ${example}`);
				await studio.openWorkflow(file);
			},
		}),
	),
	{
		name: 'tool',
		async arrange(studio) {
			const file = exampleWorkflows(studio.at.credential).get('ai-agent-tool.json');
			if (!file) throw new Error('The example is missing');
			await studio.openWorkflow(file);
			await studio.editor.openNode('Make an Image');
		},
	},
];
