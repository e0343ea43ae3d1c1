import type { ImageFact, ModelFacts } from '../facts';
import type { Issue, Reference } from './modelRules';

/** Input images as they stand in the parameters, and what is wrong with their number or form. */
export interface FoundImages {
	references: Reference[];
	issues: Issue[];
}

type Params = Record<string, unknown>;

export const imagesIn = (params: Params, { images }: ModelFacts): FoundImages => {
	if (images.maxCount === 0) return { references: [], issues: [] };
	return images.sentAs === 'split' ? splitImages(params, images) : mixedImages(params, images);
};

/** The images of `image_urls` or `binary_data_base64`, of which exactly one must be given. */
function splitImages(params: Params, { minCount, maxCount }: ImageFact): FoundImages {
	const given = ['image_urls', 'binary_data_base64'].filter((name) => Object.hasOwn(params, name));
	if (given.length === 0) {
		const why = 'or binary_data_base64 must be given';
		return { references: [], issues: [{ param: 'image_urls', problem: 'missing', why }] };
	}
	const issues: Issue[] = [];
	if (given.length > 1) {
		const why = 'and binary_data_base64 must not both be given';
		issues.push({ param: 'image_urls', problem: 'conflict', why });
	}
	const references = given.flatMap((name) => {
		const list = params[name];
		if (!isTexts(list)) {
			issues.push({ param: name, problem: 'invalid', why: 'must be an array of strings' });
			return [];
		}
		if (list.length < minCount || list.length > maxCount) {
			const count = minCount === maxCount ? `exactly ${maxCount}` : `${minCount} to ${maxCount}`;
			const why = `must hold ${count} images, got ${list.length}`;
			issues.push({ param: name, problem: 'count', why });
		}
		return list.map((entry, index): Reference => {
			const param = `${name}[${index}]`;
			return name === 'image_urls'
				? { param, kind: 'url', url: entry }
				: { param, kind: 'base64', base64: entry };
		});
	});
	return { references, issues };
}

/** `image`: one string, or an array of several; each a URL or a data URI. */
function mixedImages(params: Params, { maxCount }: ImageFact): FoundImages {
	const { image } = params;
	if (!Object.hasOwn(params, 'image')) return { references: [], issues: [] };
	const alone = (problem: Issue['problem'], why: string): FoundImages => ({
		references: [],
		issues: [{ param: 'image', problem, why }],
	});
	if (typeof image === 'string') return mixedImage(image, 'image');
	if (!isTexts(image)) return alone('invalid', 'must be a string or an array of strings');
	if (image.length < 2) {
		return alone('count', `array must hold several images, got ${image.length}`);
	}
	const found = image.map((entry, index) => mixedImage(entry, `image[${index}]`));
	const issues = found.flatMap((one) => one.issues);
	if (image.length > maxCount) {
		const why = `must hold at most ${maxCount} images, got ${image.length}`;
		issues.push({ param: 'image', problem: 'count', why });
	}
	return { references: found.flatMap((one) => one.references), issues };
}

function mixedImage(value: string, param: string): FoundImages {
	if (!value.startsWith('data:')) {
		return { references: [{ param, kind: 'url', url: value }], issues: [] };
	}
	// split by hand: a regular expression over 13 MB of base64 would copy it
	const comma = value.indexOf(',');
	const head = /^data:image\/([a-z]+);base64$/.exec(value.slice(0, Math.max(comma, 0)));
	const declaredFormat = head?.[1];
	if (declaredFormat === undefined) {
		const why = `must start with data:image/<lower-case format>;base64, got ${value.slice(0, 40)}`;
		return { references: [], issues: [{ param, problem: 'invalid', why }] };
	}
	const base64 = value.slice(comma + 1);
	return { references: [{ param, kind: 'base64', base64, declaredFormat }], issues: [] };
}

const isTexts = (value: unknown): value is string[] =>
	Array.isArray(value) && value.every((entry) => typeof entry === 'string');
