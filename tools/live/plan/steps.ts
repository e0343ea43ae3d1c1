import type { Model } from '../../../nodes/Vtrix/core/definition/model';
import type { StepToRun } from '../node/runStep';
import { imagesOf, planJobs, type Job } from './jobs';
import { getTask, parametersOf, wrongSize } from './parameters';

/** What a step that delivered hands on to later ones. */
export interface Delivered {
	/** The service's own link of its first image, if it came as a link. */
	link?: string;
	taskId?: string;
}

/** A step of the proof. */
export interface PlannedStep {
	step: string;
	title: string;
	/** Images that it may be charged for; 0 for what costs nothing. */
	images: number;
	/** Name of the step that has to deliver before. */
	after?: string;
	/** What is to be done, or why it cannot be. */
	does(before: Delivered): StepToRun['does'] | { skipped: string };
}

/** A task that nobody created. */
const NO_TASK = 'n8n-live-no-such-task';

const plural = (images: number): string => (images === 1 ? '1 image' : `${images} images`);

const SOURCES = { text: 'Text to image', file: 'Edit a file', url: 'Edit a URL' } as const;

function nameOf({ source, model, group, inline, format }: Job): string {
	return [source, model.id, group && 'group', inline && 'inline', format].filter(Boolean).join('-');
}

function titleOf(job: Job): string {
	const { source, model, group, inline, format } = job;
	const notes = [
		plural(imagesOf(job)),
		format?.toUpperCase(),
		inline && 'inside the answer',
		group && 'in one task',
	].filter(Boolean);
	return `${SOURCES[source]} with ${model.displayName} (${notes.join(', ')})`;
}

/**
 * Every step in its order: what costs nothing first, then one image for each model and what else has
 * to be seen, then the look-up of a task.
 *
 * @param imageUrl a picture for the edit of a URL; else the first image that the service makes
 */
export function planSteps(models: readonly Model[], imageUrl?: string): PlannedStep[] {
	const jobs = planJobs(models);
	const first = jobs.find(({ source, inline }) => source === 'text' && !inline);
	const firstName = first && nameOf(first);
	const broken = models.find(({ images, size }) => size && (images?.min ?? 0) === 0) ?? models[0];
	const lookedUp = firstName ?? (jobs[0] && nameOf(jobs[0]));
	return [
		{
			step: 'key-good',
			title: 'Credential test with your key',
			images: 0,
			does: () => ({ kind: 'credential test', key: 'good' }),
		},
		{
			step: 'key-wrong',
			title: 'Credential test with a wrong key',
			images: 0,
			does: () => ({ kind: 'credential test', key: 'wrong' }),
		},
		{
			step: 'task-unknown',
			title: 'Task › Get of a task that does not exist',
			images: 0,
			does: () => ({ kind: 'node', parameters: getTask(NO_TASK, false), withFile: false }),
		},
		...(broken
			? [
					{
						step: 'size-wrong',
						title: `A wrong size for ${broken.displayName}, sent past the node's check`,
						images: 0,
						does: () => ({
							kind: 'node' as const,
							parameters: wrongSize(broken),
							withFile: false,
						}),
					},
				]
			: []),
		...jobs.map((job): PlannedStep => {
			const fromService = job.source === 'url' && imageUrl === undefined;
			return {
				step: nameOf(job),
				title: titleOf(job),
				images: imagesOf(job),
				...(fromService && firstName !== undefined && { after: firstName }),
				does({ link = imageUrl }) {
					if (job.source === 'url' && link === undefined) {
						return { skipped: 'there is no link to a picture; give one with --image-url' };
					}
					const parameters = parametersOf(job, link);
					return { kind: 'node', parameters, withFile: job.source === 'file' };
				},
			};
		}),
		...(lookedUp !== undefined
			? [
					{
						step: 'task-get',
						title: 'Task › Get of a finished task, with its images',
						images: 0,
						after: lookedUp,
						does: ({ taskId }: Delivered) =>
							taskId === undefined
								? { skipped: 'there is no task to look up' }
								: { kind: 'node' as const, parameters: getTask(taskId, true), withFile: false },
					},
				]
			: []),
	];
}

/** Images that may be charged for, all steps together. */
export const imagesPlanned = (steps: readonly PlannedStep[]): number =>
	steps.reduce((sum, { images }) => sum + images, 0);
