/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { openFile, unreadable } from '../../nodes/Vtrix/n8n/input/storedFile';
import type { PictureSource } from '../../nodes/Vtrix/core/imageFile/readPicture';
import { contentOf, type FileContent } from '../../nodes/Vtrix/n8n/input/fileObjects';
import { fileItem, initBinaryData, type BinaryStore } from '../support/binaryStore';
import { probe } from '../support/probe';
import { runNode } from '../support/runNode';

/** Most bytes that a reading hands over at once. */
const LARGEST_PIECE = 256 * 1024;

/** What n8n's helpers give of a file, while its node runs. */
async function look(content: FileContent, see: (source: PictureSource) => Promise<void>) {
	const { error } = await runNode({
		node: probe(async (node) => {
			await see(await openFile(node, content));
			return [[]];
		}),
	});
	expect(error?.message).toBeUndefined();
}

async function piecesOf(source: PictureSource): Promise<Buffer[]> {
	const pieces: Buffer[] = [];
	for await (const piece of source.read()) pieces.push(piece);
	return pieces;
}

/** Sizes at which base64 ends in each of its ways, in one part and in several. */
const SIZES = [1, 2, 3, 4, 1010, 196_607, 196_608, 196_609, 500_000];
const FORMS: Array<[string, (bytes: Buffer) => string]> = [
	['in one line', (bytes) => bytes.toString('base64')],
	['without padding', (bytes) => bytes.toString('base64').replace(/=+$/, '')],
	['in the alphabet of URLs', (bytes) => bytes.toString('base64url')],
];

test.each(FORMS)('a file inside the item is read in parts, base64 %s', async (_, write) => {
	for (const size of SIZES) {
		const bytes = randomBytes(size);
		await look({ base64: write(bytes) }, async (source) => {
			expect(source.bytes).toBe(size);
			const pieces = await piecesOf(source);
			expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(LARGEST_PIECE);
			expect(pieces.every(({ length }) => length > 0)).toBe(true);
			expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
		});
	}
});

test('a file inside the item that is base64 in lines is read right', async () => {
	for (const size of SIZES) {
		const bytes = randomBytes(size);
		const base64 = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
		await look({ base64 }, async (source) => {
			expect(source.bytes).toBe(size);
			expect(Buffer.concat(await piecesOf(source)).equals(bytes)).toBe(true);
			const end = await source.readEnd?.(1000);
			expect(end?.equals(bytes.subarray(-1000))).toBe(true);
		});
	}
});

describe.each(FORMS)('the end of a file inside the item, base64 %s', (_, write) => {
	test.each([1, 2, 3, 4, 1000, 65_536])(
		'is its last %d bytes, or all that it has',
		async (wanted) => {
			for (const size of SIZES) {
				const bytes = randomBytes(size);
				await look({ base64: write(bytes) }, async ({ readEnd }) => {
					const end = await readEnd?.(wanted);
					expect([size, end?.equals(bytes.subarray(-wanted))]).toEqual([size, true]);
				});
			}
		},
	);
});

describe('a file in the store', () => {
	let store: BinaryStore;
	beforeEach(async () => {
		store = await initBinaryData();
	});
	afterEach(() => store.cleanup());

	const onDisk = async (bytes: Buffer): Promise<FileContent> => {
		const { binary } = await fileItem({
			data: { bytes, fileName: 'a.png', mimeType: 'image/png' },
		});
		const content = contentOf({ ...binary?.data });
		if (!content) throw new Error('n8n has put the file nowhere');
		return content;
	};

	test('gives its end without what stands before it', async () => {
		const bytes = randomBytes(3_000_000);
		const opened = jest.spyOn(store.service, 'getAsStream');
		await look(await onDisk(bytes), async ({ bytes: size, readEnd }) => {
			expect(size).toBe(3_000_000);
			for (const wanted of [1, 1000, 65_536, 3_000_000, 4_000_000]) {
				expect((await readEnd?.(wanted))?.equals(bytes.subarray(-wanted))).toBe(true);
			}
		});
		const streams = await Promise.all(opened.mock.results.map(async ({ value }) => await value));
		expect(streams.map(({ bytesRead }) => bytesRead)).toEqual([
			1, 1000, 65_536, 3_000_000, 3_000_000,
		]);
	});

	test.each([
		['longer', 10],
		['shorter', -10],
	])('that became %s since gives no end, instead of a wrong one', async (__, change) => {
		const content = await onDisk(randomBytes(1000));
		const { getMetadata } = store.service;
		jest.spyOn(store.service, 'getMetadata').mockImplementation(async (...args) => {
			const metadata = await getMetadata.apply(store.service, args);
			return { ...metadata, fileSize: metadata.fileSize - change };
		});
		await look(content, async ({ readEnd }) => {
			expect(await readEnd?.(100)).toBeUndefined();
		});
	});

	test('that n8n gives from its beginning after all gives no end, and is not read through', async () => {
		let read = 0;
		jest.spyOn(store.service, 'getAsStream').mockImplementation(async () => {
			const beginning = (function* () {
				for (; read < 100; read += 1) yield Buffer.alloc(100);
			})();
			return await Promise.resolve(Readable.from(beginning, { highWaterMark: 1 }));
		});
		await look(await onDisk(randomBytes(10_000)), async ({ readEnd }) => {
			expect(await readEnd?.(150)).toBeUndefined();
		});
		expect(read).toBeLessThan(10);
	});

	test('that is not on disk gives no end', async () => {
		jest
			.spyOn(store.service, 'getMetadata')
			.mockResolvedValue({ fileSize: 10, mimeType: 'image/png' });
		await look({ id: 's3:workflows/x/y' }, async ({ bytes, readEnd }) => {
			expect([bytes, readEnd]).toEqual([10, undefined]);
			return await Promise.resolve();
		});
	});

	test('of which n8n has not recorded the size is counted', async () => {
		const bytes = randomBytes(300_000);
		const content = await onDisk(bytes);
		jest.spyOn(store.service, 'getMetadata').mockRejectedValue(new Error('no metadata'));
		await look(content, async (source) => {
			expect(source.bytes).toBe(300_000);
			expect(source.readEnd).toBeUndefined();
			expect(Buffer.concat(await piecesOf(source)).equals(bytes)).toBe(true);
		});
	});
});

describe("a file that n8n can't give", () => {
	const STORED: FileContent = { id: 'filesystem-v2:workflows/x/y' };
	const named = (name: string, message = '') => Object.assign(new Error(message), { name });

	test.each<[string, unknown]>([
		['by what is said', new Error('The file was not found')],
		['by its name', named('NotFound')],
		['by the name of what is behind it', new Error('Failed', { cause: named('NoSuchKey') })],
		[
			'far behind it',
			[1, 2, 3, 4, 5].reduce((cause) => new Error('Failed', { cause }), new Error('ENOENT: open')),
		],
	])('because it is gone is told to be gone: %s', (_, error) => {
		expect(unreadable(STORED, error)).toMatch(/^is no longer in n8n's file store\./);
	});

	test.each<[string, unknown, string]>([
		['an error', new Error('Access denied'), 'Access denied'],
		['one of several lines', new Error('Access denied\n    at read'), 'Access denied'],
		['a text', 'Access denied', 'Access denied'],
		['an error without words', named('TimeoutError'), 'TimeoutError'],
		['nothing', undefined, 'no reason was given'],
		['a long one', new Error('x'.repeat(1000)), 'x'.repeat(150)],
	])('for another reason is told with it: %s', (_, error, reason) => {
		expect(unreadable(STORED, error)).toBe(
			`could not be read from n8n's file store: ${reason}. Check the store, then run again.`,
		);
	});

	test('because of an error that names itself as its cause is told', () => {
		const error = new Error('Broken');
		error.cause = error;
		expect(unreadable(STORED, error)).toMatch(/store: Broken\./);
	});

	test.each(['1BxiMVs0XRA5n', 'AAMkAGz:1', 'file:'])(
		'because it is elsewhere is told to be: %s',
		(id) => {
			expect(unreadable({ id }, new Error('Unknown'))).toMatch(
				/^describes a file that is somewhere else\./,
			);
		},
	);
});
