import type { TaskFault } from '../faults/schemas';
import type { ImagePlan } from '../validation/modelRules';

/** One image of a task, as the CDN saw it. Times in ms since 1970. */
export interface ImageRecord {
	/** First request for it, whatever was answered. */
	firstDownloadAt?: number;
	/** First time that all its bytes were sent. */
	deliveredAt?: number;
	/** Requests for it. */
	downloads: number;
}

/** What the stand-in knows of a task. Times in ms since 1970. */
export interface TaskRecord {
	id: string;
	/** From 0, in order of creation since start or reset. */
	index: number;
	model: string;
	/** SHA-256 over model and parameters (image data by its hash). */
	paramsDigest: string;
	/** The prompt's first 60 characters. */
	prompt: string;
	createdAt: number;
	/** When it is done, also in the future; never for a task that never ends. */
	finishedAt?: number;
	/** First answer that told the end, good or bad. */
	firstSeenCompleteAt?: number;
	/** How it ended, once an answer has told. */
	outcome?: 'completed' | 'failed';
	/** USD, once completed. */
	cost?: number;
	polls: number;
	images: ImageRecord[];
}

/** A task with what its answers are made of. */
export interface Task {
	record: TaskRecord;
	plan: ImagePlan;
	latencyMs: number;
	faults: TaskFault[];
	/** Hard to guess part of its image URLs. */
	token: string;
	/** Pictures of the same scene are drawn alike. */
	scene: string;
	caption: string;
}

/** The faults of one sort that colour this answer. */
export function faultOf<T extends TaskFault['type']>(
	faults: readonly TaskFault[],
	type: T,
): Extract<TaskFault, { type: T }> | undefined {
	return faults.find((fault): fault is Extract<TaskFault, { type: T }> => fault.type === type);
}

/** Whether a task with these faults stays in progress for ever. */
export function isEndless(faults: readonly TaskFault[]): boolean {
	return Boolean(faultOf(faults, 'neverEnds')) || faultOf(faults, 'statusWord')?.forever === true;
}

/** Whether a task with these faults is over when it is created. */
export function endsAtOnce(faults: readonly TaskFault[]): boolean {
	return Boolean(faultOf(faults, 'completeAtOnce')) || faultOf(faults, 'failed')?.atOnce === true;
}
