/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Rest } from './rest';
import type { Tarball } from './tarball';

const installedSchema = z.object({
	packageName: z.string(),
	installedVersion: z.string(),
	installedNodes: z.array(z.object({ name: z.string(), type: z.string() })),
});

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** n8n's Settings > Community nodes, with local tarballs in place of published packages. */
export class CommunityPackages {
	/** Folder to put first on n8n's PATH, so that the `npm` in it is the one n8n calls. */
	readonly shimFolder: string;
	private readonly tarballs: string;

	constructor(
		private readonly rest: Rest,
		dataDir: string,
	) {
		this.shimFolder = path.join(dataDir, 'bin');
		this.tarballs = path.join(dataDir, 'tarballs');
	}

	/** Writes the `npm` that answers for the local tarballs. */
	writeShim() {
		fs.mkdirSync(this.shimFolder, { recursive: true });
		fs.mkdirSync(this.tarballs, { recursive: true });
		// n8n hands npm only a part of its environment, so the settings stand in the script
		const script = [
			'#!/bin/sh',
			`export SHIM_TARBALLS=${quoted(this.tarballs)}`,
			`export SHIM_REAL_PATH=${quoted(process.env.PATH ?? '')}`,
			`exec ${quoted(process.execPath)} ${quoted(path.join(__dirname, 'npmShim.cjs'))} "$@"`,
		];
		const file = path.join(this.shimFolder, 'npm');
		fs.writeFileSync(file, `${script.join('\n')}\n`, { mode: 0o755 });
	}

	/** Installs a packed package the way n8n installs a published one. */
	async install({ file, name, version }: Tarball) {
		const copy = path.join(this.tarballs, path.basename(file));
		fs.copyFileSync(file, copy);
		const record = path.join(this.tarballs, `${encodeURIComponent(name)}.json`);
		fs.writeFileSync(record, JSON.stringify({ version, file: copy }));
		const body = { name, version };
		return await this.rest.call('POST', '/community-packages', installedSchema, body);
	}

	async uninstall(name: string) {
		const query = new URLSearchParams({ name });
		await this.rest.call('DELETE', `/community-packages?${query.toString()}`, z.unknown());
	}

	async list() {
		return await this.rest.call('GET', '/community-packages', z.array(installedSchema));
	}
}
