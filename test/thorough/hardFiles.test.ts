import { z } from 'zod';
import { runAlone } from './childProcess';
import { drawn, RUNS, SEED } from './settings';

/** More than enough; a reader that is led into a maze needs a quarter of an hour for one of them. */
const DEADLINE_MS = 60_000;
const FEW_BYTES = 64 * 2 ** 20;

const schema = z.object({ files: z.number(), grown: z.number() });

test(
	`files made to hurt, changed and random ones are judged in bounded time and flat memory (${drawn(RUNS * 20)})`,
	async () => {
		const args = [String(RUNS * 20), String(SEED)];
		const { files, grown } = schema.parse(await runAlone('readManyFiles.ts', args, DEADLINE_MS));
		expect(files).toBeGreaterThan(RUNS * 20);
		expect(grown).toBeLessThan(FEW_BYTES);
	},
	DEADLINE_MS + 10_000,
);
