import type { Issue, Reference } from './modelRules';
import type { ImageLimits } from './inspectImage';

/** Input images of the three editing models: JPEG or PNG, 4.7 MB, 4096 pixels a side. */
export const editingImageLimits: ImageLimits = {
	formats: ['jpeg', 'png'],
	maxBytes: 4_700_000,
	maxSide: 4096,
};

/** The two ways to hand images over. */
export const IMAGE_SOURCES = ['image_urls', 'binary_data_base64'] as const;

/** The images of `image_urls` or `binary_data_base64`, of which exactly one must be given. */
export function oneSourceOfImages(
	params: Record<string, unknown>,
	max: number,
): { references: Reference[]; issues: Issue[] } {
	const given = IMAGE_SOURCES.filter((name) => Object.hasOwn(params, name));
	const [source] = given;
	if (source === undefined) {
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
		if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'string')) {
			issues.push({ param: name, problem: 'invalid', why: 'must be an array of strings' });
			return [];
		}
		if (list.length < 1 || list.length > max) {
			const why = `must hold ${max === 1 ? 'exactly 1 image' : `1 to ${max} images`}, got ${list.length}`;
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

/** width × height of DreamO and Multi DreamO: at most 2048 × 2048 in all. */
export function productIssues(params: Record<string, unknown>): Issue[] {
	const width = sideOf(params, 'width');
	const height = sideOf(params, 'height');
	if (width * height <= 2048 * 2048) return [];
	const why = `times height must be at most ${2048 * 2048}, got ${width * height}`;
	return [{ param: 'width', problem: 'invalid', why }];
}

/** A side of the image as asked for, or its documented default. */
export function sideOf(params: Record<string, unknown>, name: 'width' | 'height'): number {
	const value = params[name];
	return typeof value === 'number' ? value : 1328;
}
