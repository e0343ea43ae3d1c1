import type { IDisplayOptions, INodeProperties, ResourceMapperField } from 'n8n-workflow';
import type { Model } from '../../core/definition/model';
import type { Parameter } from '../../core/definition/parameter';
import { toOptions } from './fields';

/** Where the model and its parameters stand in a saved workflow. */
export const DESCRIBED_MODEL = 'describedModel';
/** Its label, which tells it from the Model field above it. */
export const DESCRIBED_MODEL_LABEL = 'Vtrix Model';
export const DESCRIBED_PARAMETERS = 'describedParameters';

/** How the parameters of any model of the gateway are given. */
export const PARAMETERS_AS: INodeProperties = {
	displayName: 'Parameters As',
	name: 'parametersAs',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'JSON',
			value: 'json',
			description: "By the model's ID and JSON, as its documentation page has them",
		},
		{
			name: 'Form',
			value: 'form',
			description: 'By a form that Vtrix describes for the model chosen from a list',
		},
	],
	default: 'json',
	description: 'How to enter the model and its parameters',
};

const FOR_FORM: IDisplayOptions = { show: { [PARAMETERS_AS.name]: ['form'] } };
/** A workflow of an earlier version names no way. */
export const FOR_JSON: IDisplayOptions = { hide: FOR_FORM.show };

/** The model and its parameters as the vendor describes them. */
export const DESCRIBED_FIELDS: INodeProperties[] = [
	{
		displayName: DESCRIBED_MODEL_LABEL,
		name: DESCRIBED_MODEL,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description: 'The model of the gateway that does the work',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a model…',
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. spark_dance_v2_0',
			},
		],
		displayOptions: FOR_FORM,
	},
	{
		displayName: 'Parameters',
		name: DESCRIBED_PARAMETERS,
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		required: true,
		typeOptions: {
			loadOptionsDependsOn: [`${DESCRIBED_MODEL}.value`],
			resourceMapper: {
				resourceMapperMethod: 'describeParameters',
				mode: 'map',
				valuesLabel: 'Parameters',
				fieldWords: { singular: 'parameter', plural: 'parameters' },
				addAllFields: true,
				supportAutoMap: false,
				noFieldsError:
					"Vtrix gives no description of this model. Choose JSON under 'Parameters As' instead.",
			},
		},
		displayOptions: FOR_FORM,
	},
];

/** A described model's parameters as fields of n8n's form. */
export const formOf = ({ parameters }: Model): ResourceMapperField[] =>
	Object.entries(parameters).map(([name, parameter]) => ({
		id: name,
		displayName: labelOf(parameter),
		...typeOf(parameter),
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		removed: !parameter.required,
		// Text and JSON can come from the rows of files as well, which n8n's own check does not know.
		required: parameter.required === true && !canBeFile(parameter),
	}));

const canBeFile = ({ field }: Parameter): boolean => field.kind === 'text' || field.kind === 'json';

/** `cfg_scale (0 to 1, default 0.5)`: n8n's form has no other place for what a field takes. */
function labelOf(parameter: Parameter): string {
	const { displayName, field, limits, required, usedByDefault } = parameter;
	const facts = [
		required ? 'required' : '',
		field.kind === 'choice' || field.kind === 'toggle' ? '' : limits,
		usedByDefault === undefined ? '' : `default ${usedByDefault}`,
	].filter(Boolean);
	return facts.length > 0 ? `${displayName} (${facts.join(', ')})` : displayName;
}

function typeOf({ field }: Parameter): Pick<ResourceMapperField, 'type' | 'options'> {
	switch (field.kind) {
		case 'number':
			return { type: 'number' };
		case 'choice':
			return { type: 'options', options: toOptions(field.options) };
		case 'toggle':
			return { type: 'boolean' };
		case 'json':
			return { type: field.shape === 'list' ? 'array' : field.shape ? 'string' : 'object' };
		default:
			return { type: 'string' };
	}
}
