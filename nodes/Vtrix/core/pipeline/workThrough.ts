import pLimit from 'p-limit';
import { inPlace } from '../shared/inPlace';

/** How many items may be worked on at the same time; it may change during the run. */
export interface Concurrency {
	readonly allowed: number;
	onChange(listener: () => void): void;
}

/**
 * Works on items in their order, as many at a time as allowed; `release` lets the next begin early.
 * Started items are finished even if fewer are allowed by then.
 */
export async function workThrough<Item, Done>(
	items: readonly Item[],
	concurrency: Concurrency,
	work: (item: Item, release: () => void) => Promise<Done>,
): Promise<Done[]> {
	const limit = pLimit(concurrency.allowed);
	concurrency.onChange(() => {
		limit.concurrency = concurrency.allowed;
	});
	return await Promise.all(
		items.map(async (item) => await inPlace(limit, async (release) => await work(item, release))),
	);
}
