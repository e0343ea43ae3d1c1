import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { throttles } from '../../nodes/Vtrix/n8n/connection/transport';
import { runVtrix, type vtrixOptions } from '../node/runVtrix';
import {
	startStandIn,
	type Conditions,
	type Fault,
	type FaultInfo,
	type FaultKind,
	type StandIn,
	type StandInOptions,
} from '../standin';
import { initBinaryData, readBinary, type BinaryStore } from '../support/binaryStore';
import { retryExecution, type RetryChanges } from '../support/retryExecution';
import type { NodeRun } from '../support/runNode';
import { leaksOf } from './leaks';

/** The key of all stand-ins here, so that a leak of it can be told from any other text. */
export const KEY = ['key', 'that', 'nobody', 'may', 'see'].join('-');

/** A provider with tiny images; its tasks take 20 ms, or what is told, of the time of `now`. */
export const startProvider = async (options: StandInOptions = {}): Promise<StandIn> =>
	await startStandIn({ latencyMs: 20, tinyImages: true, apiKey: KEY, ...options });

/** Requests for the tasks of these prompts, for a fault's conditions. */
export const forPrompts =
	(standIn: StandIn, ...prompts: string[]) =>
	({ params, taskIndex }: FaultInfo): boolean =>
		prompts.includes(String(params?.prompt ?? standIn.tasks[taskIndex ?? -1]?.prompt));

/** Whether an item's file is what the provider has for it. */
export async function isIntact(standIn: StandIn, item: INodeExecutionData): Promise<boolean> {
	const { taskId, index } = item.json;
	const original = await standIn.imageBytes(String(taskId), Number(index) - 1);
	return original.equals(await readBinary(item));
}

/** Items with one prompt each. */
export const itemsOf = (prompts: readonly string[]): INodeExecutionData[] =>
	prompts.map((prompt) => ({ json: { prompt } }));

/** What a test file works with, once its first test runs. */
export interface AtProvider {
	readonly standIn: StandIn;
	/** One item for each prompt; the node takes its prompt from the item. */
	generate(
		prompts: readonly string[],
		more?: Parameters<typeof vtrixOptions>[3],
		parameters?: INodeParameters,
	): Promise<NodeRun>;
	/** Retry from the executions list. */
	retry(failed: NodeRun, changes?: RetryChanges): Promise<NodeRun>;
	/** Lets the tasks of one prompt meet a fault. */
	fault(kind: FaultKind, prompt: string, fault: Fault, conditions?: Conditions): void;
	/** Creations that were sent for a prompt. */
	creationsOf(prompt: string): number;
	/** Ids of a prompt's tasks, in order of creation. */
	tasksOf(prompt: string): string[];
}

/**
 * Gives a test file a provider and n8n's binary store; before each test the provider is as new.
 * Every run is searched for the key.
 */
export function atProvider(options: StandInOptions = {}): AtProvider {
	let standIn: StandIn;
	let store: BinaryStore;
	beforeAll(async () => {
		store = await initBinaryData();
		standIn = await startProvider(options);
	});
	afterAll(async () => {
		await standIn.close();
		store.cleanup();
	});
	beforeEach(() => {
		standIn.reset();
		// A service without limits is expected, whatever the test before has taught.
		throttles().clear();
	});
	afterEach(() => expect(standIn.leaks).toEqual([]));
	const checked = (run: NodeRun): NodeRun => {
		expect(leaksOf(run, KEY)).toEqual([]);
		return run;
	};
	return {
		get standIn() {
			return standIn;
		},
		async generate(prompts, more, parameters = {}) {
			const run = await runVtrix(
				standIn,
				{ model: 'spark_dream_5_0', prompt: '={{ $json.prompt }}', ...parameters },
				itemsOf(prompts),
				more,
			);
			return checked(run);
		},
		retry: async (failed, changes) => checked(await retryExecution(failed, changes)),
		fault: (kind, prompt, fault, conditions) =>
			standIn.fault(kind, fault, { match: forPrompts(standIn, prompt), ...conditions }),
		creationsOf: (prompt) =>
			standIn.requests.filter(
				({ kind, body }) =>
					kind === 'create' && JSON.stringify(body).includes(JSON.stringify(prompt)),
			).length,
		tasksOf: (prompt) => standIn.tasks.filter((task) => task.prompt === prompt).map(({ id }) => id),
	};
}
