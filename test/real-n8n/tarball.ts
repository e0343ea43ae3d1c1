/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { run } from './command';

/** A packed npm package on disk. */
export interface Tarball {
	file: string;
	name: string;
	version: string;
}

const packedSchema = z
	.array(z.object({ filename: z.string(), name: z.string(), version: z.string() }))
	.length(1);

/** Packs a package folder as `npm publish` would. Build it before. */
export async function pack(folder: string, destination: string): Promise<Tarball> {
	fs.mkdirSync(destination, { recursive: true });
	const args = ['pack', folder, '--ignore-scripts', '--json', '--pack-destination', destination];
	const answer: unknown = JSON.parse(await run('npm', args));
	// npm 10 answers with a list, npm 11 with an object by name
	const list: unknown =
		typeof answer === 'object' && answer !== null ? Object.values(answer) : answer;
	const [{ filename, name, version }] = packedSchema.parse(list);
	return { file: path.join(destination, filename), name, version };
}
