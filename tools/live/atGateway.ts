/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engine } from './node/engine';
import { chooseModels } from './plan/models';
import { Session, type SessionOptions, type SessionResult } from './session';

/** A session in n8n's engine with its recording; for tests. */
export interface EngineSession extends SessionResult {
	/** Texts of the files that it wrote, by their names. */
	files: Record<string, string>;
}

/** Runs a whole proof against a gateway, in n8n's engine alone. */
export async function proveAt(
	gateway: { url: string; apiKey: string; specUrl?: string },
	options: Partial<SessionOptions> & { modelIds?: string[] } = {},
): Promise<EngineSession> {
	const { modelIds = [], ...more } = options;
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-live-'));
	const session = new Session({
		baseUrl: gateway.url,
		apiKey: gateway.apiKey,
		...(gateway.specUrl !== undefined && { specUrl: gateway.specUrl }),
		shown: 'the gateway',
		models: chooseModels(modelIds).models,
		limit: 1,
		probe: false,
		folder,
		about: 'A test.',
		log: () => {},
		signal: new AbortController().signal,
		...more,
	});
	try {
		const result = await session.run(async () => engine);
		const texts = fs
			.readdirSync(folder)
			.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')] as const);
		return { ...result, files: Object.fromEntries(texts) };
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
}
