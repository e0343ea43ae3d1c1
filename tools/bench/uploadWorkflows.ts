import type { WorkflowFile, WorkflowNode } from '../../test/real-n8n/workflows';
import { connect, MODEL, node, SETTINGS, TRIGGER, type Access, type Links } from './workflows';

/** Items with the same files, each to be sent in one request. */
export interface Sending {
	items: number;
	/** Where the files are. */
	urls: readonly string[];
}

/** Loads the files: one item each. */
const files = ({ urls }: Sending) => [
	node(TRIGGER, 'manualTrigger', 1, {}),
	node('List', 'set', 3.4, {
		mode: 'raw',
		jsonOutput: `={{ ${JSON.stringify({ list: urls.map((url) => ({ url })) })} }}`,
	}),
	node('URLs', 'splitOut', 1, { fieldToSplitOut: 'list' }),
	node('Files', 'httpRequest', 4.2, {
		url: '={{ $json.url }}',
		options: { response: { response: { responseFormat: 'file' } } },
	}),
];

const FILES: Links = [
	[TRIGGER, 'List'],
	['List', 'URLs'],
	['URLs', 'Files'],
];

/** Gives each item all of the files, and ends with this node. */
const upload = (name: string, sending: Sending, last: WorkflowNode): WorkflowFile => ({
	name,
	nodes: [
		...files(sending),
		node('Together', 'aggregate', 1, {
			aggregate: 'aggregateAllItemData',
			options: { includeBinaries: true },
		}),
		node('Each', 'splitOut', 1, { fieldToSplitOut: 'data', options: { includeBinary: true } }),
		node('Some', 'limit', 1, { maxItems: sending.items }),
		last,
	],
	connections: connect([
		...FILES,
		['Files', 'Together'],
		['Together', 'Each'],
		['Each', 'Some'],
		['Some', last.name],
	]),
	settings: SETTINGS,
});

/** This package's node creates a task with all files of its item. */
export const vtrixUpload = (sending: Sending, { vtrix }: Pick<Access, 'vtrix'>): WorkflowFile =>
	upload(
		'Vtrix upload',
		sending,
		node(
			'Vtrix',
			'',
			1,
			{
				resource: 'image',
				operation: 'generate',
				model: MODEL,
				prompt: '=a lighthouse, number {{ $itemIndex }}',
				inputImages: {
					image: [{ source: 'file', fieldName: "={{ Object.keys($binary).join(',') }}" }],
				},
				options: { waitForCompletion: false },
			},
			{
				type: 'n8n-nodes-vtrix.vtrix',
				credentials: { vtrixApi: { id: vtrix.id, name: vtrix.name } },
			},
		),
	);

/** The same files by n8n's own means, as a form: it streams them, but the API takes none. */
export const formUpload = (sending: Sending, sinkUrl: string): WorkflowFile =>
	upload(
		'Form upload',
		sending,
		node('Form', 'httpRequest', 4.2, {
			method: 'POST',
			url: sinkUrl,
			sendBody: true,
			contentType: 'multipart-form-data',
			bodyParameters: {
				parameters: sending.urls.map((_, index) => ({
					parameterType: 'formBinaryData',
					name: `image${index}`,
					inputDataFieldName: index === 0 ? 'data' : `data_${index}`,
				})),
			},
			options: {},
		}),
	);

/** What one builds by hand: the files as base64, and HTTP Request sends them inside the JSON. */
export function handmadeUpload(sending: Sending, { header, url }: Access): WorkflowFile {
	const image = "$json.images.map((base64) => 'data:image/png;base64,' + base64)";
	const params = `{ prompt: 'a lighthouse, number ' + $itemIndex, image: ${image} }`;
	return {
		name: 'Handmade upload',
		nodes: [
			...files(sending),
			node('Base64', 'extractFromFile', 1, {
				operation: 'binaryToPropery',
				destinationKey: 'base64',
				options: {},
			}),
			node('Together', 'aggregate', 1, {
				fieldsToAggregate: {
					fieldToAggregate: [
						{ fieldToAggregate: 'base64', renameField: true, outputFieldName: 'images' },
					],
				},
				options: {},
			}),
			node('Numbers', 'set', 3.4, {
				assignments: {
					assignments: [
						{
							id: 'numbers',
							name: 'numbers',
							type: 'array',
							value: `={{ Array.from({ length: ${sending.items} }, (_, number) => number) }}`,
						},
					],
				},
				includeOtherFields: true,
				options: {},
			}),
			node('Each', 'splitOut', 1, { fieldToSplitOut: 'numbers', include: 'allOtherFields' }),
			node(
				'Create',
				'httpRequest',
				4.2,
				{
					method: 'POST',
					url: `${url}/model/v1/generation`,
					authentication: 'genericCredentialType',
					genericAuthType: 'httpHeaderAuth',
					sendBody: true,
					specifyBody: 'json',
					jsonBody: `={{ JSON.stringify({ model: '${MODEL}', input: [{ params: ${params} }] }) }}`,
					options: {},
				},
				{ credentials: { httpHeaderAuth: { id: header.id, name: header.name } } },
			),
		],
		connections: connect([
			...FILES,
			['Files', 'Base64'],
			['Base64', 'Together'],
			['Together', 'Numbers'],
			['Numbers', 'Each'],
			['Each', 'Create'],
		]),
		settings: SETTINGS,
	};
}
