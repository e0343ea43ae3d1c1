import type { IExecuteFunctions } from 'n8n-workflow';
import type { Issue } from '../../core/shared/issues';
import { trimPasted } from '../../core/shared/pasted';
import { OBJECT_AS_TEXT } from './expressions';
import { AS_TEXT, readEntries, TYPED_EXPRESSION, type FieldEntry } from './fieldEntries';

/** What IDs look like, so that blanks between them separate: browsers paste lines with blanks. */
const IDS_AND_BLANKS = /^[\w-]{8,}(?:\s+[\w-]{8,})+$/;

/** A task that an item names. */
export interface NamedTask {
	/** Empty if there is an issue. */
	taskId: string;
	issues: Issue[];
}

/**
 * The tasks that an item's field names, in their order, at least one: those of a text, on lines of
 * their own or separated by commas, or those of a list, as a failed item carries it.
 *
 * @throws what an expression in the field throws
 */
export function readTaskIds(context: IExecuteFunctions, itemIndex: number): NamedTask[] {
	const entries = entriesOf(context.getNodeParameter('taskId', itemIndex, null));
	return (entries.length > 0 ? entries : [undefined]).map(toTask);
}

function toTask(entry?: FieldEntry<string>): NamedTask {
	const label = 'Task ID';
	switch (entry?.kind) {
		case 'named':
			return { taskId: entry.named, issues: [] };
		case 'wrong':
			return { taskId: '', issues: [{ label, value: entry.value, message: entry.message }] };
		default: {
			const message = 'is empty. Enter the ID that an earlier generation returned.';
			return { taskId: '', issues: [{ label, message }] };
		}
	}
}

const entriesOf = (value: unknown): Array<FieldEntry<string>> =>
	readEntries(value, {
		readText: (text) =>
			text
				.split(/[\r\n,;]/)
				.map(trimPasted)
				.filter(Boolean)
				.flatMap((part) => (IDS_AND_BLANKS.test(part) ? part.split(/\s+/) : [part]))
				.map(writtenId),
		readOne,
	});

function writtenId(id: string): FieldEntry<string> {
	return TYPED_EXPRESSION.test(id) ? { kind: 'wrong', value: id, message: AS_TEXT } : readOne(id);
}

function readOne(value: unknown): FieldEntry<string> {
	if (typeof value === 'boolean') {
		const message = 'is not an ID. Choose the field that holds it, such as {{ $json.taskId }}.';
		return { kind: 'wrong', value, message };
	}
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
