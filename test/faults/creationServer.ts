/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { digest } from '../standin/random';
import { listen } from '../support/listen';

/** A request as far as it came. */
export interface Creation {
	/** Bytes of its body. */
	received: number;
	/** Announced by its header. */
	announced: number;
	/** Whether the body came to its end. */
	isWhole: boolean;
	/** The connection is gone. */
	isGone: boolean;
}

/** What a creation meets. */
export interface Meeting {
	request: IncomingMessage;
	response: ServerResponse;
	creation: Creation;
	/** Reads the body to its end, and what it holds. */
	read(): Promise<Buffer>;
	/** Reads so many bytes at least. */
	readSome(bytes: number): Promise<void>;
	/** Tells that the task is created. */
	accept(): void;
}

/** An API that only creates tasks, as a test has it. */
export interface CreationServer {
	url: string;
	apiKey: string;
	/** In the order of arrival. */
	readonly creations: readonly Creation[];
	readonly accepted: number;
	/** Reads what is left of all bodies, without which the end of a connection is not noticed. */
	readOn(): void;
	close(): Promise<void>;
}

/** Starts one on 127.0.0.1. It reads of a body what the test reads. */
export async function startCreationServer(
	meet: (meeting: Meeting, number: number) => void | Promise<void>,
	port = 0,
): Promise<CreationServer> {
	const creations: Creation[] = [];
	const requests: IncomingMessage[] = [];
	let accepted = 0;
	const server = createServer((request, response) => {
		const creation: Creation = {
			received: 0,
			announced: Number(request.headers['content-length'] ?? NaN),
			isWhole: false,
			isGone: false,
		};
		creations.push(creation);
		requests.push(request);
		request.socket.once('close', () => {
			creation.isGone = true;
		});
		request.on('error', () => {});
		const pieces: Buffer[] = [];
		const take = (piece: unknown) => {
			if (!Buffer.isBuffer(piece)) throw new Error('A body comes as bytes');
			creation.received += piece.length;
			pieces.push(piece);
		};
		const meeting = meet(
			{
				request,
				response,
				creation,
				async read() {
					for await (const piece of request) take(piece);
					creation.isWhole = creation.received === creation.announced;
					return Buffer.concat(pieces);
				},
				async readSome(bytes) {
					for await (const piece of request.iterator({ destroyOnReturn: false })) {
						take(piece);
						if (creation.received >= bytes) break;
					}
					pieces.length = 0;
				},
				accept() {
					accepted += 1;
					const id = `task-${digest(String(accepted)).slice(0, 8)}`;
					response.setHeader('content-type', 'application/json');
					response.end(JSON.stringify({ id, status: 'in_progress' }));
				},
			},
			creations.length - 1,
		);
		// A client that goes away ends the test's reading.
		Promise.resolve(meeting).catch(() => {});
	});
	const { host, close } = await listen(server, port);
	return {
		url: `http://${host}`,
		apiKey: 'a-key-of-the-tests',
		creations,
		get accepted() {
			return accepted;
		},
		readOn: () => requests.forEach((request) => request.resume()),
		close,
	};
}
