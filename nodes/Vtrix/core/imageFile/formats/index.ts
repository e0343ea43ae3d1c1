import type { ImageFormat } from './imageFormats';
import { bmp } from './bmp';
import { gif } from './gif';
import { jpeg } from './jpeg';
import { png } from './png';
import type { FormatReader } from './reader';
import { tiff } from './tiff';
import { webp } from './webp';

export const READERS: Record<ImageFormat, FormatReader> = {
	jpg: jpeg,
	png,
	webp,
	bmp,
	tiff,
	gif,
};
