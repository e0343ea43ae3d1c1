import { Ledger } from '../../nodes/Vtrix/core/pipeline/ledger';

const entry = { taskId: 'task-1', createdAt: 1775803925000 };

test('the same item with the same request finds its task again', () => {
	const kept = {};
	new Ledger(kept, '0').note(3, 'request', entry);
	expect(new Ledger(kept, '0').find(3, 'request')).toEqual(entry);
});

test('a remembered task survives being stored with the execution', () => {
	const kept = {};
	new Ledger(kept, '0').note(3, 'request', entry);
	expect(new Ledger(JSON.parse(JSON.stringify(kept)), '0').find(3, 'request')).toEqual(entry);
});

test.each([
	['another item', '0', 4, 'request'],
	['another iteration of a loop', '1', 3, 'request'],
	['a changed request', '0', 3, 'other request'],
	['item 31 in place of iteration 3, item 1', '0', 31, 'request'],
])('%s does not find that task', (_, run, itemIndex, request) => {
	const kept = {};
	new Ledger(kept, '0').note(3, 'request', entry);
	expect(new Ledger(kept, run).find(itemIndex, request)).toBeUndefined();
});

test('a creation whose outcome is not known is kept as such', () => {
	const ledger = new Ledger({}, '0');
	ledger.note(0, 'request', { uncertainIn: 'execution-1' });
	expect(ledger.find(0, 'request')).toEqual({ uncertainIn: 'execution-1' });
});

test('a task that failed at the provider is forgotten, the others stay', () => {
	const ledger = new Ledger({}, '0');
	ledger.note(0, 'request', entry);
	ledger.note(1, 'request', entry);
	ledger.forget(0, 'request');
	expect(ledger.find(0, 'request')).toBeUndefined();
	expect(ledger.find(1, 'request')).toEqual(entry);
});

test('a run that is done forgets its own tasks only', () => {
	const kept = {};
	const [first, second, eleventh] = ['0', '1', '10'].map((run) => new Ledger(kept, run));
	for (const ledger of [first, second, eleventh]) ledger.note(0, 'request', entry);
	second.close();
	expect(second.find(0, 'request')).toBeUndefined();
	expect(first.find(0, 'request')).toEqual(entry);
	expect(eleventh.find(0, 'request')).toEqual(entry);
});

test.each([{}, null, 'task-1', { taskId: '' }, { taskId: 7, createdAt: 0 }])(
	'what others wrote into the ledger is no task: %j',
	(strange) => {
		expect(new Ledger({ '0:0:request': strange }, '0').find(0, 'request')).toBeUndefined();
	},
);
