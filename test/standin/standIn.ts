/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { listen } from '../support/listen';
import type { Listening } from '../support/listen';
import { isControlUrl, serveControl } from './control/controlServer';
import { FaultBook } from './faults/faultBook';
import type { Conditions } from './faults/ruleList';
import type { Fault, FaultKind } from './faults/schemas';
import { runningOptionsSchema, settingsFrom } from './options';
import type { RunningOptions, StandInOptions } from './options';
import { Playback } from './playback/playback';
import { serveCdn } from './server/cdn';
import { serveSpec } from './spec/specServer';
import { sendJson } from './server/exchange';
import { serveGateway } from './server/gateway';
import { Records } from './server/records';
import type { RequestRecord, StandInStats } from './server/records';
import { ServiceLimits } from './server/serviceLimits';
import type { World } from './server/world';
import type { TaskRecord } from './tasks/task';
import { TaskAnswers } from './tasks/taskAnswers';
import { TaskPictures } from './tasks/taskPictures';
import { TaskStore } from './tasks/taskStore';

/** A running stand-in of the gateway and its CDN, both on 127.0.0.1. */
export interface StandIn {
	/** Base URL of the gateway, with the base path and no slash at its end. */
	readonly url: string;
	/** Origin of the images. */
	readonly cdnUrl: string;
	/** A third origin, where cross-origin redirects lead. */
	readonly mirrorUrl: string;
	/** Origin of the models' descriptions. */
	readonly specUrl: string;
	readonly apiKey: string;
	/** In order of arrival; empty if requests are not kept. */
	readonly requests: readonly RequestRecord[];
	/** In order of creation. */
	readonly tasks: readonly TaskRecord[];
	/** Why requests were answered 400, 404 (no such path) or 403 (changed image URL). */
	readonly complaints: readonly string[];
	/** Where the key was seen that it must not be. */
	readonly leaks: readonly string[];
	readonly creationsReceived: number;
	readonly creationsAccepted: number;
	/** A copy of all counters. */
	readonly stats: StandInStats;
	/** The exact bytes of a task's image (index from 0); throws for an unknown one. */
	imageBytes(taskId: string, index: number): Promise<Buffer>;
	/** Programs a fault; throws if it does not exist for that kind of request. */
	fault(kind: FaultKind, fault: Fault, conditions?: Conditions): void;
	clearFaults(): void;
	/** Changes options for what comes from now on. */
	configure(options: RunningOptions): void;
	/** Forgets tasks, requests, faults and counters. */
	reset(): void;
	/** Connections to all of its servers that are open. */
	connections(): Promise<number>;
	/** Ends at once, open connections included. */
	close(): Promise<void>;
}

/** Starts the stand-in on free ports of 127.0.0.1. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
	let given = options;
	const settings = settingsFrom(given);
	const pictures = new TaskPictures(settings);
	const origins = { gateway: '', cdn: '', mirror: '', spec: '' };
	const tasks = new TaskStore(settings);
	const world: World = {
		settings,
		records: new Records(settings.keepRequests),
		faults: new FaultBook(settings.seed),
		limits: new ServiceLimits(settings, tasks),
		tasks,
		pictures,
		answers: new TaskAnswers(settings, pictures, () => origins.cdn),
		...(settings.recording && {
			playback: new Playback(settings.recording, () => origins.cdn),
		}),
		origins,
	};
	const { records, faults, limits } = world;

	const gateway = serverOf(async (request, response) => {
		if (isControlUrl(request.url)) await serveControl(standIn, request, response);
		else await serveGateway(world, request, response);
	});
	const cdn = serverOf(async (...args) => await serveCdn(world, 'cdn', ...args));
	const mirror = serverOf(async (...args) => await serveCdn(world, 'mirror', ...args));
	const spec = serverOf(async (...args) => await serveSpec(world, ...args));
	const listening: Listening[] = [];

	const standIn: StandIn = {
		get url() {
			return origins.gateway + settings.basePath;
		},
		get cdnUrl() {
			return origins.cdn;
		},
		get mirrorUrl() {
			return origins.mirror;
		},
		get specUrl() {
			return origins.spec;
		},
		apiKey: settings.apiKey,
		get requests() {
			return records.requests;
		},
		get tasks() {
			return tasks.records;
		},
		get complaints() {
			return records.complaints;
		},
		get leaks() {
			return records.leaks;
		},
		get creationsReceived() {
			return records.stats.creationsReceived;
		},
		get creationsAccepted() {
			return records.stats.creationsAccepted;
		},
		get stats() {
			return records.stats;
		},
		async imageBytes(taskId, index) {
			const task = tasks.byTaskId(taskId);
			if (!task?.record.images[index]) throw new Error(`no image ${index} of task ${taskId}`);
			return await pictures.bytes(task, index);
		},
		fault: (kind, fault, conditions = {}) => faults.add(kind, fault, conditions),
		clearFaults: () => faults.clear(),
		configure(changed) {
			given = { ...given, ...runningOptionsSchema.parse(changed) };
			Object.assign(settings, settingsFrom(given));
		},
		reset() {
			faults.clear();
			limits.reset();
			tasks.reset();
			records.reset();
		},
		async connections() {
			const counts = await Promise.all(listening.map(async (one) => await one.connections()));
			return counts.reduce((sum, count) => sum + count, 0);
		},
		async close() {
			await Promise.all(listening.map(async ({ close }) => await close()));
		},
	};
	const start = async (server: Server, port?: number) => {
		const started = await listen(server, port);
		listening.push(started);
		return `http://${started.host}`;
	};
	try {
		origins.gateway = await start(gateway, settings.port);
		origins.cdn = await start(cdn, settings.cdnPort);
		origins.mirror = await start(mirror);
		origins.spec = await start(spec);
	} catch (error) {
		await standIn.close();
		throw error;
	}
	return standIn;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function serverOf(handler: Handler): Server {
	const server = createServer((request, response) => {
		handler(request, response).catch((error: unknown) => {
			if (response.headersSent) response.destroy();
			else sendJson(response, 500, { message: `stand-in: ${String(error)}` });
		});
	});
	// a connection that the server closes while idle looks like a reset to whoever is about to use it
	server.keepAliveTimeout = 120_000;
	server.requestTimeout = 0;
	return server;
}
