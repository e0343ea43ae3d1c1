import type { ImagePlan } from './modelRules';

/** Any model whose id starts with custom_: one image, whatever the parameters. */
export const customPlan: ImagePlan = {
	count: 1,
	width: 1024,
	height: 1024,
	format: 'png',
	delivery: 'url',
	output: 'array',
	entry: {},
	usage: 'plain',
	costPerImage: 0.02,
	failureCode: 'generation_failed',
};
