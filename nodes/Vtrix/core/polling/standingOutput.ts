import type { Task } from '../exchange/task';

/** Words that say that a task goes on, so that its output can still grow. */
const GOES_ON = new Set(['in_progress', 'pending', 'processing', 'queued']);
/** An output has to stand as long again as it took to come, within these bounds, … */
const SHORTEST_MS = 5000;
const LONGEST_MS = 60_000;
/** … and in so many answers: the images of a group can come one by one. */
const ANSWERS = 3;

const hasImage = ({ images }: Task): boolean => images.some((image) => !('missing' in image));

/** Whether a running task has images, and nothing that is known says that it goes on. */
export const hasOpenEnd = (task: Task): boolean => {
	const { state, status, progress = 0 } = task;
	const goesOn = status !== undefined && GOES_ON.has(status) && progress < 1;
	return state === 'running' && hasImage(task) && !goesOn;
};

/**
 * Finds the end of a task that the API does not name as one: images that are there, and the same in
 * one answer after the other. If the API says that the task goes on, they have to stand for longer.
 */
export class StandingOutput {
	private seen?: { output: string; sinceMs: number; answers: number };

	/**
	 * @param ageMs since the task was created
	 * @returns whether the output has stood long enough to be taken
	 */
	hasSettled(task: Task, ageMs: number): boolean {
		if (!hasImage(task)) return false;
		const output = describe(task);
		if (this.seen?.output !== output) this.seen = { output, sinceMs: ageMs, answers: 0 };
		this.seen.answers += 1;
		const { sinceMs, answers } = this.seen;
		const quietMs = hasOpenEnd(task)
			? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs))
			: Math.max(LONGEST_MS, sinceMs);
		return answers >= ANSWERS && ageMs - sinceMs >= quietMs;
	}
}

/**
 * Status, progress and images: addresses without the signature, which every answer may make anew; of
 * images inside the answer only how many there are, as their bytes are in the store already.
 */
const describe = ({ status, progress, images }: Task): string =>
	JSON.stringify([
		status,
		progress,
		images.map((image) => {
			if ('url' in image) return image.url.replace(/[?#].*/s, '');
			return 'inline' in image ? 'inline' : image.missing;
		}),
	]);
