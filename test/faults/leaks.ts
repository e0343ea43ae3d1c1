/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { inspect } from 'node:util';
import { stringify } from 'flatted';
import type { NodeRun } from '../support/runNode';

/**
 * Everything that a run leaves behind: what n8n saves, shows and logs, errors with their stacks and
 * hidden fields included.
 */
function traces(run: NodeRun): Record<string, string> {
	const shown = (value: unknown) =>
		inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
	const errors = [run.error, ...run.items.flat().map(({ error }) => error)];
	return {
		'the saved execution': stringify(run.run),
		'the execution in memory': shown(run.run.data),
		errors: errors.map((error) => `${shown(error)} ${error?.stack} ${stringify(error)}`).join(),
		items: shown(run.rounds),
		hints: shown(run.hints),
		logs: shown([run.logs, run.engineLogs]),
		'the node context': shown(run.nodeContext),
	};
}

/** Where a run shows a secret, in whatever form; nowhere if all is well. */
export function leaksOf(run: NodeRun, secret: string): string[] {
	const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
	return Object.entries(traces(run)).flatMap(([where, text]) =>
		forms.some((form) => text.includes(form)) ? [where] : [],
	);
}
