import type { ImageFormat } from '../images/drawing';
import { imageFile } from '../images/imageFile';
import type { ImageFile } from '../images/imageFile';
import { PictureCache } from '../images/pictureCache';
import { mediaSample } from '../media/mediaSamples';
import type { Settings } from '../options';
import type { Task } from './task';

const TINY = 24;

/** The image files of tasks: a shared drawing, made unique and padded for each image. */
export class TaskPictures {
	private readonly cache = new PictureCache();

	constructor(private readonly settings: Settings) {}

	/** The image at `index` (from 0); `format` other than the plan's only for faults. */
	async file(task: Task, index: number, format?: ImageFormat): Promise<ImageFile> {
		const { drawing: style, tinyImages, imageBytesSize } = this.settings;
		const { plan, record } = task;
		if (plan.media) {
			const sample = await mediaSample(plan.media);
			return { pieces: [sample], length: sample.length };
		}
		const asScene = style === 'scene' && !tinyImages;
		const wanted = format ?? plan.format;
		const drawing = await this.cache.get({
			width: tinyImages ? TINY : plan.width,
			height: tinyImages ? TINY : plan.height,
			format: wanted,
			scene: asScene ? `${task.scene} ${index}` : 'plain',
			caption: asScene ? task.caption : '',
		});
		const comment = `${record.id} ${task.token} ${index}`;
		return imageFile(drawing, wanted, comment, imageBytesSize);
	}

	/** The image's exact bytes. */
	async bytes(task: Task, index: number): Promise<Buffer> {
		return Buffer.concat((await this.file(task, index)).pieces);
	}
}
