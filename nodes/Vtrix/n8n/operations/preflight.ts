import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import { InvalidParametersError, StoppedError } from '../../core/shared/errors';
import type { RunContext } from '../../core/pipeline/runContext';
import { toNodeError } from '../output/errors';
import { examineItem, type ItemInput } from './itemInput';

/** Items examined at a time, each holding the beginning of one file. */
const EXAMINED_AT_ONCE = 8;

/**
 * Examines all items before anything is paid for, since one wrong item ends the run.
 *
 * @throws the refusal of the first wrong item, with a note about the others; StoppedError
 */
export async function assertAllCorrect(
	context: IExecuteFunctions,
	items: readonly ItemInput[],
	run: RunContext,
): Promise<void> {
	const limit = pLimit(EXAMINED_AT_ONCE);
	const issues = await Promise.all(
		items.map(
			async (item) =>
				await limit(async () => {
					if (run.signal?.aborted) throw new StoppedError(run.ledger.taskIds);
					item.images = await examineItem(context, item, run);
					return [...item.issues, ...item.images.issues];
				}),
		),
	);
	const wrong = issues.flatMap((found, itemIndex) => (found.length > 0 ? [itemIndex] : []));
	const [first, ...others] = wrong;
	if (first === undefined) return;
	const refusal = new InvalidParametersError(issues[first] ?? [], {
		scope: 'run',
		notes: notesOn(others, run.ledger.taskIds),
		taskIds: run.ledger.taskIds,
	});
	throw toNodeError(context.getNode(), refusal, first);
}

const LISTED_ITEMS = 5;
const LISTED_TASKS = 20;

const listed = (names: readonly unknown[], most: number): string =>
	names.slice(0, most).join(', ') + (names.length > most ? ' and others' : '');

/** Further notes for the message of a refused run. */
const notesOn = (wrongItems: readonly number[], paidTasks: readonly string[]): string[] => [
	...(wrongItems.length > 0
		? [
				`${wrongItems.length} other ${wrongItems.length === 1 ? 'item needs' : 'items need'} a correction too (item ${listed(wrongItems, LISTED_ITEMS)}).`,
			]
		: []),
	...(paidTasks.length > 0
		? [
				`What an earlier try of this execution has paid for stays, and a retry fetches it at no further cost (tasks ${listed(paidTasks, LISTED_TASKS)}).`,
			]
		: []),
];
