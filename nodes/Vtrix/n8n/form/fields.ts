import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Choice, Field, Parameter } from '../../core/definition/parameter';

/** A choice's entries as n8n shows them. */
export const toOptions = (options: readonly Choice[]): INodePropertyOptions[] =>
	options.map(({ value, name, description }) => ({
		value,
		name,
		...(description && { description }),
	}));

/** A declared parameter as an n8n field. */
export function toField(name: string, parameter: Parameter): INodeProperties {
	const { displayName, description, placeholder, required, field, start } = parameter;
	return {
		displayName,
		name,
		description,
		...(placeholder && { placeholder }),
		...(required && { required }),
		default: parameter.default ?? start,
		...ofKind(field, parameter),
	};
}

/** What n8n's field needs for a kind; the compiler asks for each of them. */
function ofKind(
	field: Field,
	{ displayName, description }: Parameter,
): Pick<INodeProperties, 'type'> & Partial<INodeProperties> {
	switch (field.kind) {
		case 'text':
			return { type: 'string', ...(field.rows > 1 && { typeOptions: { rows: field.rows } }) };
		case 'number':
			return {
				type: 'number',
				typeOptions: {
					...(field.min !== undefined && { minValue: field.min }),
					...(field.max !== undefined && { maxValue: field.max }),
					numberPrecision: field.decimals,
				},
			};
		case 'choice':
			return { type: 'options', options: toOptions(field.options) };
		case 'toggle':
			return { type: 'boolean' };
		case 'json':
			return { type: 'json', typeOptions: { rows: 8 } };
		case 'unavailable':
			return {
				displayName: `${displayName} (Unavailable)`,
				type: 'multiOptions',
				options: toOptions(field.options),
				description: `${description}. ${field.reason}`,
			};
	}
}
