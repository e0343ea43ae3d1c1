import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';

const runningSchema = z
	.object({ workflow: z.custom<object>((value) => typeof value === 'object' && value !== null) })
	.catch({ workflow: {} });

/** By workflow as it is loaded for one execution, and the node's name. */
const memories = new WeakMap<object, Record<string, IDataObject>>();

/**
 * What n8n keeps of this node for the execution, and stores with it. Where n8n keeps no data of an
 * execution, as for the tools of an MCP trigger, it lasts as long as the workflow is loaded.
 */
export function executionMemory(context: IExecuteFunctions): IDataObject {
	try {
		return context.getContext('node');
	} catch {
		const { workflow } = runningSchema.parse(context);
		const memory = memories.get(workflow) ?? {};
		memories.set(workflow, memory);
		return (memory[context.getNode().name] ??= {});
	}
}
