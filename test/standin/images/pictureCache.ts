import { LRUCache } from 'lru-cache';

import { draw } from './drawing';
import type { Drawing } from './drawing';

const MAX_BYTES = 48_000_000;

/** Drawings already made, up to 48 MB of them; the least recently used go first. */
export class PictureCache {
	private readonly drawings = new LRUCache<string, Buffer, Drawing>({
		maxSize: MAX_BYTES,
		sizeCalculation: ({ length }) => length,
		fetchMethod: async (_key, _stale, { context }) => await draw(context),
		// one that is pushed out while it is still drawn is waited for all the same
		ignoreFetchAbort: true,
	});

	/** The encoded picture; drawn once, however many ask for it at the same time. */
	async get(drawing: Drawing): Promise<Buffer> {
		return await this.drawings.forceFetch(JSON.stringify(Object.values(drawing)), {
			context: drawing,
		});
	}
}
