import { FairQueue } from '../../nodes/Vtrix/core/exchange/throttling/fairQueue';

interface Entry {
	owner: object;
	name: string;
}

/** A queue with these entries, each named by its owner's letter and a number. */
function queueOf(...names: string[]) {
	const queue = new FairQueue<Entry>();
	const owners = new Map<string, object>();
	const entryOf = (name: string): Entry => {
		const owner = owners.get(name[0]) ?? {};
		owners.set(name[0], owner);
		return { owner, name };
	};
	for (const name of names) queue.add(entryOf(name));
	return { queue, entryOf, names: () => queue.entries().map(({ name }) => name) };
}

/** All that is taken, in turn. */
function taken(queue: FairQueue<Entry>): string[] {
	const all: string[] = [];
	for (let next = queue.take(); next; next = queue.take()) all.push(next.name);
	return all;
}

describe('a queue of several owners', () => {
	test('serves them in turns, each in the order of asking', () => {
		const { queue } = queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'b2');
		expect(queue.size).toBe(6);
		expect(queue.owners()).toHaveLength(3);
		expect(taken(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
		expect(queue.size).toBe(0);
		expect(queue.owners()).toEqual([]);
	});

	test('serves the next owner where the first of another may not go, and that one later', () => {
		const { queue } = queueOf('a1', 'a2', 'b1');
		expect(queue.take(({ name }) => name !== 'a1')?.name).toBe('b1');
		expect(queue.take(({ name }) => name !== 'a1')).toBeUndefined();
		expect(queue.size).toBe(2);
		expect(taken(queue)).toEqual(['a1', 'a2']);
	});

	test('takes in one before others of its owner that need not precede it', () => {
		const { queue, entryOf, names } = queueOf('a1', 'a2', 'b1');
		queue.add(entryOf('a0'), ({ name }) => name === 'a1');
		expect(names()).toEqual(['a1', 'a0', 'a2', 'b1']);
		queue.add(entryOf('a-'), () => false);
		expect(names()).toEqual(['a-', 'a1', 'a0', 'a2', 'b1']);
	});

	test('keeps the turn of one that could not go after all', () => {
		const { queue, names } = queueOf('a1', 'a2', 'b1');
		const first = queue.take();
		if (!first) throw new Error('Nothing waits');
		expect(names()).toEqual(['b1', 'a2']);
		queue.putBack(first, () => false);
		expect(queue.size).toBe(3);
		expect(taken(queue)).toEqual(['a1', 'b1', 'a2']);
	});

	test('lets those go that are meant, and keeps the turns of the others', () => {
		const { queue, names } = queueOf('a1', 'a2', 'b1', 'c1', 'c2');
		const gone = queue.remove(({ name }) => ['a1', 'b1'].includes(name));
		expect(gone.map(({ name }) => name)).toEqual(['a1', 'b1']);
		expect(names()).toEqual(['a2', 'c1', 'c2']);
		expect(queue.size).toBe(3);
		expect(queue.owners()).toHaveLength(2);
		expect(queue.remove(() => false)).toEqual([]);
	});
});
