/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const GUARD = path.join(__dirname, 'guard.cjs');
const PATIENCE_MS = 35_000;

/** Where a program's output goes: a file descriptor, or a pipe to read from. */
export type Output = number | 'pipe' | 'ignore';

export interface SpawnOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	output?: Output;
}

/**
 * Starts a program that ends when this process ends, in whatever way (see guard.cjs). Ctrl-C in the
 * terminal does not reach it by itself.
 */
export function spawnGuarded(
	program: string,
	args: readonly string[],
	{ cwd, env, output = 'ignore' }: SpawnOptions = {},
): ChildProcess {
	return spawn(process.execPath, [GUARD, program, ...args], {
		cwd,
		env,
		detached: true,
		stdio: ['pipe', output, output],
	});
}

/** Whether the program has ended. */
export const hasEnded = (child: ChildProcess) =>
	child.exitCode !== null || child.signalCode !== null;

/** Asks a program to stop and waits until it has; kills it and all it started after 35 s. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
	if (hasEnded(child) || child.pid === undefined) return;
	const { pid } = child;
	const gone = once(child, 'exit');
	if (signal === 'SIGKILL') killGroup(pid);
	else child.kill(signal);
	const timer = setTimeout(() => killGroup(pid), PATIENCE_MS);
	await gone;
	clearTimeout(timer);
}

function killGroup(pid: number) {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// the group is gone already
	}
}
