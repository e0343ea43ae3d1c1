import { oneOf } from './checks';
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

/** Page of spark_dream_5_0. */
export const sparkDream50: ModelRules = {
	params: {
		...dreamParams,
		size: sizeCheck(['2K', '3K'], 3_686_400, 10_404_496),
		tools: () => 'is temporarily unavailable',
		output_format: oneOf('png', 'jpeg'),
		response_format: oneOf('url', 'b64_json'),
	},
	required: ['prompt'],
	sources: ['image'],
	imageLimits: dreamImageLimits,
	references: dreamReferences,
	across: groupIssues,
	code: ({ problem }) => (problem === 'missing' ? 'missing_parameter' : 'invalid_parameter'),
	plan: (params, references) => ({
		count: groupCount(params, references),
		...pixelsOf(params),
		format: params.output_format === 'png' ? 'png' : 'jpeg',
		delivery: params.response_format === 'b64_json' ? 'b64_json' : 'url',
		output: 'object',
		entry: {},
		usage: 'webSearch',
		costPerImage: 0.035,
		failureCode: 'generation_failed',
	}),
};
