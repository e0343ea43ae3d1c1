/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

setFlagsFromString('--expose-gc');
const collectGarbage = z.function().parse(runInNewContext('gc'));

const READINGS = 5;
const BETWEEN_MS = 100;

/** Bytes in buffers that anybody holds; what is freed is swept away in the background. */
export async function buffersHeld(): Promise<number> {
	const readings: number[] = [];
	for (let reading = 0; reading < READINGS; reading += 1) {
		collectGarbage();
		readings.push(process.memoryUsage().arrayBuffers);
		await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
	}
	return Math.min(...readings);
}
