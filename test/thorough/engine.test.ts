/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { INodeExecutionData } from 'n8n-workflow';
import { DOCUMENTED_MODELS } from '../models/checking';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { abbreviate } from '../standin/server/abbreviate';
import { initBinaryData, type BinaryStore } from '../support/binaryStore';
import { asItem, fieldsByExpression, fitsAnItem } from './asItems';
import { breachesOf } from './breaches';
import { expectedParams } from './expected';
import { labelOf } from './labels';
import { picturesFor, type Pictures } from './pictures';
import { allowedRequest } from './requests';
import { drawn, ENGINE_RUNS, SEED } from './settings';

let standIn: StandIn;
let store: BinaryStore;

beforeAll(async () => {
	store = await initBinaryData();
	standIn = await startStandIn({ latencyMs: 0, tinyImages: true, groupSize: 1 });
});
afterAll(async () => {
	await standIn.close();
	store.cleanup();
});
beforeEach(() => standIn.reset());

/** The body that created the task of an item, image data shortened. */
function creationOf(itemIndex: number, items: readonly INodeExecutionData[]): unknown {
	const made = items.find(({ pairedItem }) => isDeepStrictEqual(pairedItem, { item: itemIndex }));
	const { taskId } = made?.json ?? {};
	return standIn.requests.find((one) => one.kind === 'create' && one.taskId === taskId)?.body;
}

const CONTINUE = { nodeOverrides: { onError: 'continueRegularOutput' as const } };

describe.each(DOCUMENTED_MODELS)('$id in the engine of n8n', (documented) => {
	const { id, facts } = documented;
	let pictures: Pictures;

	beforeAll(async () => {
		pictures = await picturesFor(facts.images);
	}, 60_000);

	test(`sends what is allowed as it is meant, by real requests (${drawn(ENGINE_RUNS)})`, async () => {
		const wishes = fc.sample(allowedRequest(facts, pictures.good).filter(fitsAnItem(documented)), {
			numRuns: ENGINE_RUNS,
			seed: SEED,
		});
		const { items, error } = await runVtrix(
			standIn,
			fieldsByExpression(documented),
			await Promise.all(wishes.map(asItem(documented))),
			CONTINUE,
		);
		expect(error).toBeUndefined();
		expect(standIn.complaints).toEqual([]);
		expect(items[0].filter(({ json }) => 'error' in json)).toEqual([]);
		expect(standIn.creationsAccepted).toBe(ENGINE_RUNS);
		for (const [index, wish] of wishes.entries()) {
			const params = expectedParams(facts, wish);
			expect(creationOf(index, items[0])).toEqual(abbreviate({ model: id, input: [{ params }] }));
		}
	}, 120_000);

	test(`refuses what is not, each item for its own field, before anything is sent (${drawn(ENGINE_RUNS * 2)})`, async () => {
		const breach = fc.oneof(
			...breachesOf(facts, pictures).map(({ limit, field, requests }) =>
				requests
					.filter(fitsAnItem(documented))
					.map((wish) => ({ limit, label: labelOf(documented, field), wish })),
			),
		);
		const cases = fc.sample(breach, { numRuns: ENGINE_RUNS * 2, seed: SEED });
		const { items, error } = await runVtrix(
			standIn,
			fieldsByExpression(documented),
			await Promise.all(cases.map(async ({ wish }) => await asItem(documented)(wish))),
			CONTINUE,
		);
		expect(error).toBeUndefined();
		expect(standIn.requests).toEqual([]);
		expect(items[0]).toHaveLength(cases.length);
		for (const [index, { limit, label }] of cases.entries()) {
			expect({ limit, refusal: items[0][index].json.error }).toEqual({
				limit,
				refusal: expect.stringContaining(label),
			});
			expect(items[0][index].pairedItem).toEqual({ item: index });
		}
	}, 120_000);
});
