/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

setFlagsFromString('--expose-gc');
const collectGarbage = z.function().parse(runInNewContext('gc'));

const BETWEEN_MS = 100;
const PATIENCE_MS = 30_000;

/** Bytes in buffers that somebody holds, after a collection of what nobody does. */
export function buffersHeld(): number {
	collectGarbage();
	return process.memoryUsage().arrayBuffers;
}

/**
 * Bytes in buffers that somebody goes on to hold, once they are fewer than so many, or for good: what
 * is still on its way between two ends of this process is taken, and what is freed is swept away in
 * the background.
 */
export async function buffersHeldForGood(fewer: number): Promise<number> {
	const end = Date.now() + PATIENCE_MS;
	for (;;) {
		const held = buffersHeld();
		if (held < fewer || Date.now() > end) return held;
		await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
	}
}
