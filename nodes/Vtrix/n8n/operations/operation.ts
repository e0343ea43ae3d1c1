import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { OutputField } from '../output/outputFields';

/** A kind of thing that operations are about. */
export interface Resource {
	/** Its value in saved workflows. */
	value: string;
	/** Entry of the Resource dropdown. */
	name: string;
}

export const IMAGE: Resource = { value: 'image', name: 'Image' };
export const TASK: Resource = { value: 'task', name: 'Task' };

/** One thing that the node does: how it is offered, its fields, and the function that does it. */
export interface Operation {
	resource: Resource;
	/** Its value in saved workflows. */
	value: string;
	/** Entry of the Operation dropdown, in Title Case. */
	name: string;
	/** Its entry in the list of n8n's node panel. */
	action: string;
	description: string;
	/** The subtitle of the node on the canvas: a JavaScript expression over `$parameter`. */
	subtitle: string;
	/** Its fields, without the condition that they belong to this operation. */
	fields: INodeProperties[];
	/** What its items' JSON holds by default. */
	output: Readonly<Record<string, OutputField>>;
	/** Works on all input items and gives the output items. */
	run: (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;
}
