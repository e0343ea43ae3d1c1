/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';
import { runVtrix } from '../node/runVtrix';
import { initBinaryData, type BinaryStore } from './binaryStore';
import { listen } from './listen';
import type { NodeRun } from './runNode';
import { sampleImage } from './sampleImage';

/** What a gateway answers: the body as JSON or as it is, with HTTP 200 unless told. */
export interface Reply {
	status?: number;
	headers?: IncomingHttpHeaders;
	body: unknown;
}

/** A request that is answered. */
export interface Asked {
	/** Of a poll: the task's ID. */
	id: string;
	/** How many requests of its kind, and of polls for this task, came before. */
	count: number;
	/** Its body. */
	sent: string;
}

type Answers = Record<'create' | 'poll', (asked: Asked) => Reply>;

/** A gateway whose answers a test writes down, good ones until it does. */
export interface SmallGateway extends Answers {
	/** The link of a picture that is there. */
	readonly link: string;
	readonly creations: number;
	readonly polls: number;
	/** The answer about a task that worked. */
	done(id: string): Record<string, unknown>;
	run(
		parameters?: Record<string, never> | Parameters<typeof runVtrix>[1],
		items?: Parameters<typeof runVtrix>[2],
		more?: Parameters<typeof runVtrix>[3],
	): Promise<NodeRun>;
}

/**
 * Gives a test file such a gateway; before each test it is as new.
 *
 * @param options of the node in every run
 */
export function atSmallGateway(options: INodeParameters = {}): SmallGateway {
	let url = '';
	let picture: Buffer;
	let asked: string[] = [];
	let store: BinaryStore;
	let close: () => Promise<void>;
	const good: Answers = {
		create: ({ count }) => ({ body: { id: `task-${count}`, status: 'in_progress' } }),
		poll: ({ id }) => ({ body: gateway.done(id) }),
	};
	const gateway: SmallGateway = {
		...good,
		get link() {
			return `${url}/a.png`;
		},
		get creations() {
			return asked.filter((name) => name === 'create').length;
		},
		get polls() {
			return asked.filter((name) => name.startsWith('poll')).length;
		},
		done: (id: string) => ({
			id,
			status: 'completed',
			output: [{ content: [{ type: 'image', url: `${url}/a.png` }] }],
			usage: { cost: '0.1' },
		}),
		run: async (parameters = {}, items = undefined, more = undefined) =>
			await runVtrix(
				{ url, apiKey: 'a-key-of-the-tests' },
				{
					model: 'spark_dream_5_0',
					prompt: 'a cat',
					...parameters,
					options: { ...options, ...Object(parameters.options) },
				},
				items,
				more,
			),
	};
	beforeAll(async () => {
		store = await initBinaryData();
		picture = await sampleImage({ width: 16, height: 16 });
		const server = createServer((request, response) => {
			const pieces: Buffer[] = [];
			request.on('data', (piece: Buffer) => pieces.push(piece));
			request.on('end', () => {
				const path = request.url ?? '';
				if (!path.startsWith('/model')) {
					response.end(picture);
					return;
				}
				const kind = request.method === 'POST' ? 'create' : 'poll';
				const id = decodeURIComponent(path.split('/').pop() ?? '');
				const name = kind === 'create' ? kind : `poll ${id}`;
				const count = asked.filter((one) => one === name).length;
				asked.push(name);
				const sent = Buffer.concat(pieces).toString();
				const { status = 200, headers = {}, body } = gateway[kind]({ id, count, sent });
				const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
				response.writeHead(status, { 'content-type': 'application/json', ...headers });
				response.end(isJson ? JSON.stringify(body) : body);
			});
		});
		const listening = await listen(server);
		url = `http://${listening.host}`;
		close = listening.close;
	});
	beforeEach(() => {
		asked = [];
		Object.assign(gateway, good);
	});
	afterAll(async () => {
		await close();
		store.cleanup();
	});
	return gateway;
}
