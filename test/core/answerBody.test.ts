/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { readAnswerBody } from '../../nodes/Vtrix/core/exchange/answers/answerBody';
import type { FoundImage, KeepImage } from '../../nodes/Vtrix/core/exchange/answers/answerReader';
import { TooLargeError } from '../../nodes/Vtrix/core/exchange/http/readBody';
import { byteStream } from '../faults/plainHttp';

interface Kept extends FoundImage {
	bytes: Buffer;
	/** The longest piece that it came in. */
	longest: number;
}

/** Reads an answer that comes in these chunks, and keeps its images. */
async function readChunks(chunks: Iterable<Buffer> | AsyncIterable<Buffer>, silenceMs = 60_000) {
	const kept: Kept[] = [];
	const broken: unknown[] = [];
	const keepImage: KeepImage = async (pieces, found) => {
		const parts: Buffer[] = [];
		try {
			for await (const piece of pieces) parts.push(piece);
		} catch (error) {
			broken.push(error);
		}
		const longest = Math.max(0, ...parts.map(({ length }) => length));
		return kept.push({ ...found, bytes: Buffer.concat(parts), longest }) - 1;
	};
	const body = byteStream(Readable.from(chunks));
	const text = await readAnswerBody(body, { silenceMs, keepImage });
	return { text, kept, broken };
}

/** Cuts a text into chunks of so many bytes, in turn. */
function* cut(text: string, sizes: readonly number[]): Iterable<Buffer> {
	const bytes = Buffer.from(text);
	for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
		const size = sizes[turn % sizes.length];
		yield bytes.subarray(at, at + size);
		at += size;
	}
}

const whole = async (text: string) => await readChunks([Buffer.from(text)]);

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Array.from({ length: 96 }, (_, n) => n * 3)]);

describe('an answer with images inside', () => {
	const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
	const image = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
	/** How base64 is written by one JSON library or another. */
	const spelling = fc.constantFrom<(base64: string) => string>(
		(base64) => base64,
		(base64) => base64.replaceAll('/', '\\/'),
		(base64) => base64.replaceAll('=', '\\u003d').replaceAll('+', '\\u002B'),
		(base64) => base64.replaceAll(/.{10}/g, '$&\\r\\n'),
		(base64) => base64.replaceAll('=', ''),
		(base64) => base64.replaceAll('+', '-').replaceAll('/', '_'),
		(base64) => `data:image/png;base64,${base64}`,
		(base64) => `data:image\\/png;charset=x;base64,${base64.replaceAll('/', '\\/')}`,
	);
	const other = fc.json({ noUnicodeString: false });
	const entry = fc.oneof(
		fc.record({ image, spelling, more: other, first: fc.boolean() }),
		fc.record({ more: other }),
	);

	test('gives each image whole, and a number in its place, wherever its chunks end', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(entry, { maxLength: 5 }),
				fc.string({ unit: 'grapheme' }),
				fc.boolean(),
				chunkSizes,
				async (entries, word, statusFirst, sizes) => {
					const content = entries.map((one) => {
						if (!('image' in one)) return `{"url": "u", "more":${one.more}}`;
						const base64 = `"b64_json" : "${one.spelling(one.image.toString('base64'))}"`;
						return one.first ? `{${base64},"more":${one.more}}` : `{"more":${one.more},${base64}}`;
					});
					const id = `"id":${JSON.stringify(word)}`;
					const output = `"output":[{"content":[${content.join(', ')}]}]`;
					const status = '"status":"completed"';
					const json = `{${(statusFirst ? [status, id, output] : [output, id, status]).join(',')}}`;

					const { text, kept, broken } = await readChunks(cut(json, sizes));

					let number = 0;
					const expected = entries.map((one) => {
						const more: unknown = JSON.parse(one.more);
						return 'image' in one
							? { b64_json: `inline:${(number += 1) - 1}`, more }
							: { url: 'u', more };
					});
					expect(JSON.parse(text)).toEqual({
						status: 'completed',
						id: word,
						output: [{ content: expected }],
					});
					const images = entries.flatMap((one) => ('image' in one ? [one.image] : []));
					expect(kept.map(({ bytes }) => bytes)).toEqual(images);
					if (statusFirst) expect(kept.map(({ taskId }) => taskId)).toEqual(images.map(() => word));
					expect(broken).toEqual([]);
				},
			),
			{ numRuns: 400 },
		);
	});

	test.each([
		['one group', (entries: string[]) => `[{"content":[${entries.join()}]}]`],
		['one object', (entries: string[]) => `{"content":[${entries.join()}]}`],
		[
			'a group for each',
			(entries: string[]) => `[${entries.map((one) => `{"content":[${one}]}`).join()}]`,
		],
		['no group', (entries: string[]) => `[${entries.join()}]`],
	])('tells the place of each among the entries: %s', async (_, output) => {
		const base64 = `{"b64_json":"${PNG.toString('base64')}"}`;
		const entries = [base64, '{"error":{"message":"{blurred}"}}', base64, '{"url":"u"}', base64];
		const { kept } = await whole(`{"status":"completed","output":${output(entries)}}`);
		expect(kept.map(({ index }) => index)).toEqual([0, 2, 4]);
	});

	test('is read as one with a text there, if that is empty or no text', async () => {
		const json =
			'{"output":[{"b64_json":"","url":"a"},{"b64_json":null},{"b64_json":[{"x":"y"}]}]}';
		const { text, kept } = await readChunks(cut(json, [1]));
		expect(text).toBe(json);
		expect(kept).toEqual([]);
	});

	test('is not misled by what only looks like an image', async () => {
		const json = JSON.stringify({
			status: 'completed',
			prompt: '"b64_json":"AAAA"',
			b64_json_: 'AAAA',
			'a "b64_json': 'AAAA',
			keys: ['b64_json', 'AAAA'],
			'\\"b64_json\\"': { 'b64_json\\': 'AAAA' },
		});
		const { text, kept } = await readChunks(cut(json, [7, 1, 3]));
		expect(text).toBe(json);
		expect(kept).toEqual([]);
	});

	test('cannot name an image that is not its own: no text of the API stands under that key', async () => {
		const json = '{"output":[{"b64\\u005fjson":"0"},{"b64_json":"1"}]}';
		const { text, kept } = await whole(json);
		expect(JSON.parse(text)).toEqual({
			output: [{ b64_json: 'inline:0' }, { b64_json: 'inline:1' }],
		});
		expect(kept).toHaveLength(2);
	});

	test.each(['in_progress', 'PENDING', 'processing', 'queued'])(
		'keeps none while the task is %s',
		async (status) => {
			const json = `{"status":"${status}","output":[{"b64_json":"AAAA"}],"progress":0.5}`;
			const { text, kept } = await readChunks(cut(json, [5]));
			expect(JSON.parse(text)).toEqual({ status, output: [{ b64_json: '' }], progress: 0.5 });
			expect(kept).toEqual([]);
		},
	);

	test('hands on a large image in small pieces', async () => {
		const bytes = Buffer.alloc(3_000_000, 'Vtrix');
		const { kept } = await whole(`{"b64_json":"${bytes.toString('base64')}"}`);
		expect(kept[0].bytes.equals(bytes)).toBe(true);
		expect(kept[0].longest).toBeLessThanOrEqual(65_536);
	});

	test('is read on behind an image of which its store takes no more', async () => {
		const base64 = Buffer.alloc(1_000_000, 'x').toString('base64');
		const body = byteStream(
			Readable.from(cut(`{"a":{"b64_json":"${base64}"},"b":"ü"}`, [10_001, 65_536])),
		);
		const keepImage: KeepImage = async (pieces) => {
			for await (const piece of pieces) if (piece.length > 0) break;
			return await Promise.resolve(7);
		};
		const text = await readAnswerBody(body, { silenceMs: 60_000, keepImage });
		expect(JSON.parse(text)).toEqual({ a: { b64_json: 'inline:7' }, b: 'ü' });
	});
});

describe('an answer that breaks off', () => {
	const json = `{"status":"completed","output":[{"b64_json":"${PNG.toString('base64')}"}]}`;

	test('inside an image breaks that image off too', async () => {
		const { text, broken } = await whole(json.slice(0, 80));
		expect(broken).toEqual([
			expect.objectContaining({ message: 'The answer ends inside an image' }),
		]);
		expect(() => JSON.parse(text)).toThrow();
	});

	test('with its connection fails, and so does the image on its way', async () => {
		const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
		const broken: unknown[] = [];
		const keepImage: KeepImage = async (pieces) => {
			try {
				for await (const piece of pieces) void piece;
			} catch (error) {
				broken.push(error);
			}
			return await Promise.resolve(0);
		};
		function* chunks() {
			yield Buffer.from(json.slice(0, 80));
			throw reset;
		}
		const body = byteStream(Readable.from(chunks()));
		const reading = readAnswerBody(body, { silenceMs: 60_000, keepImage });
		await expect(reading).rejects.toBe(reset);
		expect(broken).toEqual([reset]);
	});

	test('by falling silent is ended, but not while an image is being stored', async () => {
		const real = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
		let stored = false;
		const keepImage: KeepImage = async (pieces) => {
			for await (const piece of pieces) {
				if (piece.length > 0) await real(300);
			}
			stored = true;
			return 0;
		};
		const stream = new Readable({ read: () => {} });
		stream.push(json);
		const reading = readAnswerBody(byteStream(stream), { silenceMs: 100, keepImage });
		await expect(reading).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(stored).toBe(true);
		expect(stream.destroyed).toBe(true);
	});

	test('after more text than any task has is given up', async () => {
		const chunk = Buffer.alloc(1_000_000, 'x');
		let read = 0;
		function* chunks() {
			yield Buffer.from('{"id":"');
			for (; ; read += 1) yield chunk;
		}
		await expect(readChunks(chunks())).rejects.toBeInstanceOf(TooLargeError);
		expect(read).toBeLessThan(50);
	});
});
