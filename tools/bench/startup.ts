/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { run } from '../../test/real-n8n/command';
import type { Lab } from './lab';
import { median } from './metrics';
import { megabytes, type Table } from './table';

const LOADS = 21;
const loadSchema = z.object({ ms: z.number(), heap: z.number(), resident: z.number() });

/** What the node adds to n8n's start: each time in a process of its own, on the Node that runs n8n. */
export async function measureStartup({ n8n, tarball }: Lab): Promise<Table> {
	const { node, modules } = n8n.installed;
	const script = path.join(__dirname, 'loadNode.cjs');
	const folder = path.join(n8n.dataDir, '.n8n', 'nodes', 'node_modules', tarball.name);
	const env = { ...process.env, NODE_PATH: modules };
	const loads: Array<z.infer<typeof loadSchema>> = [];
	for (let load = 0; load < LOADS; load += 1) {
		const printed = await run(node, ['--expose-gc', script, modules, folder], { env });
		loads.push(loadSchema.parse(JSON.parse(printed)));
	}
	return {
		title: "What the node adds to n8n's start",
		header: ['', 'time', 'heap', 'resident memory', 'packed package'],
		rows: [
			[
				'this node',
				`${median(loads.map(({ ms }) => ms)).toFixed(1)} ms`,
				megabytes(median(loads.map(({ heap }) => heap)), 1),
				megabytes(median(loads.map(({ resident }) => resident)), 1),
				`${(fs.statSync(tarball.file).size / 1000).toFixed(0)} kB`,
			],
		],
	};
}
