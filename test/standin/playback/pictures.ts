import sharp from 'sharp';

import { draw } from '../images/drawing';
import { imageFile } from '../images/imageFile';

/** A picture as a recording keeps it. */
export interface PictureFacts {
	format: string;
	width: number;
	height: number;
	bytes: number;
}

const drawn = new Map<string, Promise<Buffer>>();

/** A picture of that format and size, of as many bytes where the format can be padded; drawn once. */
export async function pictureOf(facts: PictureFacts): Promise<Buffer> {
	const key = JSON.stringify(facts);
	const drawing = drawn.get(key) ?? drawnAs(facts);
	drawn.set(key, drawing);
	return await drawing;
}

async function drawnAs({ format, width, height, bytes }: PictureFacts): Promise<Buffer> {
	if (format === 'png' || format === 'jpeg') {
		const drawing = await draw({ width, height, format, scene: 'plain', caption: '' });
		return Buffer.concat(imageFile(drawing, format, 'playback', bytes).pieces);
	}
	const known = Object.keys(sharp.format).find((name) => name === format);
	const picture = sharp({ create: { width, height, channels: 3, background: '#2a6f97' } });
	return await picture
		.toFormat(known === 'gif' || known === 'webp' || known === 'avif' ? known : 'png')
		.toBuffer();
}
