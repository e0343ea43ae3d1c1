import { integer, isRecord, objectOf, oneOf, text, toggle } from './checks';
import type { Check } from './checks';
import type { ImageLimits } from './inspectImage';
import type { Issue, Reference } from './modelRules';

const MOST_IMAGES = 15;
const MOST_REFERENCES = 14;

/** Reference images of 4.5 and 5.0. */
export const dreamImageLimits: ImageLimits = {
	formats: ['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'],
	maxBytes: 10_000_000,
	overSide: 14,
	maxPixels: 36_000_000,
	maxRatio: 16,
};

/** Parameters that 4.5 and 5.0 have in common, apart from `image` and `size`. */
export const dreamParams: Record<string, Check> = {
	prompt: text,
	sequential_image_generation: oneOf('auto', 'disabled'),
	sequential_image_generation_options: objectOf({ max_images: integer(1, MOST_IMAGES) }),
	stream: toggle,
	watermark: toggle,
	optimize_prompt_options: objectOf({ mode: oneOf('standard') }),
};

/** `size`: one of the words, or WIDTHxHEIGHT within the pixel range and a ratio of 1/16 to 16. */
export function sizeCheck(words: readonly string[], minPixels: number, maxPixels: number): Check {
	return (value) => {
		if (typeof value !== 'string') return text(value);
		if (words.includes(value)) return undefined;
		const sides = sidesOf(value);
		if (sides === undefined) return `must be ${words.join(', ')} or WIDTHxHEIGHT, got ${value}`;
		const { width, height } = sides;
		const pixels = width * height;
		if (pixels < minPixels || pixels > maxPixels) {
			return `must have ${minPixels} to ${maxPixels} pixels, ${value} has ${pixels}`;
		}
		if (Math.max(width, height) > 16 * Math.min(width, height)) {
			return `must have an aspect ratio of 1/16 to 16, got ${value}`;
		}
		return undefined;
	};
}

/** Pixels of `size`; for 2K, 3K and 4K the model chooses, here the square. */
export function pixelsOf(params: Record<string, unknown>): { width: number; height: number } {
	const { size } = params;
	if (typeof size !== 'string') return { width: 2048, height: 2048 };
	const thousands = /^([234])K$/.exec(size);
	const side = Number(thousands?.[1]) * 1024;
	return sidesOf(size) ?? { width: side, height: side };
}

/** `image`: one string, or an array of several; each a URL or a data URI. */
export function dreamReferences(params: Record<string, unknown>): {
	references: Reference[];
	issues: Issue[];
} {
	const { image } = params;
	if (!Object.hasOwn(params, 'image')) return { references: [], issues: [] };
	const issue = (param: string, problem: Issue['problem'], why: string) => ({
		references: [],
		issues: [{ param, problem, why }],
	});
	if (typeof image === 'string') return referenceOf(image, 'image');
	if (!Array.isArray(image) || !image.every((entry) => typeof entry === 'string')) {
		return issue('image', 'invalid', 'must be a string or an array of strings');
	}
	if (image.length < 2) {
		return issue('image', 'count', `array must hold several images, got ${image.length}`);
	}
	const found = image.map((entry, index) => referenceOf(entry, `image[${index}]`));
	const issues = found.flatMap((one) => one.issues);
	if (image.length > MOST_REFERENCES) {
		const why = `must hold at most ${MOST_REFERENCES} images, got ${image.length}`;
		issues.push({ param: 'image', problem: 'count', why });
	}
	return { references: found.flatMap((one) => one.references), issues };
}

/** Reference images and images asked for are at most 15 together. */
export function groupIssues(params: Record<string, unknown>, references: number): Issue[] {
	const asked = maxImages(params);
	if (asked === undefined || asked + references <= MOST_IMAGES) return [];
	const why = `${asked} and ${references} reference images are more than ${MOST_IMAGES}`;
	return [{ param: 'sequential_image_generation_options.max_images', problem: 'invalid', why }];
}

/** Most images this request can give. */
export function groupCount(params: Record<string, unknown>, references: number): number {
	if (params.sequential_image_generation !== 'auto') return 1;
	return Math.min(maxImages(params) ?? MOST_IMAGES, MOST_IMAGES - references);
}

function maxImages(params: Record<string, unknown>): number | undefined {
	const options = params.sequential_image_generation_options;
	const asked = isRecord(options) ? options.max_images : undefined;
	return typeof asked === 'number' ? asked : undefined;
}

function sidesOf(size: string): { width: number; height: number } | undefined {
	const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(size);
	return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
}

function referenceOf(value: string, param: string): { references: Reference[]; issues: Issue[] } {
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
