import type { Row } from '../faultMatrix';

const fetchLater = /resource 'Task', operation 'Get' and the task ID/;

const timedOut = (says = /was not finished within 40 seconds/): Pick<Row, 'options' | 'error'> => ({
	options: { timeout: 40 },
	error: { says, advises: fetchLater },
});

const envelope = (code: number) => ({ status: { code, message: 'see the code' }, data: null });

/** What can go wrong when a task is asked about; each name goes on after "a poll". */
export const POLL_ROWS: Row[] = [
	{
		name: 'that is limited with Retry-After in seconds is asked again',
		fault: { type: 'status', code: 429, retryAfterSeconds: 2 },
		times: 2,
		polls: 3,
	},
	{
		name: 'that is limited with Retry-After as a date is asked again',
		fault: { type: 'status', code: 429, retryAfterSeconds: 2, retryAfterForm: 'date' },
		times: 2,
		polls: 3,
	},
	{
		name: 'that is limited without Retry-After is asked again',
		fault: { type: 'status', code: 429 },
		times: 3,
		polls: 4,
	},
	{
		name: 'that is limited inside a 200 is asked again',
		fault: { type: 'status', code: 200, body: envelope(429) },
		times: 2,
		polls: 3,
	},
	...[408, 425, 500, 503].map(
		(code): Row => ({
			name: `that is answered ${code} is asked again`,
			fault: { type: 'status', code, body: '<html>Bad gateway</html>' },
			times: 3,
			polls: 4,
		}),
	),
	{
		name: 'whose connection breaks is asked again',
		fault: { type: 'reset' },
		times: 3,
		polls: 4,
	},
	{
		name: 'whose connection is reset is asked again',
		fault: { type: 'reset', rst: true },
		times: 3,
		polls: 4,
	},
	{ name: 'that gets no answer is asked again', fault: { type: 'hang' }, times: 1, polls: 2 },
	{
		name: 'that gets half a JSON is asked again',
		fault: { type: 'halfJson' },
		times: 3,
		polls: 4,
	},
	{
		name: 'that gets a JSON that breaks off is asked again',
		fault: { type: 'cutJson' },
		times: 3,
		polls: 4,
	},
	{
		name: 'that gets a page is asked again',
		fault: { type: 'notJson', body: '<html>Sign in</html>', contentType: 'text/html' },
		times: 3,
		polls: 4,
	},
	{
		name: 'that tells a result without an id is the end',
		fault: { type: 'noId' },
		polls: 1,
	},
	{
		name: 'that finds the task unknown at first is asked again',
		fault: { type: 'notFoundFirst', polls: 3 },
		polls: 4,
	},
	{
		name: 'that finds the task unknown for good ends after a minute',
		fault: { type: 'status', code: 404 },
		error: { says: /does not know the task/, advises: /account and Base URL/ },
	},
	{
		name: 'that finds the task unknown inside a 200 is asked again',
		fault: { type: 'status', code: 200, body: envelope(404) },
		times: 2,
		polls: 3,
	},
	...(
		[
			[400, /did not accept/],
			[402, /out of credit/],
			[403, /API key may not do this/],
		] as const
	).flatMap(([code, says]): Row[] => [
		{
			name: `that is refused with ${code} ends at once`,
			fault: { type: 'status', code },
			polls: 1,
			error: { says, advises: fetchLater },
		},
		{
			name: `that is refused with ${code} inside a 200 ends at once`,
			fault: { type: 'status', code: 200, body: envelope(code) },
			polls: 1,
			error: { says, advises: fetchLater },
		},
	]),
	...[undefined, envelope(401)].flatMap((body): Row[] => {
		const fault = { type: 'status', code: body ? 200 : 401, body } as const;
		const where = body ? ' inside a 200' : '';
		return [
			{
				name: `that is refused with 401${where} a few times is asked again`,
				fault,
				times: 4,
				polls: 5,
			},
			{
				name: `that is refused with 401${where} again and again ends soon`,
				fault,
				polls: 5,
				error: { says: /API key was not accepted/, advises: fetchLater },
			},
		];
	}),
	...(['done', 'success', 'succeeded', 'DONE'] as const).map(
		(word): Row => ({
			name: `that tells an output under the word ${word} is the end`,
			fault: { type: 'doneWord', word },
			polls: 1,
		}),
	),
	{
		name: 'that tells an output under an unknown word, and no more of it, is the end soon',
		fault: { type: 'doneWord', word: 'archived' },
		options: { timeout: 3600 },
		hint: /taken as completed.*status 'archived'/,
	},
	{
		name: 'that tells an output under an unknown word is the end when the time is over',
		fault: { type: 'doneWord', word: 'archived' },
		options: { timeout: 2 },
		hint: /taken as completed.*status 'archived'/,
	},
	{
		name: 'that is never answered well goes on to the time limit',
		fault: { type: 'status', code: 503, headers: { 'x-request-id': 'req-9' } },
		...timedOut(/was not finished within 40 seconds.*HTTP 503.*req-9/),
	},
	{
		name: 'that is always limited goes on to the time limit',
		fault: { type: 'status', code: 429 },
		...timedOut(/was not finished within 40 seconds.*HTTP 429/),
	},
	{
		// whether the last wait that is asked for reaches beyond the limit is up to the jitter
		name: 'that is always told to wait goes on to the time limit, or to a wait beyond it',
		fault: { type: 'status', code: 429, retryAfterSeconds: 3 },
		...timedOut(/(was not finished within 40 seconds|does not want to be asked before).*HTTP 429/),
	},
	{
		name: 'of a task that never ends goes on to the time limit',
		fault: { type: 'neverEnds' },
		...timedOut(),
	},
	{
		name: 'that tells an unknown status for ever goes on to the time limit',
		fault: { type: 'statusWord', word: 'reticulating', forever: true },
		...timedOut(),
	},
	{
		name: 'that tells an unknown status for a while is asked again',
		fault: { type: 'statusWord', word: 'Reticulating', forever: true },
		times: 3,
		polls: 4,
	},
	{ name: 'in upper case is understood', fault: { type: 'upperCase' } },
	...(['pending', 'processing', 'queued', 'IN_PROGRESS'] as const).map(
		(word): Row => ({
			name: `that tells ${word} is asked again`,
			fault: { type: 'statusWord', word, forever: true },
			times: 2,
			polls: 3,
		}),
	),
	{
		name: 'that is COMPLETED with an error and no output is a failure',
		fault: { type: 'completedWithError', error: { code: 'x1', message: 'nothing was drawn' } },
		error: { says: /could not make the image/, advises: /nothing was drawn.*x1/ },
	},
	{
		name: 'that is completed with nothing at all is a failure',
		fault: { type: 'completedEmpty' },
		error: { says: /ended without an image/, advises: /Vtrix support/ },
	},
	...(
		[
			['an object', { code: '003011004', error_message: 'too dark' }, /too dark.*003011004/],
			['text', 'too dark', /too dark/],
			['a number', 3011004, /3011004/],
		] as const
	).map(
		([form, error, advises]): Row => ({
			name: `that tells a failure as ${form} is a failure`,
			fault: { type: 'failed', error, atOnce: true },
			error: { says: /\(task /, advises },
		}),
	),
	{
		name: 'that tells a failure without a reason is a failure',
		fault: { type: 'failed', withoutError: true },
		error: { says: /could not make the image/, advises: /Change the prompt/ },
	},
	{
		name: 'that tells the failure of its only image is a failure',
		fault: {
			type: 'entryError',
			index: 0,
			error: { code: 'dark', message: 'ECONNRESET inside' },
		},
		error: { says: /could not make the image/, advises: /ECONNRESET inside/ },
	},
	{
		name: 'that is refused with the key in the answer does not tell it',
		fault: { type: 'echoKey', code: 403 },
		polls: 1,
		error: { says: /may not do this/, advises: /not allowed for Bearer \[API key\]/ },
	},
	{
		name: 'that fails with the key in the answer is asked again',
		fault: { type: 'echoKey', code: 500 },
		times: 2,
		polls: 3,
	},
	...(['same-origin', 'cross-origin', 'loop', 'file'] as const).map(
		(to): Row => ({
			name: `that is redirected (${to}) goes nowhere else, and is asked again a few times`,
			fault: { type: 'redirect', to },
			polls: 5,
			error: { says: /HTTP 302/, advises: fetchLater },
		}),
	),
	...[301, 303, 307, 308].map(
		(code): Row => ({
			name: `that is redirected with ${code} for a while is asked again`,
			fault: { type: 'redirect', to: 'same-origin', code },
			times: 3,
			polls: 4,
		}),
	),
	...[403, 405, 406, 409, 410, 418, 451].flatMap((code): Row[] => [
		{
			name: `that is answered ${code} with a page is asked again`,
			fault: { type: 'status', code, body: '<html><title>Just a moment</title></html>' },
			times: 4,
			polls: 5,
		},
		{
			name: `that is answered ${code} with a page again and again ends soon, without advice about the key`,
			fault: { type: 'status', code, body: '<html><title>Just a moment</title></html>' },
			polls: 5,
			error: { says: new RegExp(`HTTP ${code}`), advises: /^(?!.*expired).*Just a moment/s },
		},
	]),
	{ name: 'that is answered late is waited for', fault: { type: 'delay', ms: 100 } },
	{ name: 'that is answered a huge JSON is read', fault: { type: 'hugeJson', megabytes: 5 } },
	...([-3, 1e300, 'half', null] as const).map(
		(value): Row => ({
			name: `that tells the progress ${value} is understood`,
			fault: { type: 'progress', value },
		}),
	),
	...(['free', ['cost'], { cost: 'NaN' }, { cost: -1 }, null] as const).map(
		(value): Row => ({
			name: `that tells the usage ${JSON.stringify(value)} is understood`,
			fault: { type: 'usage', value },
		}),
	),
	...['javascript:alert(1)', 'file:///etc/passwd', 'data:image/png;base64,AAAA', '/relative'].map(
		(url): Row => ({
			name: `that gives the image's address as ${url} leads nowhere`,
			fault: { type: 'outputUrl', url },
			error: { says: /could not be downloaded/, advises: fetchLater },
		}),
	),
];
