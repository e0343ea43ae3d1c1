/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { executionSchema, type Execution } from './execution';
import type { Rest } from './rest';

const TIMEOUT_MS = 120_000;
const UNFINISHED = ['new', 'running', 'waiting', 'unknown'];

const rawSchema = executionSchema.extend({ data: z.unknown() });
const idSchema = z.object({ id: z.coerce.string() });
const flattedSchema = z.object({ parse: z.function(z.tuple([z.string()]), z.unknown()) });

/** Runs of workflows: start them, wait for them, look at them. */
export class Executions {
	/** @param modules n8n's node_modules, whose reader of the stored form is used */
	constructor(
		private readonly rest: Rest,
		private readonly modules: string,
	) {}

	/** Starts a workflow as the editor's "Execute workflow" button does. Gives the execution's id. */
	async start(workflowId: string, trigger: string) {
		const saved = await this.rest.call('GET', `/workflows/${workflowId}`, z.unknown());
		const schema = z.object({ executionId: z.string() });
		const { executionId } = await this.rest.call('POST', `/workflows/${workflowId}/run`, schema, {
			workflowData: saved, // only n8n before 2.1 reads it
			triggerToStartFrom: { name: trigger },
			startNodes: [],
		});
		return executionId;
	}

	/** Runs a workflow as the editor does, to its end. */
	async run(workflowId: string, trigger: string) {
		return await this.wait(await this.start(workflowId, trigger));
	}

	/**
	 * "Retry" of the executions list, to its end.
	 * @param workflow the workflow as it was when the execution failed, or as it is saved now
	 */
	async retry(executionId: string, workflow: 'original' | 'saved' = 'original') {
		const { id } = await this.rest.call('POST', `/executions/${executionId}/retry`, idSchema, {
			loadWorkflow: workflow === 'saved',
		});
		return await this.wait(id);
	}

	/** Stops a running execution, as the editor's "Stop" does. */
	async stop(executionId: string) {
		await this.rest.call('POST', `/executions/${executionId}/stop`, z.unknown());
	}

	/** Ids of the finished and running executions of a workflow, newest first. */
	async list(workflowId: string) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const schema = z.object({ results: z.array(idSchema) });
		const { results } = await this.rest.call('GET', `/executions?filter=${filter}`, schema);
		return results.map(({ id }) => id);
	}

	/** The newest execution of a workflow, when it has ended. */
	async newest(workflowId: string) {
		for (let tries = 0; ; tries++) {
			const [id] = await this.list(workflowId);
			if (id) return await this.wait(id);
			if (tries > 100) throw new Error(`Workflow ${workflowId} was never executed`);
			await sleep(150);
		}
	}

	/** One execution as it stands. */
	async get(executionId: string): Promise<Execution> {
		const stored = await this.rest.call('GET', `/executions/${executionId}`, rawSchema);
		const { data } = stored;
		// n8n stores it in the form of the `flatted` library
		const resolved = typeof data === 'string' ? this.unflatten(data) : data;
		return executionSchema.parse({ ...stored, data: resolved ?? undefined });
	}

	/** Waits until an execution has ended. */
	async wait(executionId: string, timeoutMs = TIMEOUT_MS) {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.get(executionId);
			if (!UNFINISHED.includes(execution.status)) return execution;
			if (Date.now() > deadline) {
				throw new Error(`Execution ${executionId} is still ${execution.status}`);
			}
			await sleep(150);
		}
	}

	private unflatten(text: string) {
		const require = createRequire(path.join(this.modules, 'n8n', 'package.json'));
		return flattedSchema.parse(require('flatted')).parse(text);
	}
}
