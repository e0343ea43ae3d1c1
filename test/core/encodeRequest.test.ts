import { StoppedError, UnfinishedRequestError } from '../../nodes/Vtrix/core/shared/errors';
import type { RequestBody, StreamedBody } from '../../nodes/Vtrix/core/exchange/http/sending';
import type { InputImage } from '../../nodes/Vtrix/core/request/checkImage';
import {
	completeRequest,
	describeParams,
	encodeRequest,
	fileBytes,
} from '../../nodes/Vtrix/core/request/encodeRequest';
import type { GenerationRequest } from '../../nodes/Vtrix/core/request/parseRequest';
import type { InputFile } from '../../nodes/Vtrix/core/request/inputFile';
import { PlacedFile } from '../../nodes/Vtrix/core/definition/placedFile';
import { sparkDream50 } from '../../nodes/Vtrix/models/sparkDream50';
import { sparkDreamO } from '../../nodes/Vtrix/models/sparkDreamO';
import { sparkMultiDreamO } from '../../nodes/Vtrix/models/sparkMultiDreamO';
import { customModel } from '../../nodes/Vtrix/models/custom';
import { bodyBytes } from '../support/bodyBytes';
import { inputFileOf } from '../support/inputFile';
import { sampleImage } from '../support/sampleImage';

/** Base64 is written in parts of so many bytes. */
const PART_BYTES = 3 * 2 ** 13;

/** Files of this size fill what is written to the connection at a time. */
const WRITTEN_BYTES = 3 * 2 ** 18;

const file = (bytes: Buffer, pieceBytes?: number) => ({
	file: inputFileOf(bytes, 'data', pieceBytes),
});
const url = (n: number) => ({ url: `https://example.com/${n}.png?a=1&b="` });

/** A request's body as bytes. */
const encoded = async (request: GenerationRequest): Promise<Buffer> =>
	await bodyBytes((await encodeRequest(request)).body);

/** A request's fingerprint. */
const fingerprint = async (request: GenerationRequest): Promise<string> =>
	(await encodeRequest(request)).fingerprint;

/** The parameters on the wire, of a request with nothing but these images. */
async function sentParams(
	model: Parameters<typeof completeRequest>[0],
	images: readonly InputImage[],
	params: Record<string, unknown> = {},
): Promise<unknown> {
	const request = completeRequest(model, { model: model.id, params }, images);
	const body = await encoded(request);
	return JSON.parse(body.toString('utf8')).input[0].params;
}

describe('the body', () => {
	test('is the documented envelope, byte for byte', async () => {
		const body = await encoded({
			model: 'spark_dreamo',
			params: { prompt: 'A "lion"', seed: -1, use_rephraser: false, scale: 0.5 },
		});
		expect(body.toString('utf8')).toBe(
			'{"model":"spark_dreamo","input":[{"params":{"prompt":"A \\"lion\\"","seed":-1,"use_rephraser":false,"scale":0.5}}]}',
		);
	});

	test.each([
		['umlauts, Chinese and emoji', 'Ein Löwe, 狮子 und 🦁👨‍👩‍👧'],
		['line breaks and control characters', 'one\r\ntwo\ttab \u0000 \u001b \u2028'],
		['quotes, backslashes and slashes', '"a" \\ b/c </script>'],
		['half of a surrogate pair', 'broken \ud83e end'],
		['a long text', '狮'.repeat(100_000)],
	])('carries %s as JSON.stringify would', async (_, prompt) => {
		const params = { prompt, nested: { list: [prompt, null, []], empty: {} } };
		const plain = JSON.stringify({ model: 'm', input: [{ params }] });
		expect((await encoded({ model: 'm', params })).equals(Buffer.from(plain))).toBe(true);
	});

	test('holds whole numbers digit for digit, beyond what a JavaScript number can', async () => {
		const params = { seed: 12345678901234567890n, ids: [-9007199254740993n] };
		expect((await encoded({ model: 'm', params })).toString()).toBe(
			'{"model":"m","input":[{"params":{"seed":12345678901234567890,"ids":[-9007199254740993]}}]}',
		);
		expect(describeParams(params)).toEqual({
			seed: '12345678901234567890',
			ids: ['-9007199254740993'],
		});
	});

	test('is held where no file is in it, and read while it is sent where one is', async () => {
		const body = async (images: InputImage[]) => {
			const request = completeRequest(sparkDreamO, { model: 'm', params: {} }, images);
			return (await encodeRequest(request)).body;
		};
		expect(Buffer.isBuffer(await body([url(1)]))).toBe(true);
		expect(Buffer.isBuffer(await body([file(Buffer.from('x'))]))).toBe(false);
	});

	test('leaves out what is undefined', async () => {
		const params = { a: undefined, b: { c: undefined }, d: 1 };
		const body = await encoded({ model: 'm', params });
		expect(body.toString()).toBe('{"model":"m","input":[{"params":{"b":{},"d":1}}]}');
	});

	test.each([
		1,
		2,
		3,
		4,
		PART_BYTES - 1,
		PART_BYTES,
		PART_BYTES + 1,
		PART_BYTES + 2,
		2 * PART_BYTES,
		2 * PART_BYTES + 1,
		WRITTEN_BYTES - PART_BYTES,
		WRITTEN_BYTES - 1,
		WRITTEN_BYTES,
		3 * WRITTEN_BYTES + 1,
	])('carries a file of %i bytes as one unbroken base64', async (length) => {
		const bytes = Buffer.alloc(length, 'Vtrix! ');
		const request = completeRequest(
			sparkDreamO,
			{ model: 'spark_dreamo', params: { prompt: 'ä' } },
			[file(bytes)],
		);
		const plain = JSON.stringify({
			model: 'spark_dreamo',
			input: [{ params: { prompt: 'ä', binary_data_base64: [bytes.toString('base64')] } }],
		});
		expect((await encoded(request)).equals(Buffer.from(plain))).toBe(true);
	});
});

test.each([1, 2, 3, 1000, 100_000])(
	'a file is the same in body and fingerprint whether its store gives it whole or in pieces of %i bytes',
	async (pieceBytes) => {
		const bytes = Buffer.from(Array.from({ length: 20_001 }, (_, at) => (at * 31) % 251));
		const requestOf = (size?: number) =>
			completeRequest(sparkDreamO, { model: 'm', params: {} }, [file(bytes, size)]);
		const [pieces, whole] = [requestOf(pieceBytes), requestOf(bytes.length)];
		expect((await encoded(pieces)).equals(await encoded(whole))).toBe(true);
		expect(await fingerprint(pieces)).toBe(await fingerprint(whole));
	},
);

describe('a body with files', () => {
	const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 31) % 251));
	/** A file whose readings are counted; each gives the next of these contents. */
	function watched(...contents: Array<Buffer | Error>) {
		const state = { opened: 0, read: 0, closed: 0 };
		const input: InputFile = {
			binaryPropertyName: 'photo',
			bytes: bytes.length,
			mimeType: 'image/png',
			async *read() {
				const content = contents[state.opened] ?? contents.at(-1);
				state.opened += 1;
				try {
					if (content instanceof Error) yield bytes.subarray(0, 100_000);
					if (content === undefined || content instanceof Error) throw content ?? new Error('none');
					for await (const piece of inputFileOf(content).read()) {
						state.read += piece.length;
						yield piece;
					}
				} finally {
					state.closed += 1;
				}
			},
		};
		return { state, input };
	}
	const encodedWith = async (...files: InputFile[]) => {
		const images = files.map((one) => ({ file: one }));
		return await encodeRequest(
			completeRequest(sparkMultiDreamO, { model: 'm', params: {} }, images),
		);
	};
	const streamed = (body: RequestBody): StreamedBody => {
		if (Buffer.isBuffer(body)) throw new Error('The body is held');
		return body;
	};

	test('is written in pieces of a megabyte, and no more is read than is written', async () => {
		const { state, input } = watched(bytes);
		const body = streamed((await encodedWith(input)).body);
		const pieces = body.open()[Symbol.asyncIterator]();
		let written = 0;
		const lengths: number[] = [];
		for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
			written += next.value.length;
			lengths.push(next.value.length);
			const ahead = state.read - bytes.length - (written * 3) / 4;
			expect(ahead).toBeLessThan(200_000);
		}
		expect(written).toBe(body.byteLength);
		expect(lengths).toHaveLength(4);
		expect(Math.max(...lengths)).toBeLessThanOrEqual(2 ** 20);
	});

	test('reads a file once for all of its places before it is sent, and closes it', async () => {
		const { state, input } = watched(bytes);
		await encodedWith(input, input, input);
		expect(state).toEqual({ opened: 1, read: bytes.length, closed: 1 });
	});

	test('can be sent again, and closes a file of which nobody wants the rest', async () => {
		const { state, input } = watched(bytes);
		const body = streamed((await encodedWith(input)).body);
		for await (const piece of body.open()) {
			expect(piece.length).toBeGreaterThan(0);
			break;
		}
		expect(state).toMatchObject({ opened: 2, closed: 2 });
		expect((await bodyBytes(body)).includes(bytes.toString('base64'))).toBe(true);
		expect(state).toMatchObject({ opened: 3, closed: 3 });
	});

	test.each([
		['shrinks', [bytes, bytes.subarray(1)], /the file 'photo' has changed/],
		['grows', [bytes, Buffer.concat([bytes, bytes])], /the file 'photo' has changed/],
		['is gone', [bytes, new Error('no such file')], /broken off .*: no such file$/],
	])('breaks off short of its length when a file %s meanwhile', async (_, contents, says) => {
		const { state, input } = watched(...contents);
		const body = streamed((await encodedWith(input)).body);
		let written = 0;
		const sending = (async () => {
			for await (const piece of body.open()) written += piece.length;
		})();
		await expect(sending).rejects.toThrow(says);
		await expect(sending).rejects.toBeInstanceOf(UnfinishedRequestError);
		expect(written).toBeLessThan(body.byteLength);
		expect(state).toMatchObject({ opened: 2, closed: 2 });
	});

	test('is not made of a file that cannot be read', async () => {
		const { input } = watched(new Error('The file is gone'));
		await expect(encodedWith(input)).rejects.toThrow('The file is gone');
	});

	test('is not made once the run is stopped', async () => {
		const { state, input } = watched(bytes);
		const request = completeRequest(sparkMultiDreamO, { model: 'm', params: {} }, [
			{ file: input },
		]);
		const making = encodeRequest(request, AbortSignal.abort());
		await expect(making).rejects.toEqual(new StoppedError([]));
		expect(state).toMatchObject({ opened: 1, closed: 1 });
		expect(state.read).toBeLessThan(100_000);
	});
});

describe('images of models that take files and URLs apart', () => {
	test('go out as bare base64 if they are files', async () => {
		const [one, two] = [await sampleImage(), await sampleImage({ format: 'jpeg' })];
		expect(await sentParams(sparkMultiDreamO, [file(one), file(two)])).toEqual({
			binary_data_base64: [one.toString('base64'), two.toString('base64')],
		});
	});

	test('go out as they are if they are URLs', async () => {
		expect(await sentParams(sparkMultiDreamO, [url(1), url(2)])).toEqual({
			image_urls: [url(1).url, url(2).url],
		});
	});

	test('are a list even if there is only one', async () => {
		expect(await sentParams(sparkDreamO, [url(1)])).toEqual({ image_urls: [url(1).url] });
	});

	test('keep their reference types in their order, with the default for those without', async () => {
		const images = [{ ...url(1), referenceType: 'ID' }, url(2), { ...url(3), referenceType: 'IP' }];
		expect(await sentParams(sparkMultiDreamO, images)).toMatchObject({
			ref_type_list: ['ID', 'AUTO', 'IP'],
		});
	});

	test('send no reference types if all have the default', async () => {
		const images = [{ ...url(1), referenceType: 'AUTO' }, url(2)];
		expect(await sentParams(sparkMultiDreamO, images)).not.toHaveProperty('ref_type_list');
	});
});

describe('images of models that take both alike', () => {
	test('are a text if there is one, a list in their order if there are several', async () => {
		const png = await sampleImage();
		const data = `data:image/png;base64,${png.toString('base64')}`;
		expect(await sentParams(sparkDream50, [url(1)])).toEqual({ image: url(1).url });
		expect(await sentParams(sparkDream50, [file(png)])).toEqual({ image: data });
		expect(await sentParams(sparkDream50, [url(1), file(png), url(2)])).toEqual({
			image: [url(1).url, data, url(2).url],
		});
	});

	test.each(['jpeg', 'png', 'webp', 'bmp', 'tiff', 'gif'] as const)(
		'name the format of a %s file by its bytes, in lower case',
		async (format) => {
			const bytes = await sampleImage({ format, width: 32, height: 32 });
			expect(await sentParams(sparkDream50, [file(bytes)])).toEqual({
				image: `data:image/${format};base64,${bytes.toString('base64')}`,
			});
		},
	);

	test('are left out if there are none', async () => {
		expect(await sentParams(sparkDream50, [], { prompt: 'x' })).toEqual({ prompt: 'x' });
	});
});

test('the caller keeps a request without images unchanged', async () => {
	const params = Object.freeze({ prompt: 'x' });
	await sentParams(sparkDreamO, [url(1)], params);
	expect(params).toEqual({ prompt: 'x' });
});

describe('the fingerprint', () => {
	const of = async (prompt: string, bytes: Buffer) =>
		await fingerprint(
			completeRequest(sparkDreamO, { model: 'spark_dreamo', params: { prompt } }, [file(bytes)]),
		);

	test('is the same for the same request', async () => {
		expect(await of('a', Buffer.from('x'))).toBe(await of('a', Buffer.from('x')));
	});

	test('differs with the prompt, the image and the model', async () => {
		const base = await of('a', Buffer.from('x'));
		expect(await of('b', Buffer.from('x'))).not.toBe(base);
		expect(await of('a', Buffer.from('y'))).not.toBe(base);
		expect(await fingerprint({ model: 'other', params: { prompt: 'a' } })).not.toBe(
			await fingerprint({ model: 'model', params: { prompt: 'a' } }),
		);
	});
});

test('files of any kind stand where their marks are, and a mark without a file is left out', async () => {
	const png = await sampleImage();
	const note = Buffer.from('note');
	const marks = {
		picture: new PlacedFile(),
		bare: new PlacedFile(''),
		headed: new PlacedFile('data:audio/x;base64,'),
		lost: new PlacedFile(),
	};
	const { picture, bare, headed, lost } = marks;
	const request = completeRequest(
		customModel,
		{ model: 'm', params: { list: [picture, 'a', null], inner: { bare, lost }, headed } },
		[],
		new Map([
			[picture, inputFileOf(png)],
			[bare, inputFileOf(png)],
			[headed, inputFileOf(note)],
		]),
	);
	const base64 = png.toString('base64');
	expect(JSON.parse((await encoded(request)).toString()).input[0].params).toEqual({
		list: [`data:image/png;base64,${base64}`, 'a', null],
		inner: { bare: base64 },
		headed: `data:audio/x;base64,${note.toString('base64')}`,
	});
	expect(describeParams(request.params)).toEqual({
		list: [`data:image/png;base64,<${png.length} bytes>`, 'a', null],
		inner: { bare: `<${png.length} bytes>`, lost: undefined },
		headed: 'data:audio/x;base64,<4 bytes>',
	});
	expect(fileBytes(request)).toBe(2 * png.length + note.length);
});

test('people are shown the size of a file instead of its data', async () => {
	const png = await sampleImage();
	const shown = (model: Parameters<typeof completeRequest>[0]) =>
		describeParams(
			completeRequest(model, { model: model.id, params: { prompt: 'x' } }, [file(png)]).params,
		);
	expect(shown(sparkDreamO)).toEqual({
		prompt: 'x',
		binary_data_base64: [`<${png.length} bytes>`],
	});
	expect(shown(sparkDream50)).toEqual({
		prompt: 'x',
		image: `data:image/png;base64,<${png.length} bytes>`,
	});
});

test('people are shown that there is a file where it has not been looked at', () => {
	expect(
		describeParams({ list: [new PlacedFile(), 'a'], inner: { bare: new PlacedFile('') } }),
	).toEqual({
		list: ['<file>', 'a'],
		inner: { bare: '<file>' },
	});
});
