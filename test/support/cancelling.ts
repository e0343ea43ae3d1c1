/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** When to press Stop, see `RunOptions`. */
export interface CancelPlan {
	/** So many milliseconds after the start. */
	cancelAfterMs?: number;
	/**
	 * A boolean is asked for again every few milliseconds until it is true; a promise is awaited
	 * once, and cancels when it is fulfilled.
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
	const timers: NodeJS.Timeout[] = [];
	let over = false;
	const stop = () => {
		if (!over) cancel();
	};
	if (cancelAfterMs !== undefined) timers.push(setTimeout(stop, cancelAfterMs));
	if (cancelWhen) {
		const ask = () => {
			const answer = cancelWhen();
			if (answer === true) stop();
			else if (answer !== false) void answer.then(stop);
		};
		timers.push(setInterval(ask, ASK_EVERY_MS));
	}
	return () => {
		over = true;
		timers.forEach(clearInterval);
	};
}
