import fc from 'fast-check';
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { atStandIn } from '../node/atStandIn';
import { filesSent } from '../node/filesSent';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { sampleFile, sampleImage } from '../support/sampleImage';
import { seededRandom } from '../standin/random';
import { computedOptions } from './computedFields';
import { drawn, RUNS, SEED } from './settings';

jest.setTimeout(120_000);

const at = atStandIn({ latencyMs: 0, groupSize: 1 });
const COLORS = ['#d62828', '#2a9d8f', '#2a6f97', '#f4a261', '#264653'];
const MOST_IMAGES = 5;
const ROWS = 3;
const COMPUTED = computedOptions(seededRandom(SEED, 'computed'));

let store: BinaryStore;
beforeEach(async () => {
	store = await initBinaryData();
});
afterEach(() => store.cleanup());

/** Names as people and other nodes give them, commas and signs of JSON among them. */
const fieldName = fc
	.string({ unit: fc.constantFrom(...'ab1,. -_"[]{}ä'), minLength: 1, maxLength: 6 })
	.filter((name) => name.trim() !== '' && name.trim() === name);

/** A row's images as places in the item's list of files, and how the row's value is to be written. */
interface WrittenRow {
	places: number[];
	kind: 'text' | 'json text' | 'list' | 'nested list' | 'objects' | 'map' | 'alone';
	/** Of each image, whether it is named or handed over as an object. */
	asObject: boolean[];
}

const writtenRow = (files: number): fc.Arbitrary<WrittenRow> =>
	fc.record({
		places: fc.array(fc.nat({ max: files - 1 }), { minLength: 1, maxLength: 2 }),
		kind: fc.constantFrom('text', 'json text', 'list', 'nested list', 'objects', 'map', 'alone'),
		asObject: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
	});

const wish = fc.uniqueArray(fieldName, { minLength: 1, maxLength: COLORS.length }).chain((names) =>
	fc.record({
		names: fc.constant(names),
		rows: fc
			.array(writtenRow(names.length), { minLength: 1, maxLength: ROWS })
			.filter((rows) => rows.flatMap(({ places }) => places).length <= MOST_IMAGES),
	}),
);

/** The value of a row: what it names, in the way it is to be written or in the next best one. */
function valueOf(
	{ places, kind, asObject }: WrittenRow,
	names: readonly string[],
	binary: Record<string, IBinaryData>,
): unknown {
	const entries = places.map((place, index) =>
		asObject[index] ? binary[names[place]] : names[place],
	);
	const ofPlaces = places.map((place) => names[place]);
	switch (kind) {
		case 'text':
			// With commas in any name a text of several names may mean another one.
			return places.length > 1 && names.some((name) => name.includes(','))
				? entries
				: ofPlaces.join(', ');
		case 'json text':
			return JSON.stringify(entries);
		case 'nested list':
			return entries.map((entry) => [[entry]]);
		case 'objects':
			return ofPlaces.map((name) => binary[name]);
		case 'map': {
			const map = Object.fromEntries(ofPlaces.map((name) => [name, binary[name]]));
			return Object.keys(map).join('\n') === ofPlaces.join('\n') ? map : entries;
		}
		case 'alone':
			return entries.length === 1 ? entries[0] : entries;
		case 'list':
			return entries;
	}
}

test(`any mix of names, file objects and lists is read to the same files (${drawn(RUNS)})`, async () => {
	const wishes = fc.sample(wish, { numRuns: RUNS, seed: SEED });
	const pictures = await Promise.all(COLORS.map(async (color) => await sampleImage({ color })));
	const stored = await fileItem(
		Object.fromEntries(
			await Promise.all(COLORS.map(async (color) => [color, await sampleFile({ color })] as const)),
		),
	);
	const items = wishes.map(({ names, rows }, index): INodeExecutionData => {
		const binary = Object.fromEntries(
			names.map((name, file) => [name, { ...stored.binary?.[COLORS[file]] }] as const),
		) as Record<string, IBinaryData>;
		const values = rows.map((row) => valueOf(row, names, binary));
		const json: IDataObject = JSON.parse(JSON.stringify({ prompt: String(index), values }));
		return { json, binary };
	});
	const { items: output } = await at.run(
		{
			model: 'spark_multi_dreamo',
			prompt: '={{ $json.prompt }}',
			inputImages: {
				image: Array.from({ length: ROWS }, (_, row) => ({
					source: 'file',
					fieldName: `={{ $json.values[${row}] ?? null }}`,
				})),
			},
			options: { ...COMPUTED, maxConcurrency: 20, waitForCompletion: false },
		},
		items,
		{ nodeOverrides: { onError: 'continueErrorOutput' } },
	);
	expect(output[1]?.map(({ json }) => json)).toEqual([]);
	const received = at.standIn.requests.flatMap((_, creation) => {
		try {
			return [at.sentParams(creation)];
		} catch {
			return [];
		}
	});
	for (const [index, { names, rows }] of wishes.entries()) {
		const sent = received.find(({ prompt }) => prompt === String(index));
		const wanted = rows.flatMap(({ places }) => places).map((place) => pictures[place]);
		expect({ names, rows, images: sent?.binary_data_base64 }).toEqual({
			names,
			rows,
			images: filesSent('split', wanted).binary_data_base64,
		});
	}
});

/** Ways in which an item can be wrong that only a look at its files or fields shows. */
const FAULTS = {
	'no file': async () => ({ json: {} }),
	'another field': async () => await fileItem({ data: await sampleFile() }),
	'no expression': async () => await fileItem({ photo: await sampleFile() }, { gone: true }),
	'a PDF': async () => await withBytes(Buffer.from('%PDF-1.7')),
	'base64 text': async () => await withBytes(Buffer.from((await sampleImage()).toString('base64'))),
	'an empty file': async () => await withBytes(Buffer.alloc(0)),
	'a GIF': async () => await withBytes(await sampleImage({ format: 'gif', width: 64, height: 64 })),
	'a picture cut off': async () => await withBytes((await sampleImage()).subarray(0, -20)),
	'a large file': async () => await withBytes(await sampleImage({ bytes: 4_700_001 })),
	'a long side': async () => await withBytes(await sampleImage({ width: 4097, height: 8 })),
	'a lost file': async () => ({
		json: {},
		binary: { photo: { mimeType: 'image/png', data: 'filesystem-v2', id: 'filesystem-v2:gone' } },
	}),
	'a file without content': async () => ({
		json: {},
		binary: { photo: { mimeType: 'image/png' } as unknown as IBinaryData },
	}),
	'no prompt': async () => await fileItem({ photo: await sampleFile() }, { prompt: '' }),
};
type FaultName = keyof typeof FAULTS;
const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

const withBytes = async (bytes: Buffer) =>
	await fileItem({ photo: { bytes, fileName: 'photo.png', mimeType: 'image/png' } });

test(`whatever is wrong with any of several items, nothing is paid for any (${drawn(Math.ceil(RUNS / 5))})`, async () => {
	await fc.assert(
		fc.asyncProperty(
			fc
				.array(fc.option(fc.constantFrom(...FAULT_NAMES), { freq: 2 }), {
					minLength: 1,
					maxLength: 12,
				})
				.filter((faults) => faults.some((fault) => fault !== null)),
			fc.integer({ min: 1, max: 12 }),
			async (faults, maxConcurrency) => {
				at.standIn.reset();
				const items = await Promise.all(
					faults.map(async (fault) =>
						fault === null ? await fileItem({ photo: await sampleFile() }) : await FAULTS[fault](),
					),
				);
				const { error } = await at.run(
					{
						model: 'spark_dreamo',
						prompt: '={{ $json.prompt ?? "A lighthouse" }}',
						inputImages: {
							image: [{ source: 'file', fieldName: '={{ $json.gone ? $json.nothing : "photo" }}' }],
						},
						options: { ...COMPUTED, maxConcurrency },
					},
					items,
				);
				expect(at.standIn.requests).toEqual([]);
				const wrong = faults.flatMap((fault, item) => (fault === null ? [] : [item]));
				expect(error?.context).toMatchObject({ itemIndex: wrong[0] });
				expect(error?.message).not.toMatch(/error|undefined|\[object/i);
				const others = wrong.length - 1;
				if (others > 0) expect(error?.description).toContain(`${others} other item`);
			},
		),
		{ numRuns: Math.ceil(RUNS / 5), seed: SEED },
	);
});
