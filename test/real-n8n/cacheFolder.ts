/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { homedir } from 'node:os';
import path from 'node:path';

/** A path in the user's cache folder of this project, outside the repository. */
export const inCache = (...names: string[]) =>
	path.join(
		process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'),
		'n8n-nodes-vtrix',
		...names,
	);
