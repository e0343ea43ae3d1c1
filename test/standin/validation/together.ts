import type { ModelFacts } from '../facts';
import { isRecord } from './checks';
import type { Issue } from './modelRules';

type Params = Record<string, unknown>;

/** What is wrong with parameters beside the number of input images. */
export const countIssues = (params: Params, facts: ModelFacts, references: number): Issue[] => [
	...perImageIssues(params, facts, references),
	...groupIssues(params, facts, references),
];

/** A list with one entry for each image has as many. */
function perImageIssues(params: Params, { parameters }: ModelFacts, references: number): Issue[] {
	return parameters
		.filter(({ onePerImage }) => onePerImage)
		.flatMap(({ name }): Issue[] => {
			const list = params[name];
			if (!Array.isArray(list) || list.length === references) return [];
			const why = `has ${list.length} entries for ${references} images`;
			return [{ param: name, problem: 'invalid', why }];
		});
}

/** Input images and pictures asked for have a maximum together. */
function groupIssues(params: Params, { images }: ModelFacts, references: number): Issue[] {
	const { maxWithOutput: most = Infinity } = images;
	const asked = picturesAskedFor(params);
	if (asked === undefined || asked + references <= most) return [];
	const why = `${asked} and ${references} reference images are more than ${most}`;
	return [{ param: 'sequential_image_generation_options.max_images', problem: 'invalid', why }];
}

/** Most pictures that a request can give. */
export function pictureCount(params: Params, { images }: ModelFacts, references: number): number {
	const { maxWithOutput: most } = images;
	if (most === undefined || params.sequential_image_generation !== 'auto') return 1;
	return Math.min(picturesAskedFor(params) ?? most, most - references);
}

function picturesAskedFor(params: Params): number | undefined {
	const options = params.sequential_image_generation_options;
	const asked = isRecord(options) ? options.max_images : undefined;
	return typeof asked === 'number' ? asked : undefined;
}
