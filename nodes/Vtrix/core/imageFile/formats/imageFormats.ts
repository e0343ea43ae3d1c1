/** Formats that a model may accept, by their file extension. */
export type ImageFormat = 'jpg' | 'png' | 'webp' | 'bmp' | 'tiff' | 'gif';

export const FORMATS: Record<ImageFormat, { name: string; mimeType: string }> = {
	jpg: { name: 'JPEG', mimeType: 'image/jpeg' },
	png: { name: 'PNG', mimeType: 'image/png' },
	webp: { name: 'WebP', mimeType: 'image/webp' },
	bmp: { name: 'BMP', mimeType: 'image/bmp' },
	tiff: { name: 'TIFF', mimeType: 'image/tiff' },
	gif: { name: 'GIF', mimeType: 'image/gif' },
};
