/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { playDifferences } from './faults/differences';
import type { StandInOptions } from './options';
import { startStandIn } from './standIn';

/**
 * Reads the command line; `--latency 3000` or `--latency 3000-12000`, in ms. `different` is for a
 * gateway that differs from its documentation in ten ways.
 */
function optionsFrom(args: string[]): StandInOptions & { different: boolean } {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string' },
			'cdn-port': { type: 'string' },
			'api-key': { type: 'string' },
			'base-path': { type: 'string' },
			latency: { type: 'string' },
			seed: { type: 'string' },
			'group-size': { type: 'string' },
			'image-bytes': { type: 'string' },
			'task-limit': { type: 'string' },
			drawing: { type: 'string' },
			'max-tasks': { type: 'string' },
			'creations-per-second': { type: 'string' },
			'polls-per-second': { type: 'string' },
			'retry-after': { type: 'string' },
			'no-progress': { type: 'boolean' },
			tiny: { type: 'boolean' },
			'no-requests': { type: 'boolean' },
			different: { type: 'boolean' },
		},
	});
	const { drawing } = values;
	if (drawing !== undefined && drawing !== 'plain' && drawing !== 'scene') {
		throw new Error(`--drawing is plain or scene, got "${drawing}"`);
	}
	return {
		port: numberOf('port', values.port),
		cdnPort: numberOf('cdn-port', values['cdn-port']),
		apiKey: values['api-key'],
		basePath: values['base-path'],
		latencyMs: latencyOf(values.latency),
		seed: values.seed,
		groupSize: numberOf('group-size', values['group-size']),
		imageBytesSize: numberOf('image-bytes', values['image-bytes']),
		taskLimit: numberOf('task-limit', values['task-limit']),
		drawing,
		limits: {
			concurrentTasks: numberOf('max-tasks', values['max-tasks']),
			creationsPerSecond: numberOf('creations-per-second', values['creations-per-second']),
			pollsPerSecond: numberOf('polls-per-second', values['polls-per-second']),
			retryAfterSeconds: numberOf('retry-after', values['retry-after']),
		},
		progress: values['no-progress'] !== true,
		tinyImages: values.tiny === true,
		keepRequests: values['no-requests'] !== true,
		different: values.different === true,
	};
}

function latencyOf(text: string | undefined): number | [number, number] | undefined {
	const [least, most, ...more] = text?.split('-') ?? [];
	if (more.length > 0) throw new Error(`--latency takes MS or MS-MS, got "${text}"`);
	const from = numberOf('latency', least);
	const to = numberOf('latency', most);
	return from !== undefined && to !== undefined ? [from, to] : from;
}

function numberOf(name: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, got "${text}"`);
	return Number(text);
}

async function main(): Promise<void> {
	const { different, ...options } = optionsFrom(process.argv.slice(2));
	const standIn = await startStandIn(options);
	if (different) await playDifferences(standIn);
	const { url, cdnUrl, mirrorUrl, specUrl, apiKey } = standIn;
	process.stdout.write(`${JSON.stringify({ url, cdnUrl, mirrorUrl, specUrl, apiKey })}\n`);

	let stopping = false;
	const stop = () => {
		if (stopping) return;
		stopping = true;
		void standIn.close().then(() => process.exit(0));
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
	// a pipe ends with the process that holds it; a file or /dev/null says nothing
	const input = fstatSync(0);
	if (input.isFIFO() || input.isSocket()) process.stdin.on('end', stop).resume();
}

void main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
