/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { end, spawnGuarded } from '../../test/real-n8n/children';
import { connectStandIn, type RemoteStandIn } from '../../test/standin';

/** A stand-in in a process of its own, so that its work is not counted as n8n's. */
export interface StandInProcess extends RemoteStandIn {
	close(): Promise<void>;
}

const startedSchema = z.object({ url: z.string() });

/** Starts a stand-in that ends with this process at the latest. */
export async function startStandInProcess(args: readonly string[] = []): Promise<StandInProcess> {
	const root = path.join(__dirname, '..', '..');
	const main = path.join(root, 'test', 'standin', 'main.ts');
	const child = spawnGuarded(process.execPath, ['--import', 'tsx', main, ...args], {
		cwd: root,
		env: process.env,
		output: 'pipe',
	});
	if (!child.stdout) throw new Error('The stand-in has no output');
	const lines = createInterface({ input: child.stdout });
	child.stderr?.pipe(process.stderr);
	const first: unknown = await Promise.race([
		once(lines, 'line').then(([line]: unknown[]) => line),
		once(child, 'exit').then(() => undefined),
	]);
	if (typeof first !== 'string') throw new Error('The stand-in did not start');
	const { url } = startedSchema.parse(JSON.parse(first));
	return {
		...(await connectStandIn(url)),
		async close() {
			await end(child);
		},
	};
}
