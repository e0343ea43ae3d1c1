/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { runningOptionsSchema } from '../options';
import { readBody, sendJson } from '../server/exchange';
import type { StandIn } from '../standIn';
import { CONTROL, faultRequestSchema, infoSchema } from './protocol';

export function isControlUrl(url: string | undefined): boolean {
	return url?.startsWith(`${CONTROL}/`) === true;
}

/** Lets another process read and steer this stand-in. Not counted among its requests. */
export async function serveControl(
	standIn: StandIn,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const url = new URL(request.url ?? '', 'http://stand-in');
	const body = await readBody(request);
	const action = `${request.method} ${url.pathname.slice(CONTROL.length + 1)}`;
	try {
		const answer = await act(standIn, action, url.searchParams, body?.toString() ?? '');
		if (Buffer.isBuffer(answer)) {
			response.writeHead(200, { 'content-length': String(answer.length) }).end(answer);
		} else if (answer === undefined) {
			sendJson(response, 404, { message: `no control action "${action}"` });
		} else {
			sendJson(response, 200, answer);
		}
	} catch (error) {
		sendJson(response, 400, { message: error instanceof Error ? error.message : String(error) });
	}
}

async function act(
	standIn: StandIn,
	action: string,
	query: URLSearchParams,
	body: string,
): Promise<unknown> {
	switch (action) {
		case 'GET info':
			return infoSchema.parse(standIn);
		case 'GET stats':
			return standIn.stats;
		case 'GET tasks':
			return standIn.tasks;
		case 'GET requests':
			return standIn.requests;
		case 'GET image':
			return await standIn.imageBytes(query.get('task') ?? '', Number(query.get('index')));
		case 'POST fault': {
			const { kind, fault, conditions } = faultRequestSchema.parse(JSON.parse(body));
			standIn.fault(kind, fault, conditions);
			return {};
		}
		case 'POST clear-faults':
			standIn.clearFaults();
			return {};
		case 'POST configure':
			standIn.configure(runningOptionsSchema.parse(JSON.parse(body)));
			return {};
		case 'POST reset':
			standIn.reset();
			return {};
		default:
			return undefined;
	}
}
