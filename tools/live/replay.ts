/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { compare } from './beliefs/compare';
import { compareSpec } from './beliefs/compareSpec';
import { readRecording } from './recording/folder';
import { toMarkdown } from './report/markdown';
import { taskRows } from './report/taskRows';

const ROOT = path.join(__dirname, '..', '..');

/** Name of the variable that hands a folder to the test. */
export const FOLDER_VARIABLE = 'VTRIX_RECORDING';

/**
 * Plays a recording to the node, by the test that plays the project's own ones, and compares it.
 *
 * @returns exit code: 1 where the node does not handle it
 */
export async function replay(folder: string, log: (line: string) => void): Promise<number> {
	const steps = readRecording(folder);
	// one of descriptions alone has nothing for the node
	const isPlayed = steps.some(({ does }) => does.kind !== 'requests');
	const code = isPlayed ? await play(folder) : 0;
	const spec = compareSpec(steps);
	const report = {
		about: `A recording of ${steps.length} steps, played to the node.`,
		comparison: await compare(steps),
		tasks: taskRows(steps),
		...(spec && { spec }),
	};
	log(`\n${toMarkdown(report)}`);
	return code === 0 ? 0 : 1;
}

async function play(folder: string): Promise<unknown> {
	const jest = path.join(path.dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
	const child = spawn(
		process.execPath,
		[jest, '--runInBand', '--runTestsByPath', path.join('test', 'live', 'recordings.test.ts')],
		{
			cwd: ROOT,
			stdio: 'inherit',
			env: { ...process.env, [FOLDER_VARIABLE]: path.resolve(folder) },
		},
	);
	const [code]: unknown[] = await once(child, 'exit');
	return code;
}
