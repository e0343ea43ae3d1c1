/** A signal that ends work after some time, or with the run. */
export interface TimeLimit {
	signal: AbortSignal;
	readonly isOver: boolean;
}

/**
 * Gives work a signal that is aborted after `ms`, or with the run's signal. Node.js 20 forgets the
 * time limits that `AbortSignal.any` combines when it collects garbage; a listener keeps them.
 */
export async function withinTime<Done>(
	ms: number,
	run: AbortSignal | undefined,
	work: (limit: TimeLimit) => Promise<Done>,
): Promise<Done> {
	const ends = new AbortController();
	const end = () => ends.abort();
	const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(ms)));
	const signals = run ? [timeout, run] : [timeout];
	for (const signal of signals) signal.addEventListener('abort', end);
	if (run?.aborted) end();
	try {
		return await work({
			signal: ends.signal,
			get isOver() {
				return timeout.aborted;
			},
		});
	} finally {
		for (const signal of signals) signal.removeEventListener('abort', end);
	}
}
