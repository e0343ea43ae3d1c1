import fc from 'fast-check';
import type { ImageFact } from '../standin/facts';
import { sampleImage, type SampleImage } from '../support/sampleImage';
import { otherFiles } from './otherFiles';
import { plainPng } from './plainPng';

/** An image file, or something that is taken for one. */
export class Picture {
	/** Of the bytes; made when it is first asked for. */
	private encoded?: string;

	constructor(
		/** What the counterexample of a failed property calls it. */
		readonly what: string,
		readonly bytes: Buffer,
		readonly mimeType: string,
	) {}

	get base64(): string {
		return (this.encoded ??= this.bytes.toString('base64'));
	}

	[fc.toStringMethod](): string {
		return this.what;
	}
}

/** Pictures that a model takes, and for each limit some that break this limit alone. */
export interface Pictures {
	good: readonly Picture[];
	bad: ReadonlyArray<{ limit: string; pictures: readonly Picture[] }>;
}

const FORMATS = ['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'] as const;

async function draw(wish: SampleImage & { width: number; height: number }): Promise<Picture> {
	const { format = 'png', width, height, bytes } = wish;
	const what = `${format} ${width}x${height}${bytes === undefined ? '' : ` of ${bytes} bytes`}`;
	const plain = wish.format === undefined;
	const file = plain ? plainPng(width, height) : await sampleImage(wish);
	return new Picture(what, file, `image/${format}`);
}

/** Sides whose ratio is at most `most`, and as near to it as whole pixels allow. */
const shaped = (short: number, most: number) => ({ short, long: Math.floor(short * most) });

/** Makes the pictures for a model's documented limits: ordinary ones, and both sides of each limit. */
export async function picturesFor(fact: ImageFact): Promise<Pictures> {
	const { formats, maxBytes, maxSide, minSideExclusive, maxPixels } = fact;
	if (fact.maxCount === 0) return { good: [], bad: [] };
	const maxRatio = fact.maxLongToShort ?? fact.ratio?.max;
	const good: Array<Promise<Picture>> = formats.flatMap((format) => [
		draw({ format, width: 64, height: 48 }),
		draw({ format, width: 100, height: 130 }),
	]);
	const bad: Array<{ limit: string; pictures: Array<Promise<Picture>> }> = [];
	bad.push({
		limit: 'format',
		pictures: FORMATS.filter((format) => !formats.includes(format)).map(
			async (format) => await draw({ format, width: 64, height: 48 }),
		),
	});
	bad.push({
		limit: 'not an image',
		pictures: otherFiles.map(
			async ({ what, bytes, mimeType }) => new Picture(what, bytes, mimeType),
		),
	});
	bad.push({
		limit: 'file size',
		pictures: [maxBytes + 1, maxBytes * 2].map(
			async (bytes) => await draw({ format: 'png', width: 64, height: 48, bytes }),
		),
	});
	if (maxSide !== undefined) {
		const { short, long } = shaped(Math.ceil(maxSide / 2), 2);
		good.push(draw({ width: maxSide, height: short }), draw({ width: short, height: maxSide }));
		bad.push({
			limit: 'longest side',
			pictures: [
				draw({ width: maxSide + 1, height: short }),
				draw({ width: short, height: maxSide + 1 }),
				draw({ width: long + 1000, height: short }),
			],
		});
	}
	if (minSideExclusive !== undefined) {
		const least = minSideExclusive + 1;
		good.push(draw({ width: least, height: least }), draw({ width: 64, height: least }));
		bad.push({
			limit: 'shortest side',
			pictures: [
				draw({ width: least - 1, height: least - 1 }),
				draw({ format: 'gif', width: least - 1, height: 64 }),
				draw({ format: 'webp', width: 64, height: least - 1 }),
				draw({ width: 1, height: 1 }),
			],
		});
	}
	if (maxRatio !== undefined) {
		const { short, long } = shaped(50, maxRatio);
		good.push(draw({ width: long, height: short }), draw({ width: short, height: long }));
		bad.push({
			limit: 'ratio',
			pictures: [
				draw({ width: long + 1, height: short }),
				draw({ width: short, height: long + 1 }),
				draw({ format: 'jpeg', width: long * 4, height: short }),
			],
		});
	}
	if (maxPixels !== undefined) {
		const side = Math.sqrt(maxPixels);
		good.push(draw({ width: side, height: side }), draw({ width: side * 2, height: side / 2 }));
		bad.push({
			limit: 'pixels',
			pictures: [
				draw({ width: side, height: side + 1 }),
				draw({ width: side + 1, height: side }),
				draw({ width: side + 1000, height: side }),
			],
		});
	}
	return {
		good: await Promise.all(good),
		bad: await Promise.all(
			bad
				.filter(({ pictures }) => pictures.length > 0)
				.map(async ({ limit, pictures }) => ({ limit, pictures: await Promise.all(pictures) })),
		),
	};
}
