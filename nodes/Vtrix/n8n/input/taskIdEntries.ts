import { trimPasted } from '../../core/shared/pasted';
import { OBJECT_AS_TEXT } from './expressions';
import { AS_TEXT, readEntries, TYPED_EXPRESSION, type FieldEntry } from './fieldEntries';

/** What IDs look like, so that blanks between them separate: browsers paste lines with blanks. */
const IDS_AND_BLANKS = /^[\w-]{8,}(?:\s+[\w-]{8,})+$/;

/**
 * The task IDs that a field's value names, in their order: those of a text, on lines of their own or
 * separated by commas, or those of a list, as a failed item carries it.
 */
export const readTaskIds = (value: unknown): Array<FieldEntry<string>> =>
	readEntries(value, {
		readText: (text) =>
			text
				.split(/[\r\n,;]+/)
				.map(trimPasted)
				.filter(Boolean)
				.flatMap((part) => (IDS_AND_BLANKS.test(part) ? part.split(/\s+/) : [part]))
				.map(writtenId),
		readOne: (one) => [readOne(one)],
	});

function writtenId(id: string): FieldEntry<string> {
	return TYPED_EXPRESSION.test(id) ? { kind: 'wrong', value: id, message: AS_TEXT } : readOne(id);
}

function readOne(value: unknown): FieldEntry<string> {
	const id = typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
	return id === undefined || id.includes(OBJECT_AS_TEXT)
		? {
				kind: 'wrong',
				value,
				message:
					'is an object, not an ID. Choose its field with the ID, such as {{ $json.taskId }}.',
			}
		: { kind: 'named', named: trimPasted(id) };
}
