import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import { RestartedError } from '../../core/shared/errors';
import { executionMemory } from './executionMemory';

/** Executions that n8n's database remembers for the node. */
const REMEMBERED = { mode: 'entries', maxEntries: 1000 } as const;
/** How often a note is looked for that an execution at the same time may have overwritten. */
const TRIES = 3;

const START = 'vtrixStart';
const startSchema = z.object({ executionId: z.string(), isSecond: z.boolean() });

/** By what n8n keeps for the node in an execution: runs at the same time begin once. */
const starts = new WeakMap<object, Promise<boolean>>();

/**
 * Lets an execution create tasks, unless it has done so before and n8n does not remember: in queue
 * mode n8n 1 starts the execution of a lost worker again from the beginning, without what the node
 * kept of it. A note in n8n's database survives that; where there is none, nothing is rejected.
 *
 * @throws RestartedError
 */
export async function assertFirstStart(context: IExecuteFunctions): Promise<void> {
	const executionId = context.getExecutionId();
	if (!executionId) return;
	const kept = executionMemory(context);
	const known = startSchema.safeParse(kept[START]).data;
	const start =
		known?.executionId === executionId
			? known.isSecond
			: (starts.get(kept) ?? hasBegun(context, executionId));
	if (typeof start !== 'boolean') starts.set(kept, start);
	const isSecond = await start;
	kept[START] = { executionId, isSecond };
	if (isSecond) throw new RestartedError();
}

/** Whether an execution has begun to create before; notes that it has now. */
async function hasBegun({ helpers }: IExecuteFunctions, executionId: string): Promise<boolean> {
	const isNoted = async () => {
		const checked = await helpers.checkProcessedAndRecord([executionId], 'node', REMEMBERED);
		return checked.processed.length > 0;
	};
	try {
		if (await isNoted()) return true;
		for (let tries = 0; tries < TRIES && !(await isNoted()); tries += 1);
	} catch {
		// n8n keeps no notes for a workflow that is not saved.
	}
	return false;
}
