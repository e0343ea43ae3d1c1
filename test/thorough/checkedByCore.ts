import { PictureFile } from '../../nodes/Vtrix/core/imageFile/formats/pictureFile';
import { checkFile, type InputImage } from '../../nodes/Vtrix/core/request/checkImage';
import type { Issue } from '../../nodes/Vtrix/core/shared/issues';
import { parseRequest } from '../../nodes/Vtrix/core/request/parseRequest';
import { completeRequest, encodeRequest } from '../../nodes/Vtrix/core/request/encodeRequest';
import type { DocumentedModel } from '../models/checking';
import { declared } from '../models/documented';
import { bodyBytes } from '../support/bodyBytes';
import { inputFileOf } from '../support/inputFile';
import type { Wish } from './requests';

/** A wish as the node's core sees it: everything wrong with it, and the body it would send. */
export function checkedByCore(
	{ model }: DocumentedModel,
	{ parameters, size, images }: Wish,
): { issues: Issue[]; body: () => Promise<Buffer> } {
	const byName = Object.entries(parameters).map(([name, { raw }]) => [
		declared(model, { name }).name,
		raw,
	]);
	const { width, height } = size;
	const reference = ({ raw }: { raw: unknown }) => ({ referenceType: raw });
	const { request, issues } = parseRequest(model, {
		parameters: Object.fromEntries(byName),
		size: { size: size.size, width, height },
		images: images.map(({ refType, ...image }) =>
			'url' in image
				? { ...image, ...reference(refType) }
				: { binaryPropertyName: image.picture.what, ...reference(refType) },
		),
	});
	const sent = images.map(({ refType, ...image }): InputImage => {
		const type = typeof refType.meant === 'string' ? { referenceType: refType.meant } : {};
		if ('url' in image) return { ...image, ...type };
		const { what, bytes } = image.picture;
		return { file: inputFileOf(bytes, what), ...type };
	});
	const limits = model.images;
	const fileIssues = images.flatMap((image) => {
		if ('url' in image || !limits) return [];
		const { what, bytes } = image.picture;
		const file = { binaryPropertyName: what, picture: new PictureFile(bytes) };
		return checkFile(limits, file).issues;
	});
	return {
		issues: [...issues, ...fileIssues],
		body: async () =>
			await bodyBytes((await encodeRequest(completeRequest(model, request, sent))).body),
	};
}
