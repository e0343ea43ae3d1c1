import fc from 'fast-check';
import type { INodeExecutionData } from 'n8n-workflow';
import { readHeader } from '../../nodes/Vtrix/core/imageFile/imageHeader';
import { imagesField, MODELS_WITH_IMAGES } from '../models/checking';
import { runVtrix } from '../node/runVtrix';
import { startStandIn, type StandIn } from '../standin';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { sampleImage } from '../support/sampleImage';
import { claims } from './bombs';
import { otherFiles } from './otherFiles';
import { chunk, PNG_SIGNATURE, pngHeader } from './plainPng';
import { drawn, RUNS, SEED } from './settings';

// large files on a busy machine
jest.setTimeout(30_000);

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

const FORMATS = ['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'] as const;
const CONTINUE = { nodeOverrides: { onError: 'continueRegularOutput' as const } };

const photo = async (bytes: Uint8Array, mimeType: string, fileName = 'photo.png') =>
	await fileItem({ data: { bytes, mimeType, fileName } });

/** Runs a model over items with one file each. */
const runOver = async (model: string, items: INodeExecutionData[]) =>
	await runVtrix(
		standIn,
		{ model, prompt: 'A lighthouse', inputImages: { image: [{ fieldName: 'data' }] } },
		items,
		CONTINUE,
	);

const errorsOf = async (model: string, items: INodeExecutionData[]) =>
	(await runOver(model, items)).items[0].map(({ json }) => json.error);

describe.each(MODELS_WITH_IMAGES)('files for $id', ({ id, facts }) => {
	test('that are no pictures are called what they are, whatever their name and type say', async () => {
		const items = await Promise.all(
			otherFiles.map(async ({ bytes, mimeType }) => await photo(bytes, mimeType)),
		);
		const errors = await errorsOf(id, items);
		expect(standIn.requests).toEqual([]);
		for (const [index, { what, called }] of otherFiles.entries()) {
			expect({ what, error: errors[index] }).toEqual({
				what,
				error: expect.stringContaining(`${imagesField(id)}: "data" is ${called}`),
			});
		}
	});

	test('of each format are taken or refused by their bytes, with a name and type that lie', async () => {
		const items = await Promise.all(
			FORMATS.map(async (format) => {
				const lie = format === 'png' ? 'jpeg' : 'png';
				const bytes = await sampleImage({ format, width: 120, height: 100 });
				return await photo(bytes, `image/${lie}`, `photo.${lie}`);
			}),
		);
		const errors = await errorsOf(id, items);
		expect(errors.map((error) => error === undefined)).toEqual(
			FORMATS.map((format) => facts.images.formats.includes(format)),
		);
		expect(standIn.complaints).toEqual([]);
		expect(standIn.creationsAccepted).toBe(facts.images.formats.length);
	});

	test('that claim to be enormous are refused with what they claim', async () => {
		const items = await Promise.all(
			claims.map(async ({ bytes }) => await photo(bytes, 'image/png')),
		);
		const errors = await errorsOf(id, items);
		expect(standIn.requests).toEqual([]);
		for (const [index, { what }] of claims.entries()) {
			expect({ what, error: errors[index] }).toEqual({
				what,
				error: expect.stringMatching(/"data" is ([\d]+ × [\d]+ pixels|in the .* format)/),
			});
		}
	});

	test('of no bytes are told from missing ones', async () => {
		const empty = await photo(Buffer.alloc(0), 'image/png');
		const none = { json: {} };
		const other = await fileItem({
			attachment: { bytes: Buffer.alloc(9), mimeType: 'image/png', fileName: 'a.png' },
		});
		const errors = await errorsOf(id, [empty, none, other]);
		const field = imagesField(id);
		expect(errors).toEqual([
			`${field}: "data" is an empty file. Check the node that delivers it.`,
			`${field}: "data" is not there: the item carries no files. Connect a node that delivers a file, or choose URL as the source.`,
			`${field}: "data" is not a file field of this item. It has 'attachment'.`,
		]);
	});
});

describe.each(FORMATS)('a %s file', (format) => {
	test('cut off anywhere is read as it is, or not at all', async () => {
		const whole = await sampleImage({ format, width: 321, height: 123 });
		const ends = Array.from({ length: Math.min(whole.length, 3000) }, (_, end) => end);
		const read = ends.map((end) => readHeader(whole.subarray(0, end)));
		expect(read[0]).toBeUndefined();
		expect(read[9]).toBeUndefined();
		for (const header of read) {
			if (header) expect(header).toMatchObject({ width: 321, height: 123 });
		}
		expect(readHeader(whole)).toMatchObject({ width: 321, height: 123 });
	});

	test('cut off stands in memory beside other data, which is not taken for its own', async () => {
		const whole = await sampleImage({ format, width: 321, height: 123 });
		for (let end = 0; end < Math.min(whole.length, 1000); end += 1) {
			const memory = Buffer.alloc(end + 1000, 0x55);
			whole.copy(memory, 0, 0, end);
			const header = readHeader(memory.subarray(0, end));
			if (header) expect(header).toMatchObject({ width: 321, height: 123 });
		}
	});
});

test('a PNG whose header does not come first, which no decoder opens, has no size', () => {
	for (const before of [chunk('CgBI', Buffer.alloc(4)), chunk('tEXt', Buffer.from('a\0b'))]) {
		expect(readHeader(Buffer.concat([PNG_SIGNATURE, before, pngHeader(321, 123)]))).toBeUndefined();
	}
});

test(`any bytes are either read or refused (${drawn(RUNS)})`, async () => {
	const samples = await Promise.all(
		FORMATS.map(async (format) => await sampleImage({ format, width: 40, height: 30 })),
	);
	const mutated = fc
		.tuple(
			fc.constantFrom(...samples, ...otherFiles.map(({ bytes }) => bytes)),
			fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { maxLength: 8 }),
			fc.nat({ max: 2000 }),
		)
		.map(([file, changes, end]) => {
			const copy = Buffer.from(file);
			for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
			return copy.subarray(0, end);
		});
	const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
	fc.assert(
		fc.property(fc.oneof(mutated, random), (bytes) => {
			const header = readHeader(bytes);
			if (header) {
				expect(header.width).toBeGreaterThan(0);
				expect(header.height).toBeGreaterThan(0);
			}
		}),
		{ numRuns: RUNS, seed: SEED },
	);
});
