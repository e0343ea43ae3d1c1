/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engine } from './node/engine';
import { chooseModels } from './plan/models';
import { readRecording } from './recording/folder';
import { Session, type SessionOptions, type SessionResult } from './session';

/** A session in n8n's engine with its recording; for tests. */
export interface EngineSession extends SessionResult {
	steps: ReturnType<typeof readRecording>;
	folder: string;
	/** All that it said. */
	said: string[];
}

/** Runs a whole proof against a gateway, in n8n's engine alone and into a folder for the moment. */
export async function proveAt(
	gateway: { url: string; apiKey: string },
	options: Partial<SessionOptions> & { modelIds?: string[] } = {},
): Promise<EngineSession> {
	const { modelIds = [], ...more } = options;
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'vtrix-live-'));
	const said: string[] = [];
	const session = new Session({
		baseUrl: gateway.url,
		apiKey: gateway.apiKey,
		shown: 'the gateway',
		models: chooseModels(modelIds).models,
		limit: 1,
		probe: false,
		folder,
		about: 'A test.',
		log: (line) => said.push(line),
		signal: new AbortController().signal,
		...more,
	});
	const result = await session.run(async () => engine);
	return { ...result, said, folder, steps: result.report ? readRecording(folder) : [] };
}
