import {
	contentOf,
	holdsFile,
	isFileObject,
	isStoreId,
	isWholeFileObject,
	isWithoutContent,
	lacksContent,
	restoreContent,
} from '../../nodes/Vtrix/n8n/input/fileObjects';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';
const ID = `filesystem-v2:workflows/x/executions/y/binary_data/${UUID}`;
const STORED = { mimeType: 'image/png', fileType: 'image', data: 'filesystem-v2', id: ID };
const BASE64 = 'iVBORw0KGgo=';

test.each<[unknown, boolean]>([
	[STORED, true],
	[{ mimeType: 'image/png' }, true],
	[{ mimeType: '', fileName: '' }, false],
	[{ id: ID, data: BASE64 }, false],
	[{ mimeType: 5 }, false],
	['image/png', false],
	[null, false],
])('%j is a file object: %s', (value, is) => {
	expect(isFileObject(value)).toBe(is);
});

test.each<[Record<string, unknown>, unknown]>([
	[STORED, { id: ID }],
	[{ data: BASE64 }, { base64: BASE64 }],
	[{ id: '', data: BASE64 }, { base64: BASE64 }],
	[{ data: `data:image/png;base64,${BASE64}` }, { base64: BASE64 }],
	[{ data: `DATA:;BASE64,${BASE64}` }, { base64: BASE64 }],
	// what is no head is left as it is, so that it is told to be no picture
	[{ data: `see data:;base64,${BASE64}` }, { base64: `see data:;base64,${BASE64}` }],
	[{ data: '' }, { base64: '' }],
	[{ data: 'filesystem-v2' }, undefined],
	[{ data: 5 }, undefined],
	[{}, undefined],
])('the content of %j is at %j', (file, content) => {
	expect(contentOf(file)).toEqual(content);
});

test.each<[string, boolean]>([
	[ID, true],
	[ID.toUpperCase(), true],
	[`s3:workflows/x/${UUID}`, true],
	[`database:${UUID}`, true],
	['filesystem-v2', true],
	['data:image/png;base64,filesystem-v2', true],
	['data:image/svg+xml;charset=utf-8;base64,filesystem-v2', true],
	['the store filesystem-v2', false],
	['filesystem-v2 is a store', false],
	['s3://bucket/a.png', false],
	[`see ${ID}`, false],
	[`${ID}.png`, false],
	['workflows/x', false],
])("%s is n8n's own name of a file: %s", (text, is) => {
	expect(isStoreId(text)).toBe(is);
});

test.each<[unknown, boolean]>([
	[STORED, true],
	[{ ...STORED, directory: 'binary_data', bytes: 5, fileSize: '5 B', fileName: 'a.png' }, true],
	[{ mimeType: 'image/png', id: ID }, true],
	[{ mimeType: 'image/png', fileSize: '5 B' }, true],
	[{ mimeType: 'image/png', fileExtension: 'png' }, true],
	[{ mimeType: 'image/png', fileType: 'image' }, true],
	[{ mimeType: 'image/png', data: BASE64 }, false],
	[{ ...STORED, url: 'https://example.com/a.png' }, false],
	[{ id: ID }, false],
])('%j is a file of n8n and not of a service: %s', (value, is) => {
	expect(isWholeFileObject(value)).toBe(is);
});

test.each<[Record<string, unknown>, unknown, boolean]>([
	[{ mimeType: 'image/png' }, { mimeType: 'image/png', data: BASE64 }, true],
	[{ mimeType: 'image/png', data: BASE64 }, { mimeType: 'image/png', data: BASE64 }, true],
	[{ mimeType: 'image/png' }, { mimeType: 'image/png', fileName: 'a.png', data: BASE64 }, false],
	[{ mimeType: 'image/png' }, { mimeType: 'image/jpeg', data: BASE64 }, false],
	[{ mimeType: 'image/png' }, undefined, false],
])('%j is all that describes %j: %s', (file, other, is) => {
	expect(isWithoutContent(file, other)).toBe(is);
});

/** A value so many lists deep. */
const inside = (depth: number, value: unknown): unknown =>
	depth === 0 ? value : [inside(depth - 1, value)];

test('files are found twelve lists deep and no deeper, so that a loop of objects ends', () => {
	expect([11, 12, 13].map((depth) => holdsFile(inside(depth, STORED)))).toEqual([
		true,
		true,
		false,
	]);
	const endless: Record<string, unknown> = { none: null };
	endless.self = endless;
	expect(holdsFile(endless)).toBe(false);
	expect(restoreContent(endless, endless)).toMatchObject({ none: null });
});

describe('the content that n8n leaves out of $binary', () => {
	const hollow = { mimeType: 'image/png', fileType: 'image' };
	const complete = { ...hollow, data: BASE64 };

	test('is missed in whatever holds such a file', () => {
		expect(lacksContent(hollow)).toBe(true);
		expect(lacksContent({ a: [complete, { b: hollow }] })).toBe(true);
		expect(lacksContent({ a: [complete, STORED] })).toBe(false);
	});

	test('is put back from a value that is made alike, as far as it has it', () => {
		const value = { list: [hollow, 'text', [hollow]], file: hollow, n: null, other: hollow };
		const alike = { list: [complete, 'text', [complete]], file: complete, n: {}, other: 'none' };
		expect(restoreContent(value, alike)).toEqual({
			list: [complete, 'text', [complete]],
			file: complete,
			n: null,
			other: hollow,
		});
		expect(restoreContent([hollow], 'none')).toEqual([hollow]);
		expect(restoreContent([hollow], [])).toEqual([hollow]);
		expect(restoreContent({ file: hollow }, 'none')).toEqual({ file: hollow });
		expect(restoreContent('text', { file: complete })).toBe('text');
	});

	test('is not taken from another file', () => {
		const other = { ...complete, fileName: 'b.png', mimeType: 'image/jpeg' };
		expect(restoreContent(hollow, other)).toBe(hollow);
	});

	test('is put back twelve lists deep', () => {
		const restored = (depth: number) =>
			restoreContent(inside(depth, hollow), inside(depth, complete));
		expect(restored(12)).toEqual(inside(12, complete));
		expect(restored(13)).toEqual(inside(13, hollow));
	});
});
