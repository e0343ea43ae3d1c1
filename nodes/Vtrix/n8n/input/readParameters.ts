import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Issue } from '../../core/shared/issues';
import { toFieldName, type Model } from '../../core/definition/model';
import type { RawParameters } from '../../core/request/parseRequest';
import { checkEvaluated, warnOfExpressions } from './expressionChecks';
import { readFileRows } from './fileRows';
import { readImageRows, type RowImage } from './imageRows';
import { readJson, type PlacedFiles } from './jsonFiles';
import { DESCRIBED_PARAMETERS } from '../form/describedFields';
import { TEXT_OPTIONS } from '../form/options';

const collectionSchema = z.record(z.string(), z.unknown()).catch({});

/** The values of an item's fields, before they are checked. */
export interface ItemParameters {
	model: Model;
	values: RawParameters & { images: readonly RowImage[] };
	/** The files that stand among the parameters. */
	files: PlacedFiles;
	issues: Issue[];
	/** What was left out of the request, as sentences. */
	warnings: string[];
}

/** The Options collection of an item. */
export const readCollection = (context: IExecuteFunctions, itemIndex: number) =>
	collectionSchema.parse(context.getNodeParameter('options', itemIndex, {}));

/** The model of an item, and where its parameters are. */
export interface ChosenModel {
	model: Model;
	/** Whether they are in the form that the vendor's description makes. */
	isForm: boolean;
}

/**
 * Reads what the user set for an item by walking its model's declaration: values that another model
 * left in the fields are ignored.
 */
export function readParameters(
	context: IExecuteFunctions,
	itemIndex: number,
	{ model, isForm }: ChosenModel,
): ItemParameters {
	const read = (name: string): unknown =>
		context.getNodeParameter(name, itemIndex, null, { skipValidation: true });
	const options = readCollection(context, itemIndex);
	const settings = Object.entries(model.parameters).map(([name, parameter]) => {
		const { displayName: label, required, field } = parameter;
		const fieldName = toFieldName(name);
		const inForm = `${DESCRIBED_PARAMETERS}.value["${name}"]`;
		const setting = isForm
			? { label, path: inForm, value: read(inForm) }
			: required
				? { label, path: fieldName, value: read(fieldName) }
				: { label, path: `options.${fieldName}`, value: options[fieldName] };
		const mayHoldFiles = isForm || field.kind === 'json';
		const json = mayHoldFiles ? readJson(context, itemIndex, setting) : undefined;
		return { ...setting, name, parameter, json, text: json ? json.text : setting.value };
	});
	const rows = model.takesFiles ? readFileRows(context, itemIndex) : undefined;
	const images = model.images ? readImageRows(context, itemIndex, model.images) : undefined;
	const [size, width, height] = model.size ? ['size', 'width', 'height'].map(read) : [];
	const texts = TEXT_OPTIONS.map(({ name, label }) => ({
		label,
		path: `options.${name}`,
		text: options[name],
	}));
	const withFiles = [...settings.map(({ json }) => json), images, rows];
	return {
		model,
		values: {
			parameters: Object.fromEntries(
				settings.map(({ name, value, json }) => [name, json ? json.value : value]),
			),
			size: { size, width, height },
			images: images?.images ?? [],
			files: rows?.placements ?? [],
		},
		files: new Map(
			[rows, ...settings.map(({ json }) => json)].flatMap((one) => [...(one?.files ?? [])]),
		),
		issues: [
			...settings.flatMap(({ parameter, text }) => checkEvaluated(parameter, text)),
			...withFiles.flatMap((one) => one?.issues ?? []),
		],
		warnings: [
			...(images?.warnings ?? []),
			...(rows?.warnings ?? []),
			...[...settings, ...texts].flatMap(({ label, path, text }) =>
				warnOfExpressions(context, itemIndex, { label, path, value: text }),
			),
		],
	};
}
