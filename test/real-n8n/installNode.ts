/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { inCache } from './cacheFolder';
import { run } from './command';
import { explainInstall } from './installError';
import { withProgress, type Log } from './progress';

/** The Node that runs an n8n for which the Node in use is too old. */
const NODE_MAJOR = '24';

const manifestSchema = z.object({ engines: z.object({ node: z.string() }) });
const semverSchema = z.object({
	satisfies: z.function(z.tuple([z.string(), z.string()]), z.boolean()),
});

/** Whether the Node in use may run the n8n in this tree, by n8n's own account. */
function suits(modules: string) {
	const manifest = path.join(modules, 'n8n', 'package.json');
	const { engines } = manifestSchema.parse(JSON.parse(fs.readFileSync(manifest, 'utf8')));
	const semver = semverSchema.parse(createRequire(manifest)('semver'));
	return semver.satisfies(process.versions.node, engines.node);
}

/** Path of a Node that may run the n8n in this tree; fetched from npm when the one in use may not. */
export async function nodeFor(modules: string, log: Log) {
	if (suits(modules)) return process.execPath;
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const folder = inCache(`node${NODE_MAJOR}`);
	const bin = path.join(folder, 'node_modules', name, 'bin', 'node');
	if (fs.existsSync(bin)) return bin;
	const part = `${folder}.part`; // so that an interrupted one is never taken for whole
	fs.rmSync(part, { recursive: true, force: true });
	fs.mkdirSync(part, { recursive: true });
	fs.writeFileSync(path.join(part, 'package.json'), '{"private":true}\n');
	const what = `Installing Node ${NODE_MAJOR}, which this n8n needs (about 60 MB)`;
	try {
		await withProgress(log, what, async () => {
			const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
			await run('npm', [...args, `${name}@${NODE_MAJOR}`], { cwd: part });
		});
		fs.rmSync(folder, { recursive: true, force: true });
		fs.renameSync(part, folder);
	} catch (error) {
		throw explainInstall(what, error);
	}
	return bin;
}
