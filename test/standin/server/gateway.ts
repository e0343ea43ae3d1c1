/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { enveloped, keyRefused, requestRefused, taskUnknown } from '../answers/refusals';
import type { Refusal } from '../answers/refusals';
import { createsTask, refusesAccount, sendAnswer } from '../faults/answerFaults';
import type { FaultInfo } from '../faults/ruleList';
import type { Task } from '../tasks/task';
import type { TaskAnswer } from '../tasks/taskAnswers';
import { judge } from '../validation/request';
import { abbreviate } from './abbreviate';
import { openExchange, pause, readBody, sendJson, sendText } from './exchange';
import type { Exchange } from './exchange';
import type { World } from './world';

const CREATE = '/model/v1/generation';
const POLL = `${CREATE}/task/`;

/** The API: creations and polls below the base path. */
export async function serveGateway(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const path = pathBelow(request.url ?? '', world.settings.basePath);
	const kind = path === CREATE ? 'create' : path?.startsWith(POLL) ? 'poll' : 'other';
	const exchange = openExchange(world, request, response, { server: 'gateway', kind });
	if (decodeURIComponentSafely(request.url ?? '').includes(world.settings.apiKey)) {
		world.records.leak(`key in the URL of a ${kind} request`);
	}
	if (world.playback) {
		await readBody(request);
		await world.playback.serve(exchange, 'gateway');
	} else if (request.url?.startsWith('/loop/')) {
		sendText(response, 302, '', { location: request.url });
	} else if (kind === 'create' && request.method === 'POST') {
		await serveCreate(exchange);
	} else if (kind === 'poll' && request.method === 'GET') {
		await servePoll(exchange, decodeURIComponentSafely((path ?? '').slice(POLL.length)));
	} else {
		world.records.complain(`unexpected ${request.method} ${request.url}`);
		const status = kind === 'other' ? 404 : 405;
		sendJson(response, status, { error: `no ${request.method} here` });
	}
}

async function serveCreate(exchange: Exchange): Promise<void> {
	const { request, response, record, world } = exchange;
	const received = await readBody(request);
	if (received === undefined || refuseKey(exchange)) return;
	const type = request.headers['content-type'] ?? '';
	if (!/^application\/json(;|$)/i.test(type)) {
		refuse(exchange, 'bad_request', `content-type must be application/json, got "${type}"`);
		return;
	}
	const body = parseJson(received);
	if (body === undefined) {
		refuse(exchange, 'bad_request', 'the body is no JSON');
		return;
	}
	const verdict = await judge(body.json, world.settings.fetchImages ?? false);
	record.body = abbreviate(body.json);
	if (!verdict.accepted) {
		// whoever may not create at all learns that before what is wrong with the request
		const occurrence = world.records.occurrences('create');
		const fault = world.faults.answers.create.first({ occurrence }, refusesAccount);
		if (fault) {
			world.records.fault(record, fault.type);
			await sendAnswer(exchange, fault, { status: 400, body: {} });
			return;
		}
		refuse(exchange, verdict.code, verdict.message);
		return;
	}
	await pause(response, world.settings.delayMs?.create ?? 0);

	if (!world.limits.takesCreation()) {
		refuseForNow(exchange);
		return;
	}

	const { model, plan } = verdict;
	const params = abbreviate(verdict.params);
	const info: FaultInfo = {
		occurrence: world.records.occurrences('create'),
		model,
		taskIndex: world.tasks.nextIndex,
		params,
	};
	const fault = wasMoved(exchange) ? undefined : world.faults.answers.create.first(info);
	if (fault) world.records.fault(record, fault.type);
	if (fault && !createsTask(fault)) {
		await sendAnswer(exchange, fault, { status: 200, body: { status: 'in_progress', model } });
		return;
	}
	const faults = world.faults.tasks.create.all(info);
	for (const { type: one } of faults) world.records.fault(record, one);
	const task = world.tasks.create({ model, params, plan, faults });
	record.taskId = task.record.id;
	world.records.taskCreated();
	const answer = await world.answers.created(task);
	if (fault === undefined) noteEnd(world, task, answer);
	await sendAnswer(exchange, fault, answer);
}

async function servePoll(exchange: Exchange, id: string): Promise<void> {
	const { response, record, world } = exchange;
	record.taskId = id;
	if (refuseKey(exchange)) return;
	await pause(response, world.settings.delayMs?.poll ?? 0);
	if (!world.limits.takesPoll()) {
		refuseForNow(exchange);
		return;
	}
	const task = world.tasks.byTaskId(id);
	if (task) task.record.polls += 1;
	const info: FaultInfo = {
		occurrence: world.records.occurrences('poll'),
		taskId: id,
		...(task && {
			model: task.record.model,
			taskIndex: task.record.index,
			poll: task.record.polls,
		}),
	};
	const fault = wasMoved(exchange) ? undefined : world.faults.answers.poll.first(info);
	if (fault) world.records.fault(record, fault.type);
	if (task === undefined) {
		await sendAnswer(exchange, fault, inForm(world, taskUnknown()));
		return;
	}
	const faults = world.faults.tasks.poll.all(info);
	for (const { type } of faults) world.records.fault(record, type);
	const answer = await world.answers.polled(task, faults);
	// an answer that a fault spoils or replaces has told the client nothing
	if (fault === undefined || fault.type === 'delay' || fault.type === 'hugeJson') {
		noteEnd(world, task, answer);
	}
	await sendAnswer(exchange, fault, answer);
}

function noteEnd(world: World, { record }: Task, { outcome, cost }: TaskAnswer): void {
	if (outcome === undefined || record.outcome !== undefined) return;
	record.firstSeenCompleteAt = world.settings.now();
	record.outcome = outcome;
	if (cost !== undefined) record.cost = cost;
	world.records.taskEnded(outcome, cost ?? 0);
}

function refuseKey({ request, response, world }: Exchange): boolean {
	const sent = request.headers.authorization;
	if (sent === `Bearer ${world.settings.apiKey}`) return false;
	const { status, body } = inForm(world, keyRefused(sent !== undefined));
	sendJson(response, status, body);
	return true;
}

function refuse({ response, world }: Exchange, code: string, message: string): void {
	world.records.complain(message);
	const { status, body } = inForm(world, requestRefused(code, message));
	sendJson(response, status, body);
}

function inForm({ settings }: World, refusal: Refusal): Refusal {
	return settings.refusals === 'envelope' ? enveloped(refusal) : refusal;
}

function refuseForNow({ response, world }: Exchange): void {
	const { retryAfterSeconds } = world.settings.limits ?? {};
	const headers: Record<string, string> =
		retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
	sendJson(response, 429, { message: 'the limit of this service is reached' }, headers);
}

/** Whoever was sent here by a redirect has met its fault already. */
function wasMoved({ record }: Exchange): boolean {
	return record.url.startsWith('/moved/');
}

/** Path below the base path, without query; undefined if it lies elsewhere. */
function pathBelow(url: string, basePath: string): string | undefined {
	const [path = ''] = url.split('?');
	const home = path.startsWith('/moved/') ? path.slice('/moved'.length) : path;
	return home.startsWith(`${basePath}/`) ? home.slice(basePath.length) : undefined;
}

function parseJson(bytes: Buffer): { json: unknown } | undefined {
	try {
		const json: unknown = JSON.parse(bytes.toString('utf8'));
		return { json };
	} catch {
		return undefined;
	}
}

function decodeURIComponentSafely(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
