import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import {
	NotStartedError,
	SpendingLimitError,
	StoppedError,
	UncertainCreationError,
	VtrixError,
} from '../../core/shared/errors';
import { formatSome, messageOf, sentence } from '../../core/shared/format';
import type { Paid, RunLedger } from '../../core/pipeline/runLedger';
import type { RunProgress } from '../../core/pipeline/runContext';
import { workThrough, type Concurrency } from '../../core/pipeline/workThrough';
import { errorItem } from '../output/errorItem';
import type { Warnings } from '../output/warnings';
import { toNodeError, withNotes, lostTasks, withPaid } from '../output/errors';

/** The outcome of one item: its output, and what is missing from it. */
export interface ItemOutcome {
	items: INodeExecutionData[];
	/** Parts that are missing although the item as a whole worked. */
	problems: readonly Error[];
	/** The task behind it, for the message when another item stops the run. */
	taskId?: string;
}

/** Items that are worked on together, at least one. */
interface ItemGroup {
	itemIndexes: readonly number[];
}

/** The outcome of a group. */
type Settled = ItemGroup &
	(
		| { state: 'done'; outcome: ItemOutcome }
		| { state: 'failed'; error: unknown }
		| { state: 'skipped' }
	);

/** The outcome of a batch. */
interface BatchResult {
	/** All output, in the order of the input. */
	items: INodeExecutionData[];
	/** Whether Retry On Fail may run the node again: n8n does so when the first item is an error. */
	mayRunAgain: boolean;
	/** Items of which something is missing, from 0. */
	incomplete: number[];
}

/** The parts of working on a batch of items. */
interface Batch<Group extends ItemGroup> {
	context: IExecuteFunctions;
	/** How many items are worked on at a time. */
	concurrency: Concurrency;
	/** Shared with the run's tasks: whether an item's failure ends it, and how many items wait. */
	progress: RunProgress;
	groups: readonly Group[];
	/** Works on one group; `release` lets the next one begin before this one is done. */
	work: (group: Group, release: () => void) => Promise<ItemOutcome>;
	/** Gets the parts that are missing from items that worked. */
	warnings: Warnings;
	/** What is paid for by this run and by earlier tries of it, if it pays for anything. */
	ledger?: Pick<RunLedger, 'paid' | 'paidFor'>;
	/** The output of an item that the spending limit skipped, if there is such a limit. */
	skippedItem?: (itemIndex: number, reason: string) => INodeExecutionData;
}

/**
 * Works on all items, several at a time, and returns their output in input order.
 *
 * With Continue On Fail a failing item becomes an error item and affects no other. Without it no
 * further item is started after the first failure; those under way are finished, then the error of
 * the first failed item is thrown. A stopped run always throws.
 */
export async function runBatch<Group extends ItemGroup>({
	context,
	concurrency,
	progress,
	work,
	warnings,
	skippedItem,
	ledger,
	groups,
}: Batch<Group>): Promise<BatchResult> {
	const continues = context.continueOnFail();
	const node = context.getNode();
	progress.itemsNotStarted = groups.length;
	const settle = async (group: Group, release: () => void): Promise<Settled> => {
		const { itemIndexes } = group;
		progress.itemsNotStarted -= 1;
		if (progress.stopCreating) return { itemIndexes, state: 'skipped' };
		return await work(group, release).then(
			(outcome) => ({ itemIndexes, state: 'done', outcome }),
			(error: unknown) => {
				if (error instanceof NotStartedError) return { itemIndexes, state: 'skipped' };
				const ends = !continues && !(error instanceof SpendingLimitError);
				progress.stopCreating ||= ends || error instanceof StoppedError;
				return { itemIndexes, state: 'failed', error };
			},
		);
	};
	const settled = await workThrough(groups, concurrency, settle);
	const paidFor = (itemIndex: number) => ledger?.paidFor(itemIndex) ?? NOTHING;
	const lostFor = (itemIndex: number) => lostTasks(paidFor(itemIndex).lost);
	const told = (error: unknown, others: ReadonlyArray<Settled | undefined>) =>
		withPaid(explained(error, others, paidFor), ledger?.paid ?? NOTHING);

	const stopped = settled.flatMap((result) => (isStopped(result) ? [result.error] : []));
	if (stopped.length > 0) {
		const taskIds = stopped.flatMap((error) => error.taskIds);
		const error = new StoppedError(taskIds, ledger?.paid.unknown, settled.flatMap(reasonsOf));
		const others = settled.map((result) => (isStopped(result) ? undefined : result));
		throw toNodeError(node, told(error, others), 0);
	}

	const items: INodeExecutionData[] = [];
	for (const result of settled) {
		const { itemIndexes } = result;
		const errorItems = (error: unknown) =>
			itemIndexes.map((itemIndex) =>
				errorItem(context, withPaid(error, paidFor(itemIndex)), itemIndex),
			);
		if (result.state === 'skipped') continue;
		if (result.state === 'done') {
			const { outcome } = result;
			items.push(...outcome.items);
			for (const text of itemIndexes.flatMap(lostFor)) warnings.add(text);
			for (const problem of outcome.problems) {
				if (continues) items.push(...errorItems(problem));
				else warnings.add(warning(problem));
			}
			continue;
		}
		if (continues) items.push(...errorItems(result.error));
		else if (skippedItem && result.error instanceof SpendingLimitError) {
			items.push(skippedItem(firstOf(itemIndexes), result.error.message));
			warnings.add(warning(result.error));
		} else {
			const others = settled.map((other) => (other === result ? undefined : other));
			const itemIndex = firstOf(itemIndexes);
			const error = withPaid(result.error, paidFor(itemIndex));
			throw toNodeError(node, told(error, others), itemIndex);
		}
	}
	const incomplete = settled.filter(
		(result) => result.state !== 'done' || result.outcome.problems.length > 0,
	);
	return {
		items,
		mayRunAgain: isFailure(items[0]),
		incomplete: incomplete.flatMap(({ itemIndexes }) => itemIndexes),
	};
}

const firstOf = ([first = 0]: readonly number[]): number => first;

/** Whether n8n treats an item as a failure of the whole node, to which Retry On Fail applies. */
const isFailure = (first: INodeExecutionData | undefined): boolean =>
	first?.json.error !== undefined;

const warning = (problem: Error): string =>
	problem instanceof VtrixError ? `${problem.message}. ${problem.description}` : problem.message;

const isStopped = (result: Settled): result is Settled & { state: 'failed'; error: StoppedError } =>
	result.state === 'failed' && result.error instanceof StoppedError;

const LISTED_TASKS = 20;
const LISTED_ITEMS = 20;

const NOTHING: Paid = { taskIds: [], lost: [], unknown: [] };

const isNothing = ({ taskIds, unknown }: Paid): boolean =>
	taskIds.length === 0 && unknown.length === 0;

/** An error with the outcome of the other items, so that everything paid for is mentioned. */
function explained(
	error: unknown,
	others: ReadonlyArray<Settled | undefined>,
	paidFor: (itemIndex: number) => Paid,
): unknown {
	const known = others.flatMap((result) => (result ? [result] : []));
	const failed = known.flatMap((result) => {
		if (result.state !== 'failed') return [];
		const itemIndex = firstOf(result.itemIndexes);
		return [{ itemIndex, error: withPaid(result.error, paidFor(itemIndex)) }];
	});
	const paid = known.flatMap((result) =>
		result.state === 'done' && result.outcome.taskId ? [result.outcome.taskId] : [],
	);
	const skipped = known.filter(
		({ state, itemIndexes }) => state === 'skipped' && isNothing(paidFor(firstOf(itemIndexes))),
	).length;
	if (known.length === 0) return error;
	const notes = [
		...(paid.length > 0
			? [
					`Of the other items ${paid.length} ${paid.length === 1 ? 'is' : 'are'} created and paid for; a retry of this execution fetches the images at no further cost (tasks ${formatSome(paid, LISTED_TASKS)}).`,
				]
			: []),
		...failureNotes(failed),
		...(skipped > 0
			? [`${skipped} ${skipped === 1 ? 'item was' : 'items were'} not started.`]
			: []),
	];
	return withNotes(error, notes, [...failed.flatMap(tasksOf), ...paid]);
}

/** What happened to other items, each thing once. */
function failureNotes(failed: ReadonlyArray<{ itemIndex: number; error: unknown }>): string[] {
	const messages = new Set(failed.map(({ error }) => messageOf(error)));
	return Array.from(messages, (message) => {
		const items = failed
			.filter(({ error }) => messageOf(error) === message)
			.map(({ itemIndex }) => itemIndex);
		const names = `${items.length === 1 ? 'Item' : 'Items'} ${formatSome(items, LISTED_ITEMS)}`;
		return sentence(`${names} failed too: ${message}`);
	});
}

/** Why it is not known whether a task came of an item's creation. */
const reasonsOf = (result: Settled): string[] =>
	result.state === 'failed' && result.error instanceof UncertainCreationError
		? [result.error.reason]
		: [];

const tasksOf = ({ error }: { error: unknown }): readonly string[] =>
	error instanceof VtrixError ? error.taskIds : [];
