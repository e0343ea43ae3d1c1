import sharp from 'sharp';

import type { ImageFact } from '../facts';
import { digest } from '../random';

export interface InspectedImage {
	format: string;
	width: number;
	height: number;
	bytes: number;
	sha256: string;
}

type Header = { format: string; width: number; height: number };

// the same few fixtures come thousands of times in property tests
const seen = new Map<string, Header | undefined>();
const SEEN_LIMIT = 500;

/** What the bytes are, or undefined when they are no image that can be read. */
export async function inspectImage(
	bytes: Buffer,
	sha256 = digest(bytes),
): Promise<InspectedImage | undefined> {
	if (!seen.has(sha256)) {
		const oldest = seen.keys().next();
		if (seen.size >= SEEN_LIMIT && !oldest.done) seen.delete(oldest.value);
		seen.set(sha256, readBmpHeader(bytes) ?? (await readHeader(bytes)));
	}
	const header = seen.get(sha256);
	return header && { ...header, bytes: bytes.length, sha256 };
}

/** Everything about the image that the model's page does not allow. */
export function imageIssues(image: InspectedImage, limits: ImageFact): string[] {
	const { width, height } = image;
	const size = `${width}x${height}`;
	const ratio = Math.max(width, height) / Math.min(width, height);
	const maxRatio = limits.maxLongToShort ?? limits.ratio?.max ?? Infinity;
	const issues: string[] = [];
	if (!limits.formats.some((format) => format === image.format)) {
		issues.push(`is ${image.format}, allowed are ${limits.formats.join(', ')}`);
	}
	if (image.bytes > limits.maxBytes) {
		issues.push(`has ${image.bytes} bytes, at most ${limits.maxBytes} are allowed`);
	}
	if (limits.maxSide !== undefined && Math.max(width, height) > limits.maxSide) {
		issues.push(`is ${size}, at most ${limits.maxSide} pixels a side are allowed`);
	}
	if (limits.minSideExclusive !== undefined && Math.min(width, height) <= limits.minSideExclusive) {
		issues.push(`is ${size}, each side must be over ${limits.minSideExclusive} pixels`);
	}
	if (limits.maxPixels !== undefined && width * height > limits.maxPixels) {
		issues.push(`is ${size}, at most ${limits.maxPixels} pixels are allowed`);
	}
	if (ratio > maxRatio) {
		issues.push(`is ${size}, the ratio of its sides must be at most ${maxRatio}`);
	}
	return issues;
}

async function readHeader(bytes: Buffer): Promise<Header | undefined> {
	try {
		const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
		return { format, width, height };
	} catch {
		return undefined;
	}
}

// sharp is built without a BMP reader
function readBmpHeader(bytes: Buffer): Header | undefined {
	if (bytes.length < 26 || bytes.toString('latin1', 0, 2) !== 'BM') return undefined;
	const old = bytes.readUInt32LE(14) === 12;
	const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
	const height = old ? bytes.readUInt16LE(20) : Math.abs(bytes.readInt32LE(22));
	return width > 0 && height > 0 ? { format: 'bmp', width, height } : undefined;
}
