/** How many items may be worked on at the same time; it may change during the run. */
export interface Concurrency {
	readonly allowed: number;
	/** Calls `listener` whenever `allowed` may have grown. */
	onChange(listener: () => void): void;
}

/**
 * Works on items in their order, as many at a time as allowed. Started items are finished even if
 * fewer are allowed by then.
 *
 * @param work `release` lets the next item begin before this one is done
 * @returns the outcome of each, in their order
 */
export async function workThrough<Done>(
	count: number,
	concurrency: Concurrency,
	work: (index: number, release: () => void) => Promise<Done>,
): Promise<Done[]> {
	const begun: Array<Promise<Done>> = [];
	let active = 0;
	await new Promise<void>((allHaveBegun) => {
		const begin = () => {
			while (begun.length < count && active < concurrency.allowed) {
				active += 1;
				const released = new Promise<void>((release) => {
					const done = work(begun.length, release);
					begun.push(done);
					done.then(
						() => release(),
						() => release(),
					);
				});
				void released.then(() => {
					active -= 1;
					begin();
				});
			}
			if (begun.length === count) allHaveBegun();
		};
		concurrency.onChange(begin);
		begin();
	});
	return await Promise.all(begun);
}
