import { parseUrl } from '../exchange/url';
import { fileKind } from '../imageFile/fileKind';
import { formatMegabytes, formatNumber, formatRatio } from '../format';
import { FORMATS } from '../imageFile/imageFormats';
import { readHeader } from '../imageFile/imageHeader';
import { formatsInWords, IMAGES_LABEL, type InputImages } from '../definition/inputImages';
import type { Issue } from '../issues';

/** An input image on its way into a request: a URL as given, or a file's bytes. */
export type InputImage = { referenceType?: string } & ({ url: string } | { file: InputFile });

/** A file of the item, with the name of the field that it stands in. */
export interface InputFile {
	binaryPropertyName: string;
	bytes: Buffer;
}

/** Whether a file of this size can be refused without reading it. */
export const tooLarge = (
	limits: InputImages,
	fieldName: string,
	bytes: number,
): Issue | undefined =>
	bytes > limits.maxBytes
		? {
				label: IMAGES_LABEL,
				value: fieldName,
				message: `is ${formatMegabytes(bytes)} large. The largest file allowed is ${formatMegabytes(limits.maxBytes)}. Make it smaller, or save it as JPEG.`,
			}
		: undefined;

/** What the bytes of an image show. */
export interface FileCheck {
	issues: Issue[];
	/** Recommendations that are not followed, as sentences. */
	warnings: string[];
}

/** Checks a file by its bytes against the model's limits; the header alone is read. */
export function checkFile(
	limits: InputImages,
	{ binaryPropertyName: fieldName, bytes }: InputFile,
): FileCheck {
	const issues: Issue[] = [];
	const refuse = (message: string) =>
		issues.push({ label: IMAGES_LABEL, value: fieldName, message });
	const large = tooLarge(limits, fieldName, bytes.length);
	if (large) issues.push(large);
	const header = readHeader(bytes);
	if (bytes.length === 0) refuse('is an empty file. Check the node that delivers it.');
	else if (!header) {
		const kind = fileKind(bytes) ?? 'not a readable image file, or it is cut off';
		refuse(`is ${kind}. Use ${formatsInWords(limits)}.`);
	} else if (!limits.formats.includes(header.extension)) {
		refuse(`is in the ${FORMATS[header.extension].name} format. Use ${formatsInWords(limits)}.`);
	}
	if (!header) return { issues, warnings: [] };

	const { width, height } = header;
	const is = `is ${width} × ${height} pixels`;
	const ratio = Math.max(width, height) / Math.min(width, height);
	const { maxSide, longerThan, maxPixels, maxRatio, recommendedRatio } = limits;
	if (maxSide !== undefined && Math.max(width, height) > maxSide) {
		refuse(`${is}. No side may be longer than ${formatNumber(maxSide)} pixels.`);
	}
	if (longerThan !== undefined && Math.min(width, height) <= longerThan) {
		refuse(`${is}. Each side must be longer than ${longerThan} pixels.`);
	}
	if (maxPixels !== undefined && width * height > maxPixels) {
		refuse(`${is}. Width × height may be at most ${formatNumber(maxPixels)}.`);
	}
	if (maxRatio !== undefined && ratio > maxRatio) {
		refuse(`${is}. The longer side may be at most ${maxRatio} times the shorter. Crop the image.`);
	}
	const warnings =
		recommendedRatio !== undefined && ratio > recommendedRatio + 1e-9
			? [
					`The image '${fieldName}' is ${width} × ${height} pixels. Shapes between ${formatRatio(recommendedRatio)} and ${formatRatio(1 / recommendedRatio)} work best, others may give poor results or fail.`,
				]
			: [];
	return { issues, warnings };
}

/** Checks an image URL's form; what stands behind it is read by the API alone. */
export function checkUrl(url: string): Issue | undefined {
	// What stands before an @ may be a password.
	const withoutLogin = url.replace(/\/\/[^/]*@/, '//');
	const refuse = (message: string, value = withoutLogin): Issue => ({
		label: IMAGES_LABEL,
		value,
		message,
	});
	if (/^data:/i.test(url)) {
		return refuse(
			'is image data, not a URL. Turn it into a file with the Convert to File node and choose File as the source.',
			'data:…',
		);
	}
	const parsed = parseUrl(url);
	if (!parsed || !/^https?:\/\//i.test(url)) {
		return refuse('is not a complete URL. It starts with https:// or http://.');
	}
	if (parsed.username || parsed.password) {
		return refuse(
			'has a user name or password inside. Use a public URL, or download the image first and choose File as the source.',
		);
	}
	if (/\s/.test(url)) return refuse('has a space inside. Write %20 in its place.');
	return undefined;
}

/** Checks how many images there are and how they come; their content is checked apart. */
export function checkCount(limits: InputImages, images: readonly object[]): Issue[] {
	const count = images.length;
	const issues: Issue[] = [];
	const refuse = (message: string) => issues.push({ label: IMAGES_LABEL, message });
	if (count < limits.min) {
		refuse(
			`must hold ${limits.min === limits.max ? 'exactly one image' : 'at least one image'}, there is none. Add an image and name its file field or URL.`,
		);
	}
	if (count > limits.max) {
		refuse(
			`may hold ${limits.max === 1 ? 'one image' : `up to ${limits.max} images`}, there are ${count}. Remove ${count - limits.max}.`,
		);
	}
	const urls = images.filter((image) => 'url' in image).length;
	if (limits.sentAs === 'separate' && urls > 0 && urls < count) {
		refuse('mixes files and URLs, which this model does not take together. Use one kind for all.');
	}
	return issues;
}
