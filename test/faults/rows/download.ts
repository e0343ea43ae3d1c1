import type { Row } from '../faultMatrix';

const lost = (says: RegExp): Pick<Row, 'error'> => ({
	error: {
		says: new RegExp(`could not be downloaded: .*${says.source}`),
		advises: /paid for.*'Get' and the task ID .*https?:\/\/127\.0\.0\.1:\d+\/images\//,
	},
});

/** What may pass is tried again; what stays is told. */
const passing = (name: string, fault: Row['fault'], says: RegExp): Row[] => [
	{ name: `${name} is tried again`, fault, times: 3 },
	{ name: `${name} for good is told with its address`, fault, ...lost(says) },
];

/** What is no image is asked for once more, and no further when the same comes again. */
const notAnImage = (name: string, fault: Row['fault'], says: RegExp): Row[] => [
	{ name: `${name} is tried again`, fault, times: 1 },
	{ name: `${name} twice is told with its address`, fault, downloads: 2, ...lost(says) },
];

/** What can go wrong when an image is fetched; each name goes on after "a download". */
export const DOWNLOAD_ROWS: Row[] = [
	...[404, 408, 429, 503].flatMap((code) =>
		passing(
			`that is answered ${code}`,
			{ type: 'status', code, body: '<html>Oops</html>' },
			new RegExp(`HTTP ${code}`),
		),
	),
	{
		name: 'that is limited with Retry-After is tried again',
		fault: { type: 'status', code: 429, retryAfterSeconds: 3 },
		times: 2,
	},
	...passing('that breaks off', { type: 'truncated' }, /connection broke/),
	...passing(
		'that breaks off in its chunks',
		{ type: 'truncated', how: 'chunked' },
		/connection broke/,
	),
	{
		name: 'that ends early as if that were all is tried again',
		fault: { type: 'truncated', how: 'consistent' },
		times: 1,
		downloads: 2,
	},
	...passing('of nothing', { type: 'empty' }, /empty/),
	...notAnImage('of a page', { type: 'html' }, /not an image, but a web page: Sign in/),
	...notAnImage(
		'of a page that is called an image',
		{ type: 'html', contentType: 'image/jpeg' },
		/not an image/,
	),
	...notAnImage('of garbage', { type: 'garbage' }, /not an image/),
	...notAnImage('of a video', { type: 'media', kind: 'mp4' }, /not an image/),
	...passing(
		'that is shorter than announced',
		{ type: 'contentLength', delta: 5 },
		/connection broke/,
	),
	{
		name: 'that is longer than announced is tried again',
		fault: { type: 'contentLength', delta: -5 },
		times: 1,
		downloads: 2,
	},
	...passing('whose connection breaks', { type: 'reset' }, /connection broke/),
	...passing('whose connection is reset', { type: 'reset', rst: true }, /connection broke/),
	{ name: 'that gets no answer is tried again', fault: { type: 'hang' }, times: 1 },
	{
		name: 'whose address is too old is told at once',
		fault: { type: 'expired' },
		...lost(/HTTP 403/),
	},
	...(['image/webp', 'text/html', 'application/octet-stream', ''] as const).map(
		(value): Row => ({
			name: `under the content type '${value}' is judged by its bytes`,
			fault: { type: 'contentType', value },
		}),
	),
	{ name: 'without a length is taken', fault: { type: 'chunked' } },
	...([301, 302, 303, 307, 308] as const).map(
		(code): Row => ({
			name: `that is redirected with ${code} is followed`,
			fault: { type: 'redirect', to: 'same-origin', code },
		}),
	),
	{
		name: 'that is redirected to another host is followed without the key',
		fault: { type: 'redirect', to: 'cross-origin' },
	},
	{
		name: 'that is redirected in circles is told',
		fault: { type: 'redirect', to: 'loop' },
		...lost(/circles/),
	},
	{
		name: 'that is redirected to a file is told',
		fault: { type: 'redirect', to: 'file' },
		...lost(/file: addresses are not fetched/),
	},
	...[true, false].map(
		(announce): Row => ({
			name: `of more than the largest size, ${announce ? '' : 'un'}announced, is told`,
			// more than the buffers of a connection hold, so that the server sees whether it is read
			fault: { type: 'endless', megabytes: 40, announce },
			options: { maxFileSize: 2 },
			...lost(/larger than 2 MB.*Max File Size/),
		}),
	),
	{
		name: 'without an end is told when it grows too large',
		fault: { type: 'endless' },
		options: { maxFileSize: 2 },
		...lost(/larger than 2 MB/),
	},
	{ name: 'that drips is waited for', fault: { type: 'slowDrip', bytesPerSecond: 1500 } },
	{ name: 'that begins late is waited for', fault: { type: 'delay', ms: 100 } },
	{
		name: 'that is redirected with a large page follows without it',
		fault: {
			type: 'status',
			code: 302,
			body: 'elsewhere '.repeat(1_000_000),
			headers: { location: '/elsewhere' },
		},
		...lost(/HTTP 404/),
	},
	{
		name: 'that is refused with the key in the answer does not tell it',
		fault: { type: 'echoKey', code: 403 },
		...lost(/HTTP 403/),
	},
];
