/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);

const MODULES = path.resolve(__dirname, '../../node_modules');
/** What stays as it is: large, or with parts that are no JavaScript. */
const AS_INSTALLED = ['n8n-core', 'n8n-workflow', '@n8n/*', 'sharp', 'reflect-metadata', 'zod'];

/**
 * Runs a script of this folder in a process of its own, with garbage collection by hand.
 *
 * @param timeoutMs when to end it and fail
 * @returns what it printed, as JSON
 */
export async function runAlone(
	script: string,
	args: readonly string[],
	timeoutMs: number,
): Promise<unknown> {
	const folder = mkdtempSync(path.join(tmpdir(), 'vtrix-alone-'));
	try {
		const outfile = path.join(folder, `${script}.cjs`);
		await build({
			entryPoints: [path.join(__dirname, script)],
			outfile,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			external: AS_INSTALLED,
			// an import() does not look where NODE_PATH says; a require does
			supported: { 'dynamic-import': false },
			logLevel: 'warning',
		});
		const { stdout } = await run(process.execPath, ['--expose-gc', outfile, ...args], {
			timeout: timeoutMs,
			killSignal: 'SIGKILL',
			env: { ...process.env, NODE_PATH: MODULES },
		});
		return JSON.parse(stdout);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
