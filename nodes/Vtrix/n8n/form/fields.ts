import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Choice, Parameter } from '../../core/definition/parameter';

/** A choice's entries as n8n shows them. */
export const toOptions = (options: readonly Choice[]): INodePropertyOptions[] =>
	options.map(({ value, name, description }) => ({
		value,
		name,
		...(description && { description }),
	}));

/** Shows a field only while others have one of these values. */
export const showFor = (
	show: NonNullable<IDisplayOptions['show']>,
): { displayOptions: IDisplayOptions } => ({ displayOptions: { show } });

/** A declared parameter as an n8n field. */
export function toField(name: string, parameter: Parameter): INodeProperties {
	const { displayName, description, placeholder, required, field, default: fallback } = parameter;
	const common = {
		displayName,
		name,
		description,
		...(placeholder && { placeholder }),
		...(required && { required }),
	};
	switch (field.kind) {
		case 'text':
			return {
				...common,
				type: 'string',
				default: fallback ?? '',
				...(field.rows > 1 && { typeOptions: { rows: field.rows } }),
			};
		case 'number':
			return {
				...common,
				type: 'number',
				default: fallback ?? 0,
				typeOptions: {
					...(field.min !== undefined && { minValue: field.min }),
					...(field.max !== undefined && { maxValue: field.max }),
					numberPrecision: field.decimals,
				},
			};
		case 'choice':
			return {
				...common,
				type: 'options',
				options: toOptions(field.options),
				default: fallback ?? field.options[0]?.value ?? '',
			};
		case 'toggle':
			return { ...common, type: 'boolean', default: fallback ?? false };
		case 'json':
			return { ...common, type: 'json', default: fallback ?? '{}', typeOptions: { rows: 8 } };
		case 'unavailable':
			return {
				...common,
				displayName: `${displayName} (Unavailable)`,
				type: 'multiOptions',
				options: toOptions(field.options),
				default: [],
				description: `${description}. ${field.reason}`,
			};
	}
}
