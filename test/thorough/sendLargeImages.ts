/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { z } from 'zod';

const COUNT = 14;
const BYTES = 10_000_000;
const SAMPLE_EVERY_MS = 2;

/** What the process prints at its end. */
interface LargeImagesSent {
	/** Bytes of all images together. */
	images: number;
	/** The most memory that the run needed beside what was there before, in bytes. */
	grown: number;
	/** Finished images that came out. */
	sent: number;
}

const s3Schema = z.object({ host: z.string(), bucket: z.string(), accessKey: z.string() });
const argsSchema = z.tuple([
	z.string(),
	z.string(),
	z
		.enum(['filesystem', 'default'])
		.or(z.string().transform((json) => s3Schema.parse(JSON.parse(json)))),
	z.coerce.number(),
	z.enum(['rows', 'json']),
]);

/** Sends requests with large files out of n8n's store: URL and key of the API, the store, how many, and where the files stand. */
async function main(): Promise<void> {
	const [url, apiKey, where, count, way] = argsSchema.parse(process.argv.slice(2));
	// the harness is made for jest, which calls it at the end of a file
	Object.assign(globalThis, { afterAll: (end: () => void) => process.on('exit', end) });
	const { runVtrix } = await import('../node/runVtrix');
	const { fileItem, initBinaryData } = await import('../support/binaryStore');
	const { sampleImage } = await import('../support/sampleImage');

	const store = await initBinaryData(where);
	const picture = await sampleImage({ width: 64, height: 48, bytes: BYTES });
	const file = { bytes: picture, mimeType: 'image/png', fileName: 'photo.png' };
	const names = Array.from({ length: COUNT }, (_, index) => `image${index}`);
	const item = await fileItem(Object.fromEntries(names.map((name) => [name, file])));
	const custom = {
		model: 'custom',
		customModelId: 'custom_painter',
		customParameters: '={{ { prompt: "A lighthouse", media: Object.values($binary) } }}',
		options: { maxUpload: 1000 },
	};
	const rows = { image: [{ fieldName: names.join(',') }] };
	const plain = { model: 'spark_dream_4_5', prompt: 'A lighthouse' };
	const parameters = way === 'json' ? custom : { ...plain, inputImages: rows };
	// everything is loaded and compiled before it counts
	await runVtrix({ url, apiKey }, { ...plain, options: { dryRun: true } });

	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let most = before;
	const sampling = setInterval(() => {
		most = Math.max(most, process.memoryUsage.rss());
	}, SAMPLE_EVERY_MS);
	const { items } = await runVtrix(
		{ url, apiKey },
		parameters,
		Array.from({ length: count }, () => item),
	);
	clearInterval(sampling);
	store.cleanup();
	const result: LargeImagesSent = {
		images: COUNT * BYTES * count,
		grown: most - before,
		sent: items[0]?.length ?? 0,
	};
	process.stdout.write(JSON.stringify(result));
	process.exit();
}

void main();
