/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

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
	const { stdout } = await run(
		process.execPath,
		['--expose-gc', '--import', 'tsx', path.join(__dirname, script), ...args],
		{ timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 1e8 },
	);
	return JSON.parse(stdout);
}
