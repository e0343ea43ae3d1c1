import { toFieldName } from '../../nodes/Vtrix/core/definition/model';
import { Vtrix } from '../../nodes/Vtrix/Vtrix.node';
import type { DocumentedModel } from '../models/checking';
import { declared } from '../models/documented';
import { generating, innerFields, shownFields } from '../models/shownFields';

const node = new Vtrix();

/**
 * The label that n8n's editor shows for a field of the model.
 *
 * @param field a parameter by its name in the facts, or a field of the node
 */
export function labelOf({ id, model, facts }: DocumentedModel, field: string): string {
	const documented = facts.parameters.some(({ name }) => name === field);
	const own = ['size', 'width', 'height'].includes(field);
	const name = documented && !own ? toFieldName(declared(model, { name: field }).name) : field;
	const rows = { image: [{}] };
	const shown = shownFields(node, { ...generating(id), size: 'custom', inputImages: rows });
	const inside = shown
		.filter(({ type }) => type === 'collection' || type === 'fixedCollection')
		.flatMap(innerFields);
	const found = [...shown, ...inside].find((candidate) => candidate.name === name);
	if (!found) throw new Error(`The editor shows no field '${name}' for ${id}`);
	return found.displayName;
}
