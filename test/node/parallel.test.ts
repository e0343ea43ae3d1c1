import { atStandIn } from './atStandIn';

const at = atStandIn();

const model = { model: 'spark_dream_4_5', prompt: 'a lighthouse' };
const requestsOf = (kind: 'create' | 'download') =>
	at.standIn.requests.filter((request) => request.kind === kind);
const itemsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

test('no more tasks run at the same time than allowed', async () => {
	const { items } = await at.run({ ...model, options: { maxConcurrency: 3 } }, itemsOf(10));
	expect(items[0]).toHaveLength(10);
	expect(at.standIn.stats.peakOpenTasks).toBe(3);
});

test('no more than allowed, also where the fields of the first item can not be read', async () => {
	const { items } = await at.run(
		{
			...model,
			prompt: "={{ $json.isBad ? $('Nowhere').item.json.text : 'a lighthouse' }}",
			options: { maxConcurrency: 1 },
		},
		[{ json: { isBad: true } }, ...itemsOf(3)],
		{ nodeOverrides: { onError: 'continueErrorOutput' } },
	);
	expect(items.map((output) => output?.length)).toEqual([3, 1]);
	expect(at.standIn.stats.peakOpenTasks).toBe(1);
});

test('all tasks run at the same time unless told otherwise', async () => {
	at.standIn.configure({ latencyMs: 1500 });
	const { items } = await at.run(model, itemsOf(30));
	at.standIn.configure({ latencyMs: 20 });
	expect(items[0]).toHaveLength(30);
	expect(at.standIn.stats.peakOpenTasks).toBe(30);
});

test('the next task is created while the images of an ended one still come', async () => {
	at.standIn.configure({ delayMs: { download: 400 } });
	const { items } = await at.run({ ...model, options: { maxConcurrency: 1 } }, itemsOf(3));
	at.standIn.configure({ delayMs: {} });
	expect(items[0]).toHaveLength(3);
	const [first, second] = requestsOf('download');
	const [, created, createdLast] = requestsOf('create');
	expect(created.order).toBeLessThan(first.endOrder ?? 0);
	expect(createdLast.order).toBeLessThan(second.endOrder ?? 0);
	expect(at.standIn.stats.peakOpenTasks).toBe(1);
});

describe('the images of a group', () => {
	const group = { ...model, options: { sequentialImageGeneration: 'auto', maxImages: 12 } };

	/** The most downloads that were under way at the same time, those after the first. */
	const mostAtOnce = () => {
		const downloads = requestsOf('download').slice(1);
		const under = ({ order }: { order: number }) =>
			downloads.filter((other) => other.order <= order && order < (other.endOrder ?? Infinity))
				.length;
		return Math.max(...downloads.map(under));
	};

	test('come side by side when they are small', async () => {
		at.standIn.configure({ delayMs: { download: 50 } });
		const { items } = await at.run(group);
		at.standIn.configure({ delayMs: {} });
		expect(items[0]).toHaveLength(12);
		expect([8, 9]).toContain(mostAtOnce());
	});

	test.each([
		{ megabytes: 10, atOnce: 4, maxImages: 8 },
		{ megabytes: 20, atOnce: 2, maxImages: 5 },
		{ megabytes: 25, atOnce: 1, maxImages: 4 },
	])(
		'of $megabytes MB come $atOnce at a time, with one more at its beginning or end',
		async ({ megabytes, atOnce, maxImages }) => {
			at.standIn.configure({ delayMs: { download: 20 }, imageBytesSize: megabytes * 1_000_000 });
			const { items } = await at.run({ ...group, options: { ...group.options, maxImages } });
			at.standIn.configure({ delayMs: {}, imageBytesSize: 1 });
			expect(items[0]).toHaveLength(maxImages);
			expect([atOnce, atOnce + 1]).toContain(mostAtOnce());
		},
	);

	test('do not wait for the first ones that have to be tried again', async () => {
		at.standIn.fault('download', { type: 'status', code: 503 }, { times: 2 });
		const { items } = await at.run(group);
		expect(items[0]).toHaveLength(12);
		const triesOf = (image: number) =>
			requestsOf('download').filter(({ imageIndex }) => imageIndex === image);
		const [, again] = triesOf(0);
		expect(triesOf(11)[0].order).toBeLessThan(again.order);
	});
});

test('the output keeps the order of the input, whichever task ends first', async () => {
	const { standIn } = at;
	standIn.configure({ latencyMs: [10, 300] });
	const prompts = Array.from({ length: 12 }, (_, n) => `lighthouse ${n}`);
	const { items } = await at.run(
		{ ...model, prompt: '={{ $json.prompt }}' },
		prompts.map((prompt) => ({ json: { prompt } })),
	);
	standIn.configure({ latencyMs: 20 });
	expect(items[0]?.map(({ json }) => json.prompt)).toEqual(prompts);
	const ends = standIn.tasks.map(({ finishedAt = 0 }) => finishedAt);
	expect(ends).not.toEqual([...ends].sort((a, b) => a - b));
});
