import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { OPERATIONS } from './index';
import type { Resource } from './operation';

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

const RESOURCES = [...new Set(OPERATIONS.map(({ resource }) => resource))];

const operationField = (resource: Resource): INodeProperties => ({
	...dropdown(
		'Operation',
		'operation',
		OPERATIONS.filter((operation) => operation.resource === resource).map(
			({ value, name, action, description }) => ({ value, name, action, description }),
		),
	),
	displayOptions: { show: { resource: [resource.value] } },
});

/** What stands under the node on the canvas, an expression. */
export const SUBTITLE = `={{ ${OPERATIONS.map(
	({ resource, value, subtitle }) =>
		`$parameter.resource === "${resource.value}" && $parameter.operation === "${value}" ? ${subtitle} : `,
).join('')}"" }}`;

/** Every field of the node, from the list of operations. */
export const PROPERTIES: INodeProperties[] = [
	dropdown(
		'Resource',
		'resource',
		RESOURCES.map(({ name, value }) => ({ name, value })),
	),
	...RESOURCES.map(operationField),
	...OPERATIONS.flatMap(({ resource, value, fields }) =>
		fields.map((field) => onlyFor(field, resource.value, value)),
	),
];
