/** What a word for a task's state means. */
const WORDS = {
	/** Documented: the task goes on, and its images may not be all there. */
	running: ['in_progress', 'pending', 'processing', 'queued'],
	/** Not documented, but usual for a task that goes on: an error beside it is no end. */
	goesOn: [
		'accepted',
		'created',
		'finalizing',
		'generating',
		'in_queue',
		'preparing',
		'retrying',
		'running',
		'scheduled',
		'started',
		'starting',
		'submitted',
		'uploading',
		'waiting',
	],
	completed: ['completed'],
	/** Seen in other clients: an end only together with a result or an error. */
	done: ['done', 'success', 'succeeded'],
	/** Documented, or seen in other clients: an end. */
	failed: ['failed', 'cancelled', 'canceled'],
	/** Not documented, but usual for an end without a result: one if it stays. */
	givenUp: [
		'aborted',
		'blocked',
		'error',
		'expired',
		'failure',
		'moderated',
		'rejected',
		'terminated',
		'timed_out',
		'timeout',
	],
} as const;

const MEANINGS = new Map(
	Object.entries(WORDS).flatMap(([meaning, words]) =>
		words.map((word): [string, string] => [word, meaning]),
	),
);

/** Whether a status has one of these meanings. */
export const means = (
	status: string | undefined,
	...meanings: ReadonlyArray<keyof typeof WORDS>
): boolean => {
	const word =
		status
			?.trim()
			.toLowerCase()
			.replace(/[\s-]+/g, '_') ?? '';
	return meanings.some((meaning) => meaning === MEANINGS.get(word));
};
