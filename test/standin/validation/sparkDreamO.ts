import { integer, seed, text, toggle } from './checks';
import {
	editingImageLimits,
	IMAGE_SOURCES,
	oneSourceOfImages,
	productIssues,
	sideOf,
} from './editingModels';
import type { Issue, ModelRules } from './modelRules';

/** Error codes of DreamO and Multi DreamO end alike. */
export function dreamOCode(prefix: string, { param, problem }: Issue): string {
	if (param === 'prompt') return `${prefix}${problem === 'missing' ? '001' : '003'}`;
	return `${prefix}${problem === 'missing' ? '002' : '004'}`;
}

/** Page of spark_dreamo: one picture of one subject, edited by a prompt. */
export const sparkDreamO: ModelRules = {
	params: {
		prompt: text,
		seed,
		use_rephraser: toggle,
		width: integer(512, 2048),
		height: integer(512, 2048),
	},
	required: ['prompt'],
	sources: IMAGE_SOURCES,
	imageLimits: editingImageLimits,
	references: (params) => oneSourceOfImages(params, 1),
	across: productIssues,
	code: (issue) => dreamOCode('003011', issue),
	plan: (params) => ({
		count: 1,
		width: sideOf(params, 'width'),
		height: sideOf(params, 'height'),
		format: 'png',
		delivery: 'url',
		output: 'array',
		entry: { size: true, jobId: true },
		usage: 'plain',
		costPerImage: 0.03,
		failureCode: '003011095',
	}),
};
