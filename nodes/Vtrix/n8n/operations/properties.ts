import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { RESOURCES, type Operation, type Resource } from './index';

/** Shows a field for one operation only, on top of its own conditions. */
function onlyFor(field: INodeProperties, resource: string, operation: string): INodeProperties {
	const show: IDisplayOptions['show'] = {
		resource: [resource],
		operation: [operation],
		...field.displayOptions?.show,
	};
	return { ...field, displayOptions: { ...field.displayOptions, show } };
}

/** A dropdown that decides which fields are shown; its first entry is chosen at first. */
const dropdown = (
	displayName: string,
	name: string,
	options: INodePropertyOptions[],
): INodeProperties => {
	const [first = { value: '' }] = options;
	const field = { displayName, name, type: 'options' as const, noDataExpression: true };
	return { ...field, options, default: first.value };
};

const operationField = (resource: string, { operations }: Resource): INodeProperties => {
	const options = Object.entries(operations).map(([value, { name, action, description }]) => ({
		value,
		name,
		action,
		description,
	}));
	return {
		...dropdown('Operation', 'operation', options),
		displayOptions: { show: { resource: [resource] } },
	};
};

const entries = Object.entries<Resource>(RESOURCES);
const operations: Array<{ resource: string; operation: string; declared: Operation }> =
	entries.flatMap(([resource, declared]) =>
		Object.entries(declared.operations).map(([operation, inner]) => ({
			resource,
			operation,
			declared: inner,
		})),
	);

/** What stands under the node on the canvas, an expression. */
export const SUBTITLE = `={{ ${operations
	.map(
		({ resource, operation, declared: { subtitle } }) =>
			`$parameter.resource === "${resource}" && $parameter.operation === "${operation}" ? ${subtitle} : `,
	)
	.join('')}"" }}`;

/** Every field of the node, from the table of operations. */
export const PROPERTIES: INodeProperties[] = [
	dropdown(
		'Resource',
		'resource',
		entries.map(([value, { name }]) => ({ name, value })),
	),
	...entries.map(([resource, declared]) => operationField(resource, declared)),
	...operations.flatMap(({ resource, operation, declared }) =>
		declared.fields.map((field) => onlyFor(field, resource, operation)),
	),
];
