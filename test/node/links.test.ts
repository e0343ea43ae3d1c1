import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { fileItem } from '../support/binaryStore';
import { sampleFile } from '../support/sampleImage';
import { atStandIn } from './atStandIn';

const at = atStandIn();

const [A, B, C] = ['a', 'b', 'c'].map((name) => `https://example.com/${name}.png`);
/** Of other kinds than those above. */
const JPG = 'https://example.com/photos/first.jpg';
const TIF = 'http://example.com/b.tif';
const NESTED = `https://img.example.net/fetch/w_300,${A}`;
const COLLAGE = `https://img.example.net/collage?of=${A},${B}`;
const BEHIND = `https://img.example.net/fetch/${A},${B}`;
const SIGNED = `https://example.org/a.png?sig=1,${B}`;

const parametersFor = (rows: INodeParameters[]) => ({
	model: 'spark_multi_dreamo',
	prompt: 'A lighthouse',
	inputImages: { image: rows.map((row) => ({ source: 'url', ...row })) },
});

const run = async (url: string, json: IDataObject = {}) =>
	await at.run(parametersFor([{ url }]), [{ json }]);

const messages = ({ hints }: Awaited<ReturnType<typeof run>>) => hints.map((hint) => hint.message);

test.each<[string, string, string[]]>([
	['lines', `${A}\n${B}\r\n\n${C}`, [A, B, C]],
	['links behind a comma and a blank', `${A}, ${B} , ${C}`, [A, B, C]],
	['links of image files behind a comma alone', `${A},${B},${C},`, [A, B, C]],
	['a list by expression', `={{ ["${A}", "${B}"] }}`, [A, B]],
	['the JSON of a list', `["${A}", "${B}"]`, [A, B]],
	['lists inside a list', `={{ [["${A}"], ["${B}", "${C}"]] }}`, [A, B, C]],
	['lines of which one has another URL inside', `${NESTED}\n${B}`, [NESTED, B]],
	['a list with another URL inside an entry', `={{ ["${NESTED}", "${B}"] }}`, [NESTED, B]],
	['an expression with blanks around it', `= {{ ["${A}", "${B}"] }} `, [A, B]],
	['links behind blanks or tabs', `${A} ${B}\t${C}`, [A, B, C]],
	['links of files in folders behind a comma alone', `  ${JPG},${TIF},${A}`, [JPG, TIF, A]],
	['a link behind a comma', `,${A}`, [A]],
	['links with a blank before the comma', `${A} ,${B}`, [A, B]],
	[
		'links with commas of their own',
		`https://example.com/w_1,h_2/a.png ${B}`,
		['https://example.com/w_1,h_2/a.png', B],
	],
	['links behind semicolons or bars', `${A};${B} | ${C};`, [A, B, C]],
	['a list of lines', `- ${A}\n* ${B}\n• ${C}`, [A, B, C]],
	['a numbered list', `1. ${A}\n2) ${B}`, [A, B]],
	['links in Markdown', `![a photo](${A})\n[another](${B}) <${C}>`, [A, B, C]],
	['links in Markdown on one line', `${A} [another](${TIF}) <${TIF}>`, [A, TIF, TIF]],
	['an indented list', `  - ${A}\n10. ${B}`, [A, B]],
	['links in quotes', `"${A}", '${B}', “${C}”`, [A, B, C]],
	['links with what is pasted along unseen', `\ufeff${A}\u200b, \u00a0${B}\u200e`, [A, B]],
	['an entry with what is pasted along unseen', `={{ ["${A}\u200b", " ${B}\\n"] }}`, [A, B]],
])('%s are as many images', async (_, url, links) => {
	const { error, hints } = await run(url);
	expect(error).toBeUndefined();
	expect(hints).toEqual([]);
	expect(at.sentParams().image_urls).toEqual(links);
});

test.each([NESTED, COLLAGE, BEHIND, SIGNED, `https://example.com/w_1,h_2,${A}`])(
	'%s goes out as one URL, with a word on how several are told apart',
	async (url) => {
		const result = await run(url);
		expect(result.error).toBeUndefined();
		expect(at.sentParams().image_urls).toEqual([url]);
		expect(messages(result)).toEqual([
			'A URL of \'Input Images\' holds ",https://" and goes as one. If it is meant as several, put each on a line of its own.',
		]);
	},
);

test.each([';', '|'])('a URL with another one behind %j inside is told of, too', async (sign) => {
	const url = `https://img.example.net/collage?of=${A}${sign}${TIF}`;
	const result = await run(url);
	expect(at.sentParams().image_urls).toEqual([url]);
	expect(messages(result)).toEqual([expect.stringContaining(`holds "${sign}http://"`)]);
});

test.each(['{{ $json.url }}', '$json.url'])(
	'the expression %j that n8n takes as text is refused as such',
	async (url) => {
		const { error } = await run(url);
		expect(error?.message).toMatch(/is an expression that n8n takes as text/);
		expect(at.standIn.requests).toEqual([]);
	},
);

test('an entry of a list is never split, nor is anything cut off it', async () => {
	const links = [`${A},${B}`, 'https://example.com/c.png?list=1,'];
	const { error } = await run('={{ $json.links }}', { links });
	expect(error).toBeUndefined();
	expect(at.sentParams().image_urls).toEqual(links);
});

test.each<[string, unknown, string[]]>([
	[
		'a list of attachments (Airtable, Baserow)',
		[
			{ id: 'att1', url: A, filename: 'a.png', type: 'image/png', thumbnails: {} },
			{ url: B, name: 'b.png' },
		],
		[A, B],
	],
	['an attachment alone', { url: A }, [A]],
	[
		'attachments with an empty signed link, or an href',
		[{ signedUrl: '', url: A }, { href: B }],
		[A, B],
	],
	[
		'attachments with a signed link (NocoDB)',
		[{ url: 'https://private.example.com/a.png', signedUrl: A, mimetype: 'image/png' }],
		[A],
	],
	[
		'files of a page (Notion)',
		[
			{ name: 'a', type: 'file', file: { url: A, expiry_time: '2030-01-01' } },
			{ name: 'b', type: 'external', external: { url: B } },
		],
		[A, B],
	],
	['a mix of links and attachments', [A, { url: B }, [C]], [A, B, C]],
	['attachments as JSON text', JSON.stringify([{ url: A }, { url: B }]), [A, B]],
])('%s is taken', async (_, attachments, links) => {
	const { error } = await run(
		'={{ $json.attachments }}',
		JSON.parse(JSON.stringify({ attachments })),
	);
	expect(error).toBeUndefined();
	expect(at.sentParams().image_urls).toEqual(links);
});

test.each<[string, unknown, RegExp]>([
	[
		'an object without a link',
		{ id: 7 },
		/^Input Images: \{"id":7\} is not a URL\. Enter a link, a list/,
	],
	['a number', 7, /^Input Images: 7 is not a URL/],
	['true', true, /^Input Images: true is not a URL/],
	['a file field', 'photo', /^Input Images: "photo" is not a complete URL/],
	[
		'an object that became text',
		'https://example.com/[object Object]',
		/is what n8n makes of an object beside other text/,
	],
	['a word in a list', `- see ${A}`, /"- see" is not a complete URL/],
	...[`photo[a](${A})`, `[a](${A})b`, `photo<${A}>`, `<${A}>b`].map(
		(text): [string, unknown, RegExp] => [text, text, /is not a complete URL/],
	),
	['an incomplete link in an attachment', [{ url: '/uploads/a.png' }], /is not a complete URL/],
])('%s is refused before anything is sent', async (_, value, message) => {
	const { error } = await run('={{ $json.value }}', JSON.parse(JSON.stringify({ value })));
	expect(error?.message).toMatch(message);
	expect(at.standIn.requests).toEqual([]);
});

test('a file is refused with the source that it needs', async () => {
	const { error } = await at.run(parametersFor([{ url: '={{ $binary.photo }}' }]), [
		await fileItem({ photo: await sampleFile() }),
	]);
	expect(error?.message).toMatch(/is a file, not a URL\. Choose File as the source\.$/);
	expect(at.standIn.requests).toEqual([]);
});

test('text that is meant to be hard to split is read in a time that grows with its length', async () => {
	const timeOf = async (length: number): Promise<number> => {
		const value = `${A}${' '.repeat(length)},${' ,'.repeat(length / 2)}${A},`.repeat(2);
		const from = performance.now();
		const { error } = await run('={{ $json.value }}', { value });
		expect(error?.message).toMatch(/has a space inside/);
		return performance.now() - from;
	};
	await timeOf(1000);
	const short = await timeOf(20_000);
	// 10 times the length: what is quadratic takes 100 times as long
	expect(await timeOf(200_000)).toBeLessThan(30 * short + 200);
});
