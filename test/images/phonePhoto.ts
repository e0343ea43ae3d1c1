import sharp from 'sharp';

/** A phone's photo: 12 megapixels, held upright, and larger than most models take. */
export interface PhonePhoto {
	/** A JPEG, stored on its side with a mark that turns it. */
	bytes: Buffer;
	/** Pixels, as people see it. */
	width: number;
	height: number;
}

let made: Promise<PhonePhoto> | undefined;

const draw = async (): Promise<PhonePhoto> => ({
	bytes: await sharp({
		create: {
			width: 4000,
			height: 3000,
			channels: 3,
			background: 'grey',
			noise: { type: 'gaussian', mean: 128, sigma: 25 },
		},
	})
		.jpeg({ quality: 88 })
		.withMetadata({ orientation: 6 })
		.toBuffer(),
	width: 3000,
	height: 4000,
});

/** Draws it once. */
export const phonePhoto = async (): Promise<PhonePhoto> => await (made ??= draw());
