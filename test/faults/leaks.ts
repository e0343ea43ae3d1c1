/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { stringify } from 'flatted';
import type { NodeRun } from '../support/runNode';

/** Every text that hangs on a value: names and values of properties, hidden ones and stacks included. */
function* textsOf(value: unknown, seen = new Set<unknown>()): Generator<string> {
	if (typeof value === 'string') yield value;
	if (typeof value !== 'object' || value === null || seen.has(value)) return;
	seen.add(value);
	if (value instanceof Error) yield String(value.stack);
	if (value instanceof Map || value instanceof Set) yield* textsOf([...value], seen);
	for (const key of Reflect.ownKeys(value)) {
		yield String(key);
		yield* textsOf(Reflect.getOwnPropertyDescriptor(value, key)?.value, seen);
	}
}

/** Everything that a run leaves behind: what n8n saves, shows and logs. */
const traces = (run: NodeRun): Record<string, unknown> => ({
	'the saved execution': JSON.parse(stringify(run.run)),
	'the execution in memory': run.run.data,
	'the error': run.error,
	items: run.rounds,
	hints: run.hints,
	logs: [run.logs, run.engineLogs],
	'the node context': run.nodeContext,
});

/** Where a run shows a secret, as it is or as a URL has it; nowhere if all is well. */
export function leaksOf(run: NodeRun, secret: string): string[] {
	const forms = [secret, encodeURIComponent(secret)];
	return Object.entries(traces(run)).flatMap(([where, trace]) =>
		[...textsOf(trace)].some((text) => forms.some((form) => text.includes(form))) ? [where] : [],
	);
}

/** Parts of a request or an answer that errors of n8n's HTTP helpers carry, key included. */
const RAW = new Set(['config', 'headers', 'request', 'response', '_header', 'socket']);

/** Names of such parts that hang on a run's errors. */
export function rawPartsOf(run: NodeRun): string[] {
	const errors = [run.error, ...run.items.flat().map(({ error }) => error)];
	return [...textsOf(errors)].filter((text) => RAW.has(text));
}
