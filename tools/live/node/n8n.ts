/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error */
import { createServer } from 'node:http';
import { itemsOf, type Execution } from '../../../test/real-n8n/execution';
import { N8n } from '../../../test/real-n8n/n8n';
import type { Log } from '../../../test/real-n8n/progress';
import type { Tarball } from '../../../test/real-n8n/tarball';
import { load, manualStart, vtrix, workflow } from '../../../test/real-n8n/vtrixWorkflows';
import { listen } from '../../../test/support/listen';
import { samplePicture } from './samplePicture';
import type { DeliveredItem, NodeJob, NodeResult, Workbench } from './workbench';

const NODE = 'Vtrix';
/** Longer than the node's own limit of ten minutes. */
const TIMEOUT_MS = 660_000;

/** The packed node in a real n8n. */
export interface N8nBench extends Workbench {
	/** n8n's version. */
	version: string;
	/** Stops n8n. */
	close(): Promise<void>;
}

/**
 * Starts n8n and installs the node as n8n installs a community package.
 *
 * @param dataDir where n8n keeps everything, the key among it
 */
export async function startN8n(tarball: Tarball, dataDir: string, log: Log): Promise<N8nBench> {
	const n8n = await N8n.start({ dataDir, log });
	// the picture that is edited comes from a server of this machine
	const photo = await samplePicture();
	const pictures = await listen(
		createServer((_, response) => {
			response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo);
		}),
	);
	const running = new Set<string>();
	const close = async () => {
		await pictures.close();
		// n8n would wait for half a minute for what still runs
		await Promise.allSettled([...running].map(async (id) => await n8n.executions.stop(id)));
		await n8n.stop();
	};
	try {
		await n8n.packages.install(tarball);
	} catch (error) {
		await close();
		throw error;
	}
	const saved = async (credential: NodeJob['credential'], name: string) =>
		await n8n.credentials.create('vtrixApi', { ...credential }, name);

	async function delivered(execution: Execution): Promise<DeliveredItem[]> {
		return await Promise.all(
			itemsOf(execution, NODE).map(async ({ json, binary }): Promise<DeliveredItem> => {
				const file = binary?.data;
				if (!file) return { json };
				const { fileName = '', mimeType } = file;
				return { json, file: { fileName, mimeType, bytes: await n8n.binaries.download(file) } };
			}),
		);
	}

	return {
		version: n8n.version,
		close,
		async testCredential(credential) {
			const name = 'Credential test';
			const { status, message } = await n8n.credentials.test(await saved(credential, name), {
				...credential,
			});
			return { passed: status === 'OK', message };
		},
		async run({ title, credential, parameters, withFile }): Promise<NodeResult> {
			const steps = [
				manualStart,
				...(withFile ? [load('Picture', `http://${pictures.host}/robot.jpg`, 'file')] : []),
				vtrix(await saved(credential, title), parameters, { name: NODE }),
			];
			const { id } = await n8n.workflows.create(workflow(title, steps));
			const started = await n8n.executions.start(id, manualStart.name);
			running.add(started);
			const execution = await n8n.executions
				.wait(started, TIMEOUT_MS)
				.finally(() => running.delete(started));
			const error = execution.data?.resultData.error;
			return {
				items: await delivered(execution),
				...(error && {
					error: { message: error.message, description: error.description ?? '' },
				}),
			};
		},
	};
}
