import type { Model } from '../../../nodes/Vtrix/core/definition/model';

/** Where the picture to work with comes from. */
export type Source = 'text' | 'file' | 'url';

/** One generation: a model with what is tried on it. */
export interface Job {
	model: Model;
	source: Source;
	/** Two images in one task. */
	group: boolean;
	/** The image inside the answer, as base64. */
	inline: boolean;
	/** Value of `output_format`; absent where the model has none or its default is tried. */
	format?: string;
}

const INLINE = 'b64_json';

const choices = ({ parameters }: Model, name: string): string[] => {
	const field = parameters[name]?.field;
	return field?.kind === 'choice' ? field.options.map(({ value }) => String(value)) : [];
};

const needsImage = ({ images }: Model): boolean => (images?.min ?? 0) > 0;
const takesImage = ({ images }: Model): boolean => images !== undefined;
const makesGroups = ({ imageGroup }: Model): boolean => imageGroup !== undefined;
const answersInline = (model: Model): boolean => choices(model, 'response_format').includes(INLINE);

const newJob = (model: Model, source: Source): Job => ({
	model,
	source,
	group: false,
	inline: false,
});

/**
 * Plans as few images as it can: one for each model, and more only for what none of them covers yet,
 * which is an edit of a file and of a URL, a group of two, an inline image and every output format.
 *
 * @param models those that were chosen
 */
export function planJobs(models: readonly Model[]): Job[] {
	const jobs = models.map((model) => newJob(model, needsImage(model) ? 'file' : 'text'));
	const add = (model: Model | undefined, source: Source): Job | undefined => {
		if (!model) return undefined;
		const job = newJob(model, source);
		jobs.push(job);
		return job;
	};
	const editors = models.filter(takesImage);
	const editor = editors.find(needsImage) ?? editors[0];
	const files = jobs.filter(({ source }) => source === 'file');
	if (files.length > 1) files[0].source = 'url';
	else add(editor, 'url');
	if (files.length === 0) add(editor, 'file');

	// the group goes to a model that has no inline images to show, so that both fit in without a further task
	const plain = models
		.filter(makesGroups)
		.sort((a, b) => Number(answersInline(a)) - Number(answersInline(b)));
	const grouping = jobs.filter(({ model }) => model === plain[0]).at(-1);
	if (grouping) grouping.group = true;

	const inliner = models.find(answersInline);
	if (inliner) {
		const free = jobs.find(
			(job) => job.model === inliner && !job.group && job !== jobs.find(isFirstText),
		);
		const inline = free ?? add(inliner, needsImage(inliner) ? 'file' : 'text');
		if (inline) inline.inline = true;
	}
	for (const model of models) {
		const formats = choices(model, 'output_format');
		const own = jobs.filter((job) => job.model === model);
		formats.forEach((format, index) => {
			const job = own[index] ?? add(model, needsImage(model) ? 'file' : 'text');
			if (job) job.format = format;
		});
	}
	return jobs.sort((a, b) => Number(b.source === 'text') - Number(a.source === 'text'));
}

/** The job whose link the edit of a URL works with: it must have one. */
const isFirstText = ({ source }: Job): boolean => source === 'text';

/** Images that a job asks for. */
export const imagesOf = ({ group }: Pick<Job, 'group'>): number => (group ? 2 : 1);
