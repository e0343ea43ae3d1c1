import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';

const description = {
	group: ['transform' as const],
	version: 1,
	description: '',
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
};

/** Starts the workflow and passes the run's items on. */
export const trigger: INodeType = {
	description: {
		...description,
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		defaults: { name: 'Start' },
		inputs: [],
	},
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
};

/** Hands everything on unchanged. */
export const passThrough: INodeType = {
	description: {
		...description,
		displayName: 'Pass Through',
		name: 'passThrough',
		defaults: { name: 'Pass Through' },
	},
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
};

/** Hands on the items without their files, as many of n8n's nodes do. */
export const withoutFiles: INodeType = {
	description: {
		...description,
		displayName: 'Without Files',
		name: 'withoutFiles',
		defaults: { name: 'Without Files' },
	},
	async execute(this: IExecuteFunctions) {
		return [this.getInputData().map(({ json }, item) => ({ json, pairedItem: { item } }))];
	},
};

/** Batches of items, one a round, as n8n's Loop Over Items: outputs `done` and `loop`. */
export const loop: INodeType = {
	description: {
		...description,
		displayName: 'Loop',
		name: 'loop',
		defaults: { name: 'Loop' },
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['done', 'loop'],
		properties: [{ displayName: 'Batch', name: 'batchSize', type: 'number', default: 1 }],
	},
	async execute(this: IExecuteFunctions) {
		const state = this.getContext('node');
		const input = this.getInputData();
		if (state.waiting === undefined) {
			state.waiting = [...input];
			state.done = [];
		} else {
			state.done.push(...input);
		}
		const batch = state.waiting.splice(0, this.getNodeParameter('batchSize', 0, 1));
		return batch.length > 0 ? [[], batch] : [state.done, []];
	},
};
