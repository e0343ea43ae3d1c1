/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { phonePhoto } from '../images/phonePhoto';
import { startChatModelServer, type ChatModelServer } from './chatModelServer';
import { errorOf, itemsOf } from './execution';
import { startInstalledNode, type InstalledNode } from './installedNode';
import { filesOf, startMailServer, type MailServer } from './mailServer';
import { hasGraphicsMagick } from './services';
import { exampleWorkflows } from './trialWorkflow';
import { NEWEST } from './versions';
import type { WorkflowFile } from './workflows';

const START = 'When clicking ‘Execute workflow’';

let at: InstalledNode;
let mail: MailServer;
let chat: ChatModelServer;
let target: string;

beforeAll(async () => {
	target = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-examples-'));
	mail = await startMailServer();
	chat = await startChatModelServer('A red balloon');
	at = await startInstalledNode({
		version: NEWEST,
		env: { N8N_RESTRICT_FILE_ACCESS_TO: target },
	});
});
afterAll(async () => {
	await at?.close();
	await mail?.close();
	await chat?.close();
	fs.rmSync(target, { recursive: true, force: true });
});
beforeEach(() => at.standIn.reset());

/** An example as a user would have it after choosing credentials and links of their own. */
async function imported(file: string, changed: (example: WorkflowFile) => WorkflowFile = (e) => e) {
	const example = exampleWorkflows(at.credential).get(file);
	if (!example) throw new Error(`There is no example ${file}`);
	const text = JSON.stringify(changed(example))
		.replaceAll('/home/node/.n8n-files', target)
		.replaceAll(/https:\/\/example\.com\/[\w-]+\.jpg/g, at.photos.photoUrl)
		.replaceAll(/"amount":\d+,"unit":"minutes"/g, '"amount":1,"unit":"seconds"');
	return await at.n8n.workflows.create(JSON.parse(text) as WorkflowFile);
}

const withCredential = (example: WorkflowFile, step: string, type: string, credential: object) =>
	({
		...example,
		nodes: example.nodes.map((node) =>
			node.name === step ? { ...node, credentials: { [type]: credential } } : node,
		),
	}) as WorkflowFile;

test('a prompt becomes a file on disk', async () => {
	const { id } = await imported('prompt-to-image.json');
	const execution = await at.n8n.executions.run(id, START);
	expect(errorOf(execution)).toBe('');
	const [{ json }] = itemsOf(execution, 'Make an Image');
	const files = fs.readdirSync(target).filter((name) => name.includes(String(json.taskId)));
	expect(files).toHaveLength(1);
	const served = await at.standIn.imageBytes(String(json.taskId), 0);
	expect(fs.readFileSync(path.join(target, files[0])).equals(served)).toBe(true);
});

test('each row of a list becomes its files, and a failing row goes down the error branch', async () => {
	at.standIn.fault('create', { type: 'failed', error: 'not today' }, { match: { taskIndex: 1 } });
	const { id } = await imported('product-images.json');
	const execution = await at.n8n.executions.run(id, START);
	expect(errorOf(execution)).toBe('');
	expect(itemsOf(execution, 'Save Each Image')).toHaveLength(4);
	const failed = itemsOf(execution, 'List What Failed');
	expect(failed).toHaveLength(1);
	const { product, reason } = failed[0].json;
	expect(String(reason)).toContain(at.standIn.tasks[1].id);
	const made = ['Coffee mug', 'Desk lamp', 'Notebook'].filter((name) => name !== product);
	expect(made).toHaveLength(2);
	const files = fs.readdirSync(target);
	for (const name of made) {
		expect(files).toEqual(expect.arrayContaining([`${name}-1.jpg`, `${name}-2.jpg`]));
	}
});

test('two photos with reference types become one picture', async () => {
	const { id } = await imported('two-people.json');
	const execution = await at.n8n.executions.run(id, START);
	expect(errorOf(execution)).toBe('');
	await at.expectServedBytes(itemsOf(execution, 'Put Them Together'));
	expect(JSON.stringify(at.standIn.requests)).toContain('"ref_type_list":["ID","ID"]');
});

test('a task is created now and its image fetched later', async () => {
	const { id } = await imported('create-now-fetch-later.json');
	const execution = await at.n8n.executions.run(id, START);
	expect(errorOf(execution)).toBe('');
	expect(itemsOf(execution, 'Start the Image')[0].binary).toBeUndefined();
	await at.expectServedBytes(itemsOf(execution, 'Fetch the Image'));
	expect(at.standIn.creationsReceived).toBe(1);
});

const testPhoto = hasGraphicsMagick() ? test : test.skip;

/** Fills in an example's form with a phone's photo, a wish and an address. */
async function sendPhoto(file: string, path: string, sender: string) {
	const { n8n } = at;
	const account = await n8n.credentials.create(
		'smtp',
		{ host: '127.0.0.1', port: mail.port, secure: false, disableStartTls: true },
		'Mail',
	);
	const { id } = await imported(file, (example) =>
		withCredential(example, sender, 'smtp', account),
	);
	await n8n.workflows.activate(id);
	const form = new FormData();
	const { bytes: photo } = await phonePhoto();
	form.append('field-0', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'photo.jpg');
	form.append('field-1', 'Change the background to a beach');
	form.append('field-2', 'someone@example.com');
	await n8n.callForm(path, form);
	const execution = await n8n.executions.newest(id);
	expect(errorOf(execution)).toBe('');
	return execution;
}

testPhoto('a photo of 12 megapixels from a form comes back by e-mail', async () => {
	const execution = await sendPhoto('photo-edit-form.json', 'vtrix-photo-form', 'Send the Result');
	const [{ json }] = itemsOf(execution, 'Edit the Photo');
	const served = await at.standIn.imageBytes(String(json.taskId), 0);
	const [sent] = mail.mails.splice(0);
	expect(sent.to).toEqual(['someone@example.com']);
	expect(sent.source.toString()).toMatch(/filename=spark_i2i_3_0-/);
	expect(filesOf(sent).map(({ content }) => content.equals(served))).toEqual([true]);
});

testPhoto('a photo from a form becomes a video that comes by e-mail', async () => {
	const execution = await sendPhoto('photo-to-video.json', 'vtrix-video-form', 'Send the Video');
	const [{ json }] = itemsOf(execution, 'Make the Video');
	const [creation] = at.standIn.requests.filter(({ kind }) => kind === 'create');
	expect(creation.body).toMatchObject({
		model: 'spark_dance_v2_0',
		input: [
			{
				params: {
					content: [
						{ type: 'text', text: 'Change the background to a beach' },
						{ role: 'first_frame', image_url: { url: { dataUri: 'data:image/jpeg;base64' } } },
					],
				},
			},
		],
	});
	const served = await at.standIn.imageBytes(String(json.taskId), 0);
	const [sent] = mail.mails.splice(0);
	expect(sent.source.toString()).toMatch(/filename=video\.mp4/);
	expect(filesOf(sent).map(({ content }) => content.equals(served))).toEqual([true]);
});

test('a long video is fetched in a loop that asks until it is ready', async () => {
	at.standIn.configure({ latencyMs: 2500 });
	const { id } = await imported('long-video-loop.json');
	const execution = await at.n8n.executions.run(id, START);
	at.standIn.configure({ latencyMs: 300 });
	expect(errorOf(execution)).toBe('');
	const [{ json, binary }] = itemsOf(execution, 'Save the Video');
	expect(binary?.data.mimeType).toBe('video/mp4');
	const files = fs.readdirSync(target).filter((name) => name.includes(String(json.taskId)));
	expect(files).toHaveLength(1);
	expect(at.standIn.creationsReceived).toBe(1);
	expect(at.standIn.stats.requests.poll).toBeGreaterThan(1);
});

/** Asks the example's AI agent for an image at a path of its own, and gives its answer. */
async function askAgent(
	path: string,
	options?: Record<string, unknown>,
	{
		agentVersion,
		prompt,
		example = 'ai-agent-tool.json',
		...settings
	}: Record<string, unknown> & { agentVersion?: number; example?: string } = {},
) {
	const { n8n } = at;
	const account = await n8n.credentials.create(
		'openAiApi',
		{ apiKey: 'none', url: chat.url },
		'Chat',
	);
	const { id } = await imported(example, (file) => {
		const chosen = withCredential(file, 'OpenAI Chat Model', 'openAiApi', account);
		const nodes = chosen.nodes.map((node) => {
			if (node.name.startsWith('When chat')) {
				const parameters = { ...node.parameters, public: true, mode: 'webhook' };
				return { ...node, webhookId: path, parameters };
			}
			const typeVersion = agentVersion ?? node.typeVersion;
			if (node.type.endsWith('.agent')) return { ...node, typeVersion };
			if (!node.type.startsWith('n8n-nodes-vtrix.')) return node;
			const parameters = {
				...node.parameters,
				...(options && { options }),
				...(prompt !== undefined && { prompt }),
			};
			return { ...node, ...settings, parameters };
		});
		return { ...chosen, nodes };
	});
	await n8n.workflows.activate(id);
	const response = await n8n.callWebhook(`${path}/chat`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId: 's', chatInput: 'A balloon please' }),
	});
	return await response.text();
}

test('an AI agent makes an image with the node as its tool', async () => {
	const answer = await askAgent('one-image');
	expect(at.standIn.creationsAccepted).toBe(1);
	expect(answer).toContain(at.standIn.tasks[0].id);
	expect(answer).toMatch(/cost/);
});

test('an AI agent learns of all images of a group at once', async () => {
	const answer = await askAgent('group', {
		sequentialImageGeneration: 'auto',
		maxImages: 3,
		combineImages: true,
	});
	expect(at.standIn.creationsAccepted).toBe(1);
	for (const index of [1, 2, 3]) expect(answer).toMatch(new RegExp(`index\\W+${index}\\W`));
	expect(at.standIn.requests.filter(({ kind }) => kind === 'download')).toEqual([]);
	expect(answer.match(/!\[Image \d of 3\]/g)).toHaveLength(3);
});

/** V1 and V2 call their tools themselves, and number each try as a run; V3 has n8n's engine do it. */
test.each([1.7, 2.2, 3])(
	"an AI agent of version %p pays once for a tool's call that is tried again",
	async (agentVersion) => {
		at.standIn.fault('poll', { type: 'status', code: 403 }, { times: 2 });
		const answer = await askAgent(`tried-again-${Math.floor(agentVersion)}`, undefined, {
			agentVersion,
			prompt: "={{ $fromAI('prompt') }} {{ Math.random() }}",
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 100,
		});
		expect(answer).toContain(at.standIn.tasks[0].id);
		expect(at.standIn.creationsReceived).toBe(1);
	},
);

test.each([1.7, 2.2, 3])(
	'an AI agent of version %p that calls twice at once with the same words pays for each call once',
	async (agentVersion) => {
		chat.calls = 2;
		at.standIn.fault('poll', { type: 'status', code: 403 }, { times: 1 });
		const answer = await askAgent(`two-calls-${Math.floor(agentVersion)}`, undefined, {
			agentVersion,
			prompt: "={{ $fromAI('prompt') }} {{ Math.random() }}",
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 100,
		});
		chat.calls = 1;
		expect(at.standIn.tasks).toHaveLength(2);
		for (const { id } of at.standIn.tasks) expect(answer).toContain(id);
		expect(at.standIn.creationsReceived).toBe(2);
	},
);

test('a chat shows the picture that its agent made', async () => {
	const answer = await askAgent('picture', undefined, { example: 'chat-with-picture.json' });
	const [{ id }] = at.standIn.tasks;
	expect(answer).toContain(id);
	const [, link] = /!\[The image\]\((http[^)]+)\)/.exec(answer) ?? [];
	expect(link).toContain(at.standIn.cdnUrl);
	const picture = await fetch(String(link));
	const served = await at.standIn.imageBytes(id, 0);
	expect(Buffer.from(await picture.arrayBuffer()).equals(served)).toBe(true);
});

describe('a table of products', () => {
	const anything = z.unknown();
	const rowsSchema = z.object({
		data: z.array(z.object({ product: z.string(), status: z.string() }).passthrough()),
	});

	test('is worked through once: done and failed rows are written back and not paid for again', async () => {
		const { rest } = at.n8n;
		const project = await rest.call('GET', '/projects/personal', z.object({ id: z.string() }));
		const tables = `/projects/${project.id}/data-tables`;
		const columns = ['product', 'prompt', 'status', 'link', 'task', 'reason'];
		const table = await rest.call('POST', tables, z.object({ id: z.string() }), {
			name: 'Product Images',
			columns: columns.map((name) => ({ name, type: 'string' })),
		});
		const products = ['Mug', 'Lamp', 'Notebook'];
		await rest.call('POST', `${tables}/${table.id}/insert`, anything, {
			data: products.map((product) => ({
				product,
				prompt: `A ${product} on a table`,
				status: product === 'Notebook' ? 'done' : 'open',
			})),
		});
		const rows = async () =>
			(await rest.call('GET', `${tables}/${table.id}/rows`, rowsSchema)).data;
		const { id } = await imported('product-table.json');
		at.standIn.fault('create', { type: 'failed', error: 'not today' }, { match: { taskIndex: 1 } });
		expect(errorOf(await at.n8n.executions.run(id, START))).toBe('');
		expect(at.standIn.creationsReceived).toBe(2);
		const after = await rows();
		expect(after.map(({ status }) => status).sort()).toEqual(['done', 'done', 'failed']);
		const failed = after.find(({ status }) => status === 'failed');
		expect(String(failed?.reason)).toContain(at.standIn.tasks[1].id);
		const made = after.find(({ status, product }) => status === 'done' && product !== 'Notebook');
		expect(made).toMatchObject({
			link: expect.stringContaining(at.standIn.cdnUrl),
			task: at.standIn.tasks[0].id,
		});
		await at.n8n.executions.run(id, START);
		expect(at.standIn.creationsReceived).toBe(2);
	});
});
