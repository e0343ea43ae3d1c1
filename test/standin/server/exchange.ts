/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { JSON_TYPE } from '../answers/conduct';
import type { RequestRecord } from './records';
import type { World } from './world';

/** One request with its answer and its record. */
export interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
	record: RequestRecord;
	world: World;
}

const SHOWN_HEADERS = [
	'accept',
	'authorization',
	'content-length',
	'content-type',
	'host',
	'referer',
	'user-agent',
];

/** Opens the record of a request; it is closed when the answer is out or the connection gone. */
export function openExchange(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	known: Pick<RequestRecord, 'server' | 'kind'>,
): Exchange {
	const headers = SHOWN_HEADERS.flatMap((name): Array<[string, string]> => {
		const value = request.headers[name];
		if (typeof value !== 'string') return [];
		return [[name, value === `Bearer ${world.settings.apiKey}` ? 'Bearer ***' : value]];
	});
	const record = world.records.request({
		time: world.settings.now(),
		...known,
		method: request.method ?? '',
		url: request.url ?? '',
		headers: Object.fromEntries(headers),
		answered: false,
	});
	response.setHeader('date', new Date(record.time).toUTCString());
	response.once('close', () => {
		record.endedAt = world.settings.now();
		record.answered = response.writableFinished;
		if (response.headersSent) record.status = response.statusCode;
		world.records.ended(record);
	});
	return { request, response, record, world };
}

/** Whole body of a request; undefined if the connection breaks before its end. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
	const pieces: Buffer[] = [];
	try {
		for await (const piece of request) pieces.push(Buffer.from(piece));
	} catch {
		return undefined;
	}
	return Buffer.concat(pieces);
}

export function sendJson(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): void {
	sendText(response, status, JSON.stringify(body), {
		'content-type': JSON_TYPE,
		...headers,
	});
}

export function sendText(
	response: ServerResponse,
	status: number,
	body: string,
	headers: Record<string, string> = {},
): void {
	if (response.destroyed) return;
	const bytes = Buffer.from(body);
	response.writeHead(status, { 'content-length': String(bytes.length), ...headers });
	response.end(bytes);
}

/**
 * Writes pieces as fast as the client reads them.
 * @returns whether all were written before the client went away
 */
export async function writePieces(
	response: ServerResponse,
	pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<boolean> {
	for await (const piece of pieces) {
		if (response.destroyed) return false;
		if (!response.write(piece)) await drained(response);
	}
	return !response.destroyed;
}

/** Waits, but no longer than the client does. */
export async function pause(response: ServerResponse, ms: number): Promise<void> {
	if (ms <= 0 || response.destroyed) return;
	await new Promise<void>((resolve) => {
		const timer = setTimeout(done, ms);
		function done() {
			clearTimeout(timer);
			response.off('close', done);
			resolve();
		}
		response.once('close', done);
	});
}

async function drained(response: ServerResponse): Promise<void> {
	await new Promise<void>((resolve) => {
		function done() {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		}
		response.once('drain', done);
		response.once('close', done);
	});
}
