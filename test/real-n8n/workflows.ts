/* eslint-disable @n8n/community-nodes/require-node-api-error */
import { z } from 'zod';
import { RestError, type Rest } from './rest';

/** A node in a workflow file. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** The part of a workflow file that matters here. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<
		string,
		{ main: Array<Array<{ node: string; type: 'main'; index: number }>> }
	>;
	settings?: Record<string, unknown>;
}

const savedSchema = z.object({ id: z.string(), name: z.string(), versionId: z.string().nullish() });

/** Workflows of the signed-in user. */
export class Workflows {
	constructor(private readonly rest: Rest) {}

	async create({ name, nodes, connections, settings = {} }: WorkflowFile) {
		const body = { name, nodes, connections, settings, active: false };
		return await this.rest.call('POST', '/workflows', savedSchema, body);
	}

	/** Replaces the nodes and connections of a saved workflow. */
	async update(id: string, { nodes, connections }: WorkflowFile) {
		const { versionId } = await this.get(id);
		const body = { nodes, connections, versionId };
		return await this.rest.call('PATCH', `/workflows/${id}`, savedSchema, body);
	}

	async get(id: string) {
		return await this.rest.call('GET', `/workflows/${id}`, savedSchema);
	}

	async list() {
		return await this.rest.call('GET', '/workflows', z.array(savedSchema));
	}

	/** Publishes a workflow, so that its production webhooks answer. */
	async activate(id: string) {
		const { versionId } = await this.get(id);
		try {
			await this.rest.call('POST', `/workflows/${id}/activate`, z.unknown(), { versionId });
		} catch (error) {
			if (!(error instanceof RestError) || error.status !== 404) throw error;
			const body = { active: true, versionId }; // n8n 1.x
			await this.rest.call('PATCH', `/workflows/${id}`, z.unknown(), body);
		}
	}
}
