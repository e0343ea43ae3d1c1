import type { InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import type { Model } from '../../nodes/Vtrix/core/definition/model';
import type { ImageFact, ModelFacts, ParameterFact, PresetFact } from '../standin/facts';

/** Where a declared parameter stands in a request, as the pages write it: `optimize_prompt_options.mode`. */
export const sentName = (name: string, path: readonly string[] = ['params', name]): string =>
	path.slice(1).join('.');

/** Every API name that a declaration can send. */
export const sentNames = ({ parameters, images, size }: Model): string[] => [
	...Object.entries(parameters).map(([name, { path }]) => sentName(name, path)),
	...(images?.sentAs === 'separate' ? ['image_urls', 'binary_data_base64'] : []),
	...(images?.sentAs === 'mixed' ? ['image'] : []),
	...(images?.referenceTypes ? ['ref_type_list'] : []),
	...(size?.sends ?? []),
];

/** The declaration behind a documented parameter, with the declared name. */
export function declared(model: Model, fact: Pick<ParameterFact, 'name'>) {
	const found = Object.entries(model.parameters).find(
		([name, { path }]) => sentName(name, path) === fact.name,
	);
	if (!found) throw new Error(`${model.id} declares no '${fact.name}'`);
	const [name, parameter] = found;
	return { name, parameter };
}

const CARRIED_APART = ['image', 'image_urls', 'binary_data_base64', 'ref_type_list'];

/** The parameters that have a field of their own: not the input images, not the size. */
export const plainParameters = ({ parameters, size }: ModelFacts): ParameterFact[] => {
	const apart = [...CARRIED_APART, ...(size.sentAs === 'text' ? ['size'] : ['width', 'height'])];
	return parameters.filter(({ name }) => !apart.includes(name));
};

/** What the declaration of input images has to be, told from the facts. */
export const documentedImages = (fact: ImageFact): Omit<InputImages, 'referenceTypes'> => {
	const maxRatio = fact.maxLongToShort ?? fact.ratio?.max;
	return {
		min: fact.minCount,
		max: fact.maxCount,
		formats: fact.formats.map((format) => (format === 'jpeg' ? 'jpg' : format)),
		maxBytes: fact.maxBytes,
		sentAs: fact.sentAs === 'split' ? 'separate' : 'mixed',
		...(fact.maxSide !== undefined && { maxSide: fact.maxSide }),
		...(fact.minSideExclusive !== undefined && { longerThan: fact.minSideExclusive }),
		...(fact.maxPixels !== undefined && { maxPixels: fact.maxPixels }),
		...(maxRatio !== undefined && { maxRatio }),
		...(fact.recommendedRatio && { recommendedRatio: fact.recommendedRatio.max }),
	};
};

/** `1328x1328` */
export const sizeValue = ({ width, height }: { width: number; height: number }): string =>
	`${width}x${height}`;

/** The documented sizes, and those landscapes turned upright that have no documented portrait. */
export const documentedSizes = (presets: readonly PresetFact[]): string[] => {
	const documented = presets.map(sizeValue);
	const turned = presets.map(({ width, height }) => sizeValue({ width: height, height: width }));
	const hasPortraits = presets.some(({ width, height }) => width < height);
	return [...new Set(hasPortraits ? documented : [...documented, ...turned])];
};
