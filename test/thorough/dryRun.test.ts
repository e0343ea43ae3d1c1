import fc from 'fast-check';
import { z } from 'zod';
import { DOCUMENTED_MODELS } from '../models/checking';
import { atStandIn } from '../node/atStandIn';
import { isRecord } from '../standin/validation/checks';
import { asItem, fieldsByExpression, fitsAnItem } from './asItems';
import { expectedParams } from './expected';
import { picturesFor } from './pictures';
import { allowedRequest } from './requests';
import { drawn, RUNS, SEED } from './settings';

const at = atStandIn({ latencyMs: 0, groupSize: 1 });

const DRY_RUNS = Math.ceil(RUNS / 100);

const imageData = z.object({ bytes: z.number(), dataUri: z.string().optional() });

/** A body as the stand-in keeps it, with image data as a dry run shows it. */
function asShown(body: unknown): unknown {
	const image = imageData.safeParse(body);
	if (image.success) {
		const { bytes, dataUri } = image.data;
		return `${dataUri === undefined ? '' : `${dataUri},`}<${bytes} bytes>`;
	}
	if (Array.isArray(body)) return body.map(asShown);
	if (!isRecord(body)) return body;
	return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, asShown(value)]));
}

const withOption = (fields: ReturnType<typeof fieldsByExpression>, dryRun: boolean) => ({
	...fields,
	options: { ...(isRecord(fields.options) ? fields.options : {}), dryRun },
});

describe.each(DOCUMENTED_MODELS)('a dry run of $id', (documented) => {
	const { id, facts } = documented;

	test(`sends nothing and shows what is sent otherwise (${drawn(DRY_RUNS)})`, async () => {
		const { good } = await picturesFor(facts.images);
		const wishes = fc.sample(allowedRequest(facts, good).filter(fitsAnItem(documented)), {
			numRuns: DRY_RUNS,
			seed: SEED,
		});
		const fields = fieldsByExpression(documented);
		const items = await Promise.all(wishes.map(asItem(documented)));

		const dry = await at.run(withOption(fields, true), items);
		expect(dry.error).toBeUndefined();
		expect(at.standIn.requests).toEqual([]);
		expect(dry.items[0].map(({ pairedItem }) => pairedItem)).toEqual(
			wishes.map((_, item) => ({ item })),
		);

		const { items: made, error } = await at.run(withOption(fields, false), items);
		expect(error).toBeUndefined();
		const creations = at.standIn.requests.filter(({ kind }) => kind === 'create');
		for (const [item, { json }] of dry.items[0].entries()) {
			const image = made[0].find(
				({ pairedItem }) => isRecord(pairedItem) && pairedItem.item === item,
			);
			const sent = creations.find(({ taskId }) => taskId === image?.json.taskId);
			expect(json.request).toEqual(asShown(sent?.body));
		}

		for (const [item, wish] of wishes.entries()) {
			const { sequential_image_generation_options: group, sequential_image_generation: mode } =
				expectedParams(facts, wish);
			const asked = isRecord(group) ? group.max_images : undefined;
			expect(dry.items[0][item].json).toMatchObject({
				dryRun: true,
				model: id,
				tasks: 1,
				maxImages: mode === 'auto' ? (asked ?? 15) : 1,
			});
		}
	}, 60_000);
});

test('a dry run refuses what would be refused', async () => {
	const { error } = await at.run({
		model: 'spark_dream_5_0',
		prompt: 'A lighthouse',
		size: '100x100',
		options: { dryRun: true },
	});
	expect(error?.message).toContain('Size: "100x100" has too few pixels');
	expect(at.standIn.requests).toEqual([]);
});

test('a dry run of a custom model shows its request too', async () => {
	const { items } = await at.run({
		model: 'custom',
		customModelId: 'custom_painter',
		customParameters: '{"prompt": "A lighthouse", "list": [1, {"deep": null}]}',
		options: { dryRun: true },
	});
	expect(items[0]).toEqual([
		{
			json: {
				dryRun: true,
				model: 'custom_painter',
				tasks: 1,
				maxImages: 1,
				request: {
					model: 'custom_painter',
					input: [{ params: { prompt: 'A lighthouse', list: [1, { deep: null }] } }],
				},
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(at.standIn.requests).toEqual([]);
});
