import type { INodeExecutionData, INodeType } from 'n8n-workflow';
import type { Paid } from '../../nodes/Vtrix/core/pipeline/runLedger';
import {
	InvalidParametersError,
	NotStartedError,
	SpendingLimitError,
	StoppedError,
	UncertainCreationError,
	VtrixError,
} from '../../nodes/Vtrix/core/shared/errors';
import { runBatch, type ItemOutcome } from '../../nodes/Vtrix/n8n/operations/batch';
import { Warnings } from '../../nodes/Vtrix/n8n/output/warnings';
import { runNode, type NodeRun } from '../support/runNode';

/** What becomes of an item: its error, which some libraries throw as text, or its outcome. */
type Fate = Error | string | Partial<ItemOutcome>;

const NOTHING: Paid = { taskIds: [], lost: [], unknown: [] };
const problem = (message: string, taskIds: string[] = []) =>
	new VtrixError(message, { description: 'Do this.', taskIds });
const made = (taskId: string): Partial<ItemOutcome> => ({ taskId });

interface Play {
	/** What earlier tries have paid for, by item. */
	paid?: Record<number, Partial<Paid>>;
	onError?: 'continueRegularOutput';
	/** Items that are worked on together; each alone by default. */
	groups?: number[][];
	allowed?: number;
	/** Whether the batch pays for anything. */
	pays?: boolean;
	/** Items that a warning is about. */
	warned?: number[];
}

/** A node in n8n's engine whose items, or groups of them, have these fates. */
async function play(fates: Fate[], more: Play = {}) {
	const { paid = {}, onError, groups = fates.map((_, item) => [item]) } = more;
	const { allowed = 20, pays = true, warned = [] } = more;
	const paidFor = (item: number): Paid => ({ ...NOTHING, ...paid[item] });
	const all = Object.keys(paid).map((item) => paidFor(Number(item)));
	const told: { mayRunAgain?: boolean; incomplete?: number[]; waiting: number[] } = { waiting: [] };
	const progress = { stopCreating: false, itemsNotStarted: 0 };
	const base: INodeType = {
		description: {
			displayName: 'Batch',
			name: 'batch',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Batch' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			const warnings = new Warnings();
			const result = await runBatch({
				context: this,
				concurrency: { allowed, onChange: () => {} },
				progress,
				groups: groups.map((itemIndexes, group) => ({ itemIndexes, group })),
				warnings,
				async work({ group, itemIndexes }) {
					told.waiting.push(progress.itemsNotStarted);
					await Promise.resolve();
					const fate = fates[group];
					if (typeof fate === 'string' || fate instanceof Error) throw fate;
					const items = itemIndexes.map((item) => ({ json: { item }, pairedItem: { item } }));
					return { items, problems: [], ...fate };
				},
				...(pays && {
					ledger: {
						paidFor,
						paid: {
							taskIds: all.flatMap(({ taskIds }) => taskIds),
							lost: all.flatMap(({ lost }) => lost),
							unknown: all.flatMap(({ unknown }) => unknown),
						},
					},
				}),
				skippedItem: (item, reason) => ({ json: { skipped: reason }, pairedItem: { item } }),
			});
			for (const item of warned) warnings.add('Look', item);
			warnings.show(this, groups.flat().length);
			told.mayRunAgain = result.mayRunAgain;
			told.incomplete = result.incomplete;
			return [result.items];
		},
	};
	const items: INodeExecutionData[] = groups.flat().map((item) => ({ json: { row: item } }));
	const run = await runNode({ node: base, items, ...(onError && { nodeOverrides: { onError } }) });
	return { run, told, progress, json: run.items[0]?.map(({ json }) => json) };
}

const descriptionOf = ({ error }: NodeRun): unknown =>
	error && 'description' in error ? error.description : undefined;
const hintsOf = ({ hints }: NodeRun): string[] => hints.map(({ message }) => message);

test('all items come out in their order', async () => {
	const { json, told, run } = await play([made('a'), made('b'), made('c')]);
	expect(json).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	expect(told).toMatchObject({ mayRunAgain: false, incomplete: [], waiting: [2, 1, 0] });
	expect(run.hints).toEqual([]);
});

test('an item that gives nothing is no reason to try the run again', async () => {
	const { json, told } = await play([{ items: [] }]);
	expect(json ?? []).toEqual([]);
	expect(told.mayRunAgain).toBe(false);
});

test('items of a batch that pays for nothing have no hints about payments', async () => {
	const { run, json } = await play([{}, {}], { pays: false });
	expect(json).toHaveLength(2);
	expect(run.hints).toEqual([]);
});

describe('the error of an item that ends the run', () => {
	test('names each other item that is paid for, and where its images are', async () => {
		const { run } = await play([made('a'), problem('It broke', ['b']), made('c')]);
		expect(run.error?.message).toBe('It broke');
		expect(descriptionOf(run)).toBe(
			'Do this. Of the other items 2 are created and paid for; a retry of this execution fetches the images at no further cost (tasks a, c).',
		);
		expect(run.error?.context).toMatchObject({ itemIndex: 1, taskIds: ['b', 'a', 'c'] });
	});

	test('names a single one that is paid for', async () => {
		const { run } = await play([made('a'), problem('It broke')]);
		expect(descriptionOf(run)).toMatch(/Of the other items 1 is created .* \(tasks a\)\.$/);
	});

	test('tells of none where none is paid for', async () => {
		const { run } = await play([problem('It broke'), {}]);
		expect(descriptionOf(run)).toBe('Do this.');
	});

	test('is told as it is where it is the only item', async () => {
		const { run } = await play([problem('It broke', ['a'])]);
		expect(descriptionOf(run)).toBe('Do this.');
		expect(run.error?.context?.taskIds).toEqual(['a']);
	});

	test.each([new Error('Out of memory'), 'Out of memory'])(
		'names the tasks of others also if it is none of ours: %p',
		async (thrown) => {
			const { run } = await play([thrown, made('b')]);
			expect(run.error?.message).toBe('Out of memory');
			expect(descriptionOf(run)).toMatch(/^Of the other items 1 is created .* \(tasks b\)\.$/);
			expect(run.error?.context?.taskIds).toEqual(['b']);
		},
	);

	test('ends its own sentence before it tells of others', async () => {
		const unfinished = new VtrixError('It broke', { description: 'Do this' });
		const { run } = await play([unfinished, problem('No')]);
		expect(descriptionOf(run)).toBe('Do this. Item 1 failed too: No.');
	});

	const wrong = new InvalidParametersError([{ label: 'Prompt', message: 'is empty.' }]);

	test.each([0, 1])(
		'of wrong settings says that nothing was charged (others: %i)',
		async (others) => {
			const { run } = await play([wrong, ...Array<Fate>(others).fill({})]);
			expect(descriptionOf(run)).toMatch(
				/^Nothing was sent and nothing was charged for this item\./,
			);
		},
	);

	test.each([0, 1])('of wrong settings does not say so if item %i is paid for', async (item) => {
		const paid = { [item]: { taskIds: ['earlier'] } };
		const { run } = await play([wrong, {}].slice(0, item + 1), { allowed: 1, paid });
		expect(descriptionOf(run)).toBe(
			'Nothing was sent in this try. Correct the fields and run again. What an earlier try of this execution has paid for stays, and a retry fetches it at no further cost (tasks earlier).',
		);
	});

	test('names its failed task once, and those of earlier tries beside it', async () => {
		const { run } = await play([problem('It broke (task a)', ['a'])], {
			paid: { 0: { lost: ['a', 'b'] } },
		});
		expect(descriptionOf(run)).toBe(
			'Do this. Earlier tries were charged for tasks that failed (b).',
		);
		expect(run.error?.context?.taskIds).toEqual(['a', 'b']);
	});

	test('names twenty tasks in its text, and all in its details', async () => {
		const ids = Array.from({ length: 25 }, (_, n) => `t${n}`);
		const { run } = await play([problem('It broke'), ...ids.map(made)], { allowed: 30 });
		expect(descriptionOf(run)).toContain(`(tasks ${ids.slice(0, 20).join(', ')} and others)`);
		expect(run.error?.context?.taskIds).toEqual(ids);
	});

	test('tells what else failed, each thing once', async () => {
		const fates = [
			problem('It broke'),
			problem('No', ['b']),
			problem('No', ['c']),
			new Error('X!'),
		];
		const { run } = await play(fates);
		expect(descriptionOf(run)).toBe('Do this. Items 1, 2 failed too: No. Item 3 failed too: X!');
		expect(run.error?.context?.taskIds).toEqual(['b', 'c']);
	});

	test('tells how many items were not started, and starts no more', async () => {
		const broken = problem('It broke');
		const one = await play([broken, {}], { allowed: 1 });
		expect(descriptionOf(one.run)).toBe('Do this. 1 item was not started.');
		const { run, progress } = await play([broken, new NotStartedError(), {}, {}], { allowed: 2 });
		expect(descriptionOf(run)).toBe('Do this. 3 items were not started.');
		expect(progress).toEqual({ stopCreating: true, itemsNotStarted: 0 });
	});

	test('is that of the item that failed, though one before it was not started', async () => {
		const { run } = await play([new NotStartedError(), problem('It broke')]);
		expect(run.error?.message).toBe('It broke');
		expect(run.error?.context?.itemIndex).toBe(1);
		expect(descriptionOf(run)).toBe('Do this. 1 item was not started.');
	});

	test('tells of no payment where nothing is paid for', async () => {
		const { run } = await play([problem('It broke'), problem('No')], { pays: false });
		expect(descriptionOf(run)).toBe('Do this. Item 1 failed too: No.');
		expect(run.error?.context?.taskIds).toBeUndefined();
	});

	test('names what an earlier try has paid for, and calls that not unstarted', async () => {
		const { run } = await play([problem('It broke'), {}, {}], {
			allowed: 1,
			paid: {
				0: { taskIds: ['own'] },
				1: { taskIds: ['earlier'] },
				2: { unknown: ['No answer.'] },
			},
		});
		const text = String(descriptionOf(run));
		expect(text).toContain('own');
		expect(text).toContain('earlier');
		expect(text).toContain('may have been created and billed: No answer.');
		expect(text).not.toContain('not started');
		expect(run.error?.context?.taskIds).toEqual(['own', 'earlier']);
	});

	test('names the task of another failed item that an earlier try has paid for', async () => {
		const { run } = await play([problem('It broke'), problem('No')], {
			paid: { 1: { taskIds: ['earlier'] } },
		});
		expect(run.error?.context?.taskIds).toContain('earlier');
	});
});

describe('with Continue On Fail', () => {
	const onError = 'continueRegularOutput' as const;

	test('each failed item is an error item, and no other is held up', async () => {
		const fates = [made('a'), problem('It broke', ['b']), made('c')];
		const { json, told, progress } = await play(fates, { onError, allowed: 1 });
		expect(json).toEqual([
			{ item: 0 },
			{ row: 1, error: 'It broke', message: 'Do this.', details: { taskIds: ['b'] } },
			{ item: 2 },
		]);
		expect(told).toMatchObject({ mayRunAgain: false, incomplete: [1] });
		expect(progress.stopCreating).toBe(false);
	});

	test('the run may be tried again if its first item is an error', async () => {
		const { told } = await play([problem('It broke'), {}], { onError });
		expect(told).toMatchObject({ mayRunAgain: true, incomplete: [0] });
	});

	test('a failed item names what an earlier try has paid for', async () => {
		const paid = { 0: { taskIds: ['earlier'] } };
		const { json } = await play([problem('It broke')], { onError, paid });
		expect(json?.[0]).toMatchObject({ details: { taskIds: ['earlier'] } });
	});

	test('a part that is missing is an error item beside the others', async () => {
		const { json, told, run } = await play([{ problems: [problem('One is missing')] }], {
			onError,
		});
		expect(json).toMatchObject([{ item: 0 }, { row: 0, error: 'One is missing' }]);
		expect(told.incomplete).toEqual([0]);
		expect(run.hints).toEqual([]);
	});

	test('all items of a group have its error', async () => {
		const fates = [problem('It broke'), {}];
		const { json, told } = await play(fates, { onError, groups: [[0, 2], [1]] });
		expect(json?.map(({ error }) => error)).toEqual(['It broke', 'It broke', undefined]);
		expect(told.incomplete).toEqual([0, 2]);
	});
});

test('a part that is missing is a hint where the run goes on', async () => {
	const problems = [problem('One is missing'), new Error('Another one is missing')];
	const { json, run, told } = await play([{ problems }, {}]);
	expect(json).toEqual([{ item: 0 }, { item: 1 }]);
	expect(hintsOf(run)).toEqual(['One is missing. Do this.', 'Another one is missing']);
	expect(told.incomplete).toEqual([0]);
});

test('a hint names the items that it is about in their order, whichever came first', async () => {
	const { run } = await play([{}, {}], { warned: [10, 9, 1] });
	expect(run.hints).toEqual([
		{ message: 'Look (item 1, 9, 10)', type: 'warning', location: 'outputPane' },
	]);
});

test('a task that an earlier try was charged for is a hint where the item worked', async () => {
	const { run } = await play([made('b')], { paid: { 0: { lost: ['a'] } } });
	expect(hintsOf(run)).toEqual([expect.stringContaining('(a)')]);
});

describe('the spending limit', () => {
	test('skips items and ends no run', async () => {
		const { json, run, progress } = await play([made('a'), new SpendingLimitError(1, 1, 0), {}]);
		expect(json).toEqual([
			{ item: 0 },
			{ skipped: expect.stringMatching(/limit of \$1 was reached/) },
			{ item: 2 },
		]);
		expect(hintsOf(run)).toEqual([
			expect.stringMatching(/\$1 was reached.*Raise 'Spending Limit'/),
		]);
		expect(progress.stopCreating).toBe(false);
	});

	test('is told by error items with Continue On Fail', async () => {
		const onError = 'continueRegularOutput' as const;
		const { json } = await play([new SpendingLimitError(1, 1, 0)], { onError });
		expect(json?.[0].error).toMatch(/limit of \$1 was reached/);
	});
});

describe('a stop', () => {
	test.each([undefined, 'continueRegularOutput' as const])(
		'ends the run, and names every task (%s)',
		async (onError) => {
			const fates = [
				made('a'),
				new StoppedError(['b']),
				new UncertainCreationError('No answer.'),
				new StoppedError(['d']),
				{},
			];
			const { run, progress } = await play(fates, { ...(onError && { onError }), allowed: 4 });
			expect(run.error?.message).toMatch(/b.*d/);
			expect(descriptionOf(run)).toMatch(/\(tasks a\).*Item 2 failed too: .*No answer\./);
			expect(run.error?.context?.taskIds).toEqual(['b', 'd', 'a']);
			expect(progress.stopCreating).toBe(true);
		},
	);

	test('tells once of a creation whose outcome is not known, also if it is noted', async () => {
		const fates = [new StoppedError([]), new UncertainCreationError('No answer.')];
		const { run } = await play(fates, { paid: { 1: { unknown: ['No answer.'] } } });
		const told = `${run.error?.message} ${String(descriptionOf(run))}`;
		expect(told.split('No answer.')).toHaveLength(2);
	});

	test('beside an item that failed otherwise raises no doubt about tasks', async () => {
		const { run } = await play([new StoppedError([]), problem('No')], { allowed: 2 });
		expect(descriptionOf(run)).toBe(
			'No task is running at Vtrix because of it. Item 1 failed too: No.',
		);
	});

	test('is told where nothing is paid for', async () => {
		const { run } = await play([new StoppedError([])], { pays: false });
		expect(run.error?.message).toMatch(/canceled/);
	});

	test('tells of creations whose outcome earlier tries did not learn', async () => {
		const { run } = await play([new StoppedError([])], {
			paid: { 0: { unknown: ['No answer.'] } },
		});
		expect(`${run.error?.message} ${String(descriptionOf(run))}`).toContain('No answer.');
	});
});
