import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
} from 'n8n-workflow';

/** What the Model dropdown stands in: the values that decide which fields are shown. */
export const generating = (model: string): INodeParameters => ({
	resource: 'image',
	operation: 'generate',
	model,
});

type Entry = NonNullable<INodeProperties['options']>[number];

/** The fields that n8n's editor shows while the others hold these values, in their order. */
export function shownFields(
	{ description }: INodeType,
	values: INodeParameters,
): INodeProperties[] {
	const isShown = (entry: Entry) =>
		'values' in entry ||
		NodeHelpers.displayParameter(values, entry, { typeVersion: 1 }, description);
	const ofRow = ({ displayOptions = {} }: INodeProperties) =>
		Object.keys(displayOptions.show ?? {}).some((name) => !name.startsWith('/'));
	const withShown = (entry: Entry): Entry =>
		'values' in entry
			? { ...entry, values: entry.values.filter((field) => ofRow(field) || isShown(field)) }
			: entry;
	return description.properties
		.filter((field) => field.type !== 'hidden' && isShown(field))
		.map((field) => ({
			...field,
			...(field.options && { options: field.options.filter(isShown).map(withShown) }),
		}));
}

/**
 * One shown field by its name.
 *
 * @throws when there is none, or n8n would have to choose between several
 */
export function shownField(node: INodeType, values: INodeParameters, name: string) {
	const found = shownFields(node, values).filter((field) => field.name === name);
	if (!found[0] || found.length > 1) throw new Error(`${found.length} fields '${name}' are shown`);
	return found[0];
}

/** The fields inside a collection, or inside the rows of a fixed collection. */
export const innerFields = ({ options = [] }: INodeProperties): INodeProperties[] =>
	options.flatMap((option) =>
		'values' in option ? option.values : 'type' in option ? [option] : [],
	);

/** The values of a dropdown, in their order. */
export const dropdownValues = ({ options = [] }: INodeProperties): unknown[] =>
	options.flatMap((option) => ('value' in option ? [option.value] : []));
