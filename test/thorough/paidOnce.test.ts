/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'flatted';
import type { INodeExecutionData, INodeParameters, OnError } from 'n8n-workflow';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import type * as FakeTime from '../faults/fakeTimeTransport';
import { now, startTime } from '../faults/fakeTimeTransport';
import { atProvider } from '../faults/provider';
import { credentialFor } from '../node/runVtrix';
import type { Fault, FaultInfo, FaultKind } from '../standin';
import { seededRandom } from '../standin/random';
import type { NodeRun } from '../support/runNode';
import { agentTool, type AgentTool } from '../support/toolCalls';
import {
	computedOptions,
	computedSeed,
	computedText,
	holdsComputed,
	plainText,
} from './computedFields';

jest.mock('../../nodes/Vtrix/n8n/connection/transport', () =>
	jest
		.requireActual<typeof FakeTime>('../faults/fakeTimeTransport')
		.inFakeTime(jest.requireActual('../../nodes/Vtrix/n8n/connection/transport')),
);

/** `FUZZ_RUNS` for more or fewer of them, `FUZZ_SEED` for the first seed. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 2000);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const RUNS_IN_A_TEST = 100;
const COST = 0.1;

const at = atProvider({ now, costPerImage: COST, latencyMs: [20, 9000] });

const FAULTS: ReadonlyArray<[FaultKind, Fault]> = [
	['create', { type: 'status', code: 429, retryAfterSeconds: 2 }],
	['create', { type: 'status', code: 402 }],
	['create', { type: 'status', code: 503, created: true }],
	['create', { type: 'status', code: 503, body: { task_id: 'nobody' }, created: false }],
	['create', { type: 'reset', created: true }],
	['create', { type: 'reset', created: false }],
	['create', { type: 'halfJson' }],
	['create', { type: 'notJson' }],
	['create', { type: 'completeAtOnce' }],
	['create', { type: 'failed', error: 'too dark' }],
	['create', { type: 'entryError', index: 0 }],
	['create', { type: 'idName', name: 'task_id' }],
	['create', { type: 'neverEnds' }],
	['poll', { type: 'status', code: 403 }],
	['poll', { type: 'status', code: 429 }],
	['poll', { type: 'status', code: 500 }],
	['poll', { type: 'reset' }],
	['poll', { type: 'halfJson' }],
	['poll', { type: 'completedEmpty' }],
	['poll', { type: 'failed', error: 'blocked' }],
	['download', { type: 'status', code: 404 }],
	['download', { type: 'expired' }],
	['download', { type: 'truncated' }],
	['download', { type: 'html' }],
	['download', { type: 'empty' }],
];
const DOORS: ReadonlyArray<OnError | undefined> = [
	undefined,
	'continueRegularOutput',
	'continueErrorOutput',
];

/** What the requests of one execution were, and what came of them. */
interface Execution {
	/** Index of its first request. */
	from: number;
	/** All that a user or a workflow can read of it. */
	told: string;
	items: INodeExecutionData[];
	isStopped: boolean;
}

interface Drawn {
	prompts: string[];
	/** How many of a prompt's tasks may end without a single image. */
	imageless: (prompt: string) => number;
	parameters: INodeParameters;
	nodeOverrides: Record<string, unknown>;
	spendingLimit: number;
	isGroup: boolean;
	waits: boolean;
}

function draw(random: () => number): Drawn & { story: unknown } {
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
	const prompts = Array.from({ length: Math.ceil(random() * 6) }, (_, n) => `picture ${n}`);
	const faults = Array.from({ length: Math.floor(random() * 4) }, () => {
		const [kind, fault] = pick(FAULTS);
		const [prompt, times] = [pick(prompts), Math.ceil(random() * 3)];
		const isOf = ({ params, taskIndex }: FaultInfo) =>
			plainText(String(params?.prompt ?? at.standIn.tasks[taskIndex ?? -1]?.prompt)) === prompt;
		at.standIn.fault(kind, fault, { times, match: isOf });
		return { prompt, kind, fault, times };
	});
	const onError = pick(DOORS);
	const isGroup = random() < 0.2;
	const waits = random() < 0.9;
	const spendingLimit = waits && random() < 0.25 ? pick([0.05, 0.25, 0.3]) : 0;
	const options = {
		...(!isGroup && { seed: computedSeed(random) }),
		...computedOptions(random),
		...(random() < 0.2 && { combineImages: true }),
		...(random() < 0.3 && { maxConcurrency: pick([1, 2]) }),
		...(random() < 0.1 && { downloadImages: false }),
		...(!waits && { waitForCompletion: false }),
		...(spendingLimit > 0 && { spendingLimit }),
		...(isGroup && { sequentialImageGeneration: 'auto', maxImages: 3 }),
	};
	const parameters: INodeParameters = {
		resource: 'image',
		operation: 'generate',
		prompt: computedText('={{ $json.prompt }}', random),
		model: isGroup ? 'spark_dream_4_5' : 'spark_t2i_3_0',
		options,
	};
	const nodeOverrides = {
		retryOnFail: random() < 0.6,
		maxTries: 4,
		waitBetweenTries: 1,
		...(onError && { onError }),
	};
	const imageless = (prompt: string) =>
		faults
			.filter((one) => one.prompt === prompt && one.fault.type === 'entryError')
			.reduce((sum, { times }) => sum + times, 0);
	const story = { faults, nodeOverrides, options, prompts: prompts.length };
	return { prompts, imageless, parameters, nodeOverrides, spendingLimit, isGroup, waits, story };
}

const toldBy = (run: NodeRun): string =>
	JSON.stringify([
		run.error?.message,
		run.error && 'description' in run.error ? run.error.description : '',
		run.error?.context,
		run.rounds,
		run.nodeContext,
		run.run.data.resultData.runData.Vtrix?.map(({ hints }) => hints),
	]);

/** Runs the items in one way or another, and the execution again if it failed. */
async function inEngine(drawn: Drawn, random: () => number): Promise<Execution[]> {
	const { prompts, parameters, nodeOverrides } = drawn;
	const batchSize = random() < 0.3 ? Math.ceil(random() * 2) : undefined;
	const stopAfter = random() < 0.15 ? Math.ceil(random() * prompts.length) : Infinity;
	const executions: Execution[] = [];
	const noted = (run: NodeRun, from: number) => {
		const isStopped = run.status === 'canceled';
		const items = run.rounds.flat(2);
		executions.push({ from, told: toldBy(run), items, isStopped });
		return run;
	};
	const more = { nodeOverrides, ...(batchSize && { batchSize }) };
	let run = noted(
		await at.generate(
			prompts,
			{ ...more, cancelWhen: () => at.standIn.creationsReceived >= stopAfter },
			parameters,
		),
		0,
	);
	for (let again = 2; again <= 3 && run.status === 'error'; again += 1) {
		const from = at.standIn.requests.length;
		run = noted(
			await at.retry(run, {
				executionId: `execution-${again}`,
				workflow: random() < 0.5 ? 'saved' : 'original',
			}),
			from,
		);
	}
	return executions;
}

/** Lets an agent call the node, several calls at a time, and again where one failed. */
async function asTool(drawn: Drawn, random: () => number): Promise<Execution[]> {
	const { prompts, parameters, nodeOverrides } = drawn;
	const options = {
		node: new Vtrix(),
		parameters: { ...parameters, prompt: computedText("={{ $fromAI('prompt') }}", random) },
		credentials: [credentialFor(at.standIn)],
		nodeOverrides,
	};
	const tool = agentTool(options);
	const answers: unknown[] = [];
	const call = async (callTool: AgentTool['call'], prompt: string) =>
		await callTool({ prompt }).then(
			(items) => {
				answers.push(items);
				return items.some(({ error }) => error !== undefined);
			},
			(error: unknown) => {
				answers.push(error instanceof Error ? error.message : error);
				return true;
			},
		);
	const callAll = async (callTool: AgentTool['call'], all: string[]) => {
		const failed: string[] = [];
		const width = Math.ceil(random() * 3);
		for (let n = 0; n < all.length; n += width) {
			const now = all.slice(n, n + width);
			const results = await Promise.all(now.map(async (prompt) => await call(callTool, prompt)));
			failed.push(...now.filter((_, index) => results[index]));
		}
		return failed;
	};
	const failed = await callAll(tool.call, prompts);
	const left = await callAll(tool.call, failed);
	const noted = (from: number, { nodeContext, data }: AgentTool): Execution => ({
		from,
		told: JSON.stringify([
			answers,
			nodeContext,
			data.resultData.runData.Vtrix?.map(({ hints }) => hints),
		]),
		items: [],
		isStopped: false,
	});
	const first = noted(0, tool);
	const from = at.standIn.requests.length;
	const again = agentTool({
		...options,
		data: parse(stringify(tool.data)),
		executionId: 'execution-2',
	});
	await callAll(again.call, left);
	return [first, noted(from, again)];
}

/** What must hold whatever happens; gives what does not, in words. */
function complaintsOf(drawn: Drawn, executions: readonly Execution[]): string[] {
	const { prompts, imageless, spendingLimit, isGroup } = drawn;
	const { requests, tasks } = at.standIn;
	const complaints: string[] = [];
	for (const prompt of prompts) {
		const failures =
			imageless(prompt) +
			tasks.filter((task) => plainText(task.prompt) === prompt && task.outcome === 'failed').length;
		executions.forEach(({ from }, index) => {
			const sent = requests
				.slice(from, executions[index + 1]?.from)
				.filter(
					({ kind, body, status }) =>
						kind === 'create' && holdsComputed(body, prompt) && status !== 402 && status !== 429,
				).length;
			if (sent > 1 + failures) {
				complaints.push(`${prompt} was sent ${sent} times in execution ${index + 1}`);
			}
		});
	}
	for (const { items } of executions) {
		for (const { json, pairedItem } of items) {
			const [paired] = [pairedItem].flat();
			const index = typeof paired === 'object' ? paired.item : undefined;
			if (json.prompt !== undefined && !prompts.includes(plainText(String(json.prompt)))) {
				complaints.push(`an item has the prompt ${String(json.prompt)}`);
			}
			if (index === undefined) complaints.push('an item belongs to none of the input');
		}
	}
	const told = executions.map((execution) => execution.told).join();
	for (const { id, prompt, outcome } of tasks) {
		if (outcome === 'failed' || told.includes(id)) continue;
		if (!told.includes('may have been created')) {
			complaints.push(`task ${id} of ${prompt} is told nowhere`);
		}
	}
	const charged = tasks.filter(({ outcome }) => outcome === 'completed').length * COST;
	const most = Math.max(spendingLimit + COST, 2 * COST) + 1e-9;
	if (spendingLimit > 0 && !isGroup && charged > most) {
		complaints.push(`$${charged} were spent of $${spendingLimit}`);
	}
	return complaints;
}

const starts = Array.from(
	{ length: Math.ceil(RUNS / RUNS_IN_A_TEST) },
	(_, index) => FIRST + index * RUNS_IN_A_TEST,
);

describe('nothing is paid twice, lost or mixed up', () => {
	test.each(starts)(
		'in drawn runs from seed %i',
		async (start) => {
			const complaints: string[] = [];
			for (let seed = start; seed < Math.min(start + RUNS_IN_A_TEST, FIRST + RUNS); seed += 1) {
				at.standIn.reset();
				startTime();
				const random = seededRandom(seed, 'paid once');
				const { story, ...drawn } = draw(random);
				const executions = await (random() < 0.25 ? asTool : inEngine)(drawn, random);
				// what was on its way when it was stopped still arrives
				if (executions.some(({ isStopped }) => isStopped)) await sleep(50);
				const found = complaintsOf(drawn, executions);
				if (found.length > 0) {
					complaints.push(`FUZZ_SEED=${seed}: ${found.join('; ')} ${JSON.stringify(story)}`);
				}
			}
			expect(complaints).toEqual([]);
		},
		300_000,
	);
});
