import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { ImagePlace, ImageStore } from '../../core/download/imageStream';
import { toFileName } from '../../core/imageFile/fileName';
import type { FileHeader } from '../../core/imageFile/mediaKind';

type StoredStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer | Uint8Array
>;
const storable = z.custom<StoredStream>((value) => typeof value === 'object' && value !== null);

const safeName = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);

/** How files are named. */
interface FileNaming {
	/**
	 * The user's own name; if it is empty, or nothing is left of it, model and task name the file.
	 */
	fileName: string;
	modelId: string;
}

/** Stores images in n8n's binary store, named and typed by their bytes. */
export function binaryStore(
	context: IExecuteFunctions,
	{ fileName, modelId }: FileNaming,
): ImageStore<IBinaryData> {
	const nameOf = ({ taskId, index, total }: ImagePlace, { extension }: FileHeader): string =>
		toFileName(fileName, { index, total, extension }) ??
		`${safeName(modelId)}-${safeName(taskId)}-${index}.${extension}`;
	return {
		storeFor: (place) => async (content, header) =>
			await context.helpers.prepareBinaryData(
				Buffer.isBuffer(content) ? content : storable.parse(content),
				nameOf(place, header),
				header.mimeType,
			),
		rename: (picture, place) => ({
			...picture,
			stored: { ...picture.stored, fileName: nameOf(place, picture.header) },
		}),
	};
}
