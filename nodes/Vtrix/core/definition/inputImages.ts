import { formatChoice, formatMegabytes } from '../shared/format';
import { FORMATS, type ImageFormat } from '../imageFile/formats/imageFormats';
import type { Parameter } from './parameter';

/** What a model accepts as input images: one declaration for fields, checks, request and docs. */
export interface InputImages {
	min: number;
	max: number;
	formats: readonly ImageFormat[];
	/** Largest file in bytes, before base64. */
	maxBytes: number;
	maxSide?: number;
	/** Each side must be longer than this, pixels. */
	longerThan?: number;
	maxPixels?: number;
	/** The longer side may be at most this many times the shorter. */
	maxRatio?: number;
	/** Beyond this ratio results suffer; it only warns. */
	recommendedRatio?: number;
	/**
	 * `separate`: files go out as `binary_data_base64`, URLs as `image_urls`, never both.
	 * `mixed`: files go out as data URIs beside URLs in `image`, one alone as text.
	 */
	sentAs: 'separate' | 'mixed';
	/** What each image is a reference for, where the model tells them apart. */
	referenceTypes?: Parameter;
}

/** Label of the field, in the form and in messages. */
export const imagesLabel = ({ max }: Pick<InputImages, 'max'>): string =>
	max === 1 ? 'Input Image' : 'Input Images';

/** `JPEG or PNG` */
export const formatsInWords = ({ formats }: Pick<InputImages, 'formats'>): string =>
	formatChoice(formats.map((format) => FORMATS[format].name));

/** `JPEG or PNG of up to 4.7 MB` */
export const fileInWords = (limits: Pick<InputImages, 'formats' | 'maxBytes'>): string =>
	`${formatsInWords(limits)} of up to ${formatMegabytes(limits.maxBytes)}`;
