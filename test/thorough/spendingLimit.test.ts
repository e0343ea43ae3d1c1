import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { atStandIn } from '../node/atStandIn';

const at = atStandIn({ costPerImage: 0.1 });

const CONTINUE = { nodeOverrides: { onError: 'continueRegularOutput' as const } };

const fields = (spendingLimit: unknown, options: INodeParameters = {}): INodeParameters => ({
	model: 'spark_dream_4_5',
	prompt: '={{ $json.prompt }}',
	options: {
		maxConcurrency: 1,
		spendingLimit: typeof spendingLimit === 'string' ? spendingLimit : Number(spendingLimit),
		...options,
	},
});

const items = (count: number): INodeExecutionData[] =>
	Array.from({ length: count }, (_, index) => ({ json: { prompt: `Picture ${index}` } }));

/** What each output item is: the prompt of a picture, or that it was left out or refused. */
const told = (output: readonly INodeExecutionData[]) =>
	output.map(({ json, binary, pairedItem }) => ({
		of: pairedItem,
		...(binary ? { made: json.prompt } : { without: json.reason ?? json.error }),
	}));

const made = (item: number) => ({ of: { item }, made: `Picture ${item}` });
const REACHED =
	'Not generated: the spending limit of $0.25 was reached, $0.3 is spent and no task is under way';

test('when finished tasks reach the limit no further one is created, and what is paid comes out', async () => {
	const { items: output, error, hints } = await at.run(fields(0.25), items(6));
	expect(error).toBeUndefined();
	expect(at.standIn.creationsReceived).toBe(3);
	expect(told(output[0])).toEqual([
		...[0, 1, 2].map(made),
		...[3, 4, 5].map((item) => ({ of: { item }, without: REACHED })),
	]);
	expect(output[0].slice(3).map(({ json }) => json.skipped)).toEqual([true, true, true]);
	expect(hints.map(({ message }) => message)).toEqual([
		`${REACHED}. The limit counts all tasks of this node in the execution. Raise 'Spending Limit', or run the remaining items again.`,
	]);
});

test('when items may fail, those left out are errors of their own', async () => {
	const { items: output, error } = await at.run(fields(0.25), items(5), CONTINUE);
	expect(error).toBeUndefined();
	expect(at.standIn.creationsReceived).toBe(3);
	expect(told(output[0])).toEqual([
		...[0, 1, 2].map(made),
		...[3, 4].map((item) => ({ of: { item }, without: REACHED })),
	]);
});

test('those left out come out of the error branch where one is wired', async () => {
	const { items: output } = await at.run(fields(0.25), items(5), {
		nodeOverrides: { onError: 'continueErrorOutput' },
	});
	expect(told(output[0])).toEqual([0, 1, 2].map(made));
	expect(output[1].map(({ json }) => json.error)).toEqual([REACHED, REACHED]);
});

test('tasks that run already are finished, and all comes out in the order of the input', async () => {
	at.standIn.configure({ latencyMs: [10, 300] });
	const { items: output, error } = await at.run(fields(0.25, { maxConcurrency: 4 }), items(12));
	expect(error).toBeUndefined();
	const { creationsReceived } = at.standIn;
	expect(creationsReceived).toBeGreaterThanOrEqual(3);
	expect(creationsReceived).toBeLessThanOrEqual(3);
	expect(output[0].filter(({ binary }) => binary)).toHaveLength(creationsReceived);
	expect(output[0].map(({ pairedItem }) => pairedItem)).toEqual(
		items(12).map((_, item) => ({ item })),
	);
});

test('a limit that is met exactly is reached, in spite of how decimals are added', async () => {
	// eight times 0.1 is a little less than 0.8 here
	await at.run(fields(0.8), items(10));
	expect(at.standIn.creationsReceived).toBe(8);
});

test('without a limit everything is made', async () => {
	const { items: output } = await at.run(fields(0), items(4));
	expect(told(output[0])).toEqual([0, 1, 2, 3].map(made));
});

test('of limits that differ between items the smallest holds for the run', async () => {
	const limited = items(6).map(({ json }, index) => ({
		json: { ...json, limit: ['$5', null, 0.8, '0.15', 0, 3][index] },
	}));
	const { items: output } = await at.run(fields('={{ $json.limit }}'), limited, CONTINUE);
	expect(at.standIn.creationsReceived).toBe(2);
	expect(output[0][0].json.error).toBe(
		'Spending Limit (USD): "$5" is not a number. Enter digits only.',
	);
});

test('tasks whose cost is not reported are told of', async () => {
	at.standIn.fault('poll', { type: 'usage', value: { discount: 0 } });
	const { hints, error } = await at.run(fields(0.25), items(2));
	expect(error).toBeUndefined();
	expect(hints.map(({ message }) => message)).toEqual([
		'The spending limit could not count 2 tasks: Vtrix did not report what was charged.',
	]);
});
