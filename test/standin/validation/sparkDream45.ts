import {
	dreamImageLimits,
	dreamParams,
	dreamReferences,
	groupCount,
	groupIssues,
	pixelsOf,
	sizeCheck,
} from './dreamModels';
import type { ModelRules } from './modelRules';

/** Page of spark_dream_4_5. */
export const sparkDream45: ModelRules = {
	params: { ...dreamParams, size: sizeCheck(['2K', '4K'], 3_686_400, 16_777_216) },
	required: ['prompt'],
	sources: ['image'],
	imageLimits: dreamImageLimits,
	references: dreamReferences,
	across: groupIssues,
	code: ({ param, problem }) => {
		if (param === 'prompt' && problem === 'missing') return '003025001';
		return problem === 'count' ? '003025002' : 'invalid_parameter';
	},
	plan: (params, references) => ({
		count: groupCount(params, references),
		...pixelsOf(params),
		format: 'jpeg',
		delivery: 'url',
		output: 'object',
		entry: {},
		usage: 'plain',
		costPerImage: 0.04,
		failureCode: '003025095',
	}),
};
