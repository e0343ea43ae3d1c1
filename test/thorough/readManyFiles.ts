/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import fc from 'fast-check';
import { z } from 'zod';
import { readPicture } from '../../nodes/Vtrix/core/imageFile/readPicture';
import { checkFile } from '../../nodes/Vtrix/core/request/checkImage';
import { DREAM_IMAGES } from '../../nodes/Vtrix/models/families/dream';
import { inputFileOf } from '../support/inputFile';
import { sampleImage } from '../support/sampleImage';
import { claims, mazes } from './bombs';
import { otherFiles } from './otherFiles';

/** What the process prints at its end. */
export interface ManyFilesRead {
	files: number;
	/** How much memory the reading needed beside the files, in bytes. */
	grown: number;
}

const MAZE_BYTES = 10_000_000;
/** Images of one request. */
const AT_ONCE = 14;

/** Files that were changed in a few places, cut off, or put together from two. */
async function changedFiles(runs: number, seed: number): Promise<Buffer[]> {
	const samples = await Promise.all(
		(['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'] as const).map(
			async (format) => await sampleImage({ format, width: 40, height: 30 }),
		),
	);
	const known = [...samples, ...otherFiles, ...claims].map((file) =>
		Buffer.isBuffer(file) ? file : file.bytes,
	);
	const file = fc.constantFrom(...known);
	const changes = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 12 });
	const changed = fc
		.tuple(file, changes, fc.nat({ max: 3000 }), fc.option(file))
		.map(([first, places, end, second]) => {
			const copy = Buffer.concat([first.subarray(0, end), ...(second ? [second] : [])]);
			for (const [at, value] of places) if (at < copy.length) copy[at] = value;
			return copy;
		});
	const random = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
	return fc.sample(fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: random }), {
		numRuns: runs,
		seed,
	});
}

async function main(): Promise<void> {
	const [runs, seed] = z.tuple([z.coerce.number(), z.coerce.number()]).parse(process.argv.slice(2));
	const small = await changedFiles(runs, seed);
	const large = mazes(MAZE_BYTES).map(({ bytes }) => bytes);
	const files = [
		...small,
		...large.flatMap((bytes) => Array.from({ length: AT_ONCE }, () => bytes)),
	];
	globalThis.gc?.();
	const before = process.memoryUsage().rss;
	let most = before;
	for (const bytes of files) {
		const file = inputFileOf(bytes);
		checkFile(DREAM_IMAGES, { binaryPropertyName: 'data', picture: await readPicture(file) });
		most = Math.max(most, process.memoryUsage.rss());
	}
	const read: ManyFilesRead = { files: files.length, grown: most - before };
	process.stdout.write(JSON.stringify(read));
}

void main();
