import type { Fault, FaultConditions, FaultKind } from '../faults/schemas';
import type { RunningOptions } from '../options';
import type { RequestRecord, StandInStats } from '../server/records';
import type { TaskRecord } from '../tasks/task';
import { CONTROL, infoSchema } from './protocol';
import type { StandInInfo } from './protocol';

/** A stand-in in another process. Every call throws if it does not answer or refuses. */
export interface RemoteStandIn extends StandInInfo {
	stats(): Promise<StandInStats>;
	tasks(): Promise<TaskRecord[]>;
	requests(): Promise<RequestRecord[]>;
	imageBytes(taskId: string, index: number): Promise<Buffer>;
	fault(kind: FaultKind, fault: Fault, conditions?: FaultConditions): Promise<void>;
	clearFaults(): Promise<void>;
	configure(options: RunningOptions): Promise<void>;
	reset(): Promise<void>;
}

/** Connects to a running stand-in by its gateway URL, with or without base path. */
export async function connectStandIn(url: string): Promise<RemoteStandIn> {
	const control = new URL(url).origin + CONTROL;

	async function call(action: string, body?: unknown): Promise<Response> {
		const answer = await fetch(`${control}/${action}`, {
			method: body === undefined ? 'GET' : 'POST',
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!answer.ok) throw new Error(`stand-in refused ${action}: ${await answer.text()}`);
		return answer;
	}

	async function post(action: string, body: unknown = {}): Promise<void> {
		await (await call(action, body)).arrayBuffer();
	}

	const info = infoSchema.parse(await (await call('info')).json());
	return {
		...info,
		stats: async () => await readAs<StandInStats>(await call('stats')),
		tasks: async () => await readAs<TaskRecord[]>(await call('tasks')),
		requests: async () => await readAs<RequestRecord[]>(await call('requests')),
		async imageBytes(taskId, index) {
			const query = new URLSearchParams({ task: taskId, index: String(index) });
			return Buffer.from(await (await call(`image?${query.toString()}`)).arrayBuffer());
		},
		fault: async (kind, fault, conditions) => await post('fault', { kind, fault, conditions }),
		clearFaults: async () => await post('clear-faults'),
		configure: async (options) => await post('configure', options),
		reset: async () => await post('reset'),
	};
}

// both ends are this folder's own code, the shapes are those of StandIn
async function readAs<T>(answer: Response): Promise<T> {
	return await (answer.json() as Promise<T>);
}
