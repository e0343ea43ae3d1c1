import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { InvalidParametersError } from '../../core/shared/errors';
import { MODELS } from '../../models';
import { MODEL_FIELDS, MODEL_OPTIONS } from '../form/modelFields';
import { nodeOptionFields, optionsCollection } from '../form/options';
import { generateImages } from './generateImages';
import { getTasks } from './getTasks';

/** One thing that the node does: how it is offered, its fields, and the function that does it. */
export interface Operation {
	/** Entry of the Operation dropdown, in Title Case. */
	name: string;
	/** Its entry in the list of n8n's node panel. */
	action: string;
	description: string;
	/** The subtitle of the node on the canvas: a JavaScript expression over `$parameter`. */
	subtitle: string;
	/** Its fields, without the condition that they belong to this operation. */
	fields: INodeProperties[];
	/** Works on all input items and gives the output items. */
	run: (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;
}

/** A kind of thing that operations are about. */
export interface Resource {
	/** Entry of the Resource dropdown. */
	name: string;
	/** By the value of the field `operation`; the first one is the default. */
	operations: Readonly<Record<string, Operation>>;
}

const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

const TASK_ID: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.taskId }}',
	description:
		'ID of the task, as an earlier generation or an error message gave it; separate several by commas',
};

const MODEL_NAMES = Object.fromEntries(MODELS.map(({ id, displayName }) => [id, displayName]));

/** Every operation by resource; dropdowns, fields, subtitle and dispatch follow from this table. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
	image: {
		name: 'Image',
		operations: {
			generate: {
				name: 'Generate',
				action: 'Generate image',
				description: 'Create or edit images from a prompt and input images',
				subtitle: `"Generate: " + ${JSON.stringify(MODEL_NAMES)}[$parameter.model]`,
				fields: [...MODEL_FIELDS, SIMPLIFY, ...MODEL_OPTIONS],
				run: generateImages,
			},
		},
	},
	task: {
		name: 'Task',
		operations: {
			get: {
				name: 'Get',
				action: 'Get task',
				description:
					'Look up a generation that was started earlier, and fetch its images when it is done',
				subtitle: '"Get task"',
				fields: [TASK_ID, SIMPLIFY, optionsCollection(nodeOptionFields({ creates: false }))],
				run: getTasks,
			},
		},
	},
};

/**
 * The operation that a node is set to.
 *
 * @throws InvalidParametersError for a pair that is not in the table, as in an edited workflow
 */
export function findOperation(resource: unknown, operation: unknown): Operation {
	const { operations } = entryOf(RESOURCES, resource, 'Resource', 'resources of this node');
	return entryOf(operations, operation, 'Operation', `operations of the resource '${resource}'`);
}

function entryOf<Entry>(
	table: Readonly<Record<string, Entry>>,
	value: unknown,
	label: string,
	what: string,
): Entry {
	const entry = typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined;
	if (entry !== undefined) return entry;
	throw new InvalidParametersError([
		{
			label,
			value,
			message: `is not one of the ${what}. Choose ${Object.keys(table).join(' or ')} from the list, or update the node.`,
		},
	]);
}
