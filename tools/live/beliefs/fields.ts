import type { Field } from '../../../test/standin/answers/taskShapes';
import { inWords, type Sighting } from './belief';

/** What an object shows of the fields that it should have. */
export interface FieldsSeen {
	sightings: Sighting[];
	/** Names of the fields that are there and were not expected. */
	others: string[];
}

/**
 * Holds an object against the fields that it should have. A field that is missing while another of
 * the same kind is there that nobody knows counts as renamed: one difference, not two.
 *
 * @param prefix of the beliefs' names
 */
export function compareFields(
	prefix: string,
	fields: Readonly<Record<string, Field>>,
	value: Readonly<Record<string, unknown>>,
	where: string,
): FieldsSeen {
	const others = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
	const sightings: Sighting[] = [];
	const see = (name: string, seen?: string) =>
		sightings.push({ belief: `${prefix}.${name}`, where, ...(seen !== undefined && { seen }) });
	for (const [name, { schema, optional }] of Object.entries(fields)) {
		const held = value[name];
		if (held === undefined) {
			if (optional) continue;
			const renamed = others.find(
				(other) => isRenamed(name, other) && schema.safeParse(value[other]).success,
			);
			if (renamed !== undefined) others.splice(others.indexOf(renamed), 1);
			see(name, renamed === undefined ? 'the field is missing' : `it is called \`${renamed}\``);
		} else if (schema.safeParse(held).success) {
			see(name);
		} else {
			see(name, inWords(held));
		}
	}
	return { sightings, others };
}

/** Whether one name can stand for the other: they share a word. */
function isRenamed(name: string, other: string): boolean {
	const words = (text: string) =>
		text
			.replace(/([a-z])([A-Z])/g, '$1_$2')
			.toLowerCase()
			.split(/[^a-z0-9]+/);
	return words(name).some((word) => words(other).includes(word));
}
