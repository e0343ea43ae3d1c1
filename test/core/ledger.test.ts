import { Ledger } from '../../nodes/Vtrix/core/pipeline/ledger';
import { RunLedger, type LedgerRun } from '../../nodes/Vtrix/core/pipeline/runLedger';

const task = { taskId: 'task-1', createdAt: 1775803925000, request: 'request' };

/** A run of the node whose items have the sources `source 0`, `source 1` and so on. */
const run = (ledger: Ledger, changes: Partial<LedgerRun> = {}) =>
	new RunLedger(ledger, {
		runIndex: 0,
		executionId: 'execution-1',
		isToolCall: false,
		sourceOf: (itemIndex) => `source ${itemIndex}`,
		...changes,
	});
const stored = ({ stored: entries }: Ledger) => new Ledger(JSON.parse(JSON.stringify(entries)));

test('the same item of the same run finds its task again, whatever its fields give', () => {
	const ledger = new Ledger({});
	run(ledger).claim(3).note(task);
	const again = run(ledger, { sourceOf: () => 'another source' });
	expect(again.claim(3).entry).toMatchObject(task);
});

test('a remembered task survives being stored with the execution', () => {
	const ledger = new Ledger({});
	run(ledger).claim(3).note(task);
	expect(run(stored(ledger)).claim(3).entry).toMatchObject(task);
});

test.each([
	{ idFrom: 'task_id' as const },
	{ idFrom: 'request_id' as const },
	{ model: 'spark_t2i_3_0', params: { prompt: 'a cat' }, cost: 0.5 },
	{ cost: null },
])('a remembered task is found again with all that is known of it: %j', (known) => {
	const ledger = new Ledger({});
	run(ledger)
		.claim(3)
		.note({ ...task, ...known });
	const again = stored(ledger);
	expect(run(again).claim(3).entry).toMatchObject({ ...task, ...known });
	expect(again.entries).toHaveLength(1);
});

describe('what version 0.1 has kept', () => {
	const kept = { taskId: 'task-1', createdAt: 1775803925000 };

	test.each([{}, { idFrom: 'task_id' }, { idFrom: 'request_id' }])(
		'is found by the item of the same request: %j',
		(more) => {
			const ledger = new Ledger({ '0:3:request': { ...kept, ...more } });
			const claim = run(ledger, { executionId: 'execution-2' }).claim(3);
			expect(claim.entry).toBeUndefined();
			claim.takeOverSame('request');
			expect(claim.entry).toMatchObject({ ...kept, ...more, place: '0:3' });
		},
	);

	test('is nothing for another request', () => {
		const claim = run(new Ledger({ '0:3:request': kept })).claim(3);
		claim.takeOverSame('another request');
		expect(claim.entry).toBeUndefined();
	});

	test('is not created again in that execution if its outcome is unknown', () => {
		const old = { '0:3:request': { uncertainIn: 'execution-1' } };
		const same = run(new Ledger(old)).claim(3);
		expect(same.entry?.unknown?.reason).toBe('An earlier try did not learn the outcome.');
		const later = run(new Ledger(old), { executionId: 'execution-2' }).claim(3);
		later.takeOverSame('request');
		expect(later.entry).toBeUndefined();
	});

	test('is nothing under a key of another form', () => {
		expect(new Ledger({ '0:3': kept }).entries).toEqual([]);
	});
});

test('why the outcome of a creation is not known is kept with what was answered, and nothing more', () => {
	const ledger = new Ledger({});
	const details = { taskIds: ['task-9'], code: 'E1', httpStatus: 503, requestId: 'r-1' };
	const unknown = Object.assign(new Error('boom'), { reason: 'No answer.', details });
	run(ledger).claim(0).note({ unknown });
	const { entry } = run(stored(ledger)).claim(0);
	expect(entry?.unknown).toEqual({ reason: 'No answer.', details });
	expect(run(stored(ledger)).paid).toEqual({
		taskIds: ['task-9'],
		lost: [],
		unknown: ['No answer.'],
	});
});

test.each([
	['another item', 0, 4],
	['another round of a loop', 1, 3],
	['item 31 in place of round 3, item 1', 0, 31],
])('%s does not find that task', (_, runIndex, itemIndex) => {
	const ledger = new Ledger({});
	run(ledger).claim(3).note(task);
	const other = run(ledger, { runIndex }).claim(itemIndex);
	other.takeOverSame('request');
	expect(other.entry).toBeUndefined();
});

describe('a retry of the execution', () => {
	const later = { executionId: 'execution-2' };

	test('finds the task of the same saved fields and input, wherever the item stands now', () => {
		const ledger = new Ledger({});
		run(ledger).claim(3).note(task);
		const retry = run(stored(ledger), { ...later, sourceOf: () => 'source 3' });
		expect(retry.claim(0).entry).toMatchObject(task);
		expect(retry.claim(3).entry).toBeUndefined();
	});

	test('finds the task of the same request though a field is saved differently', () => {
		const ledger = new Ledger({});
		run(ledger).claim(3).note(task);
		const claim = run(stored(ledger), { ...later, sourceOf: () => 'changed' }).claim(3);
		expect(claim.entry).toBeUndefined();
		claim.takeOverSame('request');
		expect(claim.entry).toMatchObject(task);
	});

	test('gives each of two items that are the same its own task', () => {
		const same = { sourceOf: () => 'same' };
		const ledger = new Ledger({});
		const first = run(ledger, same);
		first.claim(0).note(task);
		first.claim(1).note({ ...task, taskId: 'task-2' });
		const retry = run(stored(ledger), { ...later, ...same });
		expect(retry.claim(1).entry?.taskId).toBe('task-2');
		expect(retry.claim(0).entry?.taskId).toBe('task-1');
	});

	test('still tells of a task that failed and was charged', () => {
		const ledger = new Ledger({});
		const claim = run(ledger).claim(0);
		claim.note(task);
		claim.fail(true);
		const retry = run(stored(ledger), later);
		expect(retry.claim(0).entry).toBeUndefined();
		expect(retry.paidFor(0)).toEqual({ taskIds: [], lost: ['task-1'], unknown: [] });
	});

	test('creates what had an unknown outcome, as somebody decided so', () => {
		const ledger = new Ledger({});
		run(ledger)
			.claim(0)
			.note({ unknown: { reason: 'No answer.', details: {} } });
		const same = run(stored(ledger));
		expect(same.claim(0).entry?.unknown?.reason).toBe('No answer.');
		expect(run(stored(ledger), later).claim(0).entry).toBeUndefined();
	});
});

test('a task that failed at the provider is forgotten, the others stay', () => {
	const ledger = new Ledger({});
	const first = run(ledger);
	first.claim(0).note(task);
	first.claim(1).note({ ...task, taskId: 'task-2' });
	first.claim(0).fail(false);
	expect(run(ledger).claim(0).entry).toBeUndefined();
	expect(run(ledger).paid).toEqual({ taskIds: ['task-2'], lost: [], unknown: [] });
});

test('an item has one claim, however often it is asked for', () => {
	const first = run(new Ledger({}));
	expect(first.claim(0)).toBe(first.claim(0));
	expect(first.claim(1)).not.toBe(first.claim(0));
});

test('a task that failed and was charged is told, though a retry creates a new one', () => {
	const ledger = new Ledger({});
	const first = run(ledger).claim(0);
	first.note(task);
	first.fail(true);
	const second = run(stored(ledger));
	expect(second.claim(0).entry).toBeUndefined();
	expect(second.paidFor(0)).toMatchObject({ taskIds: [], lost: ['task-1'] });
});

test('a thousand rounds of a loop that fail leave the entries of one', () => {
	const ledger = new Ledger({});
	for (let runIndex = 0; runIndex < 1000; runIndex += 1) {
		run(ledger, { runIndex }).claim(0).note(task);
	}
	expect(Object.keys(ledger.stored)).toHaveLength(1);
});

test.each([{}, null, 'task-1', { taskId: '' }, { taskId: 7, createdAt: 0 }])(
	'what others wrote into the ledger is no task: %j',
	(strange) => {
		const claim = run(new Ledger({ '0:0:request': strange })).claim(0);
		claim.takeOverSame('request');
		expect(claim.entry).toBeUndefined();
	},
);

describe('a call of the tool', () => {
	const call = (ledger: Ledger, runIndex: number) =>
		run(ledger, { runIndex, isToolCall: true, sourceOf: () => 'words' });

	test('takes over what an earlier try of the same words has not delivered', () => {
		const ledger = new Ledger({});
		const first = call(ledger, 0);
		first.claim(0).note(task);
		expect(call(ledger, 1).claim(0).entry).toBeUndefined();
		first.release();
		expect(call(ledger, 1).claim(0).entry).toMatchObject(task);
	});

	test('takes over nothing that is delivered', () => {
		const ledger = new Ledger({});
		const first = call(ledger, 0);
		first.claim(0).note(task);
		first.close();
		first.release();
		expect(call(ledger, 1).claim(0).entry).toBeUndefined();
		expect(ledger.stored).toEqual({});
	});

	test('takes over an unknown outcome, so that nothing is sent again', () => {
		const ledger = new Ledger({});
		const first = call(ledger, 0);
		first.claim(0).note({ unknown: { reason: 'No answer.', details: {} } });
		first.release();
		expect(call(ledger, 1).claim(0).entry?.unknown?.reason).toBe('No answer.');
	});

	test('keeps of its items those of which something is missing', () => {
		const ledger = new Ledger({});
		const first = call(ledger, 0);
		first.claim(0).note(task);
		first.claim(1).note({ ...task, taskId: 'task-2' });
		first.close([1]);
		expect(first.paid.taskIds).toEqual(['task-2']);
	});

	test('alone keeps anything: a run that has delivered is not tried again', () => {
		const ledger = new Ledger({});
		const first = run(ledger);
		first.claim(1).note(task);
		first.close([1]);
		expect(ledger.entries).toEqual([]);
	});

	test('forgets no other call when it has delivered', () => {
		const ledger = new Ledger({});
		const [one, two] = [call(ledger, 0), call(ledger, 0)];
		one.claim(0).note(task);
		two.claim(0).note({ ...task, taskId: 'task-2' });
		one.close();
		expect(two.paid.taskIds).toEqual(['task-2']);
	});
});
