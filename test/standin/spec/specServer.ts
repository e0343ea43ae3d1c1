/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendCommonFault } from '../faults/commonFaults';
import { openExchange, sendJson, sendText, writePieces } from '../server/exchange';
import { leaks } from '../server/cdn';
import type { World } from '../server/world';
import { DESCRIBED_MODELS, type DescribedModel } from './descriptions';
import { OWN_MODELS } from './ownModels';

const LIST = '/api/v1/skill/models';

/** Every model that the host lists and describes. */
export const LISTED_MODELS: readonly DescribedModel[] = [...DESCRIBED_MODELS, ...OWN_MODELS];

/** The host of the models' descriptions: another origin, which must never see the key. */
export async function serveSpec(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const exchange = openExchange(world, request, response, { server: 'spec', kind: 'spec' });
	if (leaks(exchange)) {
		sendJson(response, 400, { error: 'the key does not belong here' });
		return;
	}
	const { pathname, searchParams } = new URL(request.url ?? '', 'http://spec');
	const id = decodeURIComponent(/\/models\/([^/]+)\/spec$/.exec(pathname)?.[1] ?? '');
	const fault = world.faults.specs.first({
		occurrence: world.records.occurrences('spec'),
		...(id && { model: id }),
	});
	if (fault) {
		world.records.fault(exchange.record, fault.type);
		switch (fault.type) {
			case 'huge':
				response.writeHead(200, { 'content-type': 'application/json' });
				await writePieces(response, filler(fault.megabytes));
				response.end();
				return;
			case 'otherForm':
				sendJson(response, 200, fault.body);
				return;
			case 'html':
				sendText(response, 200, '<!DOCTYPE html><title>Sign in</title>', HTML);
				return;
			default:
				if (await sendCommonFault(exchange, fault)) return;
		}
	}
	if (request.method !== 'GET') {
		world.records.complain(`unexpected ${request.method} to the spec host: ${request.url}`);
		sendText(response, 405, '');
	} else if (pathname.endsWith(LIST)) {
		sendJson(response, 200, envelope(list(searchParams)));
	} else if (pathname.includes(`${LIST}/`) && id) {
		const model = LISTED_MODELS.find((one) => one.id === id);
		if (model) sendJson(response, 200, envelope(spec(model)));
		else sendJson(response, 404, { status: { code: 404, message: 'model not found' }, data: null });
	} else {
		world.records.complain(`no such path at the spec host: ${request.url}`);
		sendText(response, 404, '');
	}
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };

function* filler(megabytes: number): Generator<Buffer> {
	yield Buffer.from('{"status": {"code": 200}, "filler": "');
	for (let at = 0; at < megabytes * 16; at += 1) yield Buffer.alloc(62_500, 'a');
	yield Buffer.from('"}');
}

/** What stands around each answer. */
export const envelope = (data: unknown) => ({ status: { code: 200, message: 'ok' }, data });

function list(query: URLSearchParams) {
	const page = Number(query.get('page') ?? 1);
	const pageSize = Number(query.get('page_size') ?? 20);
	const type = query.get('type');
	const words = query.get('keywords')?.toLowerCase() ?? '';
	const found = LISTED_MODELS.filter(
		(model) =>
			(!type || model.type === type) &&
			`${model.id} ${model.name} ${model.description}`.toLowerCase().includes(words),
	);
	return {
		models: found.slice((page - 1) * pageSize, page * pageSize).map((model) => ({
			id: model.id,
			name: model.name,
			type: model.type,
			description: model.description,
			input_modalities: model.inputs,
			output_modalities: model.outputs,
		})),
		total: found.length,
		page,
		page_size: pageSize,
		total_pages: Math.ceil(found.length / pageSize),
	};
}

/** A model as the host describes it. */
export const spec = (model: DescribedModel) => ({
	model_id: model.id,
	name: model.name,
	vendor: 'stand-in',
	type: model.type,
	api: { endpoint: 'https://cloud.vtrix.ai/model/v1/generation', method: 'POST', headers: {} },
	parameters: model.parameters.map((parameter) => ({ path: parameter.name, ...parameter })),
	agent_prompt: '',
});
