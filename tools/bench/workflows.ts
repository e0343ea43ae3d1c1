import type { Credential } from '../../test/real-n8n/credentials';
import type { WorkflowFile, WorkflowNode } from '../../test/real-n8n/workflows';

/** What the workflows of one scenario make, whoever runs it. */
export interface Work {
	items: number;
	/** Images that each item asks for. */
	imagesPerItem: number;
	/** Whether they come inside the answers, as base64. */
	inline?: boolean;
}

/** The credentials that both ways need. */
export interface Access {
	/** For this package's node. */
	vtrix: Credential;
	/** The key in a header, as one sets up an HTTP Request node. */
	header: Credential;
	/** Base URL of the API. */
	url: string;
}

export const TRIGGER = 'Start';
/** The node that makes files of the images, in the handmade workflow. */
export const DELIVERY = 'Download';
/** The node that only checks. */
export const CHECK = 'Check';
/** As the editor saves new workflows: a branch runs to its end before the next one. */
export const SETTINGS = { executionOrder: 'v1' };
/** n8n runs the upper one of two branches first: what is done is fetched before the loop goes on. */
const BELOW: [number, number] = [0, 200];
/** A model that works from a prompt alone and makes groups. */
export const MODEL = 'spark_dream_4_5';
/** One that gives its images inside the answers, too. */
const INLINE_MODEL = 'spark_dream_5_0';

const modelFor = ({ inline }: Work): string => (inline ? INLINE_MODEL : MODEL);

/** A node of n8n's own. */
export const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	more: Partial<WorkflowNode> = {},
): WorkflowNode => ({
	id: name,
	name,
	type: `n8n-nodes-base.${type}`,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

/** One output of a node leads to one input of the next. */
export type Links = ReadonlyArray<readonly [from: string, to: string, output?: number]>;

/** The connections of a workflow file. */
export function connect(links: Links): WorkflowFile['connections'] {
	const connections: WorkflowFile['connections'] = {};
	for (const [from, to, output = 0] of links) {
		const { main } = (connections[from] ??= { main: [] });
		while (main.length <= output) main.push([]);
		main[output].push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}

/** The trigger and the items: `{ number }` from 0. */
const source = ({ items }: Work): WorkflowNode[] => [
	node(TRIGGER, 'manualTrigger', 1, {}),
	node('List', 'set', 3.4, {
		mode: 'raw',
		jsonOutput: `={{ JSON.stringify({ list: Array.from({ length: ${items} }, (_, number) => ({ number })) }) }}`,
	}),
	node('Items', 'splitOut', 1, { fieldToSplitOut: 'list' }),
];

const SOURCE_LINKS: Links = [
	[TRIGGER, 'List'],
	['List', 'Items'],
];

/** This package's node, with its own options. */
export function vtrixWorkflow(
	work: Work,
	{ vtrix }: Pick<Access, 'vtrix'>,
	options: Record<string, number>,
): WorkflowFile {
	const group = {
		...(work.imagesPerItem > 1 && {
			sequentialImageGeneration: 'auto',
			maxImages: work.imagesPerItem,
		}),
		...(work.inline && { responseFormat: 'b64_json' }),
	};
	return {
		name: 'Vtrix',
		nodes: [
			...source(work),
			node(
				'Vtrix',
				'',
				1,
				{
					resource: 'image',
					operation: 'generate',
					model: modelFor(work),
					prompt: '=a lighthouse, number {{ $json.number }}',
					options: { ...group, ...options },
				},
				{
					type: 'n8n-nodes-vtrix.vtrix',
					credentials: { vtrixApi: { id: vtrix.id, name: vtrix.name } },
				},
			),
		],
		connections: connect([...SOURCE_LINKS, ['Items', 'Vtrix']]),
		settings: SETTINGS,
	};
}

/** One item of this package's node for each call of a webhook, which is answered at once. */
export function webhookWorkflow(path: string, { vtrix }: Pick<Access, 'vtrix'>): WorkflowFile {
	const { nodes } = vtrixWorkflow({ items: 1, imagesPerItem: 1 }, { vtrix }, {});
	const [made] = nodes.slice(-1);
	return {
		name: `Webhook ${path}`,
		nodes: [
			node(
				TRIGGER,
				'webhook',
				2,
				{ path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
				{ webhookId: path },
			),
			{ ...made, parameters: { ...made.parameters, prompt: 'a lighthouse' } },
		],
		connections: connect([[TRIGGER, made.name]]),
		settings: SETTINGS,
	};
}

/** Makes so many files and hands them to this package's node as one item, which only checks them. */
export function checkWorkflow(files: number, { vtrix }: Access): WorkflowFile {
	const { nodes, connections } = vtrixWorkflow({ items: 1, imagesPerItem: files }, { vtrix }, {});
	const [check] = nodes.slice(-1);
	return {
		name: 'Check',
		nodes: [
			...nodes,
			node('Together', 'aggregate', 1, {
				aggregate: 'aggregateAllItemData',
				options: { includeBinaries: true },
			}),
			{
				...check,
				id: CHECK,
				name: CHECK,
				parameters: {
					resource: 'image',
					operation: 'generate',
					model: MODEL,
					prompt: 'a lighthouse',
					inputImages: {
						image: [{ source: 'file', fieldName: "={{ Object.keys($binary).join(',') }}" }],
					},
					options: { dryRun: true },
				},
			},
		],
		connections: {
			...connections,
			...connect([
				['Vtrix', 'Together'],
				['Together', CHECK],
			]),
		},
		settings: SETTINGS,
	};
}

/**
 * What one builds by hand: create all, wait, ask about all, fetch those that are done, and go round
 * with the rest. HTTP Request sends the requests of all its items at the same time.
 */
export function handmadeWorkflow(
	work: Work,
	{ header, url }: Access,
	waitSeconds: number,
): WorkflowFile {
	const withKey = { credentials: { httpHeaderAuth: { id: header.id, name: header.name } } };
	const auth = { authentication: 'genericCredentialType', genericAuthType: 'httpHeaderAuth' };
	const group =
		work.imagesPerItem > 1
			? `, sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: ${work.imagesPerItem} }`
			: '';
	const format = work.inline ? ", response_format: 'b64_json'" : '';
	const params = `{ prompt: 'a lighthouse, number ' + $json.number${group}${format} }`;
	return {
		name: `Handmade ${waitSeconds} s`,
		nodes: [
			...source(work),
			node(
				'Create',
				'httpRequest',
				4.2,
				{
					method: 'POST',
					url: `${url}/model/v1/generation`,
					...auth,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: `={{ JSON.stringify({ model: '${modelFor(work)}', input: [{ params: ${params} }] }) }}`,
					options: {},
				},
				withKey,
			),
			node(
				'Wait',
				'wait',
				1.1,
				{ resume: 'timeInterval', amount: waitSeconds, unit: 'seconds' },
				{ webhookId: 'bench-wait', position: BELOW },
			),
			node(
				'Poll',
				'httpRequest',
				4.2,
				{ url: `=${url}/model/v1/generation/task/{{ $json.id }}`, ...auth, options: {} },
				withKey,
			),
			node('Done?', 'if', 2.2, {
				conditions: {
					options: { caseSensitive: true, typeValidation: 'strict', version: 2 },
					combinator: 'and',
					conditions: [
						{
							id: 'done',
							leftValue: '={{ $json.status }}',
							rightValue: 'completed',
							operator: { type: 'string', operation: 'equals' },
						},
					],
				},
				options: {},
			}),
			node('Images', 'splitOut', 1, { fieldToSplitOut: 'output.content' }),
			work.inline
				? node(DELIVERY, 'convertToFile', 1.1, {
						operation: 'toBinary',
						sourceProperty: 'b64_json',
						options: {},
					})
				: node(DELIVERY, 'httpRequest', 4.2, {
						url: '={{ $json.url }}',
						options: { response: { response: { responseFormat: 'file' } } },
					}),
		],
		connections: connect([
			...SOURCE_LINKS,
			['Items', 'Create'],
			['Create', 'Wait'],
			['Wait', 'Poll'],
			['Poll', 'Done?'],
			['Done?', 'Images'],
			['Images', DELIVERY],
			['Done?', 'Wait', 1],
		]),
		settings: SETTINGS,
	};
}
