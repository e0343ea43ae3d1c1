/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';
import { fileItem, initBinaryData, readBinary, type BinaryStore } from './binaryStore';
import { runNode } from './runNode';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(300_000, 7)]);

function nodeThat(
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
): INodeType {
	return {
		description: {
			displayName: 'Probe',
			name: 'probe',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Probe' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [{ displayName: 'Text', name: 'text', type: 'string', default: 'unset' }],
		},
		execute,
	};
}

const writeFile = nodeThat(async function () {
	const file = await this.helpers.prepareBinaryData(Readable.from([png]), 'a.png', 'image/png');
	return [[{ json: {}, binary: { data: file }, pairedItem: 0 }]];
});

describe('with the store in files', () => {
	let store: BinaryStore;

	beforeAll(async () => {
		store = await initBinaryData();
	});
	afterAll(() => store.cleanup());

	test('a stream goes to a file, not into the item', async () => {
		const { status, items } = await runNode({ node: writeFile });
		expect(status).toBe('success');
		expect(items[0]![0]!.binary!.data).toMatchObject({ data: 'filesystem-v2', bytes: png.length });
		expect(store.storedFiles().length).toBeGreaterThan(0);
		expect(await readBinary(items[0]![0])).toEqual(png);
	});
});
