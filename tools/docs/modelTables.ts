import { imagesLabel, type InputImages } from '../../nodes/Vtrix/core/definition/inputImages';
import { SIZE_DESCRIPTION, sizeEntries } from '../../nodes/Vtrix/core/definition/size';
import type { Model } from '../../nodes/Vtrix/core/definition/model';
import type { Parameter } from '../../nodes/Vtrix/core/definition/parameter';
import { FORMATS } from '../../nodes/Vtrix/core/imageFile/formats/imageFormats';
import { formatMegabytes, formatNumber } from '../../nodes/Vtrix/core/shared/format';
import { markdownTable, type Row } from './markdownTable';

const code = (text: string): string => `\`${text}\``;

/** The API's name of a parameter, with the objects around it. */
const apiName = (name: string, { path }: Parameter): string =>
	path === undefined ? name : path.slice(path.length > 1 ? 1 : 0).join('.');

const shownDefault = (value: Parameter['default']): string =>
	value === undefined || String(value).includes('\n') ? '' : code(String(value));

/** Every field of a model: label, API name, kind, limits, default and what it does. */
function fields({ parameters, images, size }: Model): string {
	const rows: Row[] = Object.entries(parameters).map(([name, parameter]) => [
		`${parameter.displayName}${parameter.required ? ' (required)' : ''}`,
		code(apiName(name, parameter)),
		parameter.kindInWords,
		[parameter.limits, ...(parameter.recommended ? [`${parameter.recommended} recommended`] : [])]
			.filter(Boolean)
			.join(', '),
		shownDefault(parameter.default),
		parameter.description,
	]);
	if (images) {
		const names = images.sentAs === 'mixed' ? '`image`' : '`image_urls`, `binary_data_base64`';
		const label = `${imagesLabel(images)}${images.min > 0 ? ' (required)' : ''}`;
		const what = images.max === 1 ? 'The image to work with' : 'The images to work with';
		const kind = images.max === 1 ? 'file or URL' : 'files or URLs';
		rows.push([label, names, kind, imageLimits(images), '', what]);
		const { referenceTypes: types } = images;
		if (types) {
			const { displayName, limits, description } = types;
			const start = shownDefault(types.default);
			rows.push([displayName, '`ref_type_list`', types.kindInWords, limits, start, description]);
		}
	}
	if (size) {
		rows.push([
			'Size',
			size.sends.map(code).join(', '),
			'choice, or width and height',
			size.limits,
			code(`${size.default.width}x${size.default.height}`),
			SIZE_DESCRIPTION,
		]);
	}
	return markdownTable(['Field', 'API name', 'Kind', 'Limits', 'Default', 'What it does'], rows);
}

/** The documented parameters of every model, each under its own heading. */
export const parametersAsMarkdown = (models: readonly Model[]): string =>
	models
		.map((model) => {
			const entries = model.size ? sizeEntries(model.size, model.images !== undefined) : [];
			const names = entries.map(({ name }) => name).join(' · ');
			const sizes = names ? `\n\nSizes in the list: ${names}` : '';
			const source = model.documentationUrl ? ` [Vtrix's page](${model.documentationUrl})` : '';
			return `### ${model.displayName}\n\n${code(model.id)}. ${model.description}.${source}\n\n${fields(model)}${sizes}`;
		})
		.join('\n\n');

/** How many input images a model takes, in words. */
const imageCount = ({ images, size }: Model): string => {
	// A model whose size is known is known altogether.
	if (!images) return size ? 'none' : 'by its parameters';
	return images.min === images.max ? String(images.max) : `${images.min} to ${images.max}`;
};

/** The models side by side, for choosing one. */
export const modelsAsMarkdown = (models: readonly Model[]): string =>
	markdownTable(
		['Model', 'What for', 'Input images'],
		models.map((model) => [`**${model.displayName}**`, model.description, imageCount(model)]),
	);

/** The models side by side, with their IDs and all that they say about images and sizes. */
export const modelsInFullAsMarkdown = (models: readonly Model[]): string =>
	markdownTable(
		['Model', 'ID', 'Input images', 'Sizes'],
		models.map((model) => [
			`**${model.displayName}**`,
			code(model.id),
			model.images ? imageLimits(model.images) : imageCount(model),
			model.size?.limits ?? 'by its parameters',
		]),
	);

/** Every documented error code with what happened and what helps. */
export const errorCodesAsMarkdown = (models: readonly Model[]): string =>
	markdownTable(
		['Code', 'Model', 'What happened', 'What to do'],
		models.flatMap(({ displayName, errorCodes }) =>
			Object.entries(errorCodes)
				.sort()
				.map(([number, { message, advice }]) => [code(number), displayName, message, advice]),
		),
	);

/** The limits of input images in words. */
const imageLimits = (limits: InputImages): string =>
	[
		limits.min === limits.max ? `exactly ${limits.max}` : `${limits.min} to ${limits.max}`,
		limits.formats.map((format) => FORMATS[format].name).join(', '),
		`at most ${formatMegabytes(limits.maxBytes)} each`,
		limits.maxSide ? `no side over ${limits.maxSide} pixels` : '',
		limits.longerThan ? `each side over ${limits.longerThan} pixels` : '',
		limits.maxPixels ? `at most ${formatNumber(limits.maxPixels)} pixels` : '',
		limits.maxRatio ? `longer side at most ${limits.maxRatio} times the shorter` : '',
	]
		.filter(Boolean)
		.join(', ');
