/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
// `npm test`: types and tests side by side, since neither keeps all cores busy to its end.
import { spawn } from 'node:child_process';

const run = async (program: string, args: readonly string[]): Promise<number> =>
	await new Promise((resolve, reject) => {
		spawn(process.execPath, [require.resolve(program), ...args], { stdio: 'inherit' })
			.on('error', reject)
			.on('exit', (code) => resolve(code ?? 1));
	});

async function main(): Promise<void> {
	const [types, tests] = await Promise.all([
		run('typescript/bin/tsc', ['-p', 'test/tsconfig.json']),
		run('jest/bin/jest', process.argv.slice(2)),
	]);
	if (types !== 0) process.stderr.write('The types are not right, see above.\n');
	process.exitCode = types || tests;
}

void main();
