import { MEDIA_KINDS } from '../media/mediaSamples';
import type { DescribedModel } from '../spec/descriptions';
import type { ImagePlan } from './modelRules';

const PLAN: ImagePlan = {
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

/**
 * Any model whose id starts with custom_: one image, or a file of the kind that the id ends with
 * (custom_mp4), whatever the parameters.
 */
export const customPlan = (model: string, params: Record<string, unknown>): ImagePlan => {
	const media = MEDIA_KINDS.find((kind) => model.endsWith(`_${kind}`));
	return {
		...PLAN,
		...(media && { media }),
		...(params.response_format === 'b64_json' && { delivery: 'b64_json' }),
	};
};

/** A model of the host of descriptions: one file of the kind that it makes. */
export const describedPlan = ({ makes }: DescribedModel): ImagePlan =>
	makes === 'png' ? PLAN : { ...PLAN, media: makes };
