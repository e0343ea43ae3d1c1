import type { IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { CreationContext, CreationRun } from '../../core/pipeline/runContext';
import { InvalidParametersError, StoppedError } from '../../core/shared/errors';
import { formatSome } from '../../core/shared/format';
import type { Run } from '../connection/createRun';
import { toNodeError, withNotes, withPaid } from '../output/errors';
import { examineItem, type ItemInput } from './itemInput';

/** Items examined at a time, each holding the beginning of one file. */
const EXAMINED_AT_ONCE = 8;

/**
 * Examines all items before anything is paid for, since one wrong item ends the run.
 *
 * @throws the error of the first wrong item, with a note about the others; StoppedError
 */
export async function assertAllCorrect(
	context: IExecuteFunctions,
	items: ReadonlyArray<Promise<ItemInput>>,
	run: Run<CreationContext> & CreationRun,
): Promise<void> {
	const { ledger } = run;
	const limit = pLimit(EXAMINED_AT_ONCE);
	const examine = async (input: Promise<ItemInput>, itemIndex: number): Promise<void> => {
		if (run.signal?.aborted) throw new StoppedError(ledger.paid.taskIds, ledger.paid.unknown);
		const { entry } = ledger.claim(itemIndex);
		const item = await input;
		// What is paid for is not sent again, whatever the fields give this time.
		if (entry && !item.options.dryRun) return;
		item.files = await examineItem(context, item, await run.forItem(itemIndex));
		const issues = [...item.issues, ...item.files.issues];
		if (issues.length > 0) throw new InvalidParametersError(issues, { scope: 'run' });
	};
	const examined = await Promise.allSettled(
		items.map(async (item, itemIndex) => await limit(examine, item, itemIndex)),
	);
	const wrong = examined.flatMap((result, itemIndex) =>
		result.status === 'rejected' ? [{ itemIndex, error: result.reason as unknown }] : [],
	);
	const [first, ...others] = wrong;
	if (!first) return;
	const stop = wrong.find(({ error }) => error instanceof StoppedError);
	const told = withPaid(first.error, ledger.paid);
	const error = stop?.error ?? withNotes(told, notesOn(others), []);
	throw toNodeError(context.getNode(), error, first.itemIndex);
}

const LISTED_ITEMS = 5;

/** Further notes for the message of a run that ends before it began. */
const notesOn = (wrong: ReadonlyArray<{ itemIndex: number }>): string[] =>
	wrong.length === 0
		? []
		: [
				`${wrong.length} other ${wrong.length === 1 ? 'item needs' : 'items need'} a correction too (item ${formatSome(
					wrong.map(({ itemIndex }) => itemIndex),
					LISTED_ITEMS,
				)}).`,
			];
