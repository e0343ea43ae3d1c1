/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** When to press Stop, see `RunOptions`. */
export interface CancelPlan {
	/** So many milliseconds after the start. */
	cancelAfterMs?: number;
	/**
	 * Asked every few milliseconds, a promise being awaited first, until the answer is anything but
	 * `false`: so both a condition and the promise of an event will do. A promise that fails does
	 * not stop the run.
	 */
	cancelWhen?: () => boolean | Promise<unknown>;
}

const ASK_EVERY_MS = 5;

/**
 * Presses Stop as planned, unless the run is over before.
 *
 * @returns ends the watch; to be called when the run is over.
 */
export function watchForCancel({ cancelAfterMs, cancelWhen }: CancelPlan, cancel: () => void) {
	const timers = new Set<NodeJS.Timeout>();
	let over = false;
	const later = (ms: number, what: () => void) => timers.add(setTimeout(what, ms));
	const ask = async (question: NonNullable<CancelPlan['cancelWhen']>) => {
		const answer = await Promise.resolve(question()).catch(() => false);
		if (over) return;
		if (answer === false) later(ASK_EVERY_MS, () => void ask(question));
		else cancel();
	};
	if (cancelAfterMs !== undefined) later(cancelAfterMs, cancel);
	if (cancelWhen) void ask(cancelWhen);
	return () => {
		over = true;
		timers.forEach((timer) => clearTimeout(timer));
	};
}
