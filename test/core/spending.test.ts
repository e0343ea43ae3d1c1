import { Ledger } from '../../nodes/Vtrix/core/pipeline/ledger';
import { RunLedger, type Claim } from '../../nodes/Vtrix/core/pipeline/runLedger';
import { Spending, SpendingLimit } from '../../nodes/Vtrix/core/pipeline/spending';
import { FakeClock } from '../support/fakeClock';

/** A run of the node with a spending limit, in an execution of its own unless a ledger is given. */
function runWith(limit: number, ledger = new Ledger({})) {
	// What nobody ends waits no longer than that.
	const clock = new FakeClock({ limitMs: 60_000 });
	const spending = new Spending(ledger);
	const spendingLimit = new SpendingLimit(spending, limit, clock);
	const run = new RunLedger(ledger, {
		runIndex: 0,
		executionId: 'execution-1',
		isToolCall: false,
		sourceOf: (itemIndex) => `source ${itemIndex}`,
	});
	return {
		clock,
		ledger,
		spending,
		spendingLimit,
		/** Begins an item's task as soon as the limit admits it. */
		async begin(itemIndex: number, assertWanted = () => {}): Promise<Claim> {
			const claim = run.claim(itemIndex);
			await spendingLimit.admit(claim, assertWanted);
			claim.note({ taskId: `task-${itemIndex}` });
			return claim;
		},
		/** Ends an item's task. */
		end(claim: Claim, cost?: number) {
			spending.count(claim, cost);
			spending.leave(claim);
		},
	};
}

/** What was begun by the time that all which is ready to run has run. */
async function begunOf(work: Array<Promise<Claim>>): Promise<string[]> {
	const begun: string[] = [];
	for (const item of work) {
		item.then(
			({ entry }) => begun.push(entry?.taskId ?? ''),
			() => {},
		);
	}
	for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
	return begun;
}

const again = ({ stored, costs }: Ledger) => {
	const kept: { stored: Record<string, unknown>; costs: unknown } = JSON.parse(
		JSON.stringify({ stored, costs }),
	);
	return new Ledger(kept.stored, kept.costs);
};

test('two tasks begin before it is known what one costs, and the third once it is', async () => {
	const { begin, end } = runWith(10);
	const work = [0, 1, 2].map(async (item) => await begin(item));
	expect(await begunOf(work)).toEqual(['task-0', 'task-1']);
	end(await work[0], 0.5);
	expect(await begunOf(work)).toEqual(['task-0', 'task-1', 'task-2']);
});

test('tasks under way count with what the others have cost', async () => {
	const { begin, end } = runWith(1);
	end(await begin(0), 0.3);
	const work = [1, 2, 3, 4].map(async (item) => await begin(item));
	// 0.3 is spent, and 0.9 will be
	expect(await begunOf(work)).toEqual(['task-1', 'task-2', 'task-3']);
	for (const claim of work.slice(0, 3)) end(await claim, 0.3);
	await expect(work[3]).rejects.toThrow(/limit of \$1 was reached, \$1.2 is spent/);
});

test('what the others have cost on average is what counts', async () => {
	const { begin, end } = runWith(1);
	for (const item of [0, 1]) end(await begin(item), 0.2);
	const work = [2, 3, 4, 5].map(async (item) => await begin(item));
	expect(await begunOf(work)).toEqual(['task-2', 'task-3', 'task-4']);
});

test('an item that waits is told at once that the limit is reached, though a task goes on', async () => {
	const { begin, end, clock } = runWith(0.5);
	const [first] = [await begin(0), await begin(1)];
	const start = clock.now();
	const waiting = begin(2);
	end(first, 0.5);
	await expect(waiting).rejects.toThrow(/\$0.5 is spent and 1 task is under way/);
	expect(clock.now() - start).toBeLessThanOrEqual(1000);
});

test('a task whose cost is counted is not under way any more, also when it is forgotten', async () => {
	const { begin, end, ledger, spending } = runWith(1);
	const claim = await begin(0);
	end(claim, 0.4);
	if (claim.entry) ledger.forget(claim.entry);
	expect(spending.underWay).toBe(0);
});

test('a task that cost less than its share lets one that waits begin', async () => {
	const { begin, end } = runWith(1);
	end(await begin(0), 0.3);
	const work = [1, 2, 3, 4].map(async (item) => await begin(item));
	await begunOf(work);
	for (const claim of work.slice(0, 3)) end(await claim, 0.1);
	expect(await begunOf(work)).toContain('task-4');
});

test('prices whose sum is the limit but for rounding reach it', async () => {
	const { begin, end, ledger } = runWith(0.8);
	for (let item = 0; item < 8; item += 1) end(await begin(item), 0.1);
	expect(ledger.costs.spent).toBeLessThan(0.8);
	await expect(begin(8)).rejects.toThrow(/spending limit/);
});

test('tasks under way whose cost comes to the limit but for rounding leave no room', async () => {
	const { begin, end } = runWith(0.8);
	for (let item = 0; item < 7; item += 1) end(await begin(item), 0.1);
	const work = [begin(7), begin(8)];
	expect(await begunOf(work)).toEqual(['task-7']);
	end(await work[0], 0.1);
	await expect(work[1]).rejects.toThrow(/spending limit/);
});

test('no limit lets everything begin, whatever was spent', async () => {
	const { begin, end } = runWith(0);
	end(await begin(0), 100);
	const work = [1, 2, 3, 4].map(async (item) => await begin(item));
	expect(await begunOf(work)).toHaveLength(4);
});

test('an item that waits notices within a second that nobody wants its task', async () => {
	const { begin, clock } = runWith(10);
	const stopped = new Error('stopped');
	await begin(0);
	await begin(1);
	const start = clock.now();
	const waiting = begin(2, () => {
		if (clock.now() > start) throw stopped;
	});
	await expect(waiting).rejects.toBe(stopped);
	expect(clock.now() - start).toBeLessThanOrEqual(1000);
});

test('a task is counted once, however often its end is seen', async () => {
	const { begin, end, ledger } = runWith(1);
	const claim = await begin(0);
	end(claim, 0.4);
	end(claim, 0.4);
	expect(ledger.costs.spent).toBe(0.4);
});

test('a task that is given up stays under way, and one that was never created does not', async () => {
	const { begin, spending } = runWith(10);
	const [kept, failed] = [await begin(0), await begin(1)];
	spending.leave(kept);
	failed.fail(false);
	spending.leave(failed);
	expect(spending.underWay).toBe(1);
});

test('nothing begins any more when all that is under way was given up', async () => {
	const { begin, spending } = runWith(10);
	for (const item of [0, 1]) spending.leave(await begin(item));
	await expect(begin(2)).rejects.toThrow(/limit of \$10 was reached, \$0 is spent and 2 tasks/);
});

describe('the next try', () => {
	test('goes on with what the earlier one has spent', async () => {
		const first = runWith(1);
		first.end(await first.begin(0), 0.5);
		first.end(await first.begin(1), 0.5);
		const second = runWith(1, again(first.ledger));
		expect(() => second.spendingLimit.assertOpen()).toThrow(/\$1 is spent/);
		expect(second.spending.underWay).toBe(0);
	});

	test('takes tasks of which the end was not seen for under way, each once', async () => {
		const first = runWith(10);
		await first.begin(0);
		await first.begin(1);
		const second = runWith(10, again(first.ledger));
		expect(second.spending.underWay).toBe(2);
		const [entry] = second.ledger.entries;
		const claim = new RunLedger(second.ledger, {
			runIndex: 0,
			executionId: 'execution-1',
			isToolCall: false,
			sourceOf: () => 'source',
		}).claim(0);
		expect(claim.entry).toBe(entry);
		second.spending.watch(claim);
		expect(second.spending.underWay).toBe(2);
	});

	test('takes a task that is not followed any more for charged', async () => {
		const first = runWith(10);
		const { entry } = await first.begin(0);
		if (entry) first.ledger.forget(entry);
		const second = runWith(10, again(first.ledger));
		expect(second.spending.underWay).toBe(1);
	});
});

describe('the warning', () => {
	test.each([
		[1, /could not count one task: Vtrix did not report/],
		[3, /could not count 3 tasks: Vtrix did not report/],
	])('tells that the cost of %d was not reported', async (count, told) => {
		const { begin, end, spendingLimit } = runWith(1);
		for (let item = 0; item < count; item += 1) end(await begin(item));
		expect(spendingLimit.warning).toMatch(told);
	});

	test('is none where each cost was reported, or where there is no limit', async () => {
		const limited = runWith(1);
		limited.end(await limited.begin(0), 0.1);
		expect(limited.spendingLimit.warning).toBeUndefined();
		const unlimited = runWith(0);
		unlimited.end(await unlimited.begin(0));
		expect(unlimited.spendingLimit.warning).toBeUndefined();
	});
});
