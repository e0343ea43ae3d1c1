/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { runInNewContext } from 'node:vm';
import { NodeHelpers, type INodeProperties } from 'n8n-workflow';
import { OPERATIONS } from '../../nodes/Vtrix/n8n/operations';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import { startStandIn, type StandIn } from '../standin';
import { runVtrix } from './runVtrix';

let standIn: StandIn;
beforeAll(async () => {
	standIn = await startStandIn();
});
afterAll(async () => await standIn.close());

const { description } = new Vtrix();
const PAIRS = OPERATIONS.map(({ resource, value }) => ({
	resource: resource.value,
	operation: value,
}));

describe('a node that is set to an operation that is not there', () => {
	test.each([
		{ resource: 'task', operation: 'juggle' },
		{ resource: 'task', operation: 'generate' },
		{ resource: 'image', operation: 'toString' },
		{ resource: 'video', operation: 'generate' },
	])('says so and asks the API for nothing: $resource, $operation', async (chosen) => {
		const { error } = await runVtrix(standIn, { ...chosen, taskId: 'task-1', prompt: 'a cat' });
		expect(error?.message).toMatch(/^Operation: "\w+ › \w*" is not one that this node has/);
		expect(error?.message).toContain('Choose');
		expect(standIn.requests).toEqual([]);
	});
});

const shown = (name: string, values: Record<string, string>): INodeProperties[] =>
	description.properties.filter(
		(field) =>
			field.name === name &&
			NodeHelpers.displayParameter(values, field, { typeVersion: 1 }, description),
	);

describe('each operation of the table', () => {
	test.each(PAIRS)(
		'is offered in the dropdowns: $resource, $operation',
		({ resource, operation }) => {
			const values = (field: INodeProperties) =>
				(field.options ?? []).flatMap((option) => ('value' in option ? [option.value] : []));
			expect(shown('resource', {}).flatMap(values)).toContain(resource);
			expect(shown('operation', { resource }).flatMap(values)).toContain(operation);
		},
	);

	test.each(PAIRS)(
		'has a line under the node: $resource, $operation',
		({ resource, operation }) => {
			const expression = (description.subtitle ?? '').replace(/^=\{\{|\}\}$/g, '');
			const read = (parameter: object): unknown =>
				runInNewContext(expression, { $parameter: parameter });
			const model = 'spark_dream_5_0';
			expect(read({ resource, operation, model })).toMatch(/^[A-Z]\w+/);
			expect(read({ resource, operation: 'juggle', model })).toBe('');
		},
	);
});
