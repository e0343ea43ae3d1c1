/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setImmediate as turn } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { credentialFor } from '../node/runVtrix';
import type { NodeRun, RunOptions } from '../support/runNode';
import { agentTool } from '../support/toolCalls';
import { isIntact, type AtProvider } from './provider';

/** What many small runs came to together, by the prompt of each picture. */
export interface SmallRuns {
	/** ID of the task whose picture came, byte for byte. */
	delivered: Map<string, string>;
	/** What was told where none came. */
	failed: Map<string, string>;
}

/** How pictures are asked for in many small runs of one process. */
export type Shape = (
	at: AtProvider,
	prompts: readonly string[],
	parameters: INodeParameters,
) => Promise<SmallRuns>;

const CONTINUE = { onError: 'continueRegularOutput' } as const;

/** Runs the node once for these prompts, as an execution of its own. */
const execution = async (
	at: AtProvider,
	prompts: readonly string[],
	parameters: INodeParameters,
	more: Partial<RunOptions>,
): Promise<NodeRun> => await at.generate(prompts, { nodeOverrides: CONTINUE, ...more }, parameters);

/** Adds what came of one execution, whose rounds together took these prompts. */
async function gather(
	at: AtProvider,
	all: SmallRuns,
	prompts: readonly string[],
	{ rounds, error }: NodeRun,
): Promise<void> {
	const items = rounds.flatMap(([first = []]) => first);
	for (const [index, prompt] of prompts.entries()) {
		const item = items[index];
		const isThere = item?.binary !== undefined && (await isIntact(at.standIn, item));
		if (isThere) all.delivered.set(prompt, String(item.json.taskId));
		else all.failed.set(prompt, String(item?.json.error ?? error?.message ?? 'nothing came'));
	}
}

async function gathered(
	at: AtProvider,
	runs: ReadonlyArray<{ prompts: readonly string[]; run: NodeRun }>,
): Promise<SmallRuns> {
	const all: SmallRuns = { delivered: new Map(), failed: new Map() };
	for (const { prompts, run } of runs) await gather(at, all, prompts, run);
	return all;
}

/** An execution of one item for each, all at once. */
const webhooks: Shape = async (at, prompts, parameters) =>
	await gathered(
		at,
		await Promise.all(
			prompts.map(async (prompt, index) => {
				const more = { mode: 'webhook', executionId: `webhook-${index}` } as const;
				return { prompts: [prompt], run: await execution(at, [prompt], parameters, more) };
			}),
		),
	);

/** An execution of three items each, which begins before the one before it has ended. */
const schedules: Shape = async (at, prompts, parameters) => {
	const starts = Math.ceil(prompts.length / 3);
	const running: Array<Promise<{ prompts: readonly string[]; run: NodeRun }>> = [];
	let ended = 0;
	for (let index = 0; index < starts; index += 1) {
		const own = prompts.slice(3 * index, 3 * index + 3);
		const more = { mode: 'trigger', executionId: `schedule-${index}` } as const;
		const before = at.standIn.creationsReceived;
		const run = execution(at, own, parameters, more);
		running.push(run.then((result) => ({ prompts: own, run: result })));
		void run.finally(() => (ended += 1));
		while (at.standIn.creationsReceived === before && ended <= index) await turn();
	}
	return await gathered(at, await Promise.all(running));
};

/** A parent that calls its sub-workflow for one item after the other. */
const subWorkflows: Shape = async (at, prompts, parameters) => {
	const runs = [];
	for (const [index, prompt] of prompts.entries()) {
		const more = { mode: 'integrated', executionId: `called-${index}` } as const;
		runs.push({ prompts: [prompt], run: await execution(at, [prompt], parameters, more) });
	}
	return await gathered(at, runs);
};

/** One execution, whose loop gives the node one item a round. */
const loop: Shape = async (at, prompts, parameters) => {
	const run = await execution(at, prompts, parameters, { batchSize: 1 });
	return await gathered(at, [{ prompts, run }]);
};

/** One agent that calls its tool for each at once; no file reaches an agent. */
const toolCalls: Shape = async (at, prompts, parameters) => {
	const { call } = agentTool({
		node: new Vtrix(),
		parameters: {
			resource: 'image',
			operation: 'generate',
			model: 'spark_dream_5_0',
			prompt: "={{ $fromAI('prompt') }}",
			...parameters,
		},
		credentials: [credentialFor(at.standIn)],
		nodeOverrides: CONTINUE,
	});
	const all: SmallRuns = { delivered: new Map(), failed: new Map() };
	await Promise.all(
		prompts.map(async (prompt) => {
			const [{ taskId, error }] = await call({ prompt });
			if (error === undefined) all.delivered.set(prompt, String(taskId));
			else all.failed.set(prompt, String(error));
		}),
	);
	return all;
};

/** Every shape by what people call it. */
export const SHAPES = {
	'webhooks at once': webhooks,
	'schedules that overlap': schedules,
	'sub-workflows in a row': subWorkflows,
	'a loop of one item': loop,
	'calls of an agent at once': toolCalls,
} satisfies Record<string, Shape>;
