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
		expect(error?.message).toContain('Choose image › generate or task › get');
		expect(standIn.requests).toEqual([]);
	});

	test('says so beside each item where the node continues on fail', async () => {
		const { items, error } = await runVtrix(
			standIn,
			{ operation: 'juggle' },
			[{ json: { row: 1 } }, { json: { row: 2 } }],
			{ nodeOverrides: { onError: 'continueRegularOutput' } },
		);
		expect(error).toBeUndefined();
		expect(items[0].map(({ json, pairedItem }) => [json.row, json.error, pairedItem])).toEqual([
			[1, expect.stringContaining('image › juggle'), { item: 0 }],
			[2, expect.stringContaining('image › juggle'), { item: 1 }],
		]);
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
			const offered = (field: INodeProperties) =>
				(field.options ?? []).flatMap((option) => ('value' in option ? [option] : []));
			expect(shown('resource', {}).flatMap(offered)).toContainEqual({
				name: expect.stringMatching(/^[A-Z]/),
				value: resource,
			});
			expect(shown('operation', { resource }).flatMap(offered)).toContainEqual({
				name: expect.stringMatching(/^[A-Z]/),
				value: operation,
				action: expect.stringMatching(/^[A-Z]/),
				description: expect.stringMatching(/^[A-Z]/),
			});
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

	test('is chosen from dropdowns with a title, by no expression', () => {
		for (const [name, displayName] of [
			['resource', 'Resource'],
			['operation', 'Operation'],
		]) {
			for (const field of description.properties.filter((one) => one.name === name)) {
				expect(field).toMatchObject({ displayName, type: 'options', noDataExpression: true });
			}
		}
	});

	test('names the model in the line under the node', () => {
		const expression = (description.subtitle ?? '').replace(/^=\{\{|\}\}$/g, '');
		const $parameter = { resource: 'image', operation: 'generate', model: 'spark_dream_5_0' };
		expect(runInNewContext(expression, { $parameter })).toBe('Generate: Spark Dream 5.0');
	});
});
