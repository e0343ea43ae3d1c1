/* eslint-disable @n8n/community-nodes/no-restricted-globals */

/** What work at two sizes came to. */
export interface Growth<T> {
	/** What it gave at the small size and at the large one. */
	results: [T, T];
	/**
	 * Processor time at the large size by that at the small one: about `TIMES` where it goes by the
	 * size, the square of it where it goes by the size's square; the least of some tries each.
	 */
	factor: number;
}

/** How much larger the large size is. */
export const TIMES = 10;
/** A factor between what is linear and what is quadratic, whatever else the machine does. */
export const LINEAR = 2.5 * TIMES;

/** What is linear is seen as such in one of these; what is not, in none. */
const TRIES = 8;
/** Less than this is not measured well, ms. */
const LEAST_MS = 2;

/** Does the work at a size and at `TIMES` that size, and compares what it cost. */
export async function growth<T>(
	work: (size: number) => T | Promise<T>,
	size: number,
): Promise<Growth<T>> {
	let result = await work(size);
	const measure = async (at: number) => {
		const before = process.cpuUsage();
		result = await work(at);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	};
	let [small, large, first] = [Infinity, Infinity, result];
	for (let tries = 0; tries < TRIES && !(tries > 1 && large / small < LINEAR); tries += 1) {
		small = Math.max(LEAST_MS, Math.min(small, await measure(size)));
		first = result;
		large = Math.min(large, await measure(size * TIMES));
	}
	return { results: [first, result], factor: large / small };
}
