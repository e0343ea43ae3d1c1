import { parseUrl } from '../exchange/http/url';
import { fileKind } from '../imageFile/fileKind';
import { formatMegabytes, formatNumber, formatRatio } from '../shared/format';
import { FORMATS } from '../imageFile/formats/imageFormats';
import {
	isCutOff,
	readHeader,
	readKind,
	uprightSize,
	type ImageHeader,
} from '../imageFile/imageHeader';
import type { PictureFile } from '../imageFile/formats/pictureFile';
import { formatsInWords, imagesLabel, type InputImages } from '../definition/inputImages';
import type { Issue } from '../shared/issues';
import type { InputFile } from './inputFile';

/** An input image on its way into a request: a URL, or a file to be read when it is sent. */
export type InputImage = { referenceType?: string } & ({ url: string } | { file: InputFile });

/** An input image of which its beginning and end are read. */
export interface ExaminedFile {
	/** Name of the field that holds it, or its URL. */
	binaryPropertyName: string;
	picture: PictureFile;
}

/** Where an image comes from; advice differs, as an image behind a URL must become a file first. */
type Source = 'file' | 'url';

/** How to make an image fit with n8n's Edit Image node, with the numbers to enter there. */
function resizing(side: number, source: Source, format = ''): string {
	const resize = `Edit Image node before this one: Operation 'Resize', Width and Height ${side}, Option 'Only if Larger'${format}.`;
	return source === 'file'
		? `Put an ${resize}`
		: `Download it with an HTTP Request node, choose File as the source, and put an ${resize}`;
}

/** The longest side with which any shape has no more pixels than the model takes. */
const longestSide = ({ maxSide, maxPixels = Infinity }: InputImages): number =>
	maxSide ?? Math.floor(Math.sqrt(maxPixels));

/**
 * A side at which a JPEG is certain to keep to the largest file: one byte for each pixel of a square.
 * In the Edit Image node's quality (75), measured, noise takes 0.6 bytes and a photo less.
 */
const safeSide = (limits: InputImages): number =>
	Math.min(longestSide(limits), Math.floor(Math.sqrt(limits.maxBytes) / 100) * 100);

/** What to do with an image of too many bytes, one sentence. */
export const makingSmaller = (limits: InputImages, source: Source): string =>
	resizing(safeSide(limits), source, ", and under Options the Format 'jpeg'");

/** Tells it without reading the file. */
export const tooLarge = (
	limits: InputImages,
	fieldName: string,
	bytes: number,
): Issue | undefined =>
	bytes > limits.maxBytes
		? {
				label: imagesLabel(limits),
				value: fieldName,
				message: `is ${formatMegabytes(bytes)} large. The largest file allowed is ${formatMegabytes(limits.maxBytes)}. ${makingSmaller(limits, 'file')}`,
			}
		: undefined;

/** What the bytes of an image show. */
export interface FileCheck {
	issues: Issue[];
	/** Recommendations that are not followed, as sentences. */
	warnings: string[];
	header?: ImageHeader;
}

/** Checks a file against the model's limits by its size, its beginning and its end. */
export function checkFile(
	limits: InputImages,
	{ binaryPropertyName: fieldName, picture: file }: ExaminedFile,
	source: Source = 'file',
): FileCheck {
	const issues: Issue[] = [];
	const reject = (message: string) =>
		issues.push({ label: imagesLabel(limits), value: fieldName, message });
	const large = tooLarge(limits, fieldName, file.length);
	if (large) issues.push(large);
	const format = readKind(file.head)?.extension;
	const header = readHeader(file);
	if (file.length === 0) reject('is an empty file. Check the node that delivers it.');
	else if (!format) {
		const { name, advice } = fileKind(file.head) ?? { name: 'not a readable image file' };
		reject(`is ${name}. ${advice ?? `Use ${formatsInWords(limits)}.`}`);
	} else if (!limits.formats.includes(format)) {
		reject(`is in the ${FORMATS[format].name} format. Use ${formatsInWords(limits)}.`);
	} else if (isCutOff(file)) {
		reject('is cut off: its end is missing. Load the whole file again.');
	} else if (!header && file.isWhole) {
		reject(`is not a readable ${FORMATS[format].name} file. Save it again, or use another one.`);
	}
	if (!header) return { issues, warnings: [] };

	const { width, height } = uprightSize(header);
	const is = `is ${width} × ${height} pixels`;
	const { maxSide = Infinity, longerThan = 0, maxPixels = Infinity, maxRatio = Infinity } = limits;
	// What makes the file smaller makes the image smaller as well.
	const advice = large ? '' : ` ${resizing(longestSide(limits), source)}`;
	if (Math.max(width, height) > maxSide) {
		reject(`${is}. No side may be longer than ${formatNumber(maxSide)} pixels.${advice}`);
	}
	if (Math.min(width, height) <= longerThan) {
		reject(`${is}. Each side must be longer than ${longerThan} pixels.`);
	}
	if (width * height > maxPixels) {
		reject(`${is}. Width × height may be at most ${formatNumber(maxPixels)}.${advice}`);
	}
	if (ratioOf(header) > maxRatio) {
		reject(`${is}. The longer side may be at most ${maxRatio} times the shorter. Crop the image.`);
	}
	return { issues, warnings: warningsOf(limits, fieldName, header), header };
}

const ratioOf = ({ width, height }: ImageHeader): number =>
	Math.max(width, height) / Math.min(width, height);

function warningsOf(
	{ recommendedRatio = Infinity }: InputImages,
	fieldName: string,
	header: ImageHeader,
): string[] {
	const { width, height } = uprightSize(header);
	const warnings: string[] = [];
	if (ratioOf(header) > recommendedRatio + 1e-9) {
		warnings.push(
			`The image '${fieldName}' is ${width} × ${height} pixels. Shapes between ${formatRatio(recommendedRatio)} and ${formatRatio(1 / recommendedRatio)} work best, others may give poor results or fail.`,
		);
	}
	const stored = storedAs(header);
	if (stored) {
		warnings.push(
			`The image '${fieldName}' is stored ${stored} and turned by a mark (EXIF orientation ${header.orientation}) when people see it. The service may see it ${stored}. Put an Edit Image node before this one to turn it for good (n8n 2.41 does so, older versions may not).`,
		);
	}
	return warnings;
}

function storedAs({ orientation }: ImageHeader): string | undefined {
	if (orientation === undefined) return undefined;
	if (orientation === 2) return 'mirrored';
	return orientation < 5 ? 'upside down' : 'lying on its side';
}

/** Checks an image URL's form; the image behind it is read by the API alone. */
export function checkUrl(limits: Pick<InputImages, 'max'>, url: string): Issue | undefined {
	// The part before an @ may be a password.
	const withoutLogin = url.replace(/\/\/[^/]*@/, '//');
	const reject = (message: string, value = withoutLogin): Issue => ({
		label: imagesLabel(limits),
		value,
		message,
	});
	if (/^data:/i.test(url)) {
		return reject(
			"is image data, not a URL. Cut 'data:…;base64,' off, turn the rest into a file with the Convert to File node, and choose File as the source.",
			'data:…',
		);
	}
	const parsed = parseUrl(url);
	if (!parsed || !/^https?:\/\//i.test(url)) {
		return reject('is not a complete URL. A complete one starts with https:// or http://.');
	}
	if (parsed.username || parsed.password) {
		return reject(
			'has a user name or password inside. Use a public URL, or download the image first and choose File as the source.',
		);
	}
	if (/\s/.test(url)) return reject('has a space inside. Write %20 in its place.');
	return undefined;
}

/** Checks the number and the sources of the images; their content is checked separately. */
export function checkCount(limits: InputImages, images: readonly object[]): Issue[] {
	const count = images.length;
	const issues: Issue[] = [];
	const reject = (message: string) => issues.push({ label: imagesLabel(limits), message });
	if (count < limits.min) {
		reject(
			`must hold ${limits.min === limits.max ? 'exactly one image' : 'at least one image'}, there is none. Add an image and name its file field or URL.`,
		);
	}
	if (count > limits.max) {
		reject(
			`may hold ${limits.max === 1 ? 'one image' : `up to ${limits.max} images`}, there are ${count}. Remove ${count - limits.max}.`,
		);
	}
	const some = (kind: string) => images.some((image) => kind in image);
	if (limits.sentAs === 'separate' && some('url') && some('binaryPropertyName')) {
		reject('mixes files and URLs, which this model does not take together. Use one kind for all.');
	}
	return issues;
}
