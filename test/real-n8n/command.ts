/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { spawnGuarded } from './children';

/** How a program ended, with everything it printed. */
export interface Outcome {
	code: number;
	stdout: string;
	stderr: string;
}

export interface CommandOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Called with each line of output as it comes. */
	onLine?: (line: string) => void;
	/** Ends the program after this long (ms). */
	timeoutMs?: number;
}

/** A program that ended with an exit code other than 0. `output` is what it printed last. */
export class CommandError extends Error {
	readonly output: string;

	constructor(command: string, { code, stdout, stderr }: Outcome) {
		const output = `${stdout}\n${stderr}`.trim().slice(-3000);
		super(`${command} ended with exit code ${code}\n${output}`);
		this.name = 'CommandError';
		this.output = output;
	}
}

/** Runs a program to its end; tells its exit code instead of throwing. */
export async function attempt(
	program: string,
	args: readonly string[],
	{ cwd, env, onLine, timeoutMs }: CommandOptions = {},
): Promise<Outcome> {
	const child = spawnGuarded(program, args, { cwd, env, output: 'pipe' });
	const timer = timeoutMs ? setTimeout(() => child.kill('SIGTERM'), timeoutMs) : undefined;
	const [[code], stdout, stderr] = await Promise.all([
		once(child, 'close'),
		readLines(child.stdout, onLine),
		readLines(child.stderr, onLine),
	]);
	clearTimeout(timer);
	return { code: typeof code === 'number' ? code : 1, stdout, stderr };
}

/**
 * Runs a program to its end and returns what it printed on stdout.
 * @throws {CommandError} when it ends with an exit code other than 0
 */
export async function run(program: string, args: readonly string[], options: CommandOptions = {}) {
	const outcome = await attempt(program, args, options);
	if (outcome.code !== 0) throw new CommandError([program, ...args].join(' '), outcome);
	return outcome.stdout;
}

async function readLines(stream: NodeJS.ReadableStream | null, onLine?: (line: string) => void) {
	const lines: string[] = [];
	if (!stream) return '';
	for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
		lines.push(line);
		onLine?.(line);
	}
	return lines.join('\n');
}
