/* eslint-disable @n8n/community-nodes/require-node-api-error */
import { draw } from './drawing';
import type { Drawing } from './drawing';

const MOST_BYTES = 48_000_000;

/** Drawings already made, within 48 MB; the longest unused go first. */
export class PictureCache {
	private readonly drawings = new Map<string, Promise<Buffer>>();
	private readonly sizes = new Map<string, number>();
	private bytes = 0;

	async get(drawing: Drawing): Promise<Buffer> {
		const key = JSON.stringify(Object.values(drawing));
		const kept = this.drawings.get(key);
		if (kept !== undefined) {
			this.drawings.delete(key);
			this.drawings.set(key, kept);
			return await kept;
		}
		const made = draw(drawing);
		this.drawings.set(key, made);
		try {
			const picture = await made;
			this.sizes.set(key, picture.length);
			this.bytes += picture.length;
			this.shrink();
			return picture;
		} catch (error) {
			this.drawings.delete(key);
			throw error;
		}
	}

	private shrink(): void {
		for (const key of this.drawings.keys()) {
			if (this.bytes <= MOST_BYTES) return;
			const size = this.sizes.get(key);
			if (size === undefined) continue;
			this.drawings.delete(key);
			this.sizes.delete(key);
			this.bytes -= size;
		}
	}
}
