/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStandIn, type StandIn } from '../standin';
import { run } from './command';
import type { Credential } from './credentials';
import type { Item } from './execution';
import { N8n, type N8nOptions } from './n8n';
import { startPhotoServer, type PhotoServer } from './photoServer';
import { pack, type Tarball } from './tarball';

const ROOT = path.join(__dirname, '..', '..');

let packed: Promise<Tarball> | undefined;

/** The package as it would be published, built and packed once in a test run. */
export async function packedNode(): Promise<Tarball> {
	packed ??= (async () => {
		await run('npm', ['run', 'build'], { cwd: ROOT });
		return await pack(ROOT, fs.mkdtempSync(path.join(tmpdir(), 'vtrix-pack-')));
	})();
	return await packed;
}

/** A real n8n with the packed node, a credential, and all that its workflows talk to. */
export interface InstalledNode {
	n8n: N8n;
	standIn: StandIn;
	photos: PhotoServer;
	credential: Credential;
	/** The pictures of items, checked byte for byte against what the API served. */
	expectServedBytes(items: Item[], field?: string): Promise<void>;
	close(): Promise<void>;
}

/** Starts it all, with the node installed the way n8n installs a community package. */
export async function startInstalledNode(options: N8nOptions): Promise<InstalledNode> {
	const tarball = await packedNode();
	const standIn = await startStandIn({ latencyMs: 300, tinyImages: true });
	const photos = await startPhotoServer();
	const n8n = await N8n.start({ log: (line) => console.info(line), ...options });
	await n8n.packages.install(tarball);
	const credential = await n8n.credentials.create(
		'vtrixApi',
		{ apiKey: standIn.apiKey, baseUrl: standIn.url, descriptionsUrl: standIn.specUrl },
		'Vtrix account',
	);
	return {
		n8n,
		standIn,
		photos,
		credential,
		async expectServedBytes(items, field = 'data') {
			expect(items.length).toBeGreaterThan(0);
			for (const { json, binary } of items) {
				const served = await standIn.imageBytes(String(json.taskId), Number(json.index) - 1);
				const file = binary?.[field];
				if (!file) throw new Error(`The item of task ${String(json.taskId)} carries no file`);
				expect((await n8n.binaries.download(file)).equals(served)).toBe(true);
			}
		},
		async close() {
			await n8n.dispose();
			await photos.close();
			await standIn.close();
		},
	};
}
