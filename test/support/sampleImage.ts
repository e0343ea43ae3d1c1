import sharp from 'sharp';
import type { InputFile } from './binaryStore';
import { bitmap } from './bitmap';

/** Formats that the models' pages name. */
export type SampleFormat = 'jpeg' | 'png' | 'webp' | 'bmp' | 'tiff' | 'gif';

/** A picture to be made. */
export interface SampleImage {
	format?: SampleFormat;
	/** Pixels. */
	width?: number;
	height?: number;
	/** Exact file size; the rest is zeros after the picture's end, which readers skip. */
	bytes?: number;
	/** CSS colour of the whole picture (BMP: always black), so that files can differ. */
	color?: string;
}

const made = new Map<string, Promise<Buffer>>();

async function draw({ format, width, height, color }: Required<Omit<SampleImage, 'bytes'>>) {
	if (format === 'bmp') return bitmap(width, height);
	const picture = sharp({ create: { width, height, channels: 3, background: color } });
	switch (format) {
		case 'jpeg':
			return await picture.jpeg().toBuffer();
		case 'png':
			return await picture.png({ compressionLevel: 1 }).toBuffer();
		case 'webp':
			return await picture.webp({ effort: 0 }).toBuffer();
		case 'tiff':
			return await picture.tiff({ compression: 'deflate' }).toBuffer();
		case 'gif':
			return await picture.gif({ effort: 1 }).toBuffer();
	}
}

/**
 * The bytes of a real picture that any reader can open: PNG of 512 × 512 unless told. The same
 * wish gives the same buffer, so don't write into it.
 *
 * @throws when the picture alone is larger than the wanted file size.
 */
export async function sampleImage(wish: SampleImage = {}): Promise<Buffer> {
	const { format = 'png', width = 512, height = 512, color = '#2a6f97', bytes } = wish;
	const key = JSON.stringify([format, width, height, color, bytes]);
	const known = made.get(key);
	if (known) return await known;
	const making = draw({ format, width, height, color }).then((picture) => {
		if (bytes === undefined) return picture;
		if (picture.length > bytes) {
			throw new RangeError(`A ${format} of ${width} × ${height} takes ${picture.length} bytes`);
		}
		return Buffer.concat([picture], bytes);
	});
	made.set(key, making);
	return await making;
}

/** The same as a file for `fileItem`. */
export async function sampleFile(wish: SampleImage & { name?: string } = {}): Promise<InputFile> {
	const { format = 'png', name = 'sample' } = wish;
	const extension = format === 'jpeg' ? 'jpg' : format;
	return {
		bytes: await sampleImage(wish),
		fileName: `${name}.${extension}`,
		mimeType: `image/${format}`,
	};
}
