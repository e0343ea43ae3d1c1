import type { Task } from '../exchange/answers/task';

/** Statuses of running tasks, whose output can still grow. */
const GOES_ON = new Set(['in_progress', 'pending', 'processing', 'queued']);
/** An output has to stay unchanged for as long as it took to appear, within these bounds, … */
const SHORTEST_MS = 5000;
const LONGEST_MS = 60_000;
/** … and in this many answers: the images of a group can come one by one. */
const ANSWERS = 3;

const hasImage = ({ images }: Task): boolean => images.some((image) => !('missing' in image));

/** Whether a running task has images and no known sign that it goes on. */
export const hasOpenEnd = (task: Task): boolean => {
	const { state, status, progress = 0 } = task;
	const goesOn = status !== undefined && GOES_ON.has(status) && progress < 1;
	return state === 'running' && hasImage(task) && !goesOn;
};

/**
 * Detects the end of a task under an unknown status: its images are the same in one answer after
 * the other. If the API says that the task goes on, they have to stay unchanged for longer.
 */
export class StandingOutput {
	private seen?: { output: string; sinceMs: number; answers: number };

	/**
	 * @param ageMs since the task was created
	 * @returns whether the output was unchanged for long enough to be accepted
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
 * Status, progress and images as text to compare: links without their signature, which may differ
 * in every answer, and only the number of images inside the answer, whose bytes are already stored.
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
