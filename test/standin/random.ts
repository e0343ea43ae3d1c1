import { createHash } from 'node:crypto';

/** SHA-256 in hex of the parts, kept apart so that ('a','bc') and ('ab','c') differ. */
export function digest(...parts: ReadonlyArray<string | number | Uint8Array>): string {
	const hash = createHash('sha256');
	for (const part of parts) {
		hash.update(typeof part === 'number' ? String(part) : part);
		hash.update('\0');
	}
	return hash.digest('hex');
}

/** Numbers in [0, 1) that only depend on the parts (mulberry32 over their digest). */
export function seededRandom(...parts: ReadonlyArray<string | number>): () => number {
	let state = parseInt(digest(...parts).slice(0, 8), 16);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
