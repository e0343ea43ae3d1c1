/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { readAnswerBody } from '../../nodes/Vtrix/core/exchange/answers/answerBody';
import type { FoundImage, KeepImage } from '../../nodes/Vtrix/core/exchange/answers/answerReader';
import { readStringPart } from '../../nodes/Vtrix/core/exchange/answers/jsonString';
import { TooLargeError } from '../../nodes/Vtrix/core/exchange/http/readBody';
import { byteStream } from '../faults/plainHttp';
import { timeLimits } from '../support/timeLimits';

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
		let isEnded = false;
		function* chunks() {
			try {
				yield Buffer.from('{"id":"');
				for (; ; read += 1) yield chunk;
			} finally {
				isEnded = true;
			}
		}
		await expect(readChunks(chunks())).rejects.toBeInstanceOf(TooLargeError);
		expect(read).toBeLessThan(50);
		expect(isEnded).toBe(true);
	});

	test('after more bytes than any images have is given up', async () => {
		const reading = readChunks([Buffer.from('{"b64_json":"'), Buffer.alloc(400_000_000)]);
		await expect(reading).rejects.toMatchObject({ maxBytes: 400_000_000 });
	});
});

describe('an answer that comes slowly', () => {
	afterEach(() => jest.restoreAllMocks());

	/** An answer of which something comes, and then its time is over. */
	function slowly() {
		const limits = timeLimits();
		const stream = new Readable({ read: () => {} });
		const keepImage: KeepImage = async () => await Promise.resolve(0);
		const reading = readAnswerBody(byteStream(stream), { silenceMs: 300, keepImage });
		const come = async (bytes: number) => {
			stream.push(' '.repeat(bytes));
			await new Promise(setImmediate);
		};
		return { limits, stream, reading, come, pass: () => limits.at(-1)?.end() };
	}

	test('is ended if it brings less than 64 KB in its time', async () => {
		const { limits, reading, come, pass } = slowly();
		reading.catch(() => {});
		expect(limits).toMatchObject([{ ms: 300 }]);
		for (let chunk = 0; chunk < 3; chunk += 1) await come(20_000);
		pass();
		await expect(reading).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	});

	test('goes on as long as it brings 64 KB each time', async () => {
		const { stream, reading, come, pass } = slowly();
		reading.catch(() => {});
		for (let time = 0; time < 3; time += 1) {
			await come(32_768);
			await come(32_768);
			pass();
			expect(stream.destroyed).toBe(false);
		}
		await come(32_768);
		pass();
		await expect(reading).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	});

	test('is left alone once it was read', async () => {
		const { stream, reading, pass } = slowly();
		stream.push('{}');
		stream.push(null);
		await expect(reading).resolves.toBe('{}');
		const ended = jest.spyOn(stream, 'destroy');
		pass();
		expect(ended).not.toHaveBeenCalled();
	});
});

describe('the inside of a text in JSON', () => {
	test.each([
		'"plain"',
		'""',
		String.raw`"\\"`,
		String.raw`"a\\\\\"b"`,
		String.raw`"\"\"c\""`,
		String.raw`"\u0041\u00E9\uD83d\uDE00u0041"`,
		String.raw`"\b\f\n\r\t\/"`,
		String.raw`"\\u0041\\n"`,
		String.raw`"\u0022\u005c"`,
	])('is read as JSON has it, wherever a part ends: %s', (json) => {
		const inside = json.slice(1);
		for (let cut = 0; cut < inside.length; cut += 1) {
			const first = readStringPart(inside.slice(0, cut));
			expect(first.end).toBeUndefined();
			const from = cut - first.rest.length;
			const second = readStringPart(`${first.rest}${inside.slice(cut)}, "other\\\\"`);
			expect(first.content + second.content).toBe(JSON.parse(json));
			expect(second.rest).toBe('');
			expect(from + (second.end ?? NaN)).toBe(inside.length);
		}
	});
});

describe('a text in an answer', () => {
	const BASE64 = 'QUJD'.repeat(20);
	const PICTURE = `iVBORw0KGgo${'A'.repeat(69)}`;

	test.each([
		['under a key of files', { url: BASE64 }],
		['under another key of files', { image: BASE64 }],
		['under a third key of files', { image_url: BASE64 }],
		['under a key of images, though short', { b64_json: 'QUJD' }],
		['under another key of images', { base64: 'QUJD' }],
		['that begins nearly like a link', { b64_json: 'httq' }],
		['that is long', { url: BASE64.repeat(10) }],
		['of forty characters as a data URI', { url: 'data:image/png;base64,QUJDQUJDQUJDQUJDQU' }],
		['in a list further in', { images: { all: [PICTURE] } }],
		['of forty characters', { url: BASE64.slice(0, 40) }],
		['in the alphabet for links', { url: `-_${BASE64}` }],
		['with its end filled up', { url: `${BASE64}QQ==` }],
		['with a line break at its end', { url: `${BASE64}\n` }],
		['as a data URI', { url: `data:image/png;base64,${BASE64}` }],
		['as a data URI in capitals', { url: `DATA:image/png;BASE64,${BASE64}` }],
		['as a data URI under a key of images', { b64_json: `data:image/png;base64,${BASE64}` }],
		['in a list, PNG', [PICTURE]],
		['in a list, JPEG', [`/9j/${BASE64}`]],
		['in a list, GIF', [`R0lGOD${BASE64}`]],
		['in a list, WebP', [`UklGR${BASE64}`]],
		['in a list, AVIF', [`AAAAIGZ0eX${BASE64}`]],
		['in a list, as a data URI', ['a word', `data:image/png;base64,${BASE64}`]],
		['in a list after an object', [{ a: [] }, PICTURE]],
	])('is an image: %s', async (_, output) => {
		for (const size of [1, 3, 50, 10_000]) {
			const { text, kept } = await readChunks(cut(JSON.stringify({ output }), [size]));
			expect(text).toContain('"inline:0"');
			expect(text).not.toContain('QUJDQUJD');
			expect(kept).toHaveLength(1);
		}
	});

	test.each([
		['under a key of anything else', { prompt: BASE64 }],
		['in an object that holds a key of files', { image: { prompt: BASE64, x: PICTURE } }],
		['of less than forty characters', { url: BASE64.slice(0, 39) }],
		[
			'of less than forty characters as a data URI',
			{ url: 'data:image/png;base64,QUJDQUJDQUJDQUJ' },
		],
		['that is a link', { url: 'https://cdn.example.com/1.png' }],
		['that is a link under a key of images', { b64_json: 'https://cdn.example.com/1.png' }],
		['that is a link in capitals', { b64_json: 'HTTPS://cdn.example.com/1.png' }],
		['that ends like the beginning of a link', { b64_json: 'ht' }],
		['of words', { url: `${BASE64} and more` }],
		['with other signs before the base64', { url: `(${BASE64}` }],
		['that is the name of a file', { image: `${'0a1b2c3d'.repeat(8)}.png` }],
		['that goes on after its end', { url: `${BASE64}=${BASE64}` }],
		['in a list, of no known kind', [BASE64]],
		['in a list, with such letters further on', [`QUJD${PICTURE}`]],
		['that names a data URI', { url: `see data:image/png;base64,${BASE64}` }],
		['in a list beside an object', [{ prompt: PICTURE }]],
		['that holds a list with such a text', { prompt: `"["${PICTURE.repeat(4)}"]"` }],
		['that is empty', { url: '' }],
		['that is a key', { [PICTURE]: 1 }],
	])('is none: %s', async (_, output) => {
		for (const size of [1, 3, 50, 10_000]) {
			const json = JSON.stringify({ output });
			const { text, kept } = await readChunks(cut(json, [size]));
			expect(text).toBe(json);
			expect(kept).toEqual([]);
		}
	});

	test.each(['input', 'params', 'parameters', 'request'])(
		'is no image of the task if it repeats what was sent: in %s',
		async (key) => {
			const sent = { [key]: { images: [{ b64_json: BASE64 }] } };
			const json = JSON.stringify({ ...sent, output: [{ b64_json: BASE64 }] });
			const { text, kept } = await whole(json);
			expect(JSON.parse(text)).toEqual({
				[key]: { images: [{ b64_json: '' }] },
				output: [{ b64_json: 'inline:0' }],
			});
			expect(kept).toHaveLength(1);
		},
	);

	test('names the task only at the top, before its images', async () => {
		const image = { b64_json: BASE64 };
		const json = JSON.stringify({
			a: { id: 'other', status: 'running' },
			b: image,
			id: 'x',
			c: image,
		});
		const { kept } = await whole(json);
		expect(kept.map(({ taskId }) => taskId)).toEqual([undefined, 'x']);
	});

	test('names the task by as much of its ID as an ID may be long', async () => {
		const { kept } = await readChunks(
			cut(JSON.stringify({ id: 'x'.repeat(5000), b64_json: BASE64 }), [700]),
		);
		expect(kept[0].taskId).toBe('x'.repeat(1000));
	});

	test('is an image a hundred times', async () => {
		const output = Array.from({ length: 102 }, () => ({ b64_json: 'QUJD' }));
		const { text, kept } = await whole(JSON.stringify({ output }));
		expect(kept).toHaveLength(100);
		const marks: unknown = JSON.parse(text);
		expect(marks).toMatchObject({
			output: [
				...Array.from({ length: 100 }, (_, index) => ({ b64_json: `inline:${index}` })),
				{ b64_json: 'inline:-1' },
				{ b64_json: 'inline:-1' },
			],
		});
	});

	test('is handed on in pieces, though it begins like a data URI and no comma comes', async () => {
		const bytes = 'QUJD'.repeat(250_000);
		const { kept } = await whole(JSON.stringify({ b64_json: `data:${bytes}` }));
		expect(kept[0].bytes.length).toBeGreaterThan(700_000);
		expect(kept[0].longest).toBeLessThanOrEqual(65_536);
	});

	test.each([' ', '\t', '\n', '\r\n'])(
		'is an image whatever blanks stand before it: %j',
		async (blank) => {
			const { text, kept } = await whole(
				`{"":"",${blank}"b64_json"${blank}:${blank}"QUJD"${blank}}`,
			);
			expect(JSON.parse(text)).toEqual({ '': '', b64_json: 'inline:0' });
			expect(kept[0]).toMatchObject({ index: 0, taskId: undefined });
		},
	);

	test('is read where it is all of the answer', async () => {
		expect((await whole('"model overloaded"')).text).toBe('"model overloaded"');
	});

	test('is none if the answer breaks off before that can be told', async () => {
		const { text, kept } = await whole(`{"url":"${BASE64}`);
		expect(text).toBe(`{"url":"${BASE64}`);
		expect(kept).toEqual([]);
	});
});

describe('what is nested too deep in an answer', () => {
	const nested = (depth: number, inside: string) =>
		`${'{"a":['.repeat(depth / 2)}${inside}${']}'.repeat(depth / 2)}`;

	test.each([
		'{"x":1}',
		'[[[1],{"x":[]}],2]',
		'{"x":"}]"}',
		String.raw`{"x":"\"}]\\"}`,
		String.raw`["\\","}"]`,
		'{"b64_json":"QUJD"}',
	])('is left out, and what follows is read: %s', async (inside) => {
		for (const size of [1, 7, 10_000]) {
			const json = `{"deep":${nested(62, `[${inside}]`)},"b64_json":"QUJD"}`;
			const { text, kept } = await readChunks(cut(json, [size]));
			expect(text).toBe(`{"deep":${nested(62, '[null]')},"b64_json":"inline:0"}`);
			expect(kept).toHaveLength(1);
		}
	});

	test('is not what is one level less deep', async () => {
		const json = `{"deep":${nested(62, '[1,"x"]')}}`;
		expect((await whole(json)).text).toBe(json);
	});
});
