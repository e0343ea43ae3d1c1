/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { inCache } from './cacheFolder';
import { run } from './command';
import { explainInstall } from './installError';
import { nodeFor } from './installNode';
import { ensureSqlite } from './installSqlite';
import { withLock } from './lock';
import { withProgress, type Log } from './progress';
import { NEWEST, pinsFor } from './versions';

/** An n8n that is ready to be started. All paths are absolute. */
export interface InstalledN8n {
	version: string;
	/** Its node_modules folder. */
	modules: string;
	/** The Node to run it with. */
	node: string;
	/** The script to give that Node. */
	bin: string;
}

// hoisted: the flat node_modules that `npm install n8n` makes, in minutes instead of half an hour
const PNPM_SETTINGS = `node-linker=hoisted
ignore-scripts=true
auto-install-peers=true
strict-peer-dependencies=false
`;

async function installTree(version: string, folder: string, log: Log) {
	fs.mkdirSync(folder, { recursive: true });
	const manifest = {
		private: true,
		dependencies: { n8n: version },
		pnpm: { overrides: pinsFor(version) },
	};
	fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	fs.writeFileSync(path.join(folder, '.npmrc'), PNPM_SETTINGS);
	const pnpm = path.join(path.dirname(require.resolve('pnpm')), 'bin', 'pnpm.cjs');
	const args = [pnpm, 'install', '--reporter=append-only', '--store-dir', inCache('pnpm-store')];
	const what = `Installing n8n ${version} (once, about 2 GB and some minutes, into ${folder})`;
	try {
		await withProgress(log, what, async (detail) => {
			const onLine = (line: string) => {
				if (line.startsWith('Progress:')) detail(line.replace(/^Progress: /, ''));
			};
			await run(process.execPath, args, { cwd: folder, onLine });
		});
	} catch (error) {
		throw explainInstall(what, error);
	}
}

/**
 * Installs an n8n into the user's cache folder, or finds it there. Safe to call from several
 * processes at once and after an interruption, which costs only what was not yet done.
 * @throws {InstallError} in plain words when it cannot be had
 */
export async function installN8n(version = NEWEST, log: Log = () => {}): Promise<InstalledN8n> {
	const folder = inCache(`n8n-${version}`);
	const modules = path.join(folder, 'node_modules');
	const marker = path.join(folder, '.installed');
	const onWait = () => log('Waiting for another process that is installing n8n ...');
	return await withLock(inCache('install.lock'), onWait, async () => {
		if (!fs.existsSync(marker)) {
			await installTree(version, folder, log);
			fs.writeFileSync(marker, new Date().toISOString());
		}
		const node = await nodeFor(modules, log);
		await ensureSqlite(modules, node, log);
		return { version, modules, node, bin: path.join(modules, 'n8n', 'bin', 'n8n') };
	});
}
