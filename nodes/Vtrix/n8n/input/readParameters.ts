import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v3';
import type { Issue } from '../../core/shared/issues';
import { toFieldName, type Model } from '../../core/definition/model';
import type { RawParameters } from '../../core/request/parseRequest';
import { findModel } from '../../models';
import { checkEvaluated, warnOfExpressions } from './expressionChecks';
import { readImageRows, type RowImage } from './imageRows';
import { TEXT_OPTIONS } from '../form/options';

const collectionSchema = z.record(z.string(), z.unknown()).catch({});

/** The values of an item's fields, before they are checked. */
export interface ItemParameters {
	model: Model;
	values: RawParameters & { images: readonly RowImage[] };
	issues: Issue[];
	/** What was left out of the request, as sentences. */
	warnings: string[];
}

/** The Options collection of an item. */
export const readCollection = (context: IExecuteFunctions, itemIndex: number) =>
	collectionSchema.parse(context.getNodeParameter('options', itemIndex, {}));

/**
 * Reads what the user set for an item by walking its model's declaration: values that another model
 * left in the fields are ignored.
 */
export function readParameters(
	context: IExecuteFunctions,
	itemIndex: number,
): ItemParameters | Issue {
	const read = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	const id = read('model');
	const model = findModel(id);
	if (!model) {
		return {
			label: 'Model',
			value: id,
			message:
				"is not one of the models. Choose one from the list, or 'Custom Model' for another ID.",
		};
	}
	const options = readCollection(context, itemIndex);
	const settings = Object.entries(model.parameters).map(([name, { displayName, required }]) => {
		const field = toFieldName(name);
		return required
			? { name, label: displayName, path: field, value: read(field) }
			: { name, label: displayName, path: `options.${field}`, value: options[field] };
	});
	const parameters = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
	const { images, issues, warnings } = model.images
		? readImageRows(context, itemIndex)
		: { images: [], issues: [], warnings: [] };
	const size = model.size
		? { size: read('size'), width: read('width'), height: read('height') }
		: { size: undefined, width: undefined, height: undefined };
	const texts = TEXT_OPTIONS.map(({ name, label }) => ({
		label,
		path: `options.${name}`,
		value: options[name],
	}));
	for (const setting of [...settings, ...texts]) {
		warnings.push(...warnOfExpressions(context, itemIndex, setting));
	}
	const unevaluated = Object.entries(model.parameters).flatMap(([name, parameter]) =>
		checkEvaluated(parameter, parameters[name]),
	);
	return {
		model,
		values: { parameters, size, images },
		issues: [...unevaluated, ...issues],
		warnings,
	};
}
