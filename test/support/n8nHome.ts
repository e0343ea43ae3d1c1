/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Folder that n8n-core takes for the user's home, one for each test file: n8n writes its settings
 * and key there and must not touch those of a real n8n on the same machine. Removed at the end.
 */
export const n8nHome = mkdtempSync(path.join(tmpdir(), 'vtrix-n8n-home-'));

process.env.N8N_USER_FOLDER = n8nHome;
process.env.N8N_LOG_LEVEL = 'silent';

afterAll(() => rmSync(n8nHome, { recursive: true, force: true }));
