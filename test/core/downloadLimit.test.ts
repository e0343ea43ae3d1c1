/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setImmediate as rest } from 'node:timers/promises';
import { DownloadLimit } from '../../nodes/Vtrix/core/download/downloadLimit';

/** Pictures that ask for their turn at once, to be brought on by hand. */
function asking(limit: DownloadLimit, count: number) {
	const begun = new Array<number>();
	const pictures = Array.from({ length: count }, (_, index) => {
		const picture = { arrived: () => {}, stored: () => {}, done: Promise.resolve() };
		picture.done = limit.run(async (arrived) => {
			begun.push(index);
			picture.arrived = arrived;
			await new Promise<void>((resolve) => (picture.stored = resolve));
		});
		return picture;
	});
	return { begun, pictures };
}

/** The next wait for a size, ended by hand instead of after two seconds. */
function patienceByHand(): AbortController {
	const patience = new AbortController();
	jest.spyOn(AbortSignal, 'timeout').mockImplementationOnce((ms) => {
		expect(ms).toBe(2000);
		return patience.signal;
	});
	return patience;
}

/** A limit that knows large pictures of 25 MB: one comes at a time. */
function knowingLarge() {
	const limit = new DownloadLimit();
	limit.learnSize(25_000_000);
	return limit;
}

test('the next large picture is asked for when the one before has come, stored or not', async () => {
	const { begun, pictures } = asking(knowingLarge(), 3);
	await rest();
	expect(begun).toEqual([0]);
	pictures[0].arrived();
	await rest();
	expect(begun).toEqual([0, 1]);
});

test('a slow store holds one large picture beside the one that comes, not more', async () => {
	const { begun, pictures } = asking(knowingLarge(), 3);
	await rest();
	pictures[0].arrived();
	await rest();
	pictures[1].arrived();
	await rest();
	expect(begun).toEqual([0, 1]);
	pictures[0].stored();
	await rest();
	expect(begun).toEqual([0, 1, 2]);
});

test('the end of one picture lets the next begin, whether its length was told or not', async () => {
	const { begun, pictures } = asking(knowingLarge(), 2);
	await rest();
	pictures[0].stored();
	await pictures[0].done;
	await rest();
	expect(begun).toEqual([0, 1]);
});

test('a picture that fails tells who asked for it, and lets the next begin', async () => {
	const limit = knowingLarge();
	const failing = limit.run(async () => await Promise.reject(new Error('broken')));
	await expect(failing).rejects.toThrow('broken');
	await expect(limit.run(async () => await Promise.resolve('there'))).resolves.toBe('there');
});

test('the first picture comes alone until its size is known', async () => {
	const limit = new DownloadLimit();
	const { begun } = asking(limit, 9);
	await rest();
	expect(begun).toEqual([0]);
	limit.learnSize(1_000_000);
	await rest();
	expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a first picture without an answer does not hold up the others', async () => {
	const patience = patienceByHand();
	const { begun } = asking(new DownloadLimit(), 3);
	await rest();
	expect(begun).toEqual([0]);
	patience.abort();
	await rest();
	expect(begun).toEqual([0, 1]);
});

test('a failed attempt lets one more begin, and none more where the size is known', async () => {
	const unknown = new DownloadLimit();
	const first = asking(unknown, 9);
	unknown.stopWaitingForSize();
	await rest();
	expect(first.begun).toEqual([0, 1]);
	const large = knowingLarge();
	const second = asking(large, 9);
	large.stopWaitingForSize();
	await rest();
	expect(second.begun).toEqual([0]);
});

test('attempts that go on failing let more and more begin, eight at most', async () => {
	const limit = new DownloadLimit();
	const { begun } = asking(limit, 20);
	for (let failed = 0; failed < 5; failed += 1) limit.stopWaitingForSize();
	await rest();
	expect(begun).toHaveLength(8);
});

test('a slow first picture of a known size still comes alone', async () => {
	const patience = patienceByHand();
	const limit = new DownloadLimit();
	const { begun } = asking(limit, 3);
	limit.learnSize(25_000_000);
	patience.abort();
	await rest();
	expect(begun).toEqual([0]);
});

test('the queue has caught up while the last picture still comes, not while others wait', async () => {
	const limit = knowingLarge();
	const { pictures } = asking(limit, 3);
	let onQueueDrained = false;
	void limit.onQueueDrained().then(() => (onQueueDrained = true));
	pictures[0].arrived();
	await rest();
	expect(onQueueDrained).toBe(false);
	pictures[0].stored();
	await rest();
	pictures[1].arrived();
	pictures[1].stored();
	await rest();
	expect(onQueueDrained).toBe(true);
});
