import type { FileHeader, FileType } from './mediaKind';

/** Pixels of a picture of a kind that `readMediaType` knows; empty if it does not say. */
export function readMediaSize(
	bytes: Buffer,
	{ extension }: FileType,
): Pick<FileHeader, 'width' | 'height'> {
	if (extension === 'svg') return svgSize(bytes.toString('utf8'));
	return ['avif', 'heic', 'heif'].includes(extension) ? heifSize(bytes) : {};
}

/** The largest size in a HEIF file: the others are those of thumbnails and tiles. */
function heifSize(bytes: Buffer): Pick<FileHeader, 'width' | 'height'> {
	let largest = { width: 0, height: 0 };
	for (let at = bytes.indexOf('ispe'); at >= 0; at = bytes.indexOf('ispe', at + 4)) {
		if (at + 16 > bytes.length) break;
		const size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
		if (size.width * size.height > largest.width * largest.height) largest = size;
	}
	return largest.width > 0 ? largest : {};
}

function svgSize(text: string): Pick<FileHeader, 'width' | 'height'> {
	const [, attributes = ''] = /<(?:\w+:)?svg(\s[^<>]{0,5000})?>/i.exec(text) ?? [];
	const [, width] = /\swidth\s*=\s*["']\s*([\d.]+)(?:px)?\s*["']/.exec(attributes) ?? [];
	const [, height] = /\sheight\s*=\s*["']\s*([\d.]+)(?:px)?\s*["']/.exec(attributes) ?? [];
	const [, view = ''] = /\sviewBox\s*=\s*["']([^"']*)["']/.exec(attributes) ?? [];
	const [, , wide, high] = view.trim().split(/[\s,]+/);
	const size = width && height ? [width, height] : [wide, high];
	const [across = 0, down = 0] = size.map((side) => Math.round(Number(side)));
	return across > 0 && down > 0 ? { width: across, height: down } : {};
}
