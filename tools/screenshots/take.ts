/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { Editor } from '../../test/real-n8n/editor';
import { startInstalledNode } from '../../test/real-n8n/installedNode';
import { NEWEST } from '../../test/real-n8n/versions';
import { credentials } from './credentials';
import { errors } from './errors';
import { forms } from './forms';
import { lists } from './lists';
import { runs } from './runs';
import { Studio } from './studio';

const README_IMAGES = path.join(__dirname, '..', '..', '.github', 'images');
const SCENES = [...lists, ...forms, ...credentials, ...runs, ...errors];

/** The README shows pictures that this program takes anew whenever it takes the scene. */
async function refreshReadme(shot: string): Promise<void> {
	const shown = path.join(README_IMAGES, path.basename(shot));
	if (!fs.existsSync(shown)) return;
	await sharp(shot).png({ palette: true, effort: 10 }).toFile(shown);
}

const USAGE = `npm run screenshots -- <folder> [words]

Takes the pictures whose names hold one of the words, all of them without words, and renews those of
them that the README shows. There are:
${SCENES.map(({ name }) => `  ${name}`).join('\n')}`;

/** Takes the scenes whose names hold one of the words; all of them without words. */
async function main([folder, ...words]: string[]): Promise<void> {
	const chosen = SCENES.filter(
		({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
	);
	if (!folder || folder.startsWith('-') || chosen.length === 0) {
		console.error(USAGE);
		process.exitCode = folder === '--help' ? 0 : 1;
		return;
	}
	const at = await startInstalledNode({ version: process.env.N8N_VERSIONS ?? NEWEST });
	at.standIn.configure({ drawing: 'scene', tinyImages: false, latencyMs: 500 });
	try {
		for (const theme of ['light', 'dark'] as const) {
			const scenes = chosen.filter((scene) => (scene.theme ?? 'light') === theme);
			if (scenes.length === 0) continue;
			const editor = await Editor.open(at.n8n, { shotsDir: folder, theme, height: 1000 });
			editor.page.setDefaultTimeout(10_000);
			const studio = new Studio(at, editor);
			for (const { name, arrange } of scenes) {
				at.standIn.reset();
				try {
					const part = await arrange(studio);
					await refreshReadme(await editor.shot(name, part ?? editor.page));
					console.log(name);
				} catch (error) {
					process.exitCode = 1;
					await editor.shot(`${name}-unfinished`);
					console.error(`${name}: ${String(error)}`);
				}
			}
			if (editor.pageErrors.length > 0) console.error('Errors in the page:', editor.pageErrors);
			await editor.close();
		}
	} finally {
		await at.close();
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
