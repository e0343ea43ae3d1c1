/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { inCache } from './cacheFolder';
import { attempt, run } from './command';
import { explainInstall, InstallError } from './installError';
import { withProgress, type Log } from './progress';

const DOWNLOAD_TIMEOUT_MS = 60_000;

/** What compiling needs, each with the commands that will do. */
const COMPILER: ReadonlyArray<readonly string[]> = [
	['python3', 'python'],
	['make', 'gmake'],
	['g++', 'c++', 'clang++'],
];

const isOnPath = (command: string) =>
	(process.env.PATH ?? '')
		.split(path.delimiter)
		.some((folder) => folder && fs.existsSync(path.join(folder, command)));

const missingTools = () =>
	COMPILER.filter((commands) => !commands.some(isOnPath)).map(([name]) => name);

/** Folder with include/node of a Node, so that compiling needs no download; undefined if not there. */
function headersOf(node: string) {
	const prefix = path.join(path.dirname(fs.realpathSync(node)), '..');
	return fs.existsSync(path.join(prefix, 'include', 'node', 'node_version.h')) ? prefix : undefined;
}

async function compile(sqlite: string, node: string, log: Log) {
	const gyp = createRequire(path.join(sqlite, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
	const headers = headersOf(node);
	const args = [gyp, 'rebuild', '-j', 'max', ...(headers ? [`--nodedir=${headers}`] : [])];
	const what = 'Compiling SQLite, the database of n8n (about a minute)';
	try {
		await withProgress(log, what, async () => await run(node, args, { cwd: sqlite }));
	} catch (error) {
		throw explainInstall(what, error);
	}
}

async function download(sqlite: string, node: string, log: Log) {
	const require = createRequire(path.join(sqlite, 'package.json'));
	const tool = require.resolve('prebuild-install/bin.js');
	const { code } = await withProgress(
		log,
		'No compiler here, so fetching a compiled SQLite',
		async () =>
			await attempt(node, [tool, '-r', 'napi'], { cwd: sqlite, timeoutMs: DOWNLOAD_TIMEOUT_MS }),
	);
	return code === 0;
}

/**
 * Puts the compiled sqlite3 into an n8n tree: n8n's packages are installed without their scripts, so
 * it is not there. The compiled file is kept for other n8n versions on the same Node.
 * @throws {InstallError} when it can neither be compiled nor fetched
 */
export async function ensureSqlite(modules: string, node: string, log: Log) {
	const sqlite = path.join(modules, 'sqlite3');
	const built = path.join(sqlite, 'build', 'Release', 'node_sqlite3.node');
	const manifest: unknown = JSON.parse(fs.readFileSync(path.join(sqlite, 'package.json'), 'utf8'));
	const { version } = z.object({ version: z.string() }).parse(manifest);
	// made with the headers of one Node major, it crashes in another
	const major = await run(node, ['-p', 'process.versions.node.split(".")[0]']);
	const kept = inCache(`node_sqlite3-${version}-node${major.trim()}.node`);
	if (!fs.existsSync(kept)) {
		await make(sqlite, node, log);
		copyWhole(built, kept);
	} else if (sizeOf(built) !== sizeOf(kept)) {
		fs.mkdirSync(path.dirname(built), { recursive: true });
		copyWhole(kept, built);
	}
}

async function make(sqlite: string, node: string, log: Log) {
	const missing = missingTools();
	if (missing.length === 0) return await compile(sqlite, node, log);
	if (await download(sqlite, node, log)) return;
	throw new InstallError(
		'n8n needs SQLite compiled for this machine. Compiling it takes python3, make and g++ ' +
			`(missing here: ${missing.join(', ')}), and a compiled one could not be fetched.\n` +
			'On Debian or Ubuntu: apt-get install -y python3 make g++\n' +
			'On macOS: xcode-select --install\n' +
			'Then run the command again: it goes on where it stopped.',
	);
}

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size;

/** Copies so that an interrupted copy is never taken for a whole file. */
function copyWhole(from: string, to: string) {
	const part = `${to}.part`;
	fs.copyFileSync(from, part);
	fs.renameSync(part, to);
}
