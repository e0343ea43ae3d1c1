import { decimal, integer, oneOf, seed, text, toggle } from './checks';
import type { Check } from './checks';
import {
	editingImageLimits,
	IMAGE_SOURCES,
	oneSourceOfImages,
	productIssues,
	sideOf,
} from './editingModels';
import type { Issue, ModelRules } from './modelRules';
import { dreamOCode } from './sparkDreamO';

const refType = oneOf('IP', 'ID', 'STYLE', 'AUTO');

const refTypes: Check = (value) => {
	if (!Array.isArray(value)) return 'must be an array';
	for (const [index, entry] of value.entries()) {
		const why = refType(entry);
		if (why !== undefined) return `[${index}] ${why}`;
	}
	return undefined;
};

/** Page of spark_multi_dreamo: up to five reference images, each with its kind. */
export const sparkMultiDreamO: ModelRules = {
	params: {
		prompt: text,
		ref_type_list: refTypes,
		guidance_scale1: decimal(1, 7),
		guidance_scale2: decimal(1, 7),
		ddim_steps: integer(1, 50),
		swap_face: toggle,
		use_rephraser: toggle,
		rephraser_level: oneOf('general', 'fine', 'coarse'),
		seed,
		width: integer(512, 2048),
		height: integer(512, 2048),
	},
	required: ['prompt'],
	sources: IMAGE_SOURCES,
	imageLimits: editingImageLimits,
	references: (params) => oneSourceOfImages(params, 5),
	across: (params, references) => [
		...productIssues(params),
		...refTypeCountIssues(params, references),
	],
	code: (issue) => dreamOCode('003013', issue),
	plan: (params) => ({
		count: 1,
		width: sideOf(params, 'width'),
		height: sideOf(params, 'height'),
		format: 'png',
		delivery: 'url',
		output: 'array',
		entry: { jobId: true },
		usage: 'plain',
		costPerImage: 0.05,
		failureCode: '003013095',
	}),
};

function refTypeCountIssues(params: Record<string, unknown>, references: number): Issue[] {
	const list = params.ref_type_list;
	if (!Array.isArray(list) || list.length === references) return [];
	const why = `has ${list.length} entries for ${references} images`;
	return [{ param: 'ref_type_list', problem: 'invalid', why }];
}
