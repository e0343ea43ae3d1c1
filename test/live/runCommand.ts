/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');

/** Runs `npm run live` without anybody who answers it, and gives its exit code and all that it said. */
export async function runCommand(env: Record<string, string>, ...args: string[]) {
	const child = spawn(
		process.execPath,
		[require.resolve('tsx/cli'), path.join('tools', 'live', 'main.ts'), ...args],
		{
			cwd: ROOT,
			env: { ...process.env, VTRIX_API_KEY: '', ...env },
			stdio: ['pipe', 'pipe', 'pipe'],
		},
	);
	child.stdin.end();
	let said = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (piece: Buffer) => {
			said += piece.toString();
		});
	}
	const [code]: unknown[] = await once(child, 'exit');
	return { code, said };
}
