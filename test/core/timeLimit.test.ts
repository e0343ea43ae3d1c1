/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withinTime } from '../../nodes/Vtrix/core/exchange/http/timeLimit';

setFlagsFromString('--expose-gc');
const collectGarbage = (): void => void runInNewContext('gc()');

const run = new AbortController();
/** Work that goes on until its signal ends it, and tells whether its time was over. */
const endless = async (ms: number, signal?: AbortSignal): Promise<boolean> =>
	await withinTime(
		ms,
		signal,
		async (limit) =>
			await new Promise<boolean>((resolve) =>
				limit.signal.addEventListener('abort', () => resolve(limit.isOver)),
			),
	);

test('a time limit ends work, garbage collected meanwhile or not', async () => {
	const work = endless(300, run.signal);
	for (let times = 0; times < 3; times += 1) {
		await sleep(20);
		collectGarbage();
	}
	await expect(Promise.race([work, sleep(3000, 'goes on', { ref: false })])).resolves.toBe(true);
});

test('a time limit ends work without a run, and not before', async () => {
	const begun = performance.now();
	await expect(endless(300)).resolves.toBe(true);
	expect(performance.now() - begun).toBeGreaterThan(250);
});

test('a time that is over already ends work', async () => {
	await expect(endless(-5)).resolves.toBe(true);
});

test('work that is done leaves nothing behind at the run, which goes on', async () => {
	await withinTime(60_000, run.signal, async () => await Promise.resolve());
	expect(getEventListeners(run.signal, 'abort')).toEqual([]);
});

test('the end of the run ends work, and is told from the end of its time', async () => {
	const stopped = new AbortController();
	const work = endless(60_000, stopped.signal);
	stopped.abort();
	await expect(work).resolves.toBe(false);
});

test('work that begins after the end of the run is ended at once', async () => {
	const aborted = await withinTime(1000, AbortSignal.abort(), async ({ signal }) => signal.aborted);
	expect(aborted).toBe(true);
});
