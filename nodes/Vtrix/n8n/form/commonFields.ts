import type { INodeProperties } from 'n8n-workflow';

/**
 * The field of every operation that returns what the service says of a task. It stays for agents' tools,
 * too, where n8n's guidelines want a choice named Output: n8n drops a hidden field when it opens a saved
 * workflow, so a tool that was saved with Simplify off would answer otherwise.
 */
export const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The field of every operation on tasks that are there. */
export const TASK_ID: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.taskId }}',
	description:
		'ID of the task, as an earlier generation or an error message gave it; separate several by commas',
};
